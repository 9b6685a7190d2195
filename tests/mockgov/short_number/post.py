"""A short number with four people, a clock to move, and everything that it has sent."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from mockgov.clock import ManualClock
from mockgov.short_number.messages import ReadText
from mockgov.short_number.rules import Issued, Limits, Person, Read
from mockgov.short_number.service import ShortNumber
from mockgov.short_number.store import InMemoryTexts
from mockgov.streams import Streams
from mockgov.vocabulary.foreign_phone import ForeignPhone
from mockgov.vocabulary.phone import Phone

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
MINE, YOURS, ABROAD = Phone("5991234567"), Phone("5997654321"), ForeignPhone("+9991234567890")
NUMBER = "+903120002023"
# odd, so that their check digits are nobody's
CITIZEN, BLUE, RESIDENT, CHILD = "11111111111", "22222222221", "99999999991", "33333333331"
PASSPORT = ("DEU", "TST012345")


def person(citizen_id: int, surname: str, birth_year: int, serial: str | None, lines: Sequence[Phone] = ()) -> Person:
    return Person(
        citizen_id=citizen_id,
        masked_name=f"AY**** {surname[:2]}****",
        surname=surname,
        birth_year=birth_year,
        serial=serial,
        lines=frozenset(lines) or None,
    )


class Post:
    """The service over its plain twin; what it asks of others is answered here."""

    def __init__(self, *, codes: int = 2, texts_a_day: int = 10, most_days: int = 999) -> None:
        self.clock = ManualClock(MONDAY)
        self.told: list[object] = []
        self.sent: list[tuple[Phone, str, str, float]] = []
        """Phone, sender, text, seconds from the text."""
        self.issued: dict[str, tuple[int, datetime | None]] = {}
        """Whose and until when, by code."""
        self.store = InMemoryTexts()
        self.inside = 0
        self.people = {
            CITIZEN: person(1, "YILMAZ", 1980, "0421"),
            BLUE: person(2, "ÇİĞDEM", 1955, None),
            RESIDENT: person(3, "MÜLLER-SCHMIDT", 1990, None),
            CHILD: person(4, "YILMAZ", 2010, "7777", [MINE]),
        }
        self.service = ShortNumber(
            store=self.store,
            now=self.clock.now,
            streams=Streams(1),
            tell=self.told.append,
            transaction=self._transaction,
            offices=self,
            limits=Limits(codes=codes, texts_a_day=texts_a_day, most_days=most_days),
            abroad=NUMBER,
            reply_after=timedelta(seconds=8),
            pages="http://127.0.0.1:8080/qr/",
        )

    def send(self, text: str, phone: Phone = MINE, to: str = "2023") -> Read:
        """A text arrives."""
        return self.service.read(ReadText(phone=phone, to=to, text=text))

    def replies(self) -> list[str]:
        return [text for _, _, text, _ in self.sent]

    def days(self) -> list[int | None]:
        """How long each code lives that was made at the first moment."""
        return [None if ends is None else (ends - MONDAY).days for _, ends in self.issued.values()]

    def by_number(self, number: str) -> Person | None:
        return self.people.get(number)

    def by_passport(self, nationality: str, number: str) -> Person | None:
        return self.people[RESIDENT] if (nationality, number) == PASSPORT else None

    def issue(self, citizen_id: int, days: int | None) -> Issued:
        assert self.inside
        nth = len(self.issued)
        text = f"A1B234561{nth}"
        ends = None if days is None else self.clock.now() + timedelta(days=days)
        self.issued[text] = (citizen_id, ends)
        return Issued(text=text, dashed=f"{text[:4]}-{text[4:8]}-{text[8:]}", expires_at=ends)

    def valid(self, codes: Sequence[str]) -> int:
        known = [self.issued[code][1] for code in codes if code in self.issued]
        return sum(ends is None or ends > self.clock.now() for ends in known)

    def reply(self, phone: Phone, sender: str, text: str, after: timedelta) -> None:
        assert self.inside
        self.sent.append((phone, sender, text, after.total_seconds()))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.inside += 1
        yield
        self.inside -= 1
