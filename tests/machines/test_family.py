"""The family desk beside a plain model: who sees whose health, whatever three people do in whatever order."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mockgov.family.messages import AcceptInvitation, GiveLeave, InviteMember
from mockgov.family.rules import IllegalTransition, MembershipState, NotInvitable, UnknownMembership
from mockgov.family.service import Families
from mockgov.family.store import InMemoryFamilies
from mockgov.refusal import Refused

PEOPLE = (1, 2, 3)
people = st.sampled_from(PEOPLE)
numbers = st.integers(1, 6)


class FamilyMachine(RuleBasedStateMachine):
    """The model knows, of each pair, who waits for whom, or what each shows the other."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Families(
            store=InMemoryFamilies(),
            now=lambda: datetime(2021, 10, 4, 5, tzinfo=UTC),
            tell=lambda _: None,
            transaction=nullcontext,
        )
        self.pairs: list[tuple[int, int]] = []
        """Inviter and invited of each number."""
        self.waiting: dict[int, bool] = {}
        """Numbers that wait, and whether the inviter will show."""
        self.together: dict[int, dict[int, bool]] = {}
        """Numbers that are a family, and who of the two shows."""

    @rule(owner=people, member=people, health=st.booleans())
    def invite(self, owner: int, member: int, *, health: bool) -> None:
        order = InviteMember(
            owner_id=owner, member_id=member, relation="x", health_allowed=health, location_allowed=False
        )
        standing = {frozenset(self.pairs[n - 1]) for n in (*self.waiting, *self.together)}
        if owner == member or frozenset((owner, member)) in standing:
            with pytest.raises(NotInvitable):
                self.desk.invite(order)
            return
        self.pairs.append((owner, member))
        self.waiting[len(self.pairs)] = health
        assert self.desk.invite(order).number == len(self.pairs)

    @rule(number=numbers, who=people, health=st.booleans())
    def accept(self, number: int, who: int, *, health: bool) -> None:
        order = AcceptInvitation(number=number, citizen_id=who, health_allowed=health, location_allowed=False)
        refusal = self.answering(number, who)
        if refusal is not None:
            with pytest.raises(refusal):
                self.desk.accept(order)
            return
        self.desk.accept(order)
        self.together[number] = {self.pairs[number - 1][0]: self.waiting.pop(number), who: health}

    @rule(number=numbers, who=people)
    def refuse(self, number: int, who: int) -> None:
        refusal = self.answering(number, who)
        if refusal is not None:
            with pytest.raises(refusal):
                self.desk.refuse(number, who)
            return
        del self.waiting[number]
        assert self.desk.refuse(number, who).state is MembershipState.REFUSED

    @rule(number=numbers, who=people)
    def end(self, number: int, who: int) -> None:
        refusal = self.changing(number, who)
        if refusal is not None:
            with pytest.raises(refusal):
                self.desk.end(number, who)
            return
        self.waiting.pop(number, None)
        self.together.pop(number, None)
        assert self.desk.end(number, who).state is MembershipState.ENDED

    @rule(number=numbers, who=people, health=st.booleans())
    def give_leave(self, number: int, who: int, *, health: bool) -> None:
        order = GiveLeave(number=number, citizen_id=who, health_allowed=health, location_allowed=False)
        refusal = self.changing(number, who)
        if refusal is not None:
            with pytest.raises(refusal):
                self.desk.give_leave(order)
            return
        self.desk.give_leave(order)
        if number in self.waiting:
            self.waiting[number] = health
        else:
            self.together[number][who] = health

    @invariant()
    def everybody_sees_what_they_may(self) -> None:
        for who in PEOPLE:
            seen = {
                (tie.other(who), tie.health_seen_by(who))
                for tie in self.desk.members_of(who)
                if tie.state is MembershipState.ACCEPTED
            }
            expected = {
                (other, shows[other])
                for shows in self.together.values()
                for other in shows
                if who in shows and other != who
            }
            assert seen == expected
            assert {tie.number for tie in self.desk.invitations_to(who)} == {
                number for number in self.waiting if self.pairs[number - 1][1] == who
            }

    def answering(self, number: int, who: int) -> type[Refused] | None:
        """Why somebody cannot answer an invitation."""
        if number > len(self.pairs) or self.pairs[number - 1][1] != who:
            return UnknownMembership
        return None if number in self.waiting else IllegalTransition

    def changing(self, number: int, who: int) -> type[Refused] | None:
        """Why somebody cannot end a tie, or change what they show."""
        if number > len(self.pairs) or who not in self.pairs[number - 1]:
            return UnknownMembership
        mine = number in self.together or (number in self.waiting and self.pairs[number - 1][0] == who)
        return None if mine else IllegalTransition


TestFamilies = FamilyMachine.TestCase
TestFamilies.settings = settings(max_examples=60, stateful_step_count=30)
