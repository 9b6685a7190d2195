"""Ordinary accounts with a script: what an integrator's software meets sooner or later."""

from datetime import timedelta

import pytest

from mockgov.kep.grounds import Reason
from mockgov.kep.messages import AdjustKepAccount, LetterDelivered, LetterNotDelivered, LetterReturned
from mockgov.kep.rules import IllegalTransition
from mockgov.vocabulary.kep_address import KepAddress
from tests.mockgov.kep.post import COMPANY, MINISTRY, OTHER, Post

NEAR = KepAddress(account="yakin", provider="hs01")
FAR = KepAddress(account="uzak", provider="hs02")


@pytest.mark.parametrize(
    ("fate", "recipient", "chain"),
    [
        ("mailbox-full", FAR, [(10, "0.0"), (20, "1.0"), (41, "2.0")]),
        ("relay-fails", FAR, [(10, "0.0"), (31, "1440.0")]),
        ("relay-refused", FAR, [(10, "0.0"), (21, "1.0")]),
        ("relay-fails", NEAR, [(10, "0.0"), (40, "0.0"), (51, "1440.0")]),
        ("never-downloads", FAR, [(10, "0.0"), (20, "1.0"), (40, "2.0"), (51, "1442.0")]),
        ("downloads", FAR, [(10, "0.0"), (20, "1.0"), (40, "2.0"), (50, "3.0")]),
        ("accepts", NEAR, [(10, "0.0"), (40, "0.0"), (50, "1.0"), (70, "1.0")]),
        ("rejects", NEAR, [(10, "0.0"), (40, "0.0"), (50, "1.0"), (71, "1.0")]),
    ],
)
def test_what_becomes_of_a_letter(post: Post, fate: str, recipient: KepAddress, chain: list[tuple[int, str]]) -> None:
    """The whole chain of evidence, by number and minute."""
    post.open(recipient, fate=fate)
    post.send(COMPANY, recipient)
    post.wait(days=3)
    assert post.chain(1) == chain
    assert post.kep.next_due() is None


def test_a_full_mailbox_at_ones_own_provider_is_known_at_once(post: Post) -> None:
    post.open(NEAR, fate="mailbox-full")
    done = post.send(COMPANY, NEAR)
    assert (done.accepted, done.letter.reason) == (False, Reason.RECIPIENT_OVER_QUOTA)
    assert post.chain(1) == [(11, "0.0")]


def test_a_mailbox_that_filled_up_on_the_way(post: Post) -> None:
    """Two letters are on their way, and there is room for one."""
    post.kep.adjust(AdjustKepAccount(address=OTHER, quota_kib=1))
    first, second = post.send(COMPANY, OTHER), post.send(COMPANY, OTHER)
    assert first.accepted
    assert second.accepted
    post.wait(minutes=2)
    assert post.states(1) == ["delivered"]
    assert post.states(2) == ["not-delivered"]
    lost = LetterNotDelivered(letter_id=2, sender=COMPANY, recipient=OTHER, reason=Reason.RECIPIENT_OVER_QUOTA)
    assert lost in post.told


def test_an_account_that_closed_on_the_way(post: Post) -> None:
    post.send(COMPANY, OTHER)
    post.kep.close_account(OTHER)
    post.wait(minutes=2)
    assert [(row.number, row.reason) for row in post.kep.evidence_of(1)][-1] == (41, Reason.ACCOUNT_CLOSED)


def test_nobody_opens_a_mailbox_that_never_downloads(post: Post) -> None:
    post.open(NEAR, fate="never-downloads")
    post.send(COMPANY, NEAR)
    for use in (post.kep.download, post.kep.retrieve):
        with pytest.raises(IllegalTransition):
            use(NEAR, 1)
    post.kep.adjust(AdjustKepAccount(address=NEAR, fate=""))
    post.kep.download(NEAR, 1)
    assert [number for number, _ in post.chain(1)] == [10, 40, 50]


def test_a_body_that_wants_packages_sends_everything_else_back(post: Post) -> None:
    """Delivered, taken, rejected at once; nobody is told of a delivery, and it takes no room."""
    post.kep.adjust(AdjustKepAccount(address=MINISTRY, wants_packages=True))
    post.send(COMPANY, MINISTRY)
    assert [(row.number, row.reason) for row in post.kep.evidence_of(1)] == [
        (10, None),
        (40, None),
        (50, None),
        (71, Reason.NOT_A_PACKAGE),
    ]
    returned = LetterReturned(letter_id=1, sender=COMPANY, recipient=MINISTRY, reason=Reason.NOT_A_PACKAGE)
    assert returned in post.told
    assert not [one for one in post.told if isinstance(one, LetterDelivered)]
    assert post.kep.inbox(MINISTRY) == []
    assert post.kep.quota(MINISTRY).used_bytes == 0
    assert post.kep.letter(1, of=COMPANY).deliveries[0].reason is Reason.NOT_A_PACKAGE


def test_a_transit_of_no_time() -> None:
    """Between providers too, a letter is there when the deposit returns."""
    post = Post(transit=timedelta(0)).open_three()
    assert [one.state for one in post.send(COMPANY, OTHER).deliveries] == ["delivered"]
    assert post.chain(1) == [(10, "0.0"), (20, "0.0"), (40, "0.0")]
