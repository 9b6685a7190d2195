"""Use-cases of registered e-mail: deposit, mailboxes, evidence. The accounts' are in `accounts`."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mockgov.bus import Tell
from mockgov.clock import Now
from mockgov.kep.accounts import Accounts
from mockgov.kep.evidence_types import Evidence, EvidenceType
from mockgov.kep.examination import Checks, Examined, examine, seals_by
from mockgov.kep.grounds import Reason
from mockgov.kep.messages import (
    DepositLetter,
    LetterNotDelivered,
    LetterRefused,
    LetterRetrieved,
    LetterSubmitted,
    Submission,
)
from mockgov.kep.rules import (
    ARRIVED,
    TAKEN,
    TRANSIT,
    Account,
    Delivery,
    Fate,
    IllegalTransition,
    Letter,
    Mailed,
    State,
    UnknownEvidence,
    UnknownLetter,
    kept_until,
)
from mockgov.kep.store import KepStore
from mockgov.kep.transit import Transit
from mockgov.streams import Streams
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.signed import Verdict

if TYPE_CHECKING:
    from mockgov.kep.reading import LetterContent

SignEvidence = Callable[[str, bytes, datetime], bytes]
"""(provider, XML, moment) → the XML signed with the provider's transaction certificate as of that moment."""


class Kep(Accounts):
    """The two providers of one world, their accounts, letters and evidence."""

    def __init__(
        self,
        *,
        store: KepStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        streams: Streams,
        quota_kib: int,
        verify_smime: Callable[[bytes], Verdict],
        verify_cades: Callable[[bytes, bytes | None], Verdict],
        sign_evidence: SignEvidence,
        transit: timedelta = TRANSIT,
        verify_seal: Callable[[bytes, bytes | None], Verdict] | None = None,
        signs_apart: Callable[[], bool] = lambda: False,
        screen: Callable[[bytes], None] = lambda _: None,
    ) -> None:
        """While it `signs_apart`, evidence is signed for whoever asks, and the archive is left alone.

        `screen` raises `Unminted` for a letter with a number that may be a living person's.
        """
        super().__init__(store=store, now=now, tell=tell, transaction=transaction, streams=streams, quota_kib=quota_kib)
        self._checks = Checks(
            verify_smime=verify_smime,
            verify_cades=verify_cades,
            verify_seal=verify_seal or seals_by(verify_cades),
        )
        self._sign_evidence = sign_evidence
        self._signs_apart = signs_apart
        self._screen = screen
        self._transit = Transit(store=store, tell=tell, free_bytes=self.free_bytes, transit=transit)
        self._is_running = False

    def deposit(self, order: DepositLetter) -> Submission:
        """Take a letter, or refuse it with evidence; a bad letter never raises. Raises `UnknownKepAccount`, `Unminted`.

        Letters within one provider lie in the mailbox when this returns.
        """
        self._screen(f"X-Envelope: {' '.join(order.recipients or ())}\r\n".encode() + order.message)
        self.run_due()
        account = self.account(order.sender)
        at = self._now()
        examined = examine(order, self._checks)
        with self._transaction():
            letter, evidence_id = self._take(account, order.message, examined, at)
        self.run_due()
        return Submission(
            letter=letter,
            deliveries=tuple(self._store.deliveries(letter.letter_id)),
            evidence_id=evidence_id,
        )

    def inbox(self, address: KepAddress, *, limit: int = 100, offset: int = 0) -> Sequence[Mailed]:
        """What lies in an account's mailbox, the latest delivery first. Raises `UnknownKepAccount`."""
        return self._store.inbox(self.account(address).address, limit=limit, offset=offset)

    def sent(self, address: KepAddress, *, limit: int = 100, offset: int = 0) -> Sequence[Mailed]:
        """What an account has deposited, newest first; refused letters too. Raises `UnknownKepAccount`."""
        return self._store.sent(self.account(address).address, limit=limit, offset=offset)

    def letters(self, *, after: int = 0, limit: int = 100) -> Sequence[Letter]:
        """All letters of the world, by number: for the lab."""
        return self._store.letters(after=after, limit=limit)

    def letter(self, letter_id: int, *, of: KepAddress | None = None) -> Mailed:
        """A letter and where it stands, as an account sees it; `of` None: whole, for the ministry and the lab.

        Raises `UnknownLetter` where the account has no such letter, or deleted it.
        """
        letter = self._letter(letter_id)
        deliveries = tuple(self._store.deliveries(letter_id))
        if of is None or (letter.sender == of and not letter.deleted):
            return Mailed(letter=letter, deliveries=deliveries)
        mine = tuple(one for one in deliveries if one.recipient == of and one.in_mailbox)
        if not mine:
            raise UnknownLetter("The account has no such letter. Look it up in the inbox or among the sent ones.")
        return Mailed(letter=letter, deliveries=mine)

    def find(self, of: KepAddress, message_id: str) -> Mailed:
        """The newest letter of an account with that Message-ID. Raises `UnknownLetter`."""
        for letter in reversed(self._store.by_message_id(message_id)):
            try:
                return self.letter(letter.letter_id, of=of)
            except UnknownLetter:
                continue
        raise UnknownLetter("The account has no letter with this Message-ID. Look it up in the inbox or sent ones.")

    def raw(self, letter_id: int, *, of: KepAddress | None = None) -> bytes:
        """A letter's bytes, for its sender (and the lab), or a recipient that downloaded it before; leaves no mark.

        Raises `UnknownLetter`; `IllegalTransition` for a recipient that has not downloaded it.
        """
        mailed = self.letter(letter_id, of=of)
        if of is not None and mailed.letter.sender != of and mailed.deliveries[0].state not in TAKEN:
            raise IllegalTransition("The letter has not been downloaded yet. Download it; evidence is made of that.")
        return self._store.raw(letter_id)

    def content(self, letter_id: int) -> "LetterContent":
        """What a letter says and carries, unwrapped: for the ministry and the lab. Raises `UnknownLetter`."""
        from mockgov.kep.reading import read_letter  # noqa: PLC0415  heavy; wanted by few

        return read_letter(self.raw(letter_id))

    def download(self, address: KepAddress, letter_id: int) -> bytes:
        """A letter's bytes for its recipient; the first time there is evidence of it.

        Raises `UnknownLetter`; `IllegalTransition` where the account's fate is never to open its mail.
        """
        self.run_due()
        with self._transaction():
            self._taken(address, letter_id)
        return self._store.raw(letter_id)

    def retrieve(self, address: KepAddress, letter_id: int) -> bytes:
        """The same where a person opens it on a page: evidence of download and of retrieval (*okundu*)."""
        self.run_due()
        with self._transaction():
            delivery = self._taken(address, letter_id)
            if delivery.state is State.DOWNLOADED:
                self._transit.record(delivery, State.RETRIEVED, self._now())
                self._tell(LetterRetrieved(letter_id=letter_id, recipient=address))
        return self._store.raw(letter_id)

    def accept(self, address: KepAddress, letter_id: int) -> Delivery:
        """Confirm the receipt (*alındı onayı*) of a downloaded letter. Raises `UnknownLetter`, `IllegalTransition`."""
        return self._answer(address, letter_id, accepted=True)

    def reject(self, address: KepAddress, letter_id: int) -> Delivery:
        """Reject a downloaded letter. Raises `UnknownLetter`, `IllegalTransition`."""
        return self._answer(address, letter_id, accepted=False)

    def delete(self, address: KepAddress, letter_id: int) -> None:
        """Take a letter out of an account's folders; its evidence stays. Raises `UnknownLetter`."""
        self.run_due()
        mailed = self.letter(letter_id, of=address)
        with self._transaction():
            if mailed.letter.sender == address:
                self._store.put_letter(replace(mailed.letter, deleted=True))
            for one in mailed.deliveries:
                if one.recipient == address and one.in_mailbox:
                    self._store.put_delivery(replace(one, deleted=True))
            self._drop_if_nobody_has(letter_id)

    def evidence_of(self, letter_id: int, *, of: KepAddress | None = None) -> Sequence[Evidence]:
        """A letter's evidence in order of time: all for its sender; for a recipient what is about it or the whole.

        Deleting a letter does not take it away. Raises `UnknownLetter`.
        """
        letter = self._letter(letter_id)
        rows = self._store.evidence_of(letter_id)
        if of is None or of == letter.sender:
            return rows
        if not any(one.recipient == of and one.state in ARRIVED for one in self._store.deliveries(letter_id)):
            raise UnknownLetter("The account has no part in such a letter. Look it up in the inbox or sent ones.")
        return [row for row in rows if row.recipient in (None, of)]

    def evidence_row(self, evidence_id: int, *, of: KepAddress | None = None) -> Evidence:
        """A piece of evidence as a row. Raises `UnknownEvidence`, also after twenty years."""
        row = self._store.evidence(evidence_id)
        if row is not None and self._now() < kept_until(row.at):
            try:
                if row in self.evidence_of(row.letter_id, of=of):
                    return row
            except UnknownLetter:
                pass
        raise UnknownEvidence("There is no such evidence for this account. Ask for the list of the letter's evidence.")

    def evidence(self, evidence_id: int, *, of: KepAddress | None = None) -> bytes:
        """The signed XML of a piece of evidence; made when it is first read, as of its own moment.

        Raises `UnknownEvidence`.
        """
        row = self.evidence_row(evidence_id, of=of)
        apart = self._signs_apart()
        kept = None if apart else self._store.archived(evidence_id)
        if kept is not None:
            return kept
        from mockgov.kep.evidence import evidence_xml  # noqa: PLC0415  heavy; wanted by few

        letter = self._letter(row.letter_id)
        deliveries = self._store.deliveries(row.letter_id)
        involved = {letter.sender, *(one.recipient for one in deliveries)}
        names = {one.address: one.name for address in involved if (one := self._store.account(address)) is not None}
        identifier = self._streams.secret("kep.evidence", evidence_id, size=16).hex()
        xml = evidence_xml(row, letter, deliveries, names=names, identifier=identifier)
        made = self._sign_evidence(row.provider, xml, row.at)
        if apart:
            return made
        with self._transaction():
            self._store.archive(evidence_id, made)
        return made

    def next_due(self) -> datetime | None:
        """When something happens next by itself: a relay, a delivery, a deadline."""
        return self._store.next_due()

    def run_due(self) -> None:
        """Let everything happen that is due by now, in order of time, then letter, then recipient.

        What is due at one moment is written together. What is deposited meanwhile, in reaction to this, takes its turn.
        """
        if self._is_running:
            return
        self._is_running = True
        try:
            while (delivery := self._store.first_due(self._now())) is not None:
                moment = delivery.due_at
                with self._transaction():
                    while delivery is not None and delivery.due_at == moment:
                        self._transit.step(delivery)
                        delivery = self._store.first_due(self._now())
        finally:
            self._is_running = False

    def _take(self, account: Account, message: bytes, examined: Examined, at: datetime) -> tuple[Letter, int]:
        """Keep a letter, accepted or refused, and write the evidence; the letter and the evidence's number."""
        reasons = [self._obstacle(account, recipient, examined.size) for recipient in examined.recipients]
        reason = examined.reason or self._refusal(account, examined, reasons)
        seen = examined.signature
        letter = self._store.add_letter(
            Letter(
                letter_id=0,
                sender=account.address,
                message_id=examined.message_id,
                subject=examined.subject,
                submitted_at=at,
                size=examined.size,
                sha384=examined.sha384,
                sha512=examined.sha512,
                reason=reason,
                detail=examined.detail,
                is_package=examined.is_package,
                signature=seen if reason is None else Verdict(flaw=seen.flaw, detail=seen.detail),
                package_signature=examined.package_signature if reason is None else None,
            ),
            b"" if reason is Reason.TOO_LARGE else message,
        )
        for nth, (recipient, obstacle) in enumerate(zip(examined.recipients, reasons, strict=True), 1):
            self._start(letter, nth, recipient, reason or obstacle)
        evidence_id = self._transit.issue(_of_submission(letter))
        if reason is not None:
            self._tell(LetterRefused(letter_id=letter.letter_id, sender=letter.sender, reason=reason))
            return letter, evidence_id
        self._store.put_account(replace(account, credit=account.credit - 1))
        self._tell(LetterSubmitted(letter_id=letter.letter_id, sender=letter.sender, recipients=examined.recipients))
        self._tell_of_refused(letter)
        return letter, evidence_id

    def _start(self, letter: Letter, nth: int, recipient: KepAddress, reason: Reason | None) -> None:
        at = letter.submitted_at
        due = self._transit.first_due_after(letter.sender.provider, recipient.provider, at)
        self._store.put_delivery(
            Delivery(
                letter_id=letter.letter_id,
                nth=nth,
                recipient=recipient,
                state=State.SUBMITTED if reason is None else State.REFUSED,
                changed_at=at,
                reason=reason,
                due_at=due if reason is None else None,
            )
        )

    def _tell_of_refused(self, letter: Letter) -> None:
        """Evidence and news of those recipients that an accepted letter does not go to."""
        for one in self._store.deliveries(letter.letter_id):
            if one.state is State.REFUSED and one.reason is not None:
                self._transit.witness(one, letter.submitted_at)
                self._tell(
                    LetterNotDelivered(
                        letter_id=letter.letter_id, sender=letter.sender, recipient=one.recipient, reason=one.reason
                    )
                )

    def _refusal(self, account: Account, examined: Examined, reasons: Sequence[Reason | None]) -> Reason | None:
        """Why the sender's provider refuses a well-made letter as a whole, or None."""
        if None not in reasons and reasons[0] in {Reason.UNKNOWN_RECIPIENT, Reason.ACCOUNT_CLOSED}:
            return reasons[0]
        if account.credit < 1:
            return Reason.NO_CREDIT
        if self._room(account) < examined.size:
            return Reason.SENDER_OVER_QUOTA
        return None if None in reasons else reasons[0]

    def _obstacle(self, sender: Account, recipient: KepAddress, size: int) -> Reason | None:
        """Why the sender's provider does not take a letter for a recipient, or None."""
        account = self._store.account(recipient)
        if account is None:
            return Reason.UNKNOWN_RECIPIENT
        if account.closed_at is not None:
            return Reason.ACCOUNT_CLOSED
        is_near = recipient.provider == sender.address.provider
        return Reason.RECIPIENT_OVER_QUOTA if is_near and self.free_bytes(account) < size else None

    def _taken(self, address: KepAddress, letter_id: int) -> Delivery:
        """The recipient's delivery, downloaded at the latest now."""
        account = self.account(address)
        delivery = self._delivery(address, letter_id)
        if delivery.state in TAKEN:
            return delivery
        if account.fate is Fate.NEVER_DOWNLOADS:
            raise IllegalTransition("Nobody opens this mailbox: that is its fate. Take the fate away in the lab first.")
        return self._transit.download(delivery, self._now())

    def _answer(self, address: KepAddress, letter_id: int, *, accepted: bool) -> Delivery:
        self.run_due()
        with self._transaction():
            self.account(address)
            return self._transit.answer(self._delivery(address, letter_id), self._now(), accepted=accepted)

    def _delivery(self, address: KepAddress, letter_id: int) -> Delivery:
        for one in self._store.deliveries(letter_id):
            if one.recipient == address and one.in_mailbox:
                return one
        raise UnknownLetter("There is no such letter in the account's mailbox. Look it up in the inbox.")

    def _letter(self, letter_id: int) -> Letter:
        letter = self._store.letter(letter_id)
        if letter is None:
            raise UnknownLetter("There is no such letter. Look it up in the inbox or among the sent ones.")
        return letter

    def _drop_if_nobody_has(self, letter_id: int) -> None:
        on_its_way = {State.SUBMITTED, State.RELAYED}
        deliveries = self._store.deliveries(letter_id)
        wanted = any(one.in_mailbox or one.state in on_its_way for one in deliveries)
        if self._letter(letter_id).deleted and not wanted:
            self._store.drop_raw(letter_id)


def _of_submission(letter: Letter) -> Evidence:
    return Evidence(
        evidence_id=0,
        letter_id=letter.letter_id,
        type=EvidenceType.SUBMISSION,
        positive=letter.accepted,
        at=letter.submitted_at,
        provider=letter.sender.provider,
        recipient=None,
        nth=0,
        reason=letter.reason,
    )
