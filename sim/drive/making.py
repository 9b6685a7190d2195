"""Codes made as people make them: in the application, by a text to 2023, at e-Devlet."""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from mockgov.clock import TURKEY
from mockgov.registry.rules import age_on
from sim.demand.parameters import Channel
from sim.drive.edevlet import Visitor
from sim.drive.port import TIME_OUT, Call, Person, Reply
from sim.drive.transport import Answer, NoAnswerError, Transport

M5 = "/services/hescodeproxy/api/hes-codes-tr"
SHORT_NUMBER = "2023"
CODE = re.compile("[A-Z][0-9][A-Z][0-9]-[0-9]{4}-[0-9]{2}")
OF_AGE = 18


class Makers:
    """Everybody who makes codes in a world, and what has come of it."""

    def __init__(
        self,
        transport: Transport,
        prefix: str,
        people: Sequence[Person],
        registered: Sequence[Mapping[str, Any]],
    ) -> None:
        self._transport, self._prefix = transport, prefix
        self._people, self._registered = people, registered
        self._children: dict[int, list[int]] = {}
        for number, one in enumerate(people):
            if one.parent >= 0:
                self._children.setdefault(one.parent, []).append(number)
        self._made: dict[tuple[int, int], Reply] = {}
        self._lines: dict[str, asyncio.Lock] = {}
        self._read: dict[str, int] = {}

    async def make(self, call: Call, at: datetime, bearer: Mapping[int, str], visitors: Mapping[int, Visitor]) -> Reply:
        """Ask for a code; 200 without its text, which `collect` tells."""
        try:
            if call.channel is Channel.MAKE_SMS:
                return await self._text(call)
            if call.channel is Channel.MAKE_APP:
                made = await self._by_app(call, at, bearer[call.asker])
            else:
                place = self._place(call, at.astimezone(TURKEY).date())
                made = await visitors[call.asker].make_code(place, _last_day(call, at), at)
        except NoAnswerError:
            return Reply(TIME_OUT, ())
        self._made[call.asker, call.person] = made
        return made._replace(told=())

    async def collect(self, call: Call) -> Reply:
        """The code that a call has made."""
        if call.channel is not Channel.MAKE_SMS:
            return self._made.pop((call.asker, call.person))
        phone = self._registered[call.asker]["phone"]
        try:
            answer = await self._transport.send("GET", f"{self._prefix}/_lab/handsets/{phone}", {}, b"")
        except NoAnswerError:
            return Reply(TIME_OUT, ())
        inbox = json.loads(answer.body)["inbox"] if answer.status == 200 else []
        first = [one["text"].partition(" ")[0] for one in inbox if one["sender"] == SHORT_NUMBER]
        codes = [word for word in first if CODE.fullmatch(word)]
        nth = self._read.get(phone, 0)
        self._read[phone] = nth + 1
        return Reply(200, ({"hes_code": codes[nth].replace("-", "")},) if nth < len(codes) else ())

    async def _by_app(self, call: Call, at: datetime, bearer: str) -> Reply:
        child = None if call.person == call.asker else self._registered[call.person]["identity_number"]
        body = {"child_tckn": child, "description": "", "expiration_date": _last_day(call, at) or None}
        answer = await self._send(M5, body, {"Authorization": bearer})
        if answer.status != 200:
            return Reply(answer.status, ())
        told = json.loads(answer.body)
        return Reply(200, ({name: told.get(name) for name in ("hes_code", "expiration_date")},))

    async def _text(self, call: Call) -> Reply:
        """Type a text on the maker's telephone; those of one telephone leave in the order of asking."""
        whose, phone = self._registered[call.person], self._registered[call.asker]["phone"]
        text = f"HES {whose['identity_number']} {whose['id_card'][-4:]} {call.days or 'süresiz'}"
        async with self._lines.setdefault(phone, asyncio.Lock()):
            answer = await self._send(f"/_lab/handsets/{phone}/send", {"to": SHORT_NUMBER, "text": text}, {})
        return Reply(200 if answer.status == 201 else answer.status, ())

    async def _send(self, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        data = json.dumps(body, ensure_ascii=False).encode()
        return await self._transport.send(
            "POST", self._prefix + path, {"Content-Type": "application/json", **headers}, data
        )

    def _place(self, call: Call, day: date) -> int:
        """Where e-Devlet's form has the person: the visitor first, then the children under 18 by number."""
        if call.person == call.asker:
            return 0
        children = [
            child for child in self._children[call.asker] if age_on(self._people[child].birth_date, day) < OF_AGE
        ]
        return 1 + children.index(call.person)


def _last_day(call: Call, at: datetime) -> str:
    """The last day of a code that counts from today; empty for one without end."""
    return (at.astimezone(TURKEY).date() + timedelta(days=call.days - 1)).isoformat() if call.days else ""
