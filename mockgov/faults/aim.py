"""Whether a fault is aimed at a request: routes, who asks, and windows and bursts of the world's time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from mockgov.clock import to_us
from mockgov.faults.kinds import Fault
from mockgov.streams import Streams

SECOND_US: Final = 1_000_000
LONGEST: Final = 2_000
"""Characters of a route or a name that a pattern is compared with; nothing that is longer is meant by any."""
ACCOUNT_ENDS: Final = ("-G2G-HES", "-TEST")
"""What stands behind an institution's label in the user names of its accounts (facts section 2)."""


@dataclass(frozen=True, slots=True)
class Window:
    """Whether a fault strikes at a moment, and when it ceases to."""

    is_open: bool
    ends_us: int | None = None
    """End of the burst or the window, in microseconds since the epoch; None: never."""


@lru_cache(maxsize=1024)
def pattern(text: str) -> re.Pattern[str]:
    """What a route's or a name's pattern means: `*` is anything, `{name}` one part of a path.

    A pattern without a leading slash is also met by the end of a path. Between two stars the first place that fits is
    taken for good, so that no pattern takes long.
    """
    first, *others = (_literally(part) for part in re.split(r"\*+", text))
    between = "".join(f"(?>.*?{part})" for part in others[:-1])
    made = f"{first}{between}.*{others[-1]}" if others else first
    return re.compile(made if text.startswith("/") else f"(?:.*/)?{made}", re.DOTALL)


def _literally(text: str) -> str:
    parts = re.split(r"(\{[^{}/]*\})", text)
    return "".join("[^/]+" if part[:1] == "{" and part[-1:] == "}" else re.escape(part) for part in parts)


def is_route(patterns: Sequence[str], route: str) -> bool:
    """Whether a path or a protocol's verb is meant; no patterns mean all."""
    return not patterns or (len(route) <= LONGEST and any(pattern(one).fullmatch(route) for one in patterns))


def is_asker(patterns: Sequence[str], asker: str) -> bool:
    """Whether somebody is meant, by an account's name or by the label in it; no patterns mean everybody."""
    return not patterns or any(pattern(one).fullmatch(name) for one in patterns for name in names_of(asker[:LONGEST]))


def names_of(asker: str) -> tuple[str, ...]:
    """What somebody can be called in a plan."""
    return (asker, *(asker.removesuffix(end) for end in ACCOUNT_ENDS if asker.endswith(end)))


def window(fault: Fault, number: int, now: datetime, streams: Streams) -> Window:
    """Whether the `number`-th fault of a plan strikes now.

    Bursts are a function of the world's seed and time: each round of `on_s + off_s` seconds has one, whose beginning
    is drawn.
    """
    if (fault.since is not None and now < fault.since) or (fault.until is not None and now >= fault.until):
        return Window(is_open=False)
    until_us = None if fault.until is None else to_us(fault.until)
    if fault.on_s is None or fault.off_s is None:
        return Window(is_open=True, ends_us=until_us)
    first_us = 0 if fault.since is None else to_us(fault.since)
    on_us, off_us = fault.on_s * SECOND_US, fault.off_s * SECOND_US
    nth, into_us = divmod(to_us(now) - first_us, on_us + off_us)
    begins_us = streams.draw("fault.burst", number, nth)(off_us + 1)
    if not begins_us <= into_us < begins_us + on_us:
        return Window(is_open=False)
    ends_us = first_us + nth * (on_us + off_us) + begins_us + on_us
    return Window(is_open=True, ends_us=ends_us if until_us is None else min(ends_us, until_us))
