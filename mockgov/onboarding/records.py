"""The files of all applications: reading them, and the one way of taking a step that leaves its trace."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from mockgov.bus import Tell
from mockgov.clock import Now, from_us, to_us
from mockgov.onboarding.messages import Step
from mockgov.onboarding.rules import (
    Application,
    Entry,
    Finding,
    State,
    UnknownApplication,
    application_numbers,
    running_number,
)
from mockgov.onboarding.store import ApplicationStore, DocumentKind, Key
from mockgov.vocabulary.vkn import Vkn
from mockgov.working_time import after_working_time

APPLICANT, RULES, MINISTRY = "applicant", "rules", "ministry"
"""Who takes steps in a history, beside officers by name."""

_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How the office works; see `mockgov.settings.Settings` for meaning and source."""

    evaluation: str
    """`rules`: decisions fall due by themselves; `desk`: they wait for an officer."""
    evaluation_hours: int
    live_access_hours: int
    confirmation_hours: int
    wet_letter_days: int


def in_office_time(moment: datetime, length: timedelta) -> datetime:
    """When so much office time has passed, at the next whole millisecond.

    Clients are told moments in milliseconds; who moves a clock to what was told finds the thing done.
    """
    due_at = after_working_time(moment, length)
    return due_at + timedelta(microseconds=-due_at.microsecond % 1000)


class Records(ABC):
    """All applications of one world, to be read and to be moved on."""

    def __init__(
        self,
        *,
        store: ApplicationStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        policy: Policy,
    ) -> None:
        self._store = store
        self._now = now
        self._tell = tell
        self._transaction = transaction
        self._policy = policy

    def application(self, application_id: int) -> Application:
        """An application. Raises `UnknownApplication`."""
        found = self._store.get(application_id)
        if found is None:
            raise UnknownApplication("No application has this number; see the list of applications.")
        return found

    def by_number(self, number: str) -> Application:
        """The application of an application number such as `ETF-2021-000001`. Raises `UnknownApplication`."""
        found = self._named(application_numbers(number))
        if found is None:
            raise UnknownApplication("No application has this number; it looks like ETF-2021-000001.")
        return found

    def applications(self, state: State | None = None, after: int = 0, limit: int = 100) -> Sequence[Application]:
        """Applications in a state, or in any, oldest first, from behind the one numbered `after`."""
        return self._store.page(state, after=after, limit=limit)

    def applications_of(self, vkn: Vkn) -> Sequence[Application]:
        """All applications of a tax number, oldest first."""
        return self._store.matching(Key.VKN, vkn.digits)

    def history(self, application_id: int) -> Sequence[Entry]:
        """What has happened to an application, oldest first. Raises `UnknownApplication`."""
        return self._store.history(self.application(application_id).application_id)

    def form_pdf(self, application_id: int) -> bytes:
        """The form as it was drawn: the bytes to be signed. Raises `UnknownApplication`."""
        return self._document(self.application(application_id), DocumentKind.DRAWN)

    def signed_form(self, application_id: int) -> bytes | None:
        """The signed form as it was taken in, None before. Raises `UnknownApplication`."""
        application = self.application(application_id)
        return None if application.submission is None else self._document(application, DocumentKind.SIGNED)

    def oldest_rest(self) -> datetime | None:
        """The last step of the application that has rested longest; see `rules.RESTING`."""
        since_us = self._store.oldest_rest_us()
        return None if since_us is None else from_us(since_us)

    def drop_resting(self, before: datetime) -> int:
        """Erase the applications that have rested since before a moment, with their papers; how many.

        Their numbers are not given again.
        """
        with self._transaction():
            return self._store.drop_resting(to_us(before))

    def next_due(self) -> datetime | None:
        """When the next step happens by itself, or the next letter in the post arrives; None for never."""
        return self._store.next_due()

    @abstractmethod
    def run_due(self) -> None:
        """Do everything due at or before now, in order."""

    def _document(self, application: Application, kind: DocumentKind) -> bytes:
        content = self._store.document(application.application_id, kind)
        assert content is not None, "a form is written with its application, and signed with its submission"
        return content

    def _named(self, numbers: Sequence[str]) -> Application | None:
        for number in numbers:
            found = self._store.get(running_number(number))
            if found is not None and found.number == number:
                return found
        return None

    def _all(self, states: frozenset[State]) -> Iterator[Application]:
        after = 0
        while page := self._store.page(None, after=after, limit=_PAGE):
            yield from (application for application in page if application.state in states)
            after = page[-1].application_id

    def _step(
        self,
        application: Application,
        event: type[Step],
        *,
        by: str,
        note: str,
        findings: tuple[Finding, ...] = (),
    ) -> None:
        """Keep an application as it now stands, with what happened, and tell of it."""
        self._note(application, by=by, note=note, findings=findings)
        self._tell(event.of(application, findings))

    def _note(self, application: Application, *, by: str, note: str, findings: tuple[Finding, ...] = ()) -> None:
        self._store.put(application)
        self._store.note(
            Entry(
                application_id=application.application_id,
                moment=self._now(),
                state=application.state,
                by=by,
                note=note,
                findings=findings,
            )
        )


def kept(text: str) -> str:
    """A stranger's text as it can be stored and mailed: NUL and lone surrogates become question marks."""
    return text.replace("\x00", "?").encode("utf-8", "replace").decode()
