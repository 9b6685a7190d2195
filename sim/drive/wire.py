"""A ministry met over its own wire: requests and answers as the counters and the lab have them.

Whatever carries the bytes is a `Transport`: sockets (`over_http`) or a function call (`in_process`).
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
)
from sim.demand.parameters import Channel
from sim.drive.port import (
    TIME_OUT,
    Call,
    DriveError,
    IssuedCode,
    Office,
    Person,
    Reply,
    Residents,
    Settlement,
    Told,
)

CHUNK = 2_000
"""People, codes or reports in one call to the lab."""

CORPORATE = "/services/g2g/saglik/hes/"
PATHS: Mapping[Channel, str] = {
    Channel.VISITOR: CORPORATE + "check-visitor-hes-code",
    Channel.EMPLOYEE: CORPORATE + "check-employee-hes-code",
    Channel.SINGLE: CORPORATE + "check-hes-code",
    Channel.BULK: CORPORATE + "check-hes-codes",
    Channel.PLUS: CORPORATE + "check-hes-code-plus",
    Channel.BULK_PLUS: CORPORATE + "check-hes-codes-plus",
    Channel.PERSON: "/services/hescodeproxy/api/check-hes-code",
    Channel.PERSON_PLUS: "/services/hescodeproxy/api/check-hes-code-plus",
}
BULK = frozenset({Channel.BULK, Channel.BULK_PLUS})
BY_PERSON = frozenset({Channel.PERSON, Channel.PERSON_PLUS})


class NoAnswerError(Exception):
    """The transport got no answer in time, or lost the connection."""


class Transport(Protocol):
    """Carries one request and brings its answer."""

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer. Raises `NoAnswerError`."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class WireMinistry:
    """A `MinistryPort` over a transport, in a world of its own."""

    def __init__(self, transport: Transport, *, keep_world: bool = False) -> None:
        self._transport = transport
        self._keep_world = keep_world
        self._world = ""
        self._prefix = ""
        self._basic: list[str] = []
        self._places: list[Mapping[str, str]] = []
        self._bearer: dict[int, str] = {}

    async def settle(self, settlement: Settlement) -> Residents:
        """Make the world and everything in it."""
        new = {
            "name": settlement.world,
            "seed": settlement.seed,
            "clock": "manual",
            "start": settlement.begins_at.isoformat(),
            "settings": dict(settlement.settings),
        }
        await self._lab("POST", "/_lab/worlds", new, world="")
        self._world = settlement.world
        self._prefix = f"/w/{settlement.world}"
        people = await self._register(settlement.people)
        old = await self._issue(settlement.had_before)
        old = [await self._shortened(code, settlement.ended_at) for code in old]
        gone = await self._issue(settlement.deleted)
        for code in gone:
            await self._lab("DELETE", f"/_lab/codes/{code.text}")
        await self._open_accounts(settlement.offices)
        await self.stand_at(settlement.opens_at)
        codes = await self._issue(range(len(people)))
        await self._sign_in(settlement.checkers, [one["phone"] for one in people])
        return Residents(
            identity=[one["identity_number"] for one in people],
            code=codes,
            expired=dict(zip(settlement.had_before, old, strict=True)),
            deleted=dict(zip(settlement.deleted, gone, strict=True)),
        )

    async def stand_at(self, moment: datetime) -> None:
        """Move the clock through the lab."""
        await self._lab("POST", "/_lab/clock", {"to": moment.isoformat()})

    async def file(self, reports: Sequence[Report]) -> None:
        """File through the lab, which stands for the case-tracking module."""
        for begin in range(0, len(reports), CHUNK):
            await self._lab("POST", "/_lab/reports", [report_body(one) for one in reports[begin : begin + CHUNK]])

    async def ask(self, call: Call) -> Reply:
        """Ask at the counter that the channel names."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        by_person = call.channel in BY_PERSON
        headers["Authorization"] = self._bearer[call.asker] if by_person else self._basic[call.asker]
        try:
            status, body = await self._transport.send(
                "POST", self._prefix + PATHS[call.channel], headers, self._body(call)
            )
        except NoAnswerError:
            return Reply(TIME_OUT, ())
        return Reply(status, read_answers(call, body))

    async def audited(self) -> int:
        """From the world's own count."""
        return int((await self._lab("GET", "/_lab/world"))["queries"])

    async def close(self) -> None:
        """Drop the world, unless it is to be kept, and let go."""
        if self._world and not self._keep_world:
            await self._lab("DELETE", f"/_lab/worlds/{self._world}", world="")
        await self._transport.close()

    def _body(self, call: Call) -> bytes:
        if call.channel in BULK:
            return json.dumps([{"hes_code": code} for code in call.codes]).encode()
        body: dict[str, Any] = {"hes_code": call.codes[0]}
        if call.channel is Channel.VISITOR:
            body |= self._places[call.asker]
        return json.dumps(body, ensure_ascii=False).encode()

    async def _register(self, people: Sequence[Person]) -> list[Any]:
        made: list[Any] = []
        for begin in range(0, len(people), CHUNK):
            chunk = [
                {
                    "firstname": one.firstname,
                    "lastname": one.lastname,
                    "sex": one.sex.value,
                    "birth_date": one.birth_date.isoformat(),
                    "province": one.province,
                    "has_phone": one.has_phone,
                }
                for one in people[begin : begin + CHUNK]
            ]
            made += await self._lab("POST", "/_lab/people", chunk)
        return made

    async def _issue(self, people: Sequence[int]) -> list[IssuedCode]:
        codes: list[IssuedCode] = []
        for begin in range(0, len(people), CHUNK):
            orders = [{"citizen_id": person + 1} for person in people[begin : begin + CHUNK]]
            made = await self._lab("POST", "/_lab/codes", orders)
            codes += [IssuedCode(one["hes_code"], one["expires_at"]) for one in made]
        return codes

    async def _shortened(self, code: IssuedCode, to: datetime) -> IssuedCode:
        made = await self._lab("POST", f"/_lab/codes/{code.text}/shorten", {"expires_at": to.isoformat()})
        return IssuedCode(made["hes_code"], made["expires_at"])

    async def _open_accounts(self, offices: Sequence[Office]) -> None:
        numbers = []
        for office in offices:
            body = {
                "kind": office.kind.value,
                "name": office.name,
                "label": office.label,
                "province": office.province,
                "staff_count": office.staff_count,
            }
            numbers.append((await self._lab("POST", "/_lab/institutions", body))["institution_id"])
        orders = [{"institution_id": number, "environment": "live"} for number in numbers]
        for account in await self._lab("POST", "/_lab/accounts", orders):
            pair = f"{account['username']}:{account['password']}".encode()
            self._basic.append(f"Basic {b64encode(pair).decode()}")
        self._places = [office.place for office in offices]

    async def _sign_in(self, checkers: Sequence[int], phones: Sequence[str]) -> None:
        """The mobile application's own two steps, M1 and M2, with the code read from the handset."""
        for person in checkers:
            await self._mobile("/api/send-code-to-login", {"phone": f"+{phones[person]}"})
        inbox = await self._lab("GET", f"/_lab/sms?limit={max(1, min(10_000, len(checkers)))}")
        texts = {message["phone"]: message["text"] for message in inbox}
        for person in checkers:
            code = texts[phones[person]].partition(": ")[2].split()[0]
            login = {"phone": phones[person], "password": code, "rememberMe": True}
            account = await self._mobile("/api/authenticate-with-code", login)
            self._bearer[person] = f"Bearer {account['id_token']}"

    async def _mobile(self, path: str, body: Any) -> Any:
        return await self._call("POST", self._prefix + path, body)

    async def _lab(self, method: str, path: str, body: Any = None, *, world: str | None = None) -> Any:
        return await self._call(method, (self._prefix if world is None else world) + path, body)

    async def _call(self, method: str, path: str, body: Any) -> Any:
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            status, answer = await self._transport.send(method, path, {"Content-Type": "application/json"}, data)
        except NoAnswerError as error:
            raise DriveError(f"The ministry did not answer {method} {path} ({error}). Is it running?") from None
        if status >= 300:
            raise DriveError(
                f"The ministry refused {method} {path} with {status}: {answer[:300].decode(errors='replace')}"
            )
        return json.loads(answer) if answer else None


def read_answers(call: Call, body: bytes) -> tuple[Told, ...]:
    """What an answer says of each code of the call; empty if it is none that a counter gives."""
    try:
        read = json.loads(body)
        if call.channel not in BULK:
            return (read,) if isinstance(read, dict) else ()
        good, bad = read["success_map"], read["unsuccess_map"]
        return tuple(good[code] if code in good else {"errorKey": bad[code]} for code in call.codes)
    except (ValueError, KeyError, TypeError):
        return ()


def report_body(report: Report) -> dict[str, Any]:
    """A report as the lab takes it."""
    body: dict[str, Any] = {"citizen_id": report.citizen_id}
    match report:
        case PcrReport():
            body |= {"kind": "pcr", "at": report.sampled_at, "positive": report.positive}
            body["variant_of_concern"] = report.variant_of_concern
        case ContactReport():
            body |= {"kind": "contact", "at": report.last_contact_at}
        case VaccineReport():
            body |= {"kind": "vaccine", "at": report.given_at, "dose": report.dose}
        case IsolationReport():
            body |= {"kind": "isolation", "at": report.begins_at, "ends_at": report.ends_at}
        case ClinicalReport():
            body |= {"kind": "clinical", "at": report.noted_at, "intensive_care": report.intensive_care}
            body |= {"immunosuppressed": report.immunosuppressed, "symptom_free_since": report.symptom_free_since}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in body.items()}
