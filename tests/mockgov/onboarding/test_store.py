"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.clock import to_us
from mockgov.database import Database
from mockgov.onboarding.rules import (
    Application,
    Branch,
    Delivery,
    Entry,
    Finding,
    Letter,
    LetterChannel,
    SignatureForm,
    State,
    Submission,
)
from mockgov.onboarding.store import (
    ApplicationStore,
    DocumentKind,
    InMemoryApplications,
    Key,
    PostedLetter,
    SqlApplications,
)
from mockgov.vocabulary.email_address import EmailAddress
from tests.mockgov.onboarding.office import BRANCH_FIRM, CINAR, EMAIL, PHONE, access_form

MOMENT = datetime(2021, 10, 4, 6, 0, 0, 1, tzinfo=UTC)
FINDING = Finding(rule="letter.form", source="s", tr="Ekte form yok “ğ”\n", en="No form.", correctable=False)
NEW = Application(
    application_id=0,
    institution_id=10_000_000_000,
    opened_at=MOMENT,
    form=access_form(branches=(Branch(name="Gebze", vkn=BRANCH_FIRM, staff=4),)),
    drawn_at=MOMENT,
    email=EMAIL,
    phone=PHONE,
)
FULL = replace(
    NEW,
    revision=2,
    state=State.LIVE,
    email=EmailAddress.parse("Other@Cinar.example"),
    submission=Submission(
        form=SignatureForm.CADES_DETACHED, digest="ab" * 32, certificate="0f", submitted_at=MOMENT + timedelta(hours=1)
    ),
    letter=Letter(
        channel=LetterChannel.KEP, sender="a@hs01.kep.tr", reference="1", received_at=MOMENT, findings=(FINDING,)
    ),
    findings=(FINDING, FINDING),
    test_details=Delivery.DELIVERED,
    user_name=Delivery.FAILED,
    password=Delivery.PENDING,
    confirmation_sent_at=MOMENT,
    due_at=MOMENT + timedelta(microseconds=1),
)
POSTED = PostedLetter(arrives_at=MOMENT, sender="ÇINAR", reference="RR-1", text="yetkili\n\x00", attached=("ab", "cd"))


class StoreContract:
    """What every store promises."""

    def test_dropping_what_rests(self, store: ApplicationStore) -> None:
        """An application on which nobody works goes with papers and history; its number is not given again."""
        resting, working, later = (store.add(NEW) for _ in range(3))
        for nth, (one, state) in enumerate(((resting, State.DRAWN), (working, State.TESTING), (later, State.REFUSED))):
            store.put(replace(one, state=state))
            store.put_document(one.application_id, DocumentKind.DRAWN, b"%PDF")
            moment = MOMENT + timedelta(days=nth)
            store.note(Entry(application_id=one.application_id, moment=moment, state=state, by="rules", note="."))
        assert store.oldest_rest_us() == to_us(MOMENT)
        assert store.drop_resting(to_us(MOMENT)) == 0
        assert store.drop_resting(to_us(MOMENT) + 1) == 1
        assert store.get(1) is None
        assert store.document(1, DocumentKind.DRAWN) is None
        assert store.history(1) == []
        assert store.oldest_rest_us() == to_us(MOMENT + timedelta(days=2))
        assert store.drop_resting(to_us(MOMENT + timedelta(days=9))) == 1
        assert store.get(2) is not None
        assert store.document(2, DocumentKind.DRAWN) == b"%PDF"
        assert store.add(NEW).application_id == 4

    def test_applications_come_back_as_they_were(self, store: ApplicationStore) -> None:
        """Every field survives, to the microsecond, under running numbers from 1."""
        first, second = store.add(NEW), store.add(FULL)
        assert (first, second) == (replace(NEW, application_id=1), replace(FULL, application_id=2))
        assert (store.get(1), store.get(2)) == (first, second)
        assert store.get(3) is None

    def test_putting_replaces(self, store: ApplicationStore) -> None:
        store.add(NEW)
        store.add(NEW)
        changed = replace(FULL, application_id=1)
        store.put(changed)
        assert store.get(1) == changed
        assert store.get(2) == replace(NEW, application_id=2)

    def test_keys_lead_to_applications(self, store: ApplicationStore) -> None:
        """By tax number, folded address, KEP address and digest, oldest first; keys follow changes."""
        first, second = store.add(NEW), store.add(FULL)
        paper = store.add(replace(NEW, form=access_form(vkn=BRANCH_FIRM, kep_address=None)))
        assert store.matching(Key.VKN, CINAR.digits) == [first, second]
        assert store.matching(Key.EMAIL, "ayse.yildiz@cinar.example") == [first, paper]
        assert store.matching(Key.EMAIL, "other@cinar.example") == [second]
        assert store.matching(Key.KEP, "cinarlojistik@hs01.kep.tr") == [first, second]
        assert store.matching(Key.DIGEST, "ab" * 32) == [second]
        store.put(replace(first, email=second.email))
        assert [found.application_id for found in store.matching(Key.EMAIL, "other@cinar.example")] == [1, 2]

    def test_pages(self, store: ApplicationStore) -> None:
        made = [store.add(NEW) for _ in range(3)] + [store.add(FULL)]
        assert store.page(None, after=0, limit=10) == made
        assert store.page(None, after=1, limit=2) == made[1:3]
        assert store.page(State.DRAWN, after=0, limit=2) == made[:2]
        assert store.page(State.LIVE, after=0, limit=10) == made[3:]
        assert store.page(State.LIVE, after=4, limit=10) == []

    def test_documents(self, store: ApplicationStore) -> None:
        """Each kind beside the other; the later takes the earlier one's place."""
        store.put_document(1, DocumentKind.DRAWN, b"old")
        store.put_document(1, DocumentKind.SIGNED, bytes(range(256)))
        store.put_document(1, DocumentKind.DRAWN, b"new")
        assert store.document(1, DocumentKind.DRAWN) == b"new"
        assert store.document(1, DocumentKind.SIGNED) == bytes(range(256))
        assert store.document(2, DocumentKind.DRAWN) is None

    def test_history(self, store: ApplicationStore) -> None:
        entries = [
            Entry(application_id=number, moment=MOMENT, state=State.LIVE, by="rules", note="x", findings=(FINDING,))
            for number in (1, 2, 1)
        ]
        for entry in entries:
            store.note(entry)
        assert store.history(1) == [entries[0], entries[2]]
        assert store.history(9) == []

    def test_letters_in_the_post(self, store: ApplicationStore) -> None:
        """The first to arrive comes first; of two at once, the first to be posted. Numbers are not used twice."""
        assert store.first_posted() is None
        late = store.post(replace(POSTED, arrives_at=MOMENT + timedelta(microseconds=1)))
        soon, next_one = store.post(POSTED), store.post(POSTED)
        assert [letter.posted_id for letter in (late, soon, next_one)] == [1, 2, 3]
        for letter in (soon, next_one, late):
            assert store.first_posted() == letter
            assert store.next_due() == letter.arrives_at
            store.drop_posted(letter.posted_id)
        assert store.first_posted() is None
        assert store.post(POSTED).posted_id == 4

    def test_what_is_due_first(self, store: ApplicationStore) -> None:
        """By moment, then by number; letters count along."""
        assert store.first_due() is None
        assert store.next_due() is None
        for seconds in (5, 3, 3):
            store.add(replace(NEW, due_at=MOMENT + timedelta(seconds=seconds)))
        store.add(NEW)
        store.post(replace(POSTED, arrives_at=MOMENT + timedelta(seconds=4)))
        order = []
        while (first := store.first_due()) is not None:
            assert store.next_due() == min(first.due_at, MOMENT + timedelta(seconds=4))
            order.append(first.application_id)
            store.put(replace(first, due_at=None))
        assert order == [2, 3, 1]
        assert store.next_due() == MOMENT + timedelta(seconds=4)


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> ApplicationStore:
        return InMemoryApplications()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> ApplicationStore:
        return SqlApplications(database)

    def test_survives_a_new_store(self, database: Database, store: ApplicationStore) -> None:
        """What one store has kept another on the same database finds."""
        made = store.add(FULL)
        assert SqlApplications(database).get(1) == made
