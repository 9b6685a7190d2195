"""Events that e-Devlet tells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EdevletSignedIn:
    """A citizen has opened a session."""

    citizen_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EdevletSignedOut:
    """A citizen has ended a session."""

    citizen_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EdevletLocked:
    """Too many wrong passwords in a row: nobody signs in as this citizen for a while."""

    citizen_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EdevletPasswordChanged:
    """A citizen has chosen a password of their own."""

    citizen_id: int
