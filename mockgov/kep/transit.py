"""A letter's way after its deposit: relay, delivery, deadlines, and the evidence of each step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from mockgov.bus import Tell
from mockgov.kep.evidence_types import BY_RECIPIENTS_PROVIDER, UPON, Evidence
from mockgov.kep.grounds import Reason
from mockgov.kep.messages import (
    EvidenceIssued,
    LetterAccepted,
    LetterDelivered,
    LetterDownloaded,
    LetterNotDelivered,
    LetterNotDownloaded,
    LetterRejected,
    LetterReturned,
)
from mockgov.kep.rules import (
    DOWNLOAD_DEADLINE,
    FATE_DELAY,
    RELAY_PATIENCE,
    Account,
    Delivery,
    Fate,
    Letter,
    State,
    move,
)
from mockgov.kep.store import KepStore

ACTIVE = frozenset({Fate.DOWNLOADS, Fate.ACCEPTS, Fate.REJECTS})
"""Fates that open their mail by themselves."""


class Transit:
    """Moves letters, one due step at a time. Each step's moment is its due moment, whenever it is carried out."""

    def __init__(
        self, *, store: KepStore, tell: Tell, free_bytes: Callable[[Account], int], transit: timedelta
    ) -> None:
        self._store = store
        self._tell = tell
        self._free_bytes = free_bytes
        self._transit = transit

    def first_due_after(self, sender_provider: str, recipient_provider: str, submitted_at: datetime) -> datetime:
        """When something first happens to an accepted letter: at once within a provider, else at half of the way."""
        return submitted_at if sender_provider == recipient_provider else submitted_at + self._transit / 2

    def step(self, delivery: Delivery) -> None:
        """Do what is due for a delivery now."""
        letter = self._store.letter(delivery.letter_id)
        account = self._store.account(delivery.recipient)
        at = delivery.due_at
        assert letter is not None
        assert account is not None
        assert at is not None
        if delivery.state is State.DELIVERED:
            self._opened_or_not(delivery, account, at)
        elif delivery.state is State.RELAYED or letter.sender.provider == delivery.recipient.provider:
            self._arrive(letter, delivery, account, at)
        else:
            self._relay(letter, delivery, account, at)

    def record(
        self,
        delivery: Delivery,
        to: State,
        at: datetime,
        reason: Reason | None = None,
        *,
        due_at: datetime | None = None,
    ) -> Delivery:
        """Move a delivery, keep it, and write the evidence. Raises `IllegalTransition` and changes nothing."""
        moved = replace(move(delivery, to, at, reason), due_at=due_at)
        if to is State.DELIVERED:
            moved = replace(moved, delivered_at=at)
        elif to is State.DOWNLOADED:
            moved = replace(moved, downloaded_at=at)
        self._store.put_delivery(moved)
        self.witness(moved, at)
        return moved

    def witness(self, delivery: Delivery, at: datetime) -> int:
        """Write the evidence of a delivery's being in its state; its number."""
        evidence_type, positive = UPON[delivery.state]
        issuer = delivery.recipient
        if evidence_type not in BY_RECIPIENTS_PROVIDER:
            letter = self._store.letter(delivery.letter_id)
            assert letter is not None
            issuer = letter.sender
        return self.issue(
            Evidence(
                evidence_id=0,
                letter_id=delivery.letter_id,
                type=evidence_type,
                positive=positive,
                at=at,
                provider=issuer.provider,
                recipient=delivery.recipient,
                nth=delivery.nth,
                reason=delivery.reason,
            )
        )

    def issue(self, evidence: Evidence) -> int:
        """Keep a piece of evidence and tell of it; its number."""
        made = self._store.add_evidence(evidence)
        self._tell(
            EvidenceIssued(
                evidence_id=made.evidence_id,
                letter_id=made.letter_id,
                type=made.type,
                positive=made.positive,
                at=made.at,
            )
        )
        return made.evidence_id

    def download(self, delivery: Delivery, at: datetime) -> Delivery:
        """The recipient takes the letter for the first time."""
        taken = self.record(delivery, State.DOWNLOADED, at)
        self._tell(LetterDownloaded(letter_id=taken.letter_id, recipient=taken.recipient))
        return taken

    def answer(self, delivery: Delivery, at: datetime, *, accepted: bool) -> Delivery:
        """The recipient confirms the receipt, or rejects."""
        number, recipient = delivery.letter_id, delivery.recipient
        if accepted:
            done = self.record(delivery, State.ACCEPTED, at)
            self._tell(LetterAccepted(letter_id=number, recipient=recipient))
        else:
            done = self.record(delivery, State.REJECTED, at, Reason.REJECTED_BY_RECIPIENT)
            self._tell(LetterRejected(letter_id=number, recipient=recipient))
        return done

    def _relay(self, letter: Letter, delivery: Delivery, account: Account, at: datetime) -> None:
        gives_up = letter.submitted_at + RELAY_PATIENCE
        if account.fate is Fate.RELAY_FAILS and at < gives_up:
            self._store.put_delivery(replace(delivery, due_at=gives_up))
        elif account.fate is Fate.RELAY_FAILS:
            self._fail(letter, delivery, State.RELAY_FAILED, Reason.RELAY_UNANSWERED, at)
        elif account.fate is Fate.RELAY_REFUSED:
            self._fail(letter, delivery, State.RELAY_REFUSED, Reason.RELAY_REFUSED, at)
        else:
            self.record(delivery, State.RELAYED, at, due_at=at + self._transit / 2)

    def _arrive(self, letter: Letter, delivery: Delivery, account: Account, at: datetime) -> None:
        if account.closed_at is not None:
            self._fail(letter, delivery, State.NOT_DELIVERED, Reason.ACCOUNT_CLOSED, at)
        elif self._free_bytes(account) < letter.size:
            self._fail(letter, delivery, State.NOT_DELIVERED, Reason.RECIPIENT_OVER_QUOTA, at)
        elif account.wants_packages and not letter.is_package:
            self._send_back(letter, delivery, at)
        else:
            waits = FATE_DELAY if account.fate in ACTIVE else DOWNLOAD_DEADLINE
            self.record(delivery, State.DELIVERED, at, due_at=at + waits)
            self._tell(LetterDelivered(letter_id=letter.letter_id, sender=letter.sender, recipient=delivery.recipient))

    def _send_back(self, letter: Letter, delivery: Delivery, at: datetime) -> None:
        taken = self.record(self.record(delivery, State.DELIVERED, at), State.DOWNLOADED, at)
        returned = self.record(taken, State.REJECTED, at, Reason.NOT_A_PACKAGE)
        self._store.put_delivery(replace(returned, deleted=True))
        self._tell(
            LetterReturned(
                letter_id=letter.letter_id,
                sender=letter.sender,
                recipient=delivery.recipient,
                reason=Reason.NOT_A_PACKAGE,
            )
        )

    def _opened_or_not(self, delivery: Delivery, account: Account, at: datetime) -> None:
        if account.fate in ACTIVE and not delivery.deleted and account.closed_at is None:
            taken = self.download(delivery, at)
            if account.fate is not Fate.DOWNLOADS:
                self.answer(taken, at, accepted=account.fate is Fate.ACCEPTS)
            return
        self.record(delivery, State.NOT_DOWNLOADED, at, Reason.NOT_OPENED_IN_TIME)
        self._tell(LetterNotDownloaded(letter_id=delivery.letter_id, recipient=delivery.recipient))

    def _fail(self, letter: Letter, delivery: Delivery, to: State, reason: Reason, at: datetime) -> None:
        self.record(delivery, to, at, reason)
        self._tell(
            LetterNotDelivered(
                letter_id=letter.letter_id, sender=letter.sender, recipient=delivery.recipient, reason=reason
            )
        )
