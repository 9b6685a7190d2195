"""Letters from deposit to receipt, and who may see what."""

from datetime import timedelta

import pytest

from mockgov.kep.grounds import Reason
from mockgov.kep.messages import (
    DepositLetter,
    EvidenceIssued,
    LetterAccepted,
    LetterDelivered,
    LetterDownloaded,
    LetterNotDelivered,
    LetterNotDownloaded,
    LetterRejected,
    LetterRetrieved,
    LetterSubmitted,
)
from mockgov.kep.rules import IllegalTransition, UnknownEvidence, UnknownKepAccount, UnknownLetter
from mockgov.vocabulary.kep_address import KepAddress
from tests.mockgov.kep.post import COMPANY, MINISTRY, MONDAY, OTHER, Post, letter

UNKNOWN = KepAddress(account="yok", provider="hs02")


def told(post: Post) -> list[object]:
    """Events but those about accounts and evidence."""
    return [one for one in post.told if type(one).__name__.startswith("Letter")]


def test_within_a_provider_a_letter_is_there_at_once(post: Post) -> None:
    """Evidence of acceptance and of delivery, both of the moment of deposit."""
    done = post.send(COMPANY, MINISTRY)
    assert done.accepted
    assert [one.state for one in done.deliveries] == ["delivered"]
    assert post.chain(done.letter.letter_id) == [(10, "0.0"), (40, "0.0")]
    assert told(post) == [
        LetterSubmitted(letter_id=1, sender=COMPANY, recipients=(MINISTRY,)),
        LetterDelivered(letter_id=1, sender=COMPANY, recipient=MINISTRY),
    ]
    assert [one.letter.subject for one in post.kep.inbox(MINISTRY)] == ["Erişim talebi"]


def test_between_providers_it_takes_two_minutes(post: Post) -> None:
    """Half of the way to the other provider, half into the mailbox; each provider issues its own evidence."""
    done = post.send(COMPANY, OTHER)
    assert post.states(1) == ["submitted"]
    assert post.kep.next_due() == MONDAY + timedelta(minutes=1)
    assert post.kep.inbox(OTHER) == []
    post.wait(minutes=1)
    assert post.states(1) == ["relayed"]
    assert post.kep.inbox(OTHER) == []
    post.wait(minutes=1)
    assert post.states(1) == ["delivered"]
    assert post.chain(1) == [(10, "0.0"), (20, "1.0"), (40, "2.0")]
    assert [row.provider for row in post.kep.evidence_of(1)] == ["hs01", "hs02", "hs02"]
    assert post.kep.evidence_row(done.evidence_id).number == 10


def test_time_that_was_jumped_over_is_made_up_in_order(post: Post) -> None:
    """However far the clock jumps, evidence bears the moment at which things happened."""
    post.send(COMPANY, OTHER, MINISTRY)
    post.clock.move_to(MONDAY + timedelta(days=3))
    post.kep.run_due()
    assert post.chain(1) == [(10, "0.0"), (40, "0.0"), (20, "1.0"), (40, "2.0"), (51, "1440.0"), (51, "1442.0")]
    assert post.kep.next_due() is None


def test_a_letter_is_downloaded_opened_and_its_receipt_confirmed(post: Post) -> None:
    """Each step once, however often it is asked for."""
    raw = letter(COMPANY, MINISTRY)
    post.kep.deposit(DepositLetter(sender=COMPANY, message=raw))
    post.wait(minutes=10)
    assert post.kep.download(MINISTRY, 1) == raw
    post.wait(minutes=10)
    assert post.kep.download(MINISTRY, 1) == raw
    assert post.kep.retrieve(MINISTRY, 1) == raw
    post.wait(minutes=10)
    assert post.kep.accept(MINISTRY, 1).state == "accepted"
    assert post.kep.retrieve(MINISTRY, 1) == raw
    assert post.chain(1) == [(10, "0.0"), (40, "0.0"), (50, "10.0"), (60, "20.0"), (70, "30.0")]
    assert told(post)[2:] == [
        LetterDownloaded(letter_id=1, recipient=MINISTRY),
        LetterRetrieved(letter_id=1, recipient=MINISTRY),
        LetterAccepted(letter_id=1, recipient=MINISTRY),
    ]
    assert post.kep.next_due() is None


def test_opening_by_hand_downloads_as_well(post: Post) -> None:
    post.send(COMPANY, MINISTRY)
    post.kep.retrieve(MINISTRY, 1)
    assert [number for number, _ in post.chain(1)] == [10, 40, 50, 60]


def test_a_letter_may_be_rejected(post: Post) -> None:
    post.send(COMPANY, MINISTRY)
    post.kep.download(MINISTRY, 1)
    assert post.kep.reject(MINISTRY, 1).reason is Reason.REJECTED_BY_RECIPIENT
    assert [number for number, _ in post.chain(1)] == [10, 40, 50, 71]
    assert told(post)[-1] == LetterRejected(letter_id=1, recipient=MINISTRY)


def test_no_receipt_before_the_download_and_only_one(post: Post) -> None:
    post.send(COMPANY, MINISTRY)
    with pytest.raises(IllegalTransition):
        post.kep.accept(MINISTRY, 1)
    post.kep.download(MINISTRY, 1)
    post.kep.accept(MINISTRY, 1)
    for again in (post.kep.accept, post.kep.reject):
        with pytest.raises(IllegalTransition):
            again(MINISTRY, 1)
    assert [number for number, _ in post.chain(1)] == [10, 40, 50, 70]


def test_a_day_unopened_and_it_counts_as_read(post: Post) -> None:
    """There is evidence of that; the letter can still be taken afterwards."""
    post.send(COMPANY, MINISTRY)
    post.wait(hours=23, minutes=59)
    assert post.states(1) == ["delivered"]
    post.wait(minutes=1)
    assert post.states(1) == ["not-downloaded"]
    assert told(post)[-1] == LetterNotDownloaded(letter_id=1, recipient=MINISTRY)
    post.wait(hours=1)
    post.kep.download(MINISTRY, 1)
    assert post.chain(1) == [(10, "0.0"), (40, "0.0"), (51, "1440.0"), (50, "1500.0")]


def test_several_recipients_have_each_its_own_fate(post: Post) -> None:
    """An unknown one does not hold up the others, and the sender has evidence of it."""
    done = post.send(COMPANY, MINISTRY, UNKNOWN, OTHER)
    assert done.accepted
    assert [one.state for one in done.deliveries] == ["delivered", "refused", "submitted"]
    rows = [(row.number, row.nth, row.reason) for row in post.kep.evidence_of(1)]
    assert rows == [(10, 0, None), (11, 2, Reason.UNKNOWN_RECIPIENT), (40, 1, None)]
    lost = LetterNotDelivered(letter_id=1, sender=COMPANY, recipient=UNKNOWN, reason=Reason.UNKNOWN_RECIPIENT)
    assert lost in post.told


def test_a_recipient_named_twice_gets_one_letter(post: Post) -> None:
    assert len(post.send(COMPANY, MINISTRY, MINISTRY).deliveries) == 1


def test_one_may_write_to_oneself(post: Post) -> None:
    """It weighs twice: among the sent letters and in the mailbox."""
    done = post.send(COMPANY, COMPANY)
    assert post.kep.quota(COMPANY).used_bytes == 2 * done.letter.size
    post.kep.delete(COMPANY, 1)
    assert post.kep.quota(COMPANY).used_bytes == 0
    assert post.kep.inbox(COMPANY) == post.kep.sent(COMPANY) == []


def test_folders_are_newest_first_and_come_in_pages(post: Post) -> None:
    for nth in range(1, 5):
        post.send(COMPANY, MINISTRY, subject=str(nth))
        post.wait(minutes=1)
    assert [one.letter.subject for one in post.kep.inbox(MINISTRY)] == ["4", "3", "2", "1"]
    assert [one.letter.subject for one in post.kep.inbox(MINISTRY, limit=2, offset=1)] == ["3", "2"]
    assert [one.letter.subject for one in post.kep.sent(COMPANY, limit=1)] == ["4"]
    assert [one.subject for one in post.kep.letters(after=2, limit=1)] == ["3"]


def test_who_sees_a_letter(post: Post) -> None:
    """The sender everything; a recipient its own part, once it has arrived; nobody else anything."""
    post.send(COMPANY, OTHER, MINISTRY)
    assert len(post.kep.letter(1, of=COMPANY).deliveries) == 2
    assert [one.recipient for one in post.kep.letter(1, of=MINISTRY).deliveries] == [MINISTRY]
    with pytest.raises(UnknownLetter):
        post.kep.letter(1, of=OTHER)
    with pytest.raises(UnknownLetter):
        post.kep.evidence_of(1, of=OTHER)
    post.wait(minutes=2)
    assert [row.number for row in post.kep.evidence_of(1, of=OTHER)] == [10, 20, 40]
    assert [row.number for row in post.kep.evidence_of(1, of=COMPANY)] == [10, 40, 20, 40]
    with pytest.raises(UnknownLetter):
        post.kep.letter(1, of=UNKNOWN)
    theirs = next(row for row in post.kep.evidence_of(1) if row.recipient == OTHER)
    with pytest.raises(UnknownEvidence):
        post.kep.evidence(theirs.evidence_id, of=MINISTRY)
    with pytest.raises(UnknownEvidence):
        post.kep.evidence(theirs.evidence_id, of=UNKNOWN)
    with pytest.raises(UnknownEvidence):
        post.kep.evidence(99)
    with pytest.raises(UnknownLetter):
        post.kep.letter(99)


def test_only_a_download_shows_what_a_letter_says(post: Post) -> None:
    """A recipient gets no bytes without evidence; the sender and the lab get them without."""
    post.send(COMPANY, MINISTRY)
    with pytest.raises(IllegalTransition):
        post.kep.raw(1, of=MINISTRY)
    assert post.kep.raw(1, of=COMPANY) == post.kep.raw(1) == letter(COMPANY, MINISTRY)
    post.kep.download(MINISTRY, 1)
    assert post.kep.raw(1, of=MINISTRY) == letter(COMPANY, MINISTRY)
    with pytest.raises(UnknownLetter):
        post.kep.download(COMPANY, 1)
    assert post.kep.content(1).text.startswith("Yazımız ektedir.")


def test_deleting_takes_it_out_of_ones_own_folder_only(post: Post) -> None:
    """Evidence stays; the bytes go when nobody has the letter any more."""
    post.send(COMPANY, MINISTRY, OTHER)
    post.kep.delete(COMPANY, 1)
    assert post.kep.sent(COMPANY) == []
    with pytest.raises(UnknownLetter):
        post.kep.delete(COMPANY, 1)
    post.kep.download(MINISTRY, 1)
    post.kep.delete(MINISTRY, 1)
    with pytest.raises(UnknownLetter):
        post.kep.download(MINISTRY, 1)
    post.wait(minutes=2)
    assert post.kep.download(OTHER, 1) == letter(COMPANY, MINISTRY, OTHER)
    post.kep.delete(OTHER, 1)
    assert post.store.raw(1) == b""
    assert len(post.kep.evidence_of(1, of=COMPANY)) == 6
    assert len(post.kep.evidence_of(1, of=OTHER)) == 4
    assert all(post.kep.quota(one).used_bytes == 0 for one in (COMPANY, MINISTRY, OTHER))


def test_a_letter_is_found_by_its_message_id(post: Post) -> None:
    """The newest one: people send the same letter twice."""
    post.send(COMPANY, MINISTRY, message_id="a@x")
    post.send(COMPANY, OTHER, message_id="a@x")
    assert post.kep.find(COMPANY, "<a@x>").letter.letter_id == 2
    assert post.kep.find(MINISTRY, "<a@x>").letter.letter_id == 1
    with pytest.raises(UnknownLetter):
        post.kep.find(MINISTRY, "<b@x>")


def test_a_letter_costs_one_unit_of_credit(post: Post) -> None:
    """Whatever the number of recipients; a refused one costs nothing."""
    post.send(COMPANY, MINISTRY, OTHER)
    post.send(COMPANY, UNKNOWN)
    post.send(COMPANY, MINISTRY, flaw="expired")
    assert post.kep.quota(COMPANY).credit == 999


def test_who_signed_is_kept_with_the_letter(post: Post) -> None:
    """Of a refused letter the flaw only: the number in its certificate may be anybody's."""
    accepted = post.send(COMPANY, MINISTRY).letter
    assert (accepted.signature.counts, accepted.signature.identity_number) == (True, "10000000146")
    refused = post.send(COMPANY, MINISTRY, flaw="unknown-root").letter
    assert (refused.signature.flaw, refused.signature.name, refused.signature.serial) == ("unknown-root", "", "")


def test_only_an_open_account_deposits(post: Post) -> None:
    with pytest.raises(UnknownKepAccount):
        post.send(UNKNOWN, MINISTRY)
    post.kep.close_account(COMPANY)
    with pytest.raises(UnknownKepAccount):
        post.send(COMPANY, MINISTRY)


def test_every_piece_of_evidence_is_told(post: Post) -> None:
    post.send(COMPANY, MINISTRY)
    issued = [one for one in post.told if isinstance(one, EvidenceIssued)]
    assert [(one.evidence_id, one.type, one.positive) for one in issued] == [
        (1, "SubmissionAcceptanceRejection", True),
        (2, "DeliveryNonDeliveryToRecipient", True),
    ]


def test_a_recipient_may_answer_at_once_from_within_the_news() -> None:
    """The ministry downloads, confirms and writes back while the letter is being delivered."""
    post = Post()

    def react(event: object) -> None:
        if isinstance(event, LetterDelivered) and event.recipient == MINISTRY:
            post.kep.download(MINISTRY, event.letter_id)
            post.kep.accept(MINISTRY, event.letter_id)
            post.send(MINISTRY, event.sender)

    post.tell = react
    post.open_three()
    post.send(COMPANY, MINISTRY)
    assert [number for number, _ in post.chain(1)] == [10, 40, 50, 70]
    assert [one.letter.letter_id for one in post.kep.inbox(COMPANY)] == [2]
