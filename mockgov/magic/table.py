"""All scenarios by name, and the ones that are meant by names. Pure."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from mockgov.magic.institutions import INSTITUTIONS
from mockgov.magic.people import PEOPLE
from mockgov.magic.scenario import Scenario, UnknownScenario

SCENARIOS: Final[Mapping[str, Scenario]] = MappingProxyType({one.name: one for one in (*PEOPLE, *INSTITUTIONS)})
"""The table: people first."""


def wanted(names: Sequence[str]) -> Sequence[Scenario]:
    """The scenarios of these names, each once, in the table's order. Raises `UnknownScenario` with the nearest name."""
    for name in names:
        if name not in SCENARIOS:
            near = get_close_matches(
                name.strip().lower().replace("_", "-").replace(" ", "-"), SCENARIOS, n=1, cutoff=0.5
            )
            meant = f" Did you mean {near[0]}?" if near else ""
            raise UnknownScenario(
                f"There is no scenario of this name.{meant} GET /_lab/magic lists all {len(SCENARIOS)}."
            )
    return [one for name, one in SCENARIOS.items() if name in names]
