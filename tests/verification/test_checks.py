"""`hes verify`: every check passes, notices each rate that is 5 % off, and says the same on one thread and on two."""

import pytest

from sim.capacity.network.parameters import Station
from sim.verification.checks import UnknownCheckError, UnknownRateError, checks, picked, verify
from sim.verification.verdict import FALSE_ALARM, confidence

MANY = 6
"""Rates up to which each is planted both ways; those of more, hours or parts of stations alike, alternate."""
PAIRS = [
    (check.name, rate, off)
    for check in checks()
    for nth, rate in enumerate(check.rates)
    for off in (0.05, -0.05)
    if len(check.rates) <= MANY or (off > 0) == (nth % 2 == 0)
]


@pytest.fixture(scope="module")
def quick():
    return {verdict.name: verdict for verdict in verify(quick=True, threads=2)}


@pytest.mark.parametrize("name", [check.name for check in checks()])
def test_the_simulator_is_right(quick, name):
    """The exact value lies within the bound, and a rate off by 5 % would hardly have been missed."""
    verdict = quick[name]
    assert verdict.passed, verdict
    assert verdict.error_bound > 0
    assert verdict.power > 0.95, verdict


@pytest.mark.parametrize(("name", "rate", "off"), PAIRS, ids=[f"{name}, {rate} {off:+}" for name, rate, off in PAIRS])
def test_a_planted_error_is_noticed(name, rate, off):
    """The simulation runs with one rate 5 % too high or too low, theory without."""
    [verdict] = verify(quick=True, planted=off, rate=rate, names=(name,), threads=2)
    assert not verdict.passed, verdict


def test_every_rate_of_the_models_is_some_check_s():
    """Arrivals, services, hits and further codes at each station, limits, patience, hours, each way of meeting."""
    assert {rate for check in checks() for rate in check.rates} == {
        *("arrivals", "service time", "patience", "time-out", "pause before a retry", "jitter of pauses"),
        *("rate limit", "visits", "infectious time", "incubation time", "transmission on the way"),
        *(f"service time at {station}" for station in Station),
        *(f"service time of a hit at {station}" for station in Station),
        *(f"hit rate at {station}" for station in Station),
        *(f"time for a further code at {station}" for station in Station),
        *(f"visits from {hour}:00" for hour in range(9, 22)),
        *(f"transmission at {place}" for place in ("home", "work", "school")),
        *(f"transmission in the {area}" for area in ("district", "province", "country")),
    }


def test_false_alarms_are_shared_among_all_checks():
    """Even if their chances added up, and however few are asked for: 37 checks, so 99.973 % each."""
    assert len(checks()) == 37
    assert confidence(37) == pytest.approx(1 - 0.00027027)
    assert (1 - confidence(37)) * 37 == pytest.approx(FALSE_ALARM)


def test_threads_and_company_change_no_number(quick):
    """One thread or two, one check or all."""
    name = checks()[0].name
    [alone] = verify(quick=True, names=(name,))
    assert alone == quick[name]


def test_without_a_rate_each_check_gets_its_first():
    """The switch of the command line plants one error everywhere."""
    name = checks()[0].name
    assert verify(quick=True, planted=0.05, names=(name,)) == verify(
        quick=True, planted=0.05, rate=checks()[0].rates[0], names=(name,)
    )


def test_an_unknown_rate_is_named():
    """With the one that was meant, or all there are; also where only checks that do not hang on it are picked."""
    with pytest.raises(UnknownRateError, match="'arrival'; did you mean 'arrivals'"):
        verify(rate="arrival")
    with pytest.raises(UnknownRateError, match="'x'; the rates are: arrivals, hit rate at audit,"):
        verify(rate="x")


def test_a_rate_of_other_checks_is_refused():
    """Rather than nothing run and nothing said."""
    with pytest.raises(UnknownRateError, match="'patience' where only M/M/2/5 is picked"):
        verify(rate="patience", names=("M/M/2/5",))


def test_checks_are_picked_by_a_part_of_their_name():
    """In small or capital letters; a whole name picks itself alone; an unknown one is told with the nearest."""
    assert [check.name for check in picked(("m/m/2/5",))] == ["M/M/2/5"]
    assert [check.name for check in picked(("household", "doubling"))] == [
        "Household attack rate, 2 people",
        "Household attack rate, 5 people",
        "Doubling time, work, school, transport",
        "Doubling time, community",
    ]
    with pytest.raises(UnknownCheckError, match="'pollachek'; did you mean 'Pollaczek-Khinchine, "):
        picked(("pollachek",))


def test_names_are_unique_and_fit_a_line():
    """Seeds hang on them, and a terminal of 60 columns shows them whole."""
    assert len({check.name for check in checks()}) == len(checks())
    assert max(len(check.name) for check in checks()) <= 44
