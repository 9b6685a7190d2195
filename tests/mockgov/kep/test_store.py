"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.database import Database
from mockgov.kep.evidence_types import Evidence, EvidenceType
from mockgov.kep.grounds import Reason
from mockgov.kep.rules import Account, Delivery, Fate, Letter, State
from mockgov.kep.store import InMemoryKep, KepStore, SqlKep
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.signed import Flaw, Verdict
from tests.mockgov.kep.post import COMPANY, MINISTRY, OTHER, Post

AT = datetime(2021, 10, 4, 6, 0, 0, 1, tzinfo=UTC)
LATER = AT + timedelta(microseconds=1)
PLAIN = Account(
    address=COMPANY,
    institution_id=None,
    name="ÇINAR İŞ",
    opened_at=AT,
    password_digest=b"\0\xff",
    quota_kib=10**9,
    credit=3,
)
FULL = Account(
    address=OTHER,
    institution_id=10_000_000_000,
    name="x",
    opened_at=AT,
    password_digest=b"",
    quota_kib=0,
    credit=0,
    fate=Fate.NEVER_DOWNLOADS,
    wants_packages=True,
    failures=4,
    locked_until=LATER,
    closed_at=AT,
)
LETTER = Letter(
    letter_id=0,
    sender=COMPANY,
    message_id="<1@x>",
    subject="İğne",
    submitted_at=AT,
    size=100,
    sha384="a" * 96,
    sha512="b" * 128,
    signature=Verdict.missing(),
)
RICH = replace(
    LETTER,
    sender=OTHER,
    reason=Reason.BAD_PACKAGE,
    detail="seal",
    is_package=True,
    signature=Verdict(flaw=None, detail="d", identity_number="10000000146", name="AYŞE", serial="0a", signed_at=LATER),
    package_signature=Verdict(flaw=Flaw.EXPIRED),
    deleted=True,
)
DELIVERY = Delivery(letter_id=1, nth=1, recipient=MINISTRY, state=State.SUBMITTED, changed_at=AT)
EVIDENCE = Evidence(
    evidence_id=0,
    letter_id=1,
    type=EvidenceType.DELIVERY,
    positive=False,
    at=AT,
    provider="hs02",
    recipient=MINISTRY,
    nth=1,
    reason=Reason.ACCOUNT_CLOSED,
)


class StoreContract:
    """What every store promises."""

    def test_accounts_come_back_as_they_were(self, store: KepStore) -> None:
        """Every field survives, to the microsecond."""
        store.put_account(FULL)
        store.put_account(PLAIN)
        assert store.account(OTHER) == FULL
        assert store.account(COMPANY) == PLAIN
        assert store.account(MINISTRY) is None
        assert store.accounts() == [PLAIN, FULL]

    def test_putting_an_account_again_replaces(self, store: KepStore) -> None:
        store.put_account(PLAIN)
        store.put_account(replace(PLAIN, credit=2))
        assert store.accounts() == [replace(PLAIN, credit=2)]

    def test_letters_are_numbered_and_come_back(self, store: KepStore) -> None:
        raw = bytes(range(256)) * 10
        first, second = store.add_letter(LETTER, raw), store.add_letter(RICH, b"")
        assert first == replace(LETTER, letter_id=1)
        assert second == replace(RICH, letter_id=2)
        assert [store.letter(number) for number in (1, 2, 3)] == [first, second, None]
        assert [store.raw(number) for number in (1, 2, 3)] == [raw, b"", b""]
        store.put_letter(replace(first, deleted=True))
        store.drop_raw(1)
        assert store.letter(1) == replace(first, deleted=True)
        assert store.raw(1) == b""

    def test_letters_by_number_and_by_message_id(self, store: KepStore) -> None:
        for message_id in ("<a>", "<b>", "<a>"):
            store.add_letter(replace(LETTER, message_id=message_id), b"")
        assert [one.letter_id for one in store.letters(after=1, limit=1)] == [2]
        assert [one.letter_id for one in store.letters()] == [1, 2, 3]
        assert [one.letter_id for one in store.by_message_id("<a>")] == [1, 3]
        assert store.by_message_id("<A>") == []

    def test_deliveries_come_back_by_place(self, store: KepStore) -> None:
        full = Delivery(
            letter_id=1,
            nth=2,
            recipient=OTHER,
            state=State.REJECTED,
            changed_at=LATER,
            reason=Reason.REJECTED_BY_RECIPIENT,
            due_at=AT,
            delivered_at=AT,
            downloaded_at=LATER,
            deleted=True,
        )
        store.put_delivery(full)
        store.put_delivery(DELIVERY)
        store.put_delivery(replace(DELIVERY, letter_id=2))
        assert store.deliveries(1) == [DELIVERY, full]
        store.put_delivery(replace(DELIVERY, state=State.RELAYED))
        assert store.deliveries(1) == [replace(DELIVERY, state=State.RELAYED), full]

    def test_what_is_due_first(self, store: KepStore) -> None:
        """By moment, then letter, then place; what is not due is not found."""
        assert store.next_due() is None
        assert store.first_due(LATER) is None
        for letter_id, nth, due in [(2, 1, LATER), (1, 2, AT), (1, 1, AT), (3, 1, None)]:
            store.put_delivery(replace(DELIVERY, letter_id=letter_id, nth=nth, due_at=due))
        assert store.next_due() == AT
        assert store.first_due(AT - timedelta(microseconds=1)) is None
        found = []
        while (due := store.first_due(LATER)) is not None:
            found.append((due.letter_id, due.nth))
            store.put_delivery(replace(due, due_at=None))
        assert found == [(1, 1), (1, 2), (2, 1)]
        assert store.next_due() is None

    def test_folders_and_weights(self, store: KepStore) -> None:
        """A mailbox has what arrived and was not deleted; refused letters weigh nothing."""
        for size, reason in [(1, None), (10, None), (100, None), (1000, Reason.UNSIGNED)]:
            store.add_letter(replace(LETTER, size=size, reason=reason), b"")
        ways = [State.DELIVERED, State.ACCEPTED, State.SUBMITTED, State.REFUSED]
        for number, state in enumerate(ways, 1):
            got = None if number > 2 else AT + timedelta(hours=number)
            store.put_delivery(replace(DELIVERY, letter_id=number, state=state, delivered_at=got))
        assert [one.letter.letter_id for one in store.inbox(MINISTRY)] == [2, 1]
        assert [one.letter.letter_id for one in store.inbox(MINISTRY, limit=1, offset=1)] == [1]
        assert [[one.nth for one in mailed.deliveries] for mailed in store.inbox(MINISTRY)] == [[1], [1]]
        assert [one.letter.letter_id for one in store.sent(COMPANY)] == [4, 3, 2, 1]
        assert [one.letter.letter_id for one in store.sent(COMPANY, limit=2, offset=1)] == [3, 2]
        assert store.used_bytes(COMPANY) == 111
        assert store.used_bytes(MINISTRY) == 11
        assert store.used_bytes(OTHER) == 0
        store.put_delivery(replace(store.deliveries(2)[0], deleted=True))
        store.put_letter(replace(store.letter(1), deleted=True))
        assert store.used_bytes(MINISTRY) == 1
        assert store.used_bytes(COMPANY) == 110
        assert [one.letter.letter_id for one in store.inbox(MINISTRY)] == [1]
        assert [one.letter.letter_id for one in store.sent(COMPANY)] == [4, 3, 2]
        assert store.sent(OTHER) == store.inbox(OTHER) == []

    def test_evidence_in_order_of_time(self, store: KepStore) -> None:
        late = store.add_evidence(replace(EVIDENCE, at=LATER))
        early = store.add_evidence(replace(EVIDENCE, recipient=None, nth=0, reason=None, positive=True))
        store.add_evidence(replace(EVIDENCE, letter_id=2))
        assert (late.evidence_id, early.evidence_id) == (1, 2)
        assert store.evidence_of(1) == [early, late]
        assert [store.evidence(number) for number in (1, 2, 4)] == [late, early, None]

    def test_the_archive_keeps_bytes(self, store: KepStore) -> None:
        assert store.archived(1) is None
        store.archive(1, b"<x/>\0\xff")
        assert store.archived(1) == b"<x/>\0\xff"

    def test_a_whole_story(self, store: KepStore) -> None:
        """The service over this store tells what it tells over the twin, byte for byte."""

        def told(post: Post) -> list[object]:
            post.open_three().open(KepAddress(account="dolu", provider="hs02"), fate="mailbox-full")
            post.send(COMPANY, MINISTRY, OTHER, KepAddress(account="dolu", provider="hs02"))
            post.send(COMPANY, MINISTRY, flaw="expired")
            post.wait(hours=3)
            post.kep.retrieve(OTHER, 1)
            post.kep.accept(OTHER, 1)
            post.kep.delete(COMPANY, 1)
            post.wait(days=2)
            return [*post.told, [post.kep.evidence(number) for number in range(1, 9)], post.kep.quota(MINISTRY)]

        assert told(Post(store=store)) == told(Post())


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> KepStore:
        return InMemoryKep()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> KepStore:
        return SqlKep(database)

    def test_survives_a_new_store(self, database: Database, store: KepStore) -> None:
        """What one store has kept another on the same database finds."""
        store.put_account(PLAIN)
        assert SqlKep(database).accounts() == [PLAIN]

    def test_a_command_that_fails_leaves_nothing(self, database: Database, store: KepStore) -> None:
        """A reaction that raises undoes the deposit, whole."""
        post = Post(store=store, transaction=database.transaction).open_three()

        def react(event: object) -> None:
            if type(event).__name__ == "LetterSubmitted":
                raise LookupError("no reaction")

        post.tell = react
        with pytest.raises(LookupError):
            post.send(COMPANY, MINISTRY)
        assert store.letters() == []
        assert store.evidence_of(1) == []
        assert post.kep.quota(COMPANY).credit == 1000
