"""A ministry of the simulator's own: no rules, no storage, just an oracle that answers.

For trying a scenario, and the player itself, without a ministry. `misstated` plants errors: the status of every
n-th answer is the opposite of the truth.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mockgov.clock import EPOCH
from mockgov.risk_index.messages import Report
from mockgov.vocabulary.chance import Draw
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.tckn import Tckn
from sim.demand.parameters import Channel, Spoiled
from sim.drive.oracle import INDEFINITE, Oracle
from sim.drive.port import Call, IssuedCode, Reply, Residents, Settlement, Told
from sim.streams import Stream, Streams


class StubMinistry:
    """A `MinistryPort` that answers at once."""

    def __init__(self, *, misstated: int = 0) -> None:
        self._misstated = misstated
        self._asked = 0
        self._at = EPOCH
        self._shown: dict[str, tuple[int, Spoiled]] = {}
        self._oracle: Oracle | None = None
        self._chance: Stream | None = None
        self._made: dict[int, IssuedCode] = {}

    async def settle(self, settlement: Settlement) -> Residents:
        """Mint a number and a code for everybody."""
        self._chance = chance = Streams(settlement.seed).stream("drive/stub")
        people = range(len(settlement.people))
        residents = Residents(
            identity=[Tckn.mint(chance.draw(person, 0)).digits for person in people],
            code=[self._code(self._minted(chance.draw(person, 1)), person, Spoiled.NONE) for person in people],
            expired={n: self._code(f"X{n:09}", n, Spoiled.EXPIRED) for n in settlement.had_before},
            deleted={n: self._code(f"Y{n:09}", n, Spoiled.DELETED) for n in settlement.deleted},
        )
        self._oracle = Oracle(settlement.people, residents)
        self._at = settlement.opens_at
        return residents

    async def stand_at(self, moment: datetime) -> None:
        """Note the moment."""
        self._at = moment

    async def file(self, reports: Sequence[Report]) -> None:
        """Learn."""
        assert self._oracle is not None
        self._oracle.learn([replace(report) for report in reports])

    async def ask(self, call: Call) -> Reply:
        """Answer from the oracle, wrongly where that is planted."""
        if call.channel.makes:
            return self._make(call)
        told = tuple(self._told(call, code) for code in call.codes)
        on_page = call.channel is Channel.EDEVLET or call.channel.asks_many
        failed = not on_page and "errorKey" in told[0]
        return Reply(400 if failed else 200, told)

    async def collect(self, call: Call) -> Reply:
        """Tell the code, which its holder shows from now on."""
        assert self._oracle is not None
        made = self._made[call.person]
        self._oracle.hold(call.person, made)
        return Reply(200, ({"hes_code": made.text, "expiration_date": made.expires},))

    async def audited(self) -> int:
        """How many codes were asked."""
        return self._asked

    async def close(self) -> None:
        """Nothing to let go of."""

    def _make(self, call: Call) -> Reply:
        assert self._oracle is not None
        assert self._chance is not None
        text = self._minted(self._chance.draw(call.person, 2))
        self._shown[text] = (call.person, Spoiled.NONE)
        self._made[call.person] = IssuedCode(text, self._oracle.end_of(call, self._at))
        return Reply(200, ())

    def _minted(self, draw: Draw) -> str:
        """A code that nobody has yet."""
        text = HesCode.mint(draw).text
        while text in self._shown:
            text = HesCode.mint(draw).text
        return text

    def _code(self, text: str, person: int, spoiled: Spoiled) -> IssuedCode:
        self._shown[text] = (person, spoiled)
        return IssuedCode(text, INDEFINITE)

    def _told(self, call: Call, code: str) -> Told:
        assert self._oracle is not None
        self._asked += 1
        person, spoiled = self._shown.get(code, (0, Spoiled.MISTYPED))
        told = self._oracle.expected(person, call.channel, spoiled, self._at)
        if self._misstated and self._asked % self._misstated == 0 and "current_health_status" in told:
            opposite = "RISKLESS" if told["current_health_status"] == "RISKY" else "RISKY"
            return {**told, "current_health_status": opposite}
        return told
