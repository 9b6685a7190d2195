"""A registered mailbox of a test's world."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mockgov.ministry import Ministry
from mockgov.vocabulary.kep_address import KepAddress

if TYPE_CHECKING:
    from mockgov.kep.reading import LetterContent

Run = Callable[[Callable[[], Any]], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KepLetter:
    """A letter in a mailbox."""

    letter_id: int
    sender: str
    subject: str
    submitted_at: datetime
    evidence: Sequence[str]
    """Types of the evidence so far, in order of time."""


class KepInbox:
    """One account's letters."""

    def __init__(self, ministry: Ministry, address: KepAddress, run: Run) -> None:
        self._ministry = ministry
        self._run = run
        self.address = address

    @property
    def password(self) -> str:
        """What opens the account."""
        return self._ministry.kep.password(self.address)

    @property
    def letters(self) -> Sequence[KepLetter]:
        """What lies in the mailbox, the latest delivery first; looking leaves no mark."""
        return list(self._run(self._letters))

    def content(self, letter: KepLetter) -> "LetterContent":
        """What a letter says and carries."""
        content: LetterContent = self._run(lambda: self._ministry.kep.content(letter.letter_id))
        return content

    def _letters(self) -> Sequence[KepLetter]:
        kep = self._ministry.kep
        return [
            KepLetter(
                letter_id=mailed.letter.letter_id,
                sender=mailed.letter.sender.address,
                subject=mailed.letter.subject,
                submitted_at=mailed.letter.submitted_at,
                evidence=[row.type.value for row in kep.evidence_of(mailed.letter.letter_id, of=self.address)],
            )
            for mailed in kep.inbox(self.address)
        ]
