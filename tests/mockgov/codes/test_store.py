"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from mockgov.clock import to_us
from mockgov.codes.rules import INDEFINITE, Code, Share
from mockgov.codes.store import CodeStore, Found, InMemoryCodes, SqlCodes
from mockgov.database import Database

MONDAY = datetime(2021, 10, 4, 5, 0, 0, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def code(nth: int, citizen_id: int = 1, *, days: int = 7, **fields: str) -> Code:
    values = {"description": "İş yeri 🏢", "created_by": "hes-edevlet", "qr_token": f"{nth:032x}"} | fields
    return Code(
        text=f"A1B2{nth:04d}17", citizen_id=citizen_id, created_at=MONDAY, expires_at=MONDAY + days * DAY, **values
    )


class StoreContract:
    """What every store promises."""

    def test_codes_come_back_as_they_were(self, store: CodeStore) -> None:
        """Every field survives, to the microsecond."""
        plain = code(1)
        deleted = replace(code(2), deleted_at=MONDAY + DAY)
        indefinite = replace(code(3, description=""), expires_at=INDEFINITE)
        store.put([plain, deleted, indefinite])
        assert [store.get(one.text) for one in (plain, deleted, indefinite)] == [plain, deleted, indefinite]
        assert store.get("A1B2999917") is None

    def test_nothing(self, store: CodeStore) -> None:
        """No codes, no questions: nothing happens."""
        store.put([])
        assert store.of(1) == []
        assert store.taken([]) == frozenset()
        assert store.find_many([]) == {}
        assert not any(store.count_of([1]).values())
        assert store.expiring(0, 2**62) == []
        assert store.shares_of("A1B2000117") == []

    def test_a_citizens_codes(self, store: CodeStore) -> None:
        """In the order of making, deleted ones included, and counted."""
        mine = [code(9), code(1), replace(code(5), deleted_at=MONDAY)]
        store.put(mine[:2])
        store.put([code(2, 2), mine[2]])
        assert store.of(1) == mine
        assert {n: count for n, count in store.count_of([1, 2, 3]).items() if count} == {1: 3, 2: 1}

    def test_valid_codes_are_counted(self, store: CodeStore) -> None:
        """Neither deleted nor ended ones, to the microsecond; and no further than asked for."""
        store.put([code(1), code(2), replace(code(3), deleted_at=MONDAY), code(4, days=8)])
        ends = to_us(MONDAY + 7 * DAY)
        assert [store.count_valid(at, most=9) for at in (to_us(MONDAY), ends - 1, ends)] == [3, 3, 1]
        assert store.count_valid(to_us(MONDAY), most=2) == 2
        store.forget(ended_before_us=ends + 1)
        assert store.count_valid(ends, most=9) == 1

    def test_codes_that_ended_long_ago_lose_their_holder(self, store: CodeStore) -> None:
        """Text and dates stay, so that nobody is answered otherwise; label, QR, notes of sharing and holder go."""
        ended, deleted, alive = code(1), replace(code(2, days=90), deleted_at=MONDAY + DAY), code(3, days=8)
        store.put([ended, deleted, alive])
        store.put_share(Share(text=ended.text, label="Otel", shared_at=MONDAY))
        found = store.find_many([ended.text, deleted.text])
        assert store.oldest_end_us() == to_us(MONDAY + DAY)
        assert store.forget(ended_before_us=to_us(MONDAY + 7 * DAY)) == 1
        assert store.forget(ended_before_us=to_us(MONDAY + 7 * DAY) + 1) == 1
        assert store.forget(ended_before_us=to_us(MONDAY + 7 * DAY) + 1) == 0
        assert store.oldest_end_us() == to_us(MONDAY + 8 * DAY)
        assert store.of(1) == [alive]
        assert store.get(ended.text) == replace(ended, citizen_id=0, description="", qr_token="")
        assert store.shares_of(ended.text) == []
        assert store.find_many([ended.text, deleted.text]) == {
            text: one._replace(citizen_id=0) for text, one in found.items()
        }
        assert store.taken([ended.text, deleted.text]) == {ended.text, deleted.text}

    def test_a_holder_is_struck_off(self, store: CodeStore) -> None:
        """All codes of one citizen, whenever they end; others keep theirs."""
        store.put([code(1), code(2, days=90), code(3, 2)])
        assert store.forget(citizen_id=1) == 2
        assert store.of(1) == []
        assert store.of(2) == [code(3, 2)]

    def test_updating(self, store: CodeStore) -> None:
        """The code of the same text is replaced and keeps its place; others stay."""
        store.put([code(1), code(2)])
        changed = replace(code(1), expires_at=MONDAY + DAY, deleted_at=MONDAY + 2 * DAY)
        store.update(changed)
        assert store.of(1) == [changed, code(2)]

    def test_finding_many(self, store: CodeStore) -> None:
        """Holder and end of each undeleted code; asked twice is answered once."""
        store.put([code(1), code(2, 2, days=1), replace(code(3), deleted_at=MONDAY)])
        texts = [one.text for one in (code(1), code(2), code(2), code(3), code(4))]
        assert store.find_many(texts) == {
            "A1B2000117": Found(1, to_us(MONDAY + 7 * DAY)),
            "A1B2000217": Found(2, to_us(MONDAY + DAY)),
        }

    def test_taken(self, store: CodeStore) -> None:
        """Deleted codes stay taken."""
        store.put([code(1), replace(code(2), deleted_at=MONDAY)])
        assert store.taken(["A1B2000117", "A1B2000217", "A1B2000317"]) == {"A1B2000117", "A1B2000217"}

    def test_expiring(self, store: CodeStore) -> None:
        """Ends after `after` and up to `until`, by end and then by text; deleted ones stay out."""
        store.put([code(3, days=2), code(2, days=2), code(1, days=3), replace(code(4, days=2), deleted_at=MONDAY)])
        first, second = to_us(MONDAY + 2 * DAY), to_us(MONDAY + 3 * DAY)
        assert [one.text[4:8] for one in store.expiring(first - 1, second)] == ["0002", "0003", "0001"]
        assert [one.text[4:8] for one in store.expiring(first, second - 1)] == []

    def test_shares(self, store: CodeStore) -> None:
        """The notes of one code, oldest first."""
        notes = [Share(text="A1B2000117", label=label, shared_at=MONDAY) for label in ("İETT", "TCDD", "İETT")]
        for note in notes:
            store.put_share(note)
        store.put_share(replace(notes[0], text="A1B2000217"))
        assert store.shares_of("A1B2000117") == notes

    def test_valid_codes_of_people(self, store: CodeStore) -> None:
        """Neither expired at that moment nor deleted, and nobody else's."""
        store.put([code(1), code(2, 2), code(3, days=1), replace(code(4), deleted_at=MONDAY), code(5, 3)])
        assert store.valid_of([1, 2], to_us(MONDAY + DAY)) == {code(1).text: 1, code(2).text: 2}
        assert store.valid_of([1], to_us(MONDAY + DAY) - 1) == {code(1).text: 1, code(3).text: 1}
        assert store.valid_of([], 0) == {}

    def test_labels_of_codes(self, store: CodeStore) -> None:
        store.put([code(1), code(2)])
        for text, label in ((code(1).text, "B"), (code(1).text, "A"), (code(2).text, "C")):
            store.put_share(Share(text=text, label=label, shared_at=MONDAY))
        assert list(store.labels_of([code(1).text])) == [(code(1).text, "B"), (code(1).text, "A")]
        assert list(store.labels_of([])) == []


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> CodeStore:
        return InMemoryCodes()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> CodeStore:
        return SqlCodes(database)

    def test_survives_a_new_store(self, database: Database, store: CodeStore) -> None:
        """What one store has kept another on the same database finds."""
        store.put([code(1)])
        assert SqlCodes(database).get("A1B2000117") == code(1)

    def test_no_text_twice(self, database: Database, store: CodeStore) -> None:
        """The database itself refuses a text that was ever issued, and the whole call with it."""
        store.put([code(1)])
        with pytest.raises(sa.exc.DBAPIError), database.transaction():
            store.put([code(2), code(1)])
        assert store.of(1) == [code(1)]

    def test_70_000_codes_at_once(self, store: CodeStore) -> None:
        """Any number of codes may be asked for in one call."""
        texts = [f"A1{n:08d}" for n in range(70_000)]
        store.put([replace(code(1), text=texts[-1])])
        assert list(store.find_many(texts)) == texts[-1:]
        assert store.taken(texts) == {texts[-1]}
