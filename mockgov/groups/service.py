"""Use-cases of the group desk."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from mockgov.bus import Tell
from mockgov.clock import Now, from_us, to_us
from mockgov.groups.messages import GroupDropped, GroupMade, GroupQueried, MakeGroup, RecordRun
from mockgov.groups.rules import (
    CODES_LIMIT,
    GROUPS_LIMIT,
    Added,
    Group,
    GroupFull,
    Kind,
    Outcome,
    Run,
    UnknownGroup,
    UnknownMember,
    checked_description,
    checked_name,
    counted,
    problems,
)
from mockgov.groups.store import GroupStore

NO_SUCH_GROUP = "There is no such group. Go back to the list of groups and choose one."


class Groups:
    """All groups of one world."""

    def __init__(
        self,
        *,
        store: GroupStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._store = store
        self._now = now
        self._tell = tell
        self._transaction = transaction

    def make(self, order: MakeGroup) -> Group:
        """Make an empty group. Raises `BadGroup`, `GroupFull`."""
        group = Group(
            group_id=0,
            institution_id=order.institution_id,
            name=checked_name(order.name),
            description=checked_description(order.description),
            made_at=self._now(),
        )
        with self._transaction():
            if len(self._store.of([order.institution_id])) >= GROUPS_LIMIT:
                raise GroupFull(f"An institution has at most {GROUPS_LIMIT} groups; delete one that is not needed.")
            group = self._store.put(group)
            self._tell(GroupMade(group_id=group.group_id, institution_id=group.institution_id))
        return group

    def of(self, institution_ids: Sequence[int]) -> Sequence[Group]:
        """The groups of institutions, in the order of making."""
        return self._store.of(institution_ids) if institution_ids else []

    def at(self, institution_ids: Sequence[int], place: int) -> Group:
        """The group at a place, from 0, in that order. Raises `UnknownGroup`."""
        groups = self.of(institution_ids)
        if not 0 <= place < len(groups):
            raise UnknownGroup(NO_SUCH_GROUP)
        return groups[place]

    def change(self, group: Group, *, name: str, description: str) -> Group:
        """Give a group another name and description. Raises `BadGroup`, `UnknownGroup`."""
        changed = replace(group, name=checked_name(name), description=checked_description(description))
        with self._transaction():
            self._check_there(group.group_id)
            self._store.update(changed)
        return changed

    def drop(self, group: Group) -> None:
        """Forget a group with its codes and runs; the audit trail keeps what was asked. Raises `UnknownGroup`."""
        with self._transaction():
            self._check_there(group.group_id)
            self._store.drop(group.group_id)
            self._tell(GroupDropped(group_id=group.group_id, institution_id=group.institution_id))

    def count(self, group: Group) -> int:
        """How many codes a group has."""
        return self._store.count(group.group_id)

    def codes(self, group: Group, *, skip: int = 0, limit: int | None = None) -> Sequence[str]:
        """A group's codes, ten clean characters each, in the order of adding."""
        return self._store.codes(group.group_id, skip=skip, limit=limit)

    def add(self, group: Group, codes: Sequence[str]) -> Added:
        """Add codes, all or none; those that are in the group already stay as they are.

        Raises `GroupFull`, and `UnknownGroup` for a group that somebody has dropped meanwhile.
        """
        wanted = dict.fromkeys(codes)
        with self._transaction():
            self._check_there(group.group_id)
            known = set(self._store.codes(group.group_id))
            fresh = [code for code in wanted if code not in known]
            if len(known) + len(fresh) > CODES_LIMIT:
                raise GroupFull(f"A group has at most {CODES_LIMIT} codes; make another group for the rest.")
            self._store.add(group.group_id, fresh)
        return Added(added=len(fresh), there_already=len(wanted) - len(fresh))

    def holders(self, codes: Sequence[str]) -> Sequence[tuple[int, str]]:
        """Which institution has which of the codes in a group of its own."""
        return self._store.holders(codes)

    def remove(self, group: Group, code: str) -> None:
        """Take a code out of a group. Raises `UnknownMember`."""
        with self._transaction():
            if self._store.get(group.group_id) is None or not self._store.remove(group.group_id, code):
                raise UnknownMember("This code is not in the group; nothing is to be done.")

    def record(self, order: RecordRun) -> Run:
        """Keep the counts of a run, and its problem rows in the place of the earlier run's. Raises `UnknownGroup`."""
        counts = counted(order.outcomes)
        run = Run(
            run_id=0,
            group_id=order.group_id,
            asked_by=order.asked_by,
            asked_at=self._now(),
            riskless=counts[Kind.RISKLESS],
            risky=counts[Kind.RISKY],
            expired=counts[Kind.EXPIRED],
            not_found=counts[Kind.NOT_FOUND],
        )
        with self._transaction():
            self._check_there(order.group_id)
            run = self._store.put_run(run, problems(order.outcomes))
            self._tell(GroupQueried(group_id=order.group_id, run_id=run.run_id))
        return run

    def runs(self, group: Group, *, limit: int = 20) -> Sequence[Run]:
        """A group's runs, newest first."""
        return self._store.runs(group.group_id, limit=limit)

    def problems(self, group: Group) -> Sequence[Outcome]:
        """The problem rows of the latest run."""
        return self._store.problems(group.group_id)

    def oldest_run(self) -> datetime | None:
        """When the oldest of the runs that are still kept was."""
        run_us = self._store.oldest_run_us()
        return None if run_us is None else from_us(run_us)

    def drop_runs(self, before: datetime) -> int:
        """Forget the runs before a moment, with their problem rows; how many runs."""
        with self._transaction():
            return self._store.drop_runs(to_us(before))

    def strike(self, codes: Sequence[str]) -> int:
        """Take codes out of every group and of every run's problem rows; how many rows."""
        with self._transaction():
            return self._store.strike(codes)

    def _check_there(self, group_id: int) -> None:
        """Raises `UnknownGroup` for a group that is gone."""
        if self._store.get(group_id) is None:
            raise UnknownGroup(NO_SUCH_GROUP)
