"""Step 2: official letters come in, by KEP or by post, and are put to their applications."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

from mockgov.bus import Tell
from mockgov.clock import Now
from mockgov.onboarding import consistency, reading
from mockgov.onboarding.access import Access
from mockgov.onboarding.messages import LetterNotPlaced, LetterReceived, PostLetter, ReceiveLetter
from mockgov.onboarding.records import APPLICANT, Policy, in_office_time, kept
from mockgov.onboarding.rules import Application, Establishment, Letter, LetterChannel, PersonFacts, State, move
from mockgov.onboarding.store import ApplicationStore, DocumentKind, Key, PostedLetter
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.signed import Verdict
from mockgov.vocabulary.vkn import Vkn
from mockgov.working_time import after_working_days


class Intake(Access):
    """Takes in letters. A letter that fits nowhere is answered, never an error: whoever carried it did their part."""

    def __init__(
        self,
        *,
        store: ApplicationStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        policy: Policy,
        establishment: Callable[[Vkn], Establishment | None],
        is_phone: Callable[[Phone], bool],
        is_mailbox: Callable[[EmailAddress], bool],
        person: Callable[[str], PersonFacts | None],
    ) -> None:
        super().__init__(
            store=store,
            now=now,
            tell=tell,
            transaction=transaction,
            policy=policy,
            establishment=establishment,
            is_phone=is_phone,
            is_mailbox=is_mailbox,
            person=person,
        )

    def receive_letter(self, order: ReceiveLetter) -> Application | None:
        """Take in an official letter: the application that it was put to, or None. No letter is ever an error."""
        envelope = reading.open_envelope(order.text, order.attachments, self._is_known)
        with self._transaction():
            placed = self._take_in(order.channel, order.sender, order.reference, envelope, order.signature)
        self.run_due()
        return None if placed is None else self.application(placed)

    def post_letter(self, order: PostLetter) -> PostedLetter:
        """Put a letter with a wet signature into the post; it arrives some working days later."""
        envelope = reading.open_envelope(order.text, order.attachments, self._is_known)
        posted = PostedLetter(
            arrives_at=after_working_days(self._now(), self._policy.wet_letter_days),
            sender=self._blotted(order.sender),
            reference=self._blotted(order.reference),
            text=kept(envelope.text),
            attached=envelope.attached,
        )
        with self._transaction():
            posted = self._store.post(posted)
        self.run_due()
        return posted

    def _arrive(self, posted: PostedLetter) -> None:
        self._store.drop_posted(posted.posted_id)
        envelope = reading.Envelope(text=posted.text, attached=posted.attached)
        self._take_in(LetterChannel.WET, posted.sender, posted.reference, envelope, Verdict.missing())

    def _take_in(
        self, channel: LetterChannel, sender: str, reference: str, envelope: reading.Envelope, signature: Verdict
    ) -> int | None:
        claims = reading.read_claims(envelope.text)
        application = self._place(channel, sender, envelope, claims)
        if application is None or application.state not in consistency.AWAITING_LETTER:
            self._tell(
                LetterNotPlaced(
                    channel=channel,
                    sender=sender,
                    reference=reference,
                    application_id=None if application is None else application.application_id,
                    findings=(consistency.unplaced(application),),
                )
            )
            return None
        person = application.form.person
        facts = consistency.LetterFacts(
            channel=channel,
            sender=sender,
            signature=signature,
            attached=envelope.attached,
            names_number=person.identity_number in claims.identity_numbers,
            names_person=reading.names_person(envelope.text, person.name),
            authorises=claims.authorises,
        )
        drawn_digest = reading.digest(self._document(application, DocumentKind.DRAWN))
        letter = Letter(
            channel=channel,
            sender=kept(sender),
            reference=kept(reference),
            received_at=self._now(),
            findings=consistency.check_letter(facts, application, drawn_digest),
        )
        received = move(application, State.LETTER_RECEIVED, due_at=in_office_time(self._now(), timedelta(0)))
        received = replace(received, letter=letter)
        self._step(received, LetterReceived, by=APPLICANT, note=f"The official letter has arrived ({channel}).")
        return application.application_id

    def _place(
        self, channel: LetterChannel, sender: str, envelope: reading.Envelope, claims: reading.Claims
    ) -> Application | None:
        """The application that a letter belongs to: the one it names, else by its enclosure, else by its sender."""
        named = self._named(claims.numbers)
        if named is not None or channel is LetterChannel.WET:
            return named
        found = [found for digest in envelope.attached for found in self._store.matching(Key.DIGEST, digest)]
        found = found or list(self._store.matching(Key.KEP, sender.strip().lower()))
        awaiting = [application for application in found if application.state in consistency.AWAITING_LETTER]
        return next(iter(awaiting or found), None)
