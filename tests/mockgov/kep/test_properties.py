"""Whatever is deposited and done, in whatever order: chains of evidence are legal, and sums are right."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mockgov.kep.evidence_types import UPON, Evidence
from mockgov.kep.messages import AdjustKepAccount, DepositLetter
from mockgov.kep.rules import TRANSITIONS, Fate, IllegalTransition, State, UnknownLetter
from mockgov.vocabulary.kep_address import KepAddress
from tests.mockgov.kep.post import COMPANY, MINISTRY, MONDAY, OTHER, Post, letter

PEOPLE = (COMPANY, MINISTRY, OTHER, KepAddress(account="dar", provider="hs02"))
STATE_OF = {face: state for state, face in UPON.items()}


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_no_bytes_ever_raise(message: bytes) -> None:
    """Refused with evidence, and kept."""
    post = Post().open_three()
    done = post.kep.deposit(DepositLetter(sender=COMPANY, message=message))
    assert not done.accepted
    assert post.kep.raw(done.letter.letter_id, of=COMPANY) == message
    assert post.kep.evidence(done.evidence_id, of=COMPANY)


@settings(max_examples=200)
@given(st.binary(max_size=60), st.integers(0, 700), st.integers(0, 40))
def test_no_noise_in_a_good_letter_raises(noise: bytes, at: int, length: int) -> None:
    post = Post().open_three()
    good = letter(COMPANY, MINISTRY)
    done = post.kep.deposit(DepositLetter(sender=COMPANY, message=good[:at] + noise + good[at + length :]))
    assert done.accepted is (done.letter.reason is None)
    assert [row.number for row in post.kep.evidence_of(1)] == ([10, 40] if done.accepted else [11])
    assert post.kep.evidence(done.evidence_id)


def check_chain(rows: list[Evidence]) -> State:
    """The evidence of one recipient is a way through the table; where it leads to."""
    state = State.SUBMITTED
    for row in rows:
        reached = STATE_OF[row.type, row.positive]
        assert reached in TRANSITIONS[state], (state, reached)
        state = reached
    return state


class Mail(RuleBasedStateMachine):
    """Four accounts, one of them narrow, write, read, delete and wait; the lab meddles with fates and quotas."""

    @initialize()
    def open(self) -> None:
        self.post = Post(quota_kib=3)
        for address in PEOPLE:
            self.post.open(address)
        self.post.kep.adjust(AdjustKepAccount(address=PEOPLE[3], quota_kib=1))
        self.lowered = False

    @rule(
        sender=st.sampled_from(PEOPLE),
        to=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3),
        size=st.integers(0, 1500),
        flaw=st.sampled_from(["", "", "", "tampered"]),
    )
    def deposit(self, sender: KepAddress, to: list[KepAddress], size: int, flaw: str) -> None:
        before = self.post.kep.quota(sender)
        done = self.post.send(sender, *to, text="x" * size, flaw=flaw)
        after = self.post.kep.quota(sender)
        assert after.credit == before.credit - done.accepted
        assert done.accepted or after.used_bytes == before.used_bytes
        if done.accepted and sender not in to:
            assert after.used_bytes == before.used_bytes + done.letter.size

    @rule(
        use=st.sampled_from(["download", "retrieve", "accept", "reject", "delete"]),
        who=st.sampled_from(PEOPLE),
        number=st.integers(1, 12),
    )
    def use(self, use: str, who: KepAddress, number: int) -> None:
        with suppress(UnknownLetter, IllegalTransition):
            getattr(self.post.kep, use)(who, number)

    @rule(minutes=st.sampled_from([0, 1, 2, 30, 1441]), jump=st.booleans())
    def wait(self, minutes: int, jump: bool) -> None:
        if jump:
            self.post.clock.move_to(self.post.clock.now() + timedelta(minutes=minutes))
            self.post.kep.run_due()
        else:
            self.post.wait(minutes=minutes)

    @rule(who=st.sampled_from(PEOPLE), fate=st.sampled_from(["", *Fate]))
    def meddle(self, who: KepAddress, fate: str) -> None:
        self.post.kep.adjust(AdjustKepAccount(address=who, fate=str(fate)))

    @invariant()
    def nothing_is_overdue(self) -> None:
        due = self.post.kep.next_due()
        assert due is None or due > self.post.clock.now()

    @invariant()
    def sums_are_right(self) -> None:
        """Used room is the sum of what lies in the folders, and never beyond the quota."""
        for who in PEOPLE:
            quota = self.post.kep.quota(who)
            sent = [one.letter.size for one in self.post.kep.sent(who) if one.letter.accepted]
            got = [one.letter.size for one in self.post.kep.inbox(who)]
            assert quota.used_bytes == sum(sent) + sum(got) <= quota.limit_kib * 1024

    @invariant()
    def chains_are_legal(self) -> None:
        """Each recipient's evidence leads through the table, in order of time, to where the letter stands."""
        for one in self.post.kep.letters():
            rows = self.post.kep.evidence_of(one.letter_id)
            assert [row.at for row in rows] == sorted(row.at for row in rows)
            assert all(MONDAY <= row.at <= self.post.clock.now() for row in rows)
            assert (rows[0].number, rows[0].at) == (10 if one.accepted else 11, one.submitted_at)
            if not one.accepted:
                assert len(rows) == 1
                continue
            for delivery in self.post.kep.letter(one.letter_id).deliveries:
                mine = [row for row in rows if row.nth == delivery.nth]
                if delivery.state is State.REFUSED:
                    assert [row.number for row in mine] == [11]
                else:
                    assert check_chain(mine) is delivery.state
            assert {row.nth for row in rows} <= {0, *range(1, 4)}


TestMail = Mail.TestCase
TestMail.settings = settings(max_examples=60, stateful_step_count=25)
