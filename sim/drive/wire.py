"""A ministry met over its own wire: requests and answers as the counters and the lab have them.

Whatever carries the bytes is a `Transport`: sockets (`over_http`) or a function call (`in_process`). What people do on
e-Devlet's pages is in `edevlet`, how they come by codes in `making`.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mockgov.clock import EPOCH
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
)
from mockgov.vocabulary.institution import InstitutionKind
from sim.demand.parameters import Channel
from sim.drive.edevlet import Visitor
from sim.drive.making import Makers
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
    SmallOffice,
    Told,
)
from sim.drive.transport import NoAnswerError, Transport

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
NO_QUEUE = {"edevlet_queue_s": 0}
"""While calls are asked the world's clock stands still, and so would e-Devlet's queue."""


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
        self._visitors: dict[int, Visitor] = {}
        self._makers: Makers | None = None
        self._at = EPOCH

    async def settle(self, settlement: Settlement) -> Residents:
        """Make the world and everything in it."""
        new = {
            "name": settlement.world,
            "seed": settlement.seed,
            "clock": "manual",
            "start": settlement.begins_at.isoformat(),
            "settings": {**NO_QUEUE, **settlement.settings},
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
        codes = await self._issue(range(len(people)), settlement.days_left)
        await self._sign_in(settlement.app_users, [one["phone"] for one in people])
        await self._open_small_offices(settlement.small_offices)
        for person in settlement.visitors:
            known = await self._lab("GET", f"/_lab/people/{person + 1}/edevlet")
            pair = (known["identity_number"], known["password"])
            self._visitors[person] = Visitor(self._transport, self._prefix, *pair)
        self._makers = Makers(self._transport, self._prefix, settlement.people, people)
        return Residents(
            identity=[one["identity_number"] for one in people],
            code=codes,
            expired=dict(zip(settlement.had_before, old, strict=True)),
            deleted=dict(zip(settlement.deleted, gone, strict=True)),
        )

    async def stand_at(self, moment: datetime) -> None:
        """Move the clock through the lab."""
        await self._lab("POST", "/_lab/clock", {"to": moment.isoformat()})
        self._at = moment

    async def file(self, reports: Sequence[Report]) -> None:
        """File through the lab, which stands for the case-tracking module."""
        for begin in range(0, len(reports), CHUNK):
            await self._lab("POST", "/_lab/reports", [report_body(one) for one in reports[begin : begin + CHUNK]])

    async def ask(self, call: Call) -> Reply:
        """Ask at the counter that the channel names."""
        if call.channel.makes:
            assert self._makers is not None
            return await self._makers.make(call, self._at, self._bearer, self._visitors)
        try:
            if call.channel is Channel.EDEVLET:
                return await self._visitors[call.asker].ask(call, self._at)
            if call.channel is Channel.EDEVLET_BULK:
                return await self._visitors[call.asker].ask_with_list(call, self._at)
        except NoAnswerError:
            return Reply(TIME_OUT, ())
        return await self._by_machine(call)

    async def collect(self, call: Call) -> Reply:
        """What the door told at once, or the text that has come."""
        assert self._makers is not None
        return await self._makers.collect(call)

    async def _by_machine(self, call: Call) -> Reply:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        by_person = call.channel in BY_PERSON
        headers["Authorization"] = self._bearer[call.asker] if by_person else self._basic[call.asker]
        try:
            answer = await self._transport.send("POST", self._prefix + PATHS[call.channel], headers, self._body(call))
        except NoAnswerError:
            return Reply(TIME_OUT, ())
        return Reply(answer.status, read_answers(call, answer.body))

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
                    "parents": [one.parent + 1] if one.parent >= 0 else [],
                }
                for one in people[begin : begin + CHUNK]
            ]
            made += await self._lab("POST", "/_lab/people", chunk)
        return made

    async def _issue(self, people: Sequence[int], days: Sequence[int] = ()) -> list[IssuedCode]:
        """Codes of these people, without end unless `days`, by person, says how many days they last."""
        codes: list[IssuedCode] = []
        for begin in range(0, len(people), CHUNK):
            orders = [
                {"citizen_id": person + 1, "days": (days[person] or None) if days else None}
                for person in people[begin : begin + CHUNK]
            ]
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

    async def _open_small_offices(self, offices: Sequence[SmallOffice]) -> None:
        """Workplaces without an account, each with its manager."""
        for office in offices:
            body = {
                "kind": InstitutionKind.WORKPLACE.value,
                "name": office.name,
                "label": f"IS-{office.manager}",
                "province": office.province,
                "staff_count": office.staff_count,
                "staff": [office.manager + 1],
            }
            await self._lab("POST", "/_lab/institutions", body)

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
            status, answer, _ = await self._transport.send(method, path, {"Content-Type": "application/json"}, data)
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
