"""A state machine that drives somebody's client against a world that moves: subclass it, say how to ask, and run it.

    class Door(IntegrationMachine):
        promise = Promise(staleness=timedelta(minutes=5))

        def connect(self, to: Connection) -> None:
            self.client = MyClient(httpx.Client(transport=to.transport, base_url=to.url), …)

        def ask(self, text: str) -> Seen:
            return Seen(told=Told(self.client.check(text).why))

    TestDoor = Door.TestCase

Codes are issued, shared, shortened, deleted; people are reported; time passes; passwords are rotated; the ministry
breaks down. Whatever the client is asked in between, it must say what the model says, and mind its manners on the wire.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, precondition, rule

from mockgov.clock import LAST
from mockgov.codes.rules import INDEFINITE
from mockgov.counters.reading import read_code
from mockgov.faults import Refuse
from mockgov.risk_index.messages import ContactReport, PcrReport, Report
from mockgov.testing.asking import Asked, BadMannersError, Connection, Promise, Seen, Told, WrongAnswerError
from mockgov.testing.exchange import Exchange
from mockgov.testing.manners import check_manners, codes_in, is_unavailable
from mockgov.testing.model import Model, Person
from mockgov.testing.mutations import mutated
from mockgov.testing.order import Order
from mockgov.testing.report import lines
from mockgov.testing.sandbox import Sandbox
from mockgov.testing.strategies import Form, forms, written_codes
from mockgov.testing.templates import Furnished, templates
from mockgov.testing.town import Pair
from mockgov.vocabulary.hes_code import HesCode

NAMES: Final = (("Ayşe", "Yılmaz"), ("İpek Nur", "Çağlayan"), ("Işıl", "Öz"), ("Ğ", "İğdeci"))
"""Whose codes are asked about; letters that folding, cutting and narrow encodings lose."""
SECONDS: Final = (1, 60, 360, 3600, 3 * 3600, 24 * 3600, 8 * 24 * 3600, 15 * 24 * 3600)
KINDS: Final = ("positive", "contact", "negative")
MANY: Final = (0, 0, 1, 1, 2, 2, 3, 500, 501, 1001)
"""How many of a list are nobody's; calls around the limit cost most, and come more seldom."""
MOST: Final = 60
"""Requests for one question at which a client is stopped."""
MILLISECOND: Final = timedelta(milliseconds=1)
HOLDERS: Final = st.integers(0, len(NAMES) - 1)


class IntegrationMachine(RuleBasedStateMachine):
    """An integrator's client in a world of its own. Subclasses give `connect`, `ask` and, if they can, `ask_many`."""

    order: ClassVar[Order] = Order(people=0)
    """The world; the people who are asked about are registered in it."""
    promise: ClassVar[Promise] = Promise()
    label: ClassVar[str] = "ÇINAR-LOJİSTİK"
    """The institution's label, on which its user name is built."""

    codes = Bundle("codes")

    def connect(self, to: Connection) -> None:
        """Make the client."""
        raise NotImplementedError

    def ask(self, text: str) -> Seen:
        """Let the client ask about a code as it was typed or scanned."""
        raise NotImplementedError

    def ask_many(self, texts: Sequence[str]) -> Mapping[str, Seen] | None:
        """Let it ask about many at once; None for a client that cannot."""

    def __init__(self) -> None:
        super().__init__()
        order = self.order.but(server=False)
        self.world = templates().sandbox(order, furnished=Furnished("machine", self.label, self._furnish))
        try:
            newest = self.world.people[-len(NAMES) :]
            self.people = [Person(citizen=citizen) for citizen in newest]
            self._pair = self.world.pair(self.label, live=self.promise.live)
            self.model = Model(self.world.clock.now())
            self._heals_at: datetime | None = None
            self._answered: dict[str, datetime] = {}
            transport = self.world.transport
            assert transport is not None
            self.connect(
                Connection(
                    url=self.world.url,
                    transport=transport,
                    http=self.world.http,
                    base=self._pair.base,
                    credential=self._credential,
                    now=self.world.clock.now,
                    sleep=self._sleep,
                )
            )
        except BaseException:
            self.world.close()
            raise

    @classmethod
    def _furnish(cls, world: Sandbox) -> None:
        for name in NAMES:
            world.register(*name)
        world.institution(cls.label)

    def teardown(self) -> None:
        """Drop the world."""
        self.world.close()

    # What people and the ministry do

    @rule(target=codes, holder=HOLDERS, days=st.sampled_from([None, 1, 7]))
    def issues_a_code(self, holder: int, days: int | None) -> str:
        """Somebody gets a code, for some days or for good."""
        person = self.people[holder]
        code = self.world.code(person.citizen, days=days)
        ends_at = INDEFINITE if days is None else self.model.now + timedelta(days=days)
        self.model.issued(code.text, person, ends_at)
        return code.text

    @rule(code=codes)
    def shares(self, code: str) -> None:
        """A holder notes that the institution has a code; for nobody else does that change anything."""
        if not self.model.held[code].deleted:
            self.world.share(HesCode(code), self.label)

    @rule(code=codes, minutes=st.sampled_from([1, 60, 24 * 60]))
    def shortens(self, code: str, minutes: int) -> None:
        """A code ends earlier."""
        held, to = self.model.held[code], self.model.now + timedelta(minutes=minutes)
        if not held.deleted and self.model.now < held.ends_at and to < held.ends_at:
            self.world.shorten(HesCode(code), to)
            self.model.shortened(code, to)

    @rule(code=codes)
    def deletes(self, code: str) -> None:
        """A code is gone."""
        if not self.model.held[code].deleted:
            self.world.delete(HesCode(code))
            self.model.deleted(code)

    @rule(code=codes, kind=st.sampled_from(KINDS), hours=st.sampled_from([1, 50, 200]))
    def reports(self, code: str, kind: str, hours: int) -> None:
        """Something is reported about a code's holder."""
        person, at = self.model.held[code].holder, self.model.now - timedelta(hours=hours)
        number = person.citizen.citizen_id
        report: Report = PcrReport(citizen_id=number, sampled_at=at, positive=kind == "positive")
        if kind == "contact":
            report = ContactReport(citizen_id=number, last_contact_at=at)
        self.world.file(report)
        self.model.filed(person, report)

    @rule()
    def rotates_the_password(self) -> None:
        """The institution has a new password; its client has to ask for it when the old one fails."""
        self._pair = self.world.rotate(self._pair)

    # Time, and trouble

    @rule(seconds=st.sampled_from(SECONDS))
    def waits(self, seconds: int) -> None:
        """Time passes."""
        self._pass_to(self.model.now + timedelta(seconds=seconds))

    @rule(code=codes, seconds=st.sampled_from([-60, 0, 60]))
    def waits_until_about_the_end(self, code: str, seconds: int) -> None:
        """Time passes until about the moment at which a code ends."""
        to = self.model.held[code].ends_at + timedelta(seconds=seconds)
        if self.model.now <= to < INDEFINITE - timedelta(days=366):
            self._pass_to(to)

    @precondition(lambda self: self._heals_at is None)
    @rule(
        status=st.sampled_from([503, 429]),
        retry_after_s=st.sampled_from([None, 2, 30]),
        seconds=st.sampled_from([1, 20, 3600]),
    )
    def breaks_down(self, status: int, retry_after_s: int | None, seconds: int) -> None:
        """The ministry answers nobody for a while."""
        self._heals_at = self.model.now + timedelta(seconds=seconds)
        self.world.plan(Refuse(share=1.0, status=status, retry_after_s=retry_after_s))

    # What the client is asked

    @rule(code=codes, form=forms())
    def asks(self, code: str, form: Form) -> None:
        """A code that was issued, as people and scanners write it."""
        self._ask(form.write(HesCode(code)))

    @rule(code=codes, seconds=st.sampled_from([60, 360, 3600, 15 * 24 * 3600]))
    def asks_twice(self, code: str, seconds: int) -> None:
        """The same code, and once more after a while."""
        self._ask(HesCode(code).dashed)
        self._pass_to(self.model.now + timedelta(seconds=seconds))
        self._ask(HesCode(code).dashed)

    @rule(code=codes)
    def asks_before_and_after_the_end(self, code: str) -> None:
        """A minute before a code ends, and at its end."""
        ends_at = self.model.held[code].ends_at
        if self.model.now <= ends_at - timedelta(minutes=1) and ends_at < INDEFINITE:
            self._pass_to(ends_at - timedelta(minutes=1))
            self._ask(HesCode(code).dashed)
            self._pass_to(ends_at)
            self._ask(HesCode(code).dashed)

    @rule(code=codes)
    def asks_before_and_after_an_illness(self, code: str) -> None:
        """Before its holder is reported, when no old answer is good any more, and once the isolation is over."""
        self._ask(HesCode(code).dashed)
        self.reports(code, "positive", 1)
        self._pass_to(self.model.now + self.promise.staleness + timedelta(minutes=1))
        self._ask(HesCode(code).dashed)
        ends = [span.ends_at for span in self.model.held[code].holder.risky if span.ends_at > self.model.now]
        self._pass_to(max(ends, default=self.model.now))
        self._pass_to(self.model.now + self.promise.staleness + timedelta(minutes=1))
        self._ask(HesCode(code).dashed)

    @rule(text=st.one_of(written_codes().map(lambda pair: pair[1]), mutated(HesCode)))
    def asks_about_no_code(self, text: str) -> None:
        """A code that nobody has, or a text that is none."""
        self._ask(text)

    @rule(some=st.lists(codes, max_size=4), others=st.sampled_from(MANY), form=forms())
    def asks_about_many(self, some: list[str], others: int, form: Form) -> None:
        """Codes that were issued, each once, among others that nobody has."""
        texts = [f"Z0Z0{nth:04}10" for nth in range(others)]
        half = len(texts) // 2
        texts[half:half] = [form.write(HesCode(code)) for code in dict.fromkeys(some)]
        if type(self).ask_many is IntegrationMachine.ask_many or not texts:
            return
        asked = {text: read_code(text, lenient=True) for text in texts}
        seen, exchanges = self._watched(lambda: self.ask_many(texts), asked)
        if seen is None:
            return
        for text in texts:
            if text not in seen:
                raise WrongAnswerError(f"Nothing was said of one of {len(texts)} codes.{self._story(exchanges)}")
            self._judge(asked[text], seen[text], exchanges)

    def _ask(self, text: str) -> None:
        code = read_code(text, lenient=True)
        seen, exchanges = self._watched(lambda: self.ask(text), {text: code})
        self._judge(code, seen, exchanges)

    # Judgement

    def _watched(self, ask: Callable[[], Any], asked: Asked) -> tuple[Any, Sequence[Exchange]]:
        """What a client says, and what it did meanwhile, which was proper."""
        recorder = self.world.recorder
        before = recorder.count
        recorder.stop_at = before + MOST
        seen = ask()
        count = recorder.count - before
        exchanges = list(recorder.exchanges)[-count:] if count else []
        try:
            check_manners(exchanges, self.promise, asked)
        except BadMannersError as error:
            raise BadMannersError(f"{error}{self._story(exchanges)}") from None
        for one in exchanges:
            if one.answer.status == 200:
                for text in codes_in(one):
                    self._answered[read_code(text, lenient=True) or ""] = one.at
        return seen, exchanges

    def _judge(self, code: str | None, seen: Seen, exchanges: Sequence[Exchange]) -> None:
        """Hold what was said against the model. Raises `WrongAnswerError`."""
        promise, model = self.promise, self.model
        may = model.acceptable(code, promise.staleness)
        wrong = ""
        if seen.told is Told.UNAVAILABLE:
            failed = sum(is_unavailable(one) for one in exchanges)
            if failed < promise.attempts:
                wrong = f"gave up after {failed} of the {promise.attempts} attempts that were promised"
        elif seen.told not in may:
            wrong = f"said {seen.told}, where {' or '.join(sorted(may))} is so"
        elif seen.told in (Told.RISKLESS, Told.RISKY):
            held = model.held[code or ""]
            answered = self._answered.get(code or "")
            if answered is None or answered < model.now - promise.staleness:
                wrong = f"said {seen.told}, which no answer told within {promise.staleness}"
            elif seen.name is not None and " ".join(seen.name.split()) != held.holder.name:
                wrong = f"showed the name {seen.name!r}, where {held.holder.name!r} was told"
            elif seen.expires_at is not None and not model.was_shortened(code, promise.staleness):
                apart = seen.expires_at - held.ends_at
                if abs(apart) >= MILLISECOND:
                    wrong = f"showed an end that lies {apart / timedelta(hours=1):+g} h from the code's"
        if wrong:
            raise WrongAnswerError(f"The client {wrong}.{self._story(exchanges)}")

    def _story(self, exchanges: Sequence[Exchange]) -> str:
        told = "\n".join(lines(exchanges))
        return f"\nIn {self.world!r}, at {self.model.now.isoformat()}; for this question:\n{told}"

    # Time

    def _credential(self) -> Pair:
        return self._pair

    def _sleep(self, seconds: float) -> None:
        self._pass_to(self.model.now + timedelta(seconds=max(0.0, seconds)))

    def _pass_to(self, to: datetime) -> None:
        """Time passes; a breakdown ends when it is over."""
        to = min(to, LAST - timedelta(days=1))
        if self._heals_at is not None and self._heals_at <= to:
            self._move(self._heals_at)
            self._heals_at = None
            self.world.plan()
        self._move(to)

    def _move(self, to: datetime) -> None:
        self.model.moved(to)
        self.world.clock.to(to)
