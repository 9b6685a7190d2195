"""What a test wants its world to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Self

QUICK: Final[Mapping[str, object]] = {"argon2_memory_kib": 8, "argon2_passes": 1}
"""Settings that a test's world has unless it says otherwise: passwords of made-up institutions need no slow hash."""


class OrderError(ValueError):
    """A world that cannot be made; the message lists everything that is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Everything that fixes a world: equal orders, equal worlds."""

    seed: int = 1
    people: int = 50
    """People of the ready town; 0 for an empty world."""
    start: datetime | None = None
    """The first moment, aware; None for the settings' own, 08:00 in Turkey on Monday, 4 October 2021."""
    settings: Mapping[str, object] = field(default_factory=dict)
    """Other settings than the default ones, by the names of the README's table."""
    server: bool = False
    """Whether a real server on a loopback port answers; else the same application, in process."""

    def __post_init__(self) -> None:
        """Refuse impossible orders, all at once."""
        given: Any = self
        wrong = []
        if not (_is_whole(given.seed) and 0 <= given.seed < 1 << 63):
            wrong.append(f"seed must be 0 or more and below 2^63, not {given.seed!r}")
        if not (_is_whole(given.people) and 0 <= given.people <= 200_000):
            wrong.append(f"people must be 0 to 200000, not {given.people!r}")
        if not (given.start is None or (isinstance(given.start, datetime) and given.start.tzinfo is not None)):
            wrong.append("start must be a moment with a time zone, such as 2021-03-01T08:00:00+03:00")
        if not isinstance(given.settings, Mapping):
            wrong.append("settings must be a dictionary from the names of settings to values")
        if not isinstance(given.server, bool):
            wrong.append("server must be True or False")
        if wrong:
            raise OrderError("; ".join(wrong) + ".")

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """The order that keywords of a marker make; `start` may be a text. Raises `OrderError`."""
        known = list(cls.__dataclass_fields__)
        strange = sorted(set(given) - set(known))
        if strange:
            raise OrderError(f"The marker hes knows {', '.join(known)}; leave out {', '.join(strange)}.")
        values = dict(given)
        if isinstance(values.get("start"), str):
            try:
                values["start"] = datetime.fromisoformat(values["start"])
            except ValueError:
                raise OrderError("start must be a moment such as 2021-03-01T08:00:00+03:00.") from None
        return cls(**values)

    def but(self, **changes: Any) -> Self:
        """The same with some of it changed."""
        return replace(self, **changes)

    @property
    def changes(self) -> dict[str, object]:
        """The settings of the world that are not the product's own."""
        started = {} if self.start is None else {"start": self.start.isoformat()}
        return {**QUICK, **self.settings, **started}

    @property
    def key(self) -> tuple[object, ...]:
        """What two orders have in common whose worlds are copies of one template."""
        return (self.seed, self.people, tuple(sorted((name, str(value)) for name, value in self.changes.items())))

    def __str__(self) -> str:
        """The marker that makes this world again."""
        said = [f"seed={self.seed}", f"people={self.people}"]
        if self.start is not None:
            said.append(f'start="{self.start.isoformat()}"')
        if self.settings:
            said.append(f"settings={dict(self.settings)!r}")
        if self.server:
            said.append("server=True")
        return f"@pytest.mark.hes({', '.join(said)})"


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
