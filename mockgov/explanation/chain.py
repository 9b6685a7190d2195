"""What an explanation is made of."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One cause, and where the rule behind it stands."""

    rule: str
    """A stable name, such as `code.expired`."""
    tr: str
    en: str
    facts: dict[str, Any] = field(default_factory=dict)
    """The same for machines."""
    source: str = ""
    """The regulation or text that says so, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something that was looked at."""

    rule: str
    passed: bool
    tr: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The nearest request that would have passed."""

    tr: str
    en: str
    method: str = ""
    path: str = ""
    body: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why something was answered."""

    verdict: str
    """`RISKY`, `RISKLESS`, `answered`, `taken`, or an error key."""
    tr: str
    en: str
    chain: list[Step]
    """From the answer down to its first cause."""
    checks: list[Check] = field(default_factory=list)
    """In the order in which they are made; the last one failed, where something was refused."""
    nearest: Nearest | None = None
