"""A small nation: three provinces, a few days, one of them with queries."""

from pathlib import Path

from sim.nation.recorded import Means, record
from sim.provenance import Provenance, describe
from sim.results.folder import Summary
from sim.scenario import NationScenario, parse

TEXT = """
question = "What happens in a few days?"
date = 2021-10-02
[nation]
days = 4
warm_up_days = 2
load = [2021-10-04]
[population]
people = 3_000
provinces = ["Bayburt", "Kilis", "Tunceli"]
[epidemic]
initial_infected_share = 0.03
[demand]
"""


def small(changes: str = "") -> NationScenario:
    scenario = parse(TEXT + changes, name="small")
    assert isinstance(scenario, NationScenario)
    return scenario


def provenance(seed: int = 7) -> Provenance:
    return describe(scenario="small", content=TEXT.encode(), seed=seed, drive="none")


def recorded(folder: Path, scenario: NationScenario, seed: int = 7, *, threads: int = 1, **means: bool) -> Summary:
    return record(
        scenario, seed, provenance(seed), Means(folder=folder, cache=folder / "cache", threads=threads, **means)
    )
