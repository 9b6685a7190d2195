"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mockgov.clock import to_us
from mockgov.database import Database
from mockgov.sms.accounts import SmsAccount
from mockgov.sms.encoding import Encoding, Segment
from mockgov.sms.fates import Fate, FateKind
from mockgov.sms.rules import Direction, Message, Notice, NoticeKind, Receipts, State
from mockgov.sms.store import InMemoryMessages, MessageStore, SqlMessages
from mockgov.vocabulary.foreign_phone import ForeignPhone
from mockgov.vocabulary.phone import Phone

MONDAY = datetime(2021, 10, 4, 5, 0, 0, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MINE, YOURS = Phone("5991234567"), Phone("5997654321")


def message(phone: Phone = MINE, text: str = "merhaba", **fields: Any) -> Message:
    values = {
        "number": 0,
        "sent_at": MONDAY,
        "sender": "2023",
        "phone": phone,
        "text": text,
        "scheduled_at": MONDAY,
        "expires_at": MONDAY + MINUTE,
    }
    return Message(**(values | fields))


def enroute(phone: Phone = MINE, *, due: datetime = MONDAY, **fields: Any) -> Message:
    return message(phone, state=State.ENROUTE, due_at=due, **fields)


def receipt(about: Message, account: str = "CINAR", **fields: Any) -> Notice:
    values: dict[str, Any] = {
        "number": 0,
        "account": account,
        "kind": NoticeKind.RECEIPT,
        "at": MONDAY,
        "message": about,
        "state": about.state,
    }
    return Notice(**(values | fields))


class StoreContract:
    """What every store promises."""

    def test_messages_come_back_as_they_were(self, store: MessageStore) -> None:
        """Numbered from 1 on, every field to the microsecond and the octet."""
        full = message(
            text="Hayat Eve Sığar 🏢\n",
            direction=Direction.TO_HANDSET,
            to="2023",
            account="CINAR",
            encoding=Encoding.UCS2,
            part_count=3,
            segment=Segment(Encoding.UCS2, b"\x05\x00\x03\x00\x02\x01", b"\x00\xff\xd8"),
            receipts=Receipts.FINAL | Receipts.INTERMEDIATE,
            reference="ref",
            service_type="CMT",
            state=State.ENROUTE,
            tried=True,
            error=27,
            due_at=MONDAY + MINUTE,
        )
        over = message(YOURS, text="", state=State.EXPIRED, done_at=MONDAY + 2 * MINUTE)
        assert store.add([]) == []
        assert store.add([full, over]) == [replace(full, number=1), replace(over, number=2)]
        assert store.get(1) == replace(full, number=1)
        assert store.get(2) == replace(over, number=2)
        assert store.get(3) is None

    def test_dropping_old_messages(self, store: MessageStore) -> None:
        """Those sent before that have come to their end go, with what is queued of them; no number comes again."""
        waiting, first, second = store.add([enroute(), message(account="CINAR"), message(sent_at=MONDAY + MINUTE)])
        store.note([receipt(first), receipt(waiting)])
        assert store.oldest_over_us() == to_us(MONDAY)
        assert store.drop(sent_before_us=to_us(MONDAY)) == 0
        assert store.drop(sent_before_us=to_us(MONDAY) + 1) == 1
        assert [store.get(number) for number in (1, 2, 3)] == [waiting, None, second]
        assert [notice.message.number for notice in store.pending("CINAR")] == [1]
        assert store.oldest_over_us() == to_us(MONDAY + MINUTE)
        assert store.drop(sent_before_us=to_us(MONDAY + 2 * MINUTE)) == 1
        assert store.oldest_over_us() is None
        assert store.add([message()])[0].number == 4

    def test_a_replaced_message_keeps_no_older_one(self, store: MessageStore) -> None:
        """It has an old number and a new moment; what stands behind it goes in its time all the same."""
        replaced, over = store.add([enroute(), message()])
        store.change([replace(replaced, sent_at=MONDAY + 9 * MINUTE)])
        assert store.oldest_over_us() == to_us(MONDAY)
        assert store.drop(sent_before_us=to_us(MONDAY + MINUTE)) == 1
        assert (store.get(over.number), store.oldest_over_us()) == (None, None)

    def test_dropping_a_phones_messages(self, store: MessageStore) -> None:
        """What it and the ministry wrote to one another; accounts' messages, other phones, what is on its way stay."""
        store.add([message(), message(direction=Direction.FROM_HANDSET, to="2023"), message(account="CINAR")])
        store.add([message(YOURS), enroute()])
        assert store.drop(phone=MINE) == 2
        assert [number for number in range(1, 6) if store.get(number)] == [3, 4, 5]

    def test_changes(self, store: MessageStore) -> None:
        """Every field but the number may change, of many at once; the others stay."""
        one, two, three = store.add([enroute(), enroute(YOURS), enroute()])
        changed = [
            replace(one, state=State.DELIVERED, due_at=None, done_at=MONDAY),
            replace(three, text="x", tried=True, error=32, expires_at=MONDAY + 9 * MINUTE),
        ]
        store.change(changed)
        store.change([])
        assert [store.get(number) for number in (1, 2, 3)] == [changed[0], two, changed[1]]

    def test_inboxes(self, store: MessageStore) -> None:
        """What has arrived, newest first, of one phone or of all; what a phone has sent stands apart."""
        assert store.inbox(None) == []
        first, second, _, _, sent = store.add(
            [
                message(text="1"),
                message(YOURS, text="2"),
                enroute(text="3"),
                message(state=State.REJECTED),
                message(direction=Direction.FROM_HANDSET, to="2023"),
            ]
        )
        assert store.inbox(None) == [second, first]
        assert store.inbox(MINE) == [first]
        assert store.inbox(None, limit=1) == [second]
        assert store.sent_from(MINE) == [sent]
        assert store.sent_from(YOURS) == []

    def test_what_is_due(self, store: MessageStore) -> None:
        """By moment, then by number, up to a moment and a count; the next one is the earliest."""
        assert store.next_due() is None
        store.add(
            [
                enroute(due=MONDAY + 2 * MINUTE),
                enroute(due=MONDAY + MINUTE),
                enroute(due=MONDAY + MINUTE),
                enroute(due=MONDAY + 3 * MINUTE),
                message(),
            ]
        )
        assert store.next_due() == MONDAY + MINUTE
        assert store.due(MONDAY, limit=9) == []
        assert [m.number for m in store.due(MONDAY + 2 * MINUTE, limit=9)] == [2, 3, 1]
        assert [m.number for m in store.due(MONDAY + 9 * MINUTE, limit=2)] == [2, 3]

    def test_what_waits(self, store: MessageStore) -> None:
        """Of a phone, of an account, of both; oldest first."""
        store.add([enroute(account="A"), enroute(YOURS, account="A"), enroute(account="B"), message(account="A")])
        assert [m.number for m in store.waiting(phone=MINE, limit=9)] == [1, 3]
        assert [m.number for m in store.waiting(account="A", limit=9)] == [1, 2]
        assert [m.number for m in store.waiting(account="A", phone=YOURS, limit=9)] == [2]
        assert [m.number for m in store.waiting(phone=MINE, limit=1)] == [1]

    def test_the_queue(self, store: MessageStore) -> None:
        """In order, each account its own, until acknowledged by whose it is; numbers are never used twice."""
        one, two = store.add([message(account="CINAR"), message(YOURS, account="CINAR")])
        store.note([])
        incoming = receipt(two, kind=NoticeKind.INCOMING, part=2, error=27, at=MONDAY + MINUTE, state=State.EXPIRED)
        store.note([receipt(one), incoming, receipt(two, "B")])
        assert store.pending("CINAR") == [receipt(one, number=1), replace(incoming, number=2)]
        assert [n.number for n in store.pending("CINAR", after=1)] == [2]
        assert [n.number for n in store.pending("CINAR", limit=1)] == [1]
        assert [n.number for n in store.pending("CINAR", kind=NoticeKind.INCOMING)] == [2]
        assert store.acknowledge("B", [1, 2]) == 0
        assert store.acknowledge("CINAR", [2, 2, 99]) == 1
        assert store.acknowledge("CINAR", [2]) == 0
        assert store.acknowledge("CINAR", []) == 0
        assert [n.number for n in store.pending("CINAR")] == [1]
        assert store.acknowledge("CINAR", [1]) + store.acknowledge("B", [3]) == 2
        store.note([receipt(one)])
        assert [n.number for n in store.pending("CINAR")] == [4]

    def test_a_notice_shows_its_message_as_it_is_now(self, store: MessageStore) -> None:
        (one,) = store.add([enroute(account="CINAR")])
        store.note([receipt(one)])
        changed = replace(one, state=State.DELIVERED, due_at=None, done_at=MONDAY)
        store.change([changed])
        assert store.pending("CINAR") == [receipt(changed, number=1, state=State.ENROUTE)]

    def test_many_acknowledgements(self, store: MessageStore) -> None:
        """More than fit into one statement."""
        (one,) = store.add([message(account="CINAR")])
        store.note([receipt(one) for _ in range(1203)])
        assert store.acknowledge("CINAR", range(1, 1203)) == 1202
        assert [n.number for n in store.pending("CINAR")] == [1203]

    def test_how_much_waits(self, store: MessageStore) -> None:
        """Messages on their way and notices, each counted up to a limit."""
        assert store.queued("A", most=9) == 0
        one, *_ = store.add([enroute(account="A"), enroute(account="A"), message(account="A"), enroute(account="B")])
        store.note([receipt(one, "A")])
        assert store.queued("A", most=9) == 3
        assert store.queued("A", most=1) == 2

    def test_accounts(self, store: MessageStore) -> None:
        """Every field survives; putting again replaces; by system_id."""
        full = SmsAccount(
            system_id="CINAR",
            label="Çınar Lojistik",
            senders=("CINAR", "Cinar A.S."),
            number="4567",
            opened_at=MONDAY,
            busy_until_us=1_633_323_600_000_001,
        )
        bare = SmsAccount(system_id="A-1", label="a", senders=(), number=None, opened_at=MONDAY)
        store.put_account(full)
        store.put_account(bare)
        assert store.accounts() == [bare, full]
        store.put_account(replace(full, busy_until_us=5))
        assert store.account("CINAR") == replace(full, busy_until_us=5)
        assert store.account("cinar") is None

    def test_fates(self, store: MessageStore) -> None:
        """Scripted, changed, forgotten; only those that are asked for."""
        off = Fate(kind=FateKind.PHONE_OFF, until=MONDAY)
        store.put_fate(MINE, Fate(kind=FateKind.REJECTED))
        store.put_fate(MINE, off)
        store.put_fate(YOURS, Fate(kind=FateKind.MEMORY_FULL))
        assert store.fates([MINE]) == {MINE: off}
        assert store.fates([MINE, YOURS, MINE, Phone("5990000000")]).keys() == {MINE, YOURS}
        store.put_fate(MINE, None)
        assert store.fates([MINE, YOURS]) == {YOURS: Fate(kind=FateKind.MEMORY_FULL)}
        assert store.fates([]) == {}

    def test_lines(self, store: MessageStore) -> None:
        """A line is one account's; those abroad are lines too."""
        mine, abroad = Phone("5991234567"), ForeignPhone("+9991234567890")
        store.put_lines("CINAR", [mine, abroad])
        store.put_lines("OTHER", [])
        assert store.lines([mine, abroad, Phone("5990000000")]) == {mine: "CINAR", abroad: "CINAR"}
        assert store.lines([]) == {}
        assert (store.lines_of("CINAR"), store.lines_of("OTHER")) == ([abroad, mine], [])


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> MessageStore:
        return InMemoryMessages()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> MessageStore:
        return SqlMessages(database)

    def test_survives_a_new_store(self, database: Database, store: MessageStore) -> None:
        """What one store has kept another on the same database finds."""
        (kept,) = store.add([message()])
        assert SqlMessages(database).inbox(MINE) == [kept]

    def test_lines_survive_a_new_store(self, database: Database, store: MessageStore) -> None:
        """A store that is opened after the first line finds it, and so does one that has had none before."""
        assert store.lines([MINE]) == {}
        store.put_lines("CINAR", [MINE])
        assert store.lines([MINE]) == SqlMessages(database).lines([MINE]) == {MINE: "CINAR"}

    def test_what_is_due_is_one_look_up(self, database: Database, store: MessageStore) -> None:  # noqa: ARG002  it makes the tables
        """SQLite answers from the partial index, without looking at messages that have come to their end."""
        if database.raw is None:
            pytest.skip("PostgreSQL plans by statistics")
        plan = database.raw.execute(
            "EXPLAIN QUERY PLAN SELECT min(due_us) FROM sms_message WHERE due_us IS NOT NULL"
        ).fetchall()
        assert "USING COVERING INDEX sms_due" in plan[0][3]
