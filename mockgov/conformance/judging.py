"""The whole catalogue, held against what one asker has done."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from mockgov.conformance import care, situations
from mockgov.conformance.catalogue import CATALOGUE, Told, Verdict
from mockgov.journal.messages import Exchange

JUDGES: Final[Mapping[str, Callable[[Sequence[Exchange]], Told]]] = MappingProxyType(
    {
        "riskless": situations.riskless,
        "risky": situations.risky,
        "expired": situations.expired,
        "unknown": situations.unknown,
        "purpose-given": situations.purpose_given,
        "masked-data-only": situations.masked_data_only,
        "bulk-of-500": situations.bulk_of_500,
        "501-refused": situations.over_the_limit,
        "unsuccessful-told": situations.unsuccessful_told,
        "no-retry-after-400": situations.not_repeated,
        "utc-dates": care.utc_dates,
        "turkish-letters": care.turkish_letters,
        "no-repeated-look-ups": care.not_asked_again,
    }
)
"""By key; two more have to know of the clock, and of renewed passwords."""


def judge(exchanges: Sequence[Exchange], *, stands: bool, rotations: Sequence[int]) -> Sequence[Verdict]:
    """A verdict for each behaviour, by exchanges of the corporate counter in their order.

    `stands`: the world's clock is moved by hand, so that waiting cannot be seen in it. `rotations`: the numbers of the
    exchanges by which the asker's account got new passwords.
    """
    judges: dict[str, Callable[[Sequence[Exchange]], Told]] = {
        **JUDGES,
        "retry-after-503": lambda seen: situations.retried(seen, stands=stands),
        "credential-renewal": lambda seen: situations.renewed(seen, rotations),
    }
    return [Verdict(one, judges[one.key](exchanges)) for one in CATALOGUE]
