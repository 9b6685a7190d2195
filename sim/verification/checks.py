"""All checks, and running them."""

from collections.abc import Callable
from difflib import get_close_matches
from functools import cache

from sim.verification.arrivals import arrival_checks
from sim.verification.growth import growth_checks
from sim.verification.insistence import insistence_checks
from sim.verification.outbreaks import outbreak_checks
from sim.verification.stations import station_checks
from sim.verification.verdict import QUICK, THOROUGH, Check, Verdict, judge
from sim.verification.waiting import waiting_checks


class UnknownRateError(ValueError):
    """None of the checks picked hangs on a rate of this name."""

    def __init__(self, rate: str, names: tuple[str, ...] = ()) -> None:
        if any(rate in check.rates for check in checks()):
            super().__init__(f"no check hangs on {rate!r} where only {', '.join(names)} is picked")
            return
        known = sorted({name for check in checks() for name in check.rates})
        near = get_close_matches(rate, known, n=1, cutoff=0.4)
        meant = f"did you mean {near[0]!r}?" if near else f"the rates are: {', '.join(known)}"
        super().__init__(f"no check hangs on {rate!r}; {meant}")


class UnknownCheckError(ValueError):
    """There is no check of this name, nor one whose name contains it."""

    def __init__(self, name: str) -> None:
        known = {check.name.casefold(): check.name for check in checks()}
        near = get_close_matches(name.casefold(), known, n=1, cutoff=0.3)
        meant = f"did you mean {known[near[0]]!r}?" if near else "hes verify --list shows all"
        super().__init__(f"no check is called {name!r}; {meant}")


@cache
def checks() -> tuple[Check, ...]:
    """All checks, in the order of the table."""
    return (
        *waiting_checks(),
        *station_checks(),
        *insistence_checks(),
        *arrival_checks(),
        *outbreak_checks(),
        *growth_checks(),
    )


def picked(names: tuple[str, ...]) -> list[Check]:
    """The checks so named, in the order of the table: by the whole name or, where none has it, by a part of it.

    Raises:
        UnknownCheckError: if a name fits no check.
    """
    if not names:
        return list(checks())
    found: set[str] = set()
    for name in names:
        wanted = name.casefold()
        whole = {check.name for check in checks() if check.name.casefold() == wanted}
        fits = whole or {check.name for check in checks() if wanted in check.name.casefold()}
        if not fits:
            raise UnknownCheckError(name)
        found |= fits
    return [check for check in checks() if check.name in found]


def verify(
    *,
    seed: int = 1,
    quick: bool = False,
    planted: float = 0.0,
    rate: str | None = None,
    names: tuple[str, ...] = (),
    threads: int = 1,
    say: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Verdict]:
    """Hold the simulator against exact results; a verdict for each check, in their order.

    `quick` replicates less. `planted` makes a rate of the simulation too high by this share (0.05: by 5 %) and leaves
    theory as it is: `rate` names it, and without a name it is the first rate of each check. A check that does not hang
    on the rate is left out. `names` picks checks, as in `picked`. `say` hears how many replications are done, and of
    how many. The verdicts hang on seed, replications and what was planted alone.

    Raises:
        UnknownRateError: if no check that was picked hangs on `rate`.
        UnknownCheckError: if a name fits no check.
    """
    chosen = picked(names)
    if rate is not None:
        chosen = [check for check in chosen if rate in check.rates]
        if not chosen:
            raise UnknownRateError(rate, names)
    replications = QUICK if quick else THOROUGH
    return judge(
        chosen,
        seed=seed,
        replications=replications,
        off=[{} if not planted else {rate or check.rates[0]: 1 + planted} for check in chosen],
        in_all=len(checks()),
        threads=threads,
        say=say,
    )
