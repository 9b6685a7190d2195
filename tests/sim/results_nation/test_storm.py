"""A failure that outlives its cause is told from one that ends with it, and from a service that is too small."""

import numpy as np

from sim.results.nation_storm import Storm, storm

OUTAGE = slice(480, 500)


def day(*, answered_until: int, share: float = 0.4, fresh: int = 1000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fresh calls, attempts and answers: from the outage on until a minute only a share is answered, at 3 attempts."""
    demand = np.full(1440, fresh)
    answered, attempts = demand.copy(), demand.copy()
    answered[480:answered_until] = round(share * fresh)
    attempts[480:answered_until] = 3 * fresh
    return demand, attempts, answered


def test_metastable_failure() -> None:
    """Down until 10:00 after an outage that ended at 08:20, with the demand that it carried before."""
    assert storm(*day(answered_until=600), OUTAGE.stop) == Storm(
        outage_ended=500, down_until=600, down_minutes=100, attempts_per_call=3.0, lowest=0.4, carried=True
    )
    assert storm(*day(answered_until=600), OUTAGE.stop).is_metastable


def test_it_may_last_until_the_end_of_the_day() -> None:
    found = storm(*day(answered_until=1440), OUTAGE.stop)
    assert (found.down_until, found.down_minutes, found.is_metastable) == (None, 940, True)


def test_a_service_that_comes_back_with_its_servers() -> None:
    """At once, or within minutes: the queue of the outage has to be worked off."""
    at_once, soon = (storm(*day(answered_until=until), OUTAGE.stop) for until in (500, 512))
    assert (at_once.down_until, at_once.down_minutes, at_once.is_metastable) == (500, 0, False)
    assert (soon.down_minutes, soon.is_metastable) == (12, False)


def test_a_service_that_is_too_small_is_not_metastable() -> None:
    """It never carried such a demand."""
    fresh, attempts, answered = day(answered_until=900)
    fresh[480:900], answered[480:900] = 2000, 1000
    found = storm(fresh, attempts, answered, OUTAGE.stop)
    assert (found.down_minutes, found.carried, found.is_metastable) == (400, False, False)


def test_a_quiet_night_says_nothing() -> None:
    """One of three calls lost in five minutes is no failure of the service."""
    found = storm(*day(answered_until=700, share=0.0, fresh=1), OUTAGE.stop)
    assert found.down_minutes == 0


def test_a_day_that_ends_with_the_outage_says_nothing() -> None:
    assert storm(*day(answered_until=600), 1440) is None
