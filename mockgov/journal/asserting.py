"""Holding the journal against what a test expects: how often something was asked, and what came nearest to it. Pure."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from mockgov.journal.messages import Exchange, Finding, Miss, Search
from mockgov.journal.rules import BadAssertion, differences

SHOWN: Final = 10
"""Matches that a finding repeats."""
NEAREST: Final = 5
"""Misses that it tells."""


def bounds(*, exactly: int | None, at_least: int | None, at_most: int | None, never: bool) -> tuple[int, int | None]:
    """The fewest and the most matches that an assertion allows; no word at all means at least one.

    Raises `BadAssertion` for a contradiction.
    """
    if never:
        if (exactly or 0, at_least or 0, at_most or 0) != (0, 0, 0):
            raise BadAssertion("`never` stands alone: leave `exactly`, `at_least` and `at_most` out.")
        return 0, 0
    if exactly is not None:
        if at_least is not None or at_most is not None:
            raise BadAssertion("Give either `exactly`, or `at_least` and `at_most`.")
        return exactly, exactly
    if at_least is None and at_most is None:
        return 1, None
    fewest = 0 if at_least is None else at_least
    if at_most is not None and at_most < fewest:
        raise BadAssertion(f"`at_most` {at_most} is less than `at_least` {fewest}; change one of them.")
    return fewest, at_most


def found(newest_first: Iterable[Exchange], search: Search, fewest: int, most: int | None) -> Finding:
    """What came of it."""
    matches: list[Exchange] = []
    misses: list[Miss] = []
    for exchange in newest_first:
        differs = tuple(differences(exchange, search))
        if differs:
            misses.append(Miss(exchange, differs))
        else:
            matches.append(exchange)
    count = len(matches)
    holds = fewest <= count and (most is None or count <= most)
    nearest = () if matches else tuple(islice(sorted(misses, key=lambda miss: len(miss.differences)), NEAREST))
    return Finding(holds, count, tuple(reversed(matches[:SHOWN])), nearest)
