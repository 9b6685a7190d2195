"""What the journal's page needs of a journal. `journal_of` is the one place where it is joined to the world's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from mockgov.ministry import Ministry


class Part(Protocol):
    """One direction of an exchange."""

    @property
    def head(self) -> Sequence[tuple[str, str]]:
        """Names and values."""
        ...

    @property
    def body(self) -> str:
        """As text, redacted."""
        ...


class Exchange(Protocol):
    """A request and its answer, on whatever protocol."""

    @property
    def number(self) -> int:
        """1, 2, … in the world."""
        ...

    @property
    def at(self) -> datetime:
        """The world's time."""
        ...

    @property
    def protocol(self) -> str:
        """`http`, `smtp`, …."""
        ...

    @property
    def operation(self) -> str:
        """The template of a route, or a protocol's verb."""
        ...

    @property
    def method(self) -> str:
        """Of HTTP."""
        ...

    @property
    def path(self) -> str:
        """Without what stands before it of the world."""
        ...

    @property
    def asker(self) -> str:
        """Who asked, masked; empty for nobody known."""
        ...

    @property
    def subjects(self) -> Sequence[str]:
        """Codes that were asked about."""
        ...

    @property
    def status(self) -> int:
        """Of the answer."""
        ...

    @property
    def refusal(self) -> str:
        """The error's key; empty for none."""
        ...

    @property
    def fault(self) -> str:
        """The token of the fault that struck; empty for none."""
        ...

    @property
    def request(self) -> Part:
        """What was sent."""
        ...

    @property
    def response(self) -> Part:
        """What came back."""
        ...


class Book(Protocol):
    """A journal that can be looked through."""

    def search(self, wanted: Mapping[str, str | int], *, limit: int, before: int | None) -> Sequence[Exchange]:
        """Exchanges that are meant, the latest first; `before` a number to read on.

        `wanted` has some of `protocol`, `operation`, `asker`, `code`, `refusal`, `text`, and `status` as a number.
        """
        ...

    def exchange(self, number: int) -> Exchange:
        """One exchange. Raises a `Refused` for a number that is not there."""
        ...


def journal_of(ministry: Ministry) -> Book | None:  # noqa: ARG001  until worlds keep one
    """The world's journal; None where it keeps none."""
    return None
