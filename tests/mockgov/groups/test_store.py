"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.clock import to_us
from mockgov.database import Database
from mockgov.groups.rules import Group, Kind, Outcome, Run
from mockgov.groups.store import GroupStore, InMemoryGroups, SqlGroups

AT = datetime(2021, 10, 4, 5, 0, 0, 1, tzinfo=UTC)
GROUP = Group(group_id=0, institution_id=10_000_000_000, name="Çalışanlar 🏢", description="ş", made_at=AT)
RUN = Run(run_id=0, group_id=1, asked_by=10_000_000_000, asked_at=AT, riskless=4, risky=3, expired=2, not_found=1)
RISKY = Outcome("A0A0000011", Kind.RISKY, "********456", 1 << 50)
GONE = Outcome("A0A0000013", Kind.NOT_FOUND)


class StoreContract:
    """What every store promises."""

    def test_groups_come_back_as_they_were(self, store: GroupStore) -> None:
        """Numbered from 1 on, every field to the microsecond, in the order of making, each institution its own."""
        first = store.put(GROUP)
        second = store.put(replace(GROUP, institution_id=2, description=""))
        assert (first, second.group_id) == (replace(GROUP, group_id=1), 2)
        assert store.of([GROUP.institution_id]) == [first]
        assert store.of([2, GROUP.institution_id]) == [first, second]
        assert (store.get(2), store.get(3)) == (second, None)
        store.update(replace(first, name="x"))
        assert store.of([GROUP.institution_id]) == [replace(first, name="x")]

    def test_codes_are_kept_in_their_order(self, store: GroupStore) -> None:
        """The same code may be in two groups; taking it out of one leaves the other."""
        one, two = store.put(GROUP).group_id, store.put(GROUP).group_id
        store.add(one, ["C" * 10, "A" * 10, "B" * 10])
        store.add(two, ["A" * 10])
        store.add(two, [])
        assert store.codes(one) == ["C" * 10, "A" * 10, "B" * 10]
        assert store.codes(one, skip=1, limit=1) == ["A" * 10]
        assert (store.count(one), store.count(two)) == (3, 1)
        assert store.remove(one, "A" * 10)
        assert not store.remove(one, "A" * 10)
        assert (store.codes(one), store.codes(two)) == (["C" * 10, "B" * 10], ["A" * 10])

    def test_who_has_which_codes(self, store: GroupStore) -> None:
        """In any of an institution's groups."""
        one, two = store.put(GROUP), store.put(replace(GROUP, institution_id=2))
        store.add(one.group_id, ["A" * 10, "B" * 10])
        store.add(two.group_id, ["A" * 10])
        assert sorted(store.holders(["A" * 10, "C" * 10])) == [(2, "A" * 10), (GROUP.institution_id, "A" * 10)]
        assert list(store.holders([])) == []

    def test_runs_and_the_rows_of_the_latest(self, store: GroupStore) -> None:
        group, other = store.put(GROUP).group_id, store.put(GROUP).group_id
        first = store.put_run(replace(RUN, group_id=group), [RISKY, GONE])
        assert first == replace(RUN, run_id=first.run_id, group_id=group)
        foreign = store.put_run(replace(RUN, group_id=other), [GONE])
        assert store.problems(group) == [RISKY, GONE]
        second = store.put_run(replace(RUN, group_id=group, risky=0), [])
        assert (store.runs(group), store.runs(group, limit=1)) == ([second, first], [second])
        assert (store.problems(group), store.problems(other), store.runs(other)) == ([], [GONE], [foreign])

    def test_runs_of_long_ago_go_with_their_rows(self, store: GroupStore) -> None:
        """Rows stay as long as the latest run, which is the one that they are of."""
        group, other = store.put(GROUP).group_id, store.put(GROUP).group_id
        assert store.oldest_run_us() is None
        store.put_run(replace(RUN, group_id=group), [RISKY])
        store.put_run(replace(RUN, group_id=other), [GONE])
        last = store.put_run(replace(RUN, group_id=other, asked_at=AT + timedelta(days=1)), [RISKY])
        assert store.oldest_run_us() == to_us(AT)
        assert store.drop_runs(to_us(AT)) == 0
        assert store.drop_runs(to_us(AT) + 1) == 2
        assert (store.runs(group), store.problems(group)) == ([], [])
        assert (store.runs(other), store.problems(other)) == ([last], [RISKY])
        assert store.oldest_run_us() == to_us(last.asked_at)

    def test_struck_codes_are_in_no_group(self, store: GroupStore) -> None:
        """Nor in any problem rows; the others stay."""
        one, two = store.put(GROUP).group_id, store.put(GROUP).group_id
        for group in (one, two):
            store.add(group, [RISKY.code, GONE.code])
            store.put_run(replace(RUN, group_id=group), [RISKY, GONE])
        assert store.strike([]) == 0
        assert store.strike([RISKY.code, "Z" * 10]) == 4
        assert [store.codes(group) for group in (one, two)] == [[GONE.code]] * 2
        assert [store.problems(group) for group in (one, two)] == [[GONE]] * 2

    def test_a_dropped_group_leaves_nothing_and_its_number_is_not_used_again(self, store: GroupStore) -> None:
        kept, gone = store.put(GROUP), store.put(GROUP)
        for group in (kept, gone):
            store.add(group.group_id, ["A" * 10])
            store.put_run(replace(RUN, group_id=group.group_id), [RISKY])
        store.drop(gone.group_id)
        assert store.of([GROUP.institution_id]) == [kept]
        assert (store.codes(kept.group_id), store.problems(kept.group_id)) == (["A" * 10], [RISKY])
        assert (store.runs(gone.group_id), store.problems(gone.group_id)) == ([], [])
        assert store.put(GROUP).group_id == 3


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> GroupStore:
        return InMemoryGroups()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> GroupStore:
        return SqlGroups(database)
