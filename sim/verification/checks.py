"""All checks, and running them."""

from collections.abc import Callable
from functools import cache

from sim.verification.arrivals import arrival_checks
from sim.verification.outbreaks import outbreak_checks
from sim.verification.stations import station_checks
from sim.verification.verdict import QUICK, THOROUGH, Check, Verdict, judge
from sim.verification.waiting import waiting_checks


class UnknownRateError(ValueError):
    """No check hangs on a rate of this name."""

    def __init__(self, rate: str) -> None:
        known = ", ".join(sorted({name for check in checks() for name in check.rates}))
        super().__init__(f"no check hangs on {rate!r}; the rates are: {known}")


@cache
def checks() -> tuple[Check, ...]:
    """All checks, in the order of the table."""
    return (*waiting_checks(), *station_checks(), *arrival_checks(), *outbreak_checks())


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
    on the rate is left out. `names` picks checks. `say` hears how many replications are done, and of how many. The
    verdicts hang on seed, replications and what was planted alone.

    Raises:
        UnknownRateError: if no check hangs on `rate`.
    """
    if rate is not None and not any(rate in check.rates for check in checks()):
        raise UnknownRateError(rate)
    chosen = [check for check in checks() if not names or check.name in names]
    if rate is not None:
        chosen = [check for check in chosen if rate in check.rates]
    replications = QUICK if quick else THOROUGH
    return judge(
        chosen,
        seed=seed,
        replications=replications,
        off=[{} if not planted else {rate or check.rates[0]: 1 + planted} for check in chosen],
        threads=threads,
        say=say,
    )
