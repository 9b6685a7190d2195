"""Lines that text 2023, beside a plain model: limits, deletions, ends, days that pass, and ministries that restart."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mockgov.clock import TURKEY
from mockgov.codes.rules import INDEFINITE
from mockgov.ministry import Ministry
from mockgov.registry.messages import RegisterCitizen
from mockgov.settings import Settings
from mockgov.short_number.replies import refusal
from mockgov.short_number.rules import Limits, Mistake
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.person import Sex
from mockgov.vocabulary.phone import Phone
from mockgov.world import make_world

LIMITS = Limits(codes=2, texts_a_day=4, most_days=999)
SETTINGS = Settings(argon2_memory_kib=8, argon2_passes=1, short_number_texts_a_day=4)
LINES = [Phone("5991112233"), Phone("5994445566")]
REPLY = timedelta(seconds=8)


@dataclass
class Line:
    """What a line should have seen."""

    texts: list[date] = field(default_factory=list)
    """The Turkish day of each text."""
    ends: dict[str, datetime] = field(default_factory=dict)
    """The end of each code, by the code; deleted ones are gone."""
    replies: list[tuple[datetime, str]] = field(default_factory=list)
    """When each reply is to come, and what it begins with."""


class ShortNumberMachine(RuleBasedStateMachine):
    """Two lines, one person."""

    def __init__(self) -> None:
        super().__init__()
        self.ministry = Ministry(make_world(settings=SETTINGS))
        order = RegisterCitizen(
            firstname="Ayşe", lastname="Yılmaz", sex=Sex.FEMALE, birth_date=date(1980, 1, 1), province=26
        )
        (self.person,) = self.ministry.registry.register([order])
        self.lines = {phone: Line() for phone in LINES}

    @rule(
        phone=st.sampled_from(LINES), days=st.none() | st.integers(1, 3) | st.integers(998, 1001), proves=st.booleans()
    )
    def text(self, phone: Phone, days: int | None, proves: bool) -> None:
        """A text with the right or a wrong serial."""
        serial = self.person.id_card.last_four
        proof = serial if proves else f"{(int(serial) + 1) % 10_000:04d}"
        said = f"HES {self.person.identity.digits} {proof} {'süresiz' if days is None else days}"
        now, line = self.ministry.world.now(), self.lines[phone]
        before = {code.text for code in self.ministry.codes.of(self.person.citizen_id)}
        self.ministry.sms.from_handset(phone, "2023", said)
        made = [code for code in self.ministry.codes.of(self.person.citizen_id) if code.text not in before]
        mistake = self.expected(line, now, days, proves=proves)
        line.texts.append(now.astimezone(TURKEY).date())
        if mistake is None:
            (code,) = made
            assert code.expires_at == (INDEFINITE if days is None else now + timedelta(days=days))
            line.ends[code.text] = code.expires_at
            line.replies += [(now + REPLY, "AY**** YI**** "), (now + 2 * REPLY, f"{HesCode(code.text).dashed} HES ")]
        else:
            assert made == []
            line.replies.append((now + REPLY, refusal(mistake, LIMITS)))

    def expected(self, line: Line, now: datetime, days: int | None, *, proves: bool) -> Mistake | None:
        """What should be wrong."""
        if line.texts.count(now.astimezone(TURKEY).date()) >= LIMITS.texts_a_day:
            return Mistake.TOO_MANY_TEXTS
        if days is not None and days > LIMITS.most_days:
            return Mistake.TOO_LONG
        if not proves:
            return Mistake.WRONG_SERIAL
        if sum(ends > now for ends in line.ends.values()) >= LIMITS.codes:
            return Mistake.TOO_MANY_CODES
        return None

    @rule(phone=st.sampled_from(LINES))
    def delete(self, phone: Phone) -> None:
        """The holder deletes the line's oldest code, which makes room."""
        if self.lines[phone].ends:
            text = min(self.lines[phone].ends)
            del self.lines[phone].ends[text]
            self.ministry.codes.delete(self.ministry.codes.get(HesCode(text)))

    @rule(seconds=st.sampled_from([1, 7, 8, 16, 3600, 86_400, 3 * 86_400]))
    def advance(self, seconds: int) -> None:
        """Time passes."""
        self.ministry.advance(self.ministry.world.now() + timedelta(seconds=seconds))

    @rule()
    def restart(self) -> None:
        """Another ministry goes on with the same world."""
        self.ministry = Ministry(self.ministry.world)

    @invariant()
    def every_text_is_answered_once(self) -> None:
        """Each reply is there when its time has come, in order, and nothing else is."""
        now = self.ministry.world.now()
        for phone, line in self.lines.items():
            due = sorted((reply for reply in line.replies if reply[0] <= now), key=lambda reply: reply[0])
            shown = self.ministry.sms.received(phone)
            assert [one.at for one in shown] == [at for at, _ in due]
            assert sorted(begins for _, begins in due) == sorted(
                next((begins for _, begins in due if one.text.startswith(begins)), one.text) for one in shown
            )

    def teardown(self) -> None:
        self.ministry.close()


TestShortNumber = ShortNumberMachine.TestCase
TestShortNumber.settings = settings(max_examples=30, stateful_step_count=25)
