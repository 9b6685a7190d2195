"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.database import Database
from mockgov.mail.rules import Box, Message, State
from mockgov.mail.store import InMemoryMails, MailStore, SqlMails
from mockgov.vocabulary.email_address import EmailAddress

MONDAY = datetime(2021, 10, 4, 5, 0, 0, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOME = EmailAddress("hesdestek", "saglik.gov.tr")
AYSE = EmailAddress("Ayse", "kurum.example")


def mail(number: int, **fields: object) -> Message:
    made = Message(
        number=number,
        box=Box.OUT,
        sender=HOME,
        recipient=AYSE,
        subject="Kullanıcı adınız 🏢",
        size=3,
        queued_at=MONDAY,
        due_at=MONDAY,
    )
    return replace(made, **fields)


def delivered(message: Message, at: datetime) -> Message:
    return replace(message, state=State.DELIVERED, attempts=1, due_at=None, settled_at=at, reply="250 2.0.0 OK")


class StoreContract:
    """What every store promises."""

    def test_mails_come_back_as_they_were(self, store: MailStore) -> None:
        """Every field to the microsecond, bytes as bytes."""
        assert (store.next_number(), store.get(1), store.raw(1)) == (1, None, None)
        every_byte = bytes(range(256))
        first = mail(1, reference="application 7: user name")
        second = mail(2, box=Box.IN, sender=None, recipient=HOME, due_at=None, settled_at=MONDAY, attempts=7, reply="x")
        store.put([first], ["ayse@kurum.example"], every_byte)
        store.put([second], ["hesdestek@saglik.gov.tr"], b"")
        assert (store.get(1), store.get(2), store.get(3)) == (first, second, None)
        assert (store.raw(1), store.raw(2), store.raw(3)) == (every_byte, b"", None)
        assert store.next_number() == 3

    def test_mails_that_came_together_share_their_bytes(self, store: MailStore) -> None:
        """One message to three recipients is three mails."""
        store.put([mail(number) for number in (1, 2, 3)], ["a", "b", "c"], b"message")
        assert [store.raw(number) for number in (1, 2, 3)] == [b"message"] * 3
        store.put([mail(4)], ["a"], b"another")
        assert [store.raw(number) for number in (3, 4)] == [b"message", b"another"]
        assert [one.number for one in store.outbox("a")] == [4, 1]

    def test_to_whom_was_written(self, store: MailStore) -> None:
        """Mail that came in makes nobody a correspondent."""
        store.put([mail(1)], ["ayse"], b"")
        store.put([mail(2, box=Box.IN)], ["home"], b"")
        assert [store.has_written(one) for one in ("ayse", "home", "nobody")] == [True, False, False]

    def test_boxes(self, store: MailStore) -> None:
        """An inbox has what was delivered, the last first; the outbox what was written, however it stands."""
        for number in range(1, 6):
            store.put([mail(number)], ["ayse"], b"")
        store.put([mail(6, box=Box.IN)], ["home"], b"")
        for number, hours in ((1, 3), (2, 1), (3, 1), (6, 2)):
            kept = store.get(number)
            assert kept is not None
            store.save(delivered(kept, MONDAY + hours * HOUR))
        store.save(mail(4, state=State.BOUNCED, due_at=None, settled_at=MONDAY))
        assert [one.number for one in store.inbox("ayse")] == [1, 3, 2]
        assert [one.number for one in store.inbox(None)] == [1, 6, 3, 2]
        assert [one.number for one in store.inbox(None, limit=2)] == [1, 6]
        assert store.inbox("nobody") == []
        assert [one.number for one in store.outbox("ayse", limit=2)] == [5, 4]
        assert [one.number for one in store.outbox(None)] == [5, 4, 3, 2, 1]
        assert store.inbox("ayse")[0] == delivered(mail(1), MONDAY + 3 * HOUR)

    def test_what_is_due(self, store: MailStore) -> None:
        """The earliest first, of several the one with the smallest number, and nothing too early."""
        assert (store.next_due(), store.due(MONDAY)) == (None, None)
        store.put([mail(1, due_at=MONDAY + HOUR)], ["a"], b"")
        store.put([mail(2, due_at=MONDAY + HOUR), mail(3, due_at=None)], ["a", "b"], b"")
        store.put([mail(4)], ["a"], b"")
        assert store.next_due() == MONDAY
        assert store.due(MONDAY - timedelta(microseconds=1)) is None
        assert store.due(MONDAY + HOUR) == mail(4)
        store.save(delivered(mail(4), MONDAY))
        assert store.next_due() == MONDAY + HOUR
        assert store.due(MONDAY + HOUR - timedelta(microseconds=1)) is None
        assert store.due(MONDAY + HOUR) == mail(1, due_at=MONDAY + HOUR)

    def test_knocks(self, store: MailStore) -> None:
        """The first one of a pair counts."""
        assert store.first_knock("a", "b", MONDAY) == MONDAY
        assert store.first_knock("a", "c", MONDAY + HOUR) == MONDAY + HOUR
        assert store.first_knock("", "b", MONDAY + HOUR) == MONDAY + HOUR
        assert store.first_knock("a", "b", MONDAY + HOUR) == MONDAY


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> MailStore:
        return InMemoryMails()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> MailStore:
        return SqlMails(database)

    def test_survives_a_new_store(self, database: Database, store: MailStore) -> None:
        """What one store has kept another on the same database finds."""
        store.put([mail(1)], ["a"], b"message")
        again = SqlMails(database)
        assert (again.get(1), again.raw(1), again.next_number()) == (mail(1), b"message", 2)
