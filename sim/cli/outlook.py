"""What an experiment is going to need, said before it begins; one that could not finish is refused."""

import os
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from mockgov.cli import CommandError

if TYPE_CHECKING:
    from sim.experiments.tasks import Task
    from sim.nation.needs import Needs
    from sim.scenario import AnyScenario

PROCESSORS = 2
"""Of the machine whose seconds `sim.nation.needs` tells; a run of an experiment has one."""
REHEARSED = 20_000
"""People of a rehearsal, which tells the names of a run's numbers. Chosen here."""
BY_CHANCE = ("precision ", "recall ", "doors ", "down after ")
"""Numbers that a small country may lack where a large one has them."""
GIB = 1 << 30


def outlook(missing: "Sequence[Task]", runs: int, workers: int, *, hours: float | None, elsewhere: bool = False) -> str:
    """How long the missing ones of so many runs are going to take, and how much memory, in a sentence.

    `elsewhere` they are made on other machines, of which nothing is known. With None for `hours` nothing is refused.

    Raises:
        CommandError: if it does not fit into free memory, or into `hours`.
    """
    from sim.nation.needs import spoken

    if not missing:
        return f"All {runs:,} runs are on record; nothing is run."
    done = f"{runs - len(missing):,} of {runs:,} runs are on record, " if len(missing) < runs else ""
    at_once = min(workers, len(missing))
    words = f"{done}{len(missing):,} {'run' if len(missing) == 1 else 'runs'} to make"
    needs = needs_of_all(missing, 1 if elsewhere else at_once)
    if needs is None:
        return f"{words}."
    size = f"{needs.bytes / GIB:.1f} GiB"
    if elsewhere:
        return f"{words}: about {size} for each, and {spoken(needs.seconds)} in all for one worker alone."
    if hours is not None:
        _require(needs, missing, at_once, hours)
    return f"{words}, {at_once} at once: about {size} and {spoken(needs.seconds)}.{_disk(missing)}"


def needs_of_all(tasks: "Sequence[Task]", at_once: int) -> "Needs | None":
    """Memory of so many runs at once, and seconds of all; None if no run follows the country: such take seconds.

    More runs at once than there are processors take more memory, and no less time.
    """
    from sim.nation.needs import Needs, needs_of
    from sim.scenario import NationScenario

    known = {id(task.scenario): task.scenario for task in tasks if isinstance(task.scenario, NationScenario)}
    if not known:
        return None
    each = {key: needs_of(scenario) for key, scenario in known.items()}
    seconds = sum(each[id(task.scenario)].seconds for task in tasks if id(task.scenario) in each)
    largest = max(needs.bytes for needs in each.values())
    return Needs(bytes=largest * at_once, seconds=seconds * PROCESSORS / min(at_once, os.cpu_count() or 1))


def require_numbers(asked: Sequence[str], scenarios: "Sequence[AnyScenario]", seed: int) -> None:
    """Refuse numbers that no run will have; scenarios' first and last are rehearsed to know.

    Raises:
        CommandError: naming the nearest.
    """
    from sim.run import numbers

    if not asked:
        return
    few = {id(one): _few(one) for one in (scenarios[0], scenarios[-1])}
    known = list(dict.fromkeys(name for one in few.values() for name in numbers(one, seed)))
    for name in asked:
        if name not in known and not name.startswith(BY_CHANCE):
            near = get_close_matches(name, known, n=1)
            advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}."
            raise CommandError(f"There is no number {name!r}; {advice}")


def _require(needs: "Needs", missing: "Sequence[Task]", at_once: int, hours: float) -> None:
    from sim.nation.needs import NeedsError, free_bytes, require

    free = free_bytes()
    try:
        require(needs, free_bytes=free, hours=hours)
    except NeedsError as error:
        advice = ""
        if needs.bytes > free and at_once > 1:
            advice += f" These are {at_once} runs at once; one alone needs {needs_of_all(missing, 1)}: try --workers 1."
        if needs.seconds > hours * 3600:
            advice += f" There are {len(missing):,} runs to make; fewer seeds or points take less time, too."
        raise CommandError(f"{error}{advice}") from None


def _disk(tasks: "Sequence[Task]") -> str:
    """What is said of disk, if it is worth a word."""
    from sim.population.cache import BYTES_PER_PERSON
    from sim.scenario import NationScenario

    kept = {
        (task.scenario.population, task.seed): task.scenario.population.people
        for task in tasks
        if isinstance(task.scenario, NationScenario)
    }
    size = sum(kept.values()) * BYTES_PER_PERSON
    if size < GIB:
        return ""
    return (
        f" Their {len(kept):,} populations are kept for later runs, at most {size / GIB:.1f} GiB of disk (HES_CACHE)."
    )


def _few(scenario: "AnyScenario") -> "AnyScenario":
    """The same with so few people that it takes a second or two."""
    from sim.scenario import NationScenario

    if not isinstance(scenario, NationScenario) or scenario.population.people <= REHEARSED:
        return scenario
    few: NationScenario = replace(scenario, population=replace(scenario.population, people=REHEARSED))
    return few
