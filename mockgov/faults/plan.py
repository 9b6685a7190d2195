"""The plan of one world: decides, request by request, which faults strike, and counts what it has to.

Whether a fault strikes is a keyed draw on the *logical* request: by which way who asks what, and how often they have
asked the same before. So the same plan strikes the same requests with one client or with sixty-four, today or after
they have started again. An empty plan costs whoever asks one comparison.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mockgov.clock import EPOCH, Now, to_us
from mockgov.faults.aim import SECOND_US, is_asker, is_route, window
from mockgov.faults.course import Course, Strike, course_of
from mockgov.faults.delays import PARTS
from mockgov.faults.kinds import (
    Channel,
    ClockSkew,
    Disorder,
    Duplicate,
    ExpiredCertificate,
    Fault,
    Greylist,
    Misstate,
    Stage,
)
from mockgov.faults.token import BadReplay, Mint, Token
from mockgov.faults.written import FaultError, Known, digest, mistakes_of
from mockgov.streams import Streams
from mockgov.vocabulary.chance import Draw

REMEMBERED: Final = 65_536
"""Logical requests whose repetitions are counted; one more, and that of longest ago counts from none again."""
LAST_STRUCK: Final = 200
"""Strikes that are told."""
APART: Final = (Greylist, Misstate)
"""Kinds that are not drawn by request but by pair of addresses, and by code."""
MOST_REPLAYS: Final = 1_000
"""Replays that may wait for their request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """A strike, as it is told afterwards."""

    at: datetime
    kind: str
    channel: Channel
    stage: Stage
    token: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One logical request on its way, and what strikes it."""

    strikes: tuple[Strike, ...] = ()
    is_again: bool = False
    """Whether it is a replay."""

    def at(self, stage: Stage) -> tuple[Strike, ...]:
        """What strikes at a stage, in the plan's order."""
        return tuple(strike for strike in self.strikes if strike.stage is stage)

    def course(self, stage: Stage) -> Course:
        """What happens at a stage."""
        return course_of(self.at(stage))

    def tokens(self, *stages: Stage) -> str:
        """The replay tokens of the strikes at these stages, or at all."""
        return ", ".join(strike.token for strike in self.strikes if not stages or strike.stage in stages)

    @property
    def skew_s(self) -> int:
        """How far the service's own clock is ahead for this request, in seconds."""
        return sum(strike.fault.seconds for strike in self.strikes if isinstance(strike.fault, ClockSkew))

    @property
    def has_expired_certificates(self) -> bool:
        """Whether the service signs with certificates that have ended."""
        return any(isinstance(strike.fault, ExpiredCertificate) for strike in self.strikes)

    @property
    def copies(self) -> int:
        """How often something is told beyond the first time."""
        return sum(strike.fault.copies for strike in self.strikes if isinstance(strike.fault, Duplicate))

    @property
    def hold_s(self) -> int:
        """For how many seconds of the world's time something is held back."""
        return sum(strike.fault.hold_s for strike in self.strikes if isinstance(strike.fault, Disorder))


NOTHING: Final = Visit()


class FaultPlan:
    """Decides which faults strike."""

    def __init__(
        self,
        streams: Streams,
        faults: Sequence[Fault] = (),
        *,
        now: Now = lambda: EPOCH,
        counts: Mapping[str, int] | None = None,
        keep: Callable[["FaultPlan"], None] = lambda _: None,
    ) -> None:
        """`keep` writes the plan down whenever another one is taken. Raises `FaultError`."""
        self.faults = _checked(faults)
        self.digest = digest(self.faults)
        self.struck: deque[Struck] = deque(maxlen=LAST_STRUCK)
        """The last strikes, the oldest first; a cut connection carries no header."""
        self._streams = streams
        self.now = now
        """The world's time."""
        self._keep = keep
        self._mint = Mint(streams)
        self._asked: dict[str, int] = dict(counts or {})
        self._again: dict[str, tuple[Token, ...]] = {}

    def __bool__(self) -> bool:
        """Whether there is any fault at all."""
        return bool(self.faults)

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each logical request has been seen, by its digest: what a restart or a fork goes on from."""
        return self._asked

    def replace(self, faults: Sequence[Fault], known: Known | None = None) -> None:
        """Take another plan from now on; counting starts over. Raises `FaultError` and changes nothing."""
        self.faults = _checked(faults, known)
        self.digest = digest(self.faults)
        self._asked, self._again = {}, {}
        self.struck.clear()
        self._keep(self)

    def visit(self, channel: Channel, route: str, asker: str, about: bytes | str, *, verb: str = "") -> Visit:
        """What strikes the next request of `asker` about `about`.

        `route` is a path without world and query, or a protocol's verb; `verb` another name that a plan may use for it.
        """
        if not self.faults:
            return NOTHING
        subject = self._subject(channel, route, asker, about)
        again = self._again.pop(subject, ())
        nth = again[0].nth if again else self._count(subject)
        return self._visit(channel, (route, verb) if verb else (route,), asker, subject, nth, again)

    def told(self, channel: Channel, asker: str, about: str) -> Visit:
        """What strikes something that is told to `asker` later: a receipt, a piece of evidence, a callback.

        The same thing is struck in the same way however often it is asked about; nothing is counted.
        """
        if not self.faults:
            return NOTHING
        subject = self._subject(channel, Stage.RECEIPT, asker, about)
        return self._visit(channel, (Stage.RECEIPT,), asker, subject, 0, self._again.pop(subject, ()))

    def greylisted(self, sender: str, recipient: str) -> Visit:
        """What strikes a pair of sender and recipient, however often it knocks."""
        if not self.faults:
            return NOTHING
        subject = self._subject(Channel.SMTP, Greylist.kind, sender, recipient)
        return self._visit(Channel.SMTP, ("RCPT",), sender, subject, 0, self._again.pop(subject, ()), Greylist)

    def misstated(self, asker: str, code: str) -> str:
        """The token, if the next answer to `asker` about a code is to be wrong; else nothing."""
        if not any(isinstance(fault, Misstate) for fault in self.faults):
            return ""
        subject = self._subject(Channel.HTTP, "misstate", asker, code)
        again = self._again.pop(subject, ())
        nth = again[0].nth if again else self._count(subject)
        return self._visit(Channel.HTTP, ("",), asker, subject, nth, again, Misstate).tokens()

    def replay(self, text: str) -> Sequence[tuple[int, Fault]]:
        """Have the request of a token, or of several with commas between, struck the same way once more.

        The faults that will strike, each with its place in the plan. Raises `BadReplay` and changes nothing.
        """
        tokens = [self._mint.read(part) for part in text.split(",")]
        for token in tokens:
            if token.plan != self.digest or not 1 <= token.number <= len(self.faults):
                raise BadReplay(
                    f"The token is of plan {token.plan}; the plan in force is {self.digest}. Set the plan that it was "
                    "made with, then replay it."
                )
        for subject in {token.subject for token in tokens}:
            self._again.pop(subject, None)
            while len(self._again) >= MOST_REPLAYS:
                del self._again[next(iter(self._again))]
            self._again[subject] = tuple(token for token in tokens if token.subject == subject)
        return [(token.number, self.faults[token.number - 1]) for token in tokens]

    def _visit(
        self,
        channel: Channel,
        names: Sequence[str],
        asker: str,
        subject: str,
        nth: int,
        again: Sequence[Token],
        only: type[Fault] | None = None,
    ) -> Visit:
        """The faults aimed at a request, drawn; only those of a kind that is drawn apart, or all the others."""
        now = self.now()
        found: list[Strike] = []
        for number, fault in enumerate(self.faults, start=1):
            if (type(fault) if type(fault) in APART else None) is not only or channel not in fault.by:
                continue
            if not any(is_route(fault.route, name) for name in names) or not is_asker(fault.institution, asker):
                continue
            is_again = any(token.number == number for token in again)
            when = window(fault, number, now, self._streams)
            if not when.is_open and not is_again:
                continue
            draw = self._streams.draw("fault", number, fault.at, subject, nth)
            if draw(PARTS) < round(fault.share * PARTS) or is_again:
                left_s = None if when.ends_us is None else -((to_us(now) - when.ends_us) // SECOND_US)
                found.append(self._strike(fault, number, asker, subject, nth, draw, left_s))
        visit = Visit(tuple(found), is_again=bool(again)) if found else NOTHING
        self.struck.extend(
            Struck(at=now, kind=one.fault.kind, channel=channel, stage=one.stage, token=one.token) for one in found
        )
        return visit

    def _strike(
        self, fault: Fault, number: int, asker: str, subject: str, nth: int, draw: Draw, left_s: int | None
    ) -> Strike:
        token = Token(
            seed=self._streams.seed,
            plan=self.digest,
            number=number,
            stage=fault.at,
            asker=self._mint.asker(asker),
            subject=subject,
            nth=nth,
        )
        return Strike(fault=fault, stage=fault.at, token=self._mint.write(token), draw=draw, left_s=left_s)

    def _subject(self, channel: Channel, route: str, asker: str, about: bytes | str) -> str:
        text = about.encode("utf-8", "surrogatepass") if isinstance(about, str) else about
        return self._mint.subject(channel, route, asker, text)

    def _count(self, subject: str) -> int:
        """How often the request has come before; this time counts from now on."""
        asked = self._asked
        nth = asked.pop(subject, None)
        if nth is None:
            nth = 0
            if len(asked) >= REMEMBERED:
                del asked[next(iter(asked))]
        asked[subject] = nth + 1  # at the end: those that are asked again and again are forgotten last
        return nth


def _checked(faults: Sequence[Fault], known: Known | None = None) -> tuple[Fault, ...]:
    """The faults. Raises `FaultError` with everything that is wrong with any of them."""
    mistakes = [
        mistake
        for number, fault in enumerate(faults, start=1)
        for mistake in mistakes_of(number, fault, known or Known())
    ]
    if mistakes:
        raise FaultError(mistakes)
    return tuple(faults)
