"""`hes verify`: every check passes, notices each rate that is 5 % off, and says the same on one thread and on two."""

import pytest

from sim.verification.checks import UnknownRateError, checks, verify

PAIRS = [(check.name, rate) for check in checks() for rate in check.rates]


@pytest.fixture(scope="module")
def quick():
    return {verdict.name: verdict for verdict in verify(quick=True, threads=2)}


@pytest.mark.parametrize("name", [check.name for check in checks()])
def test_the_simulator_is_right(quick, name):
    """The exact value lies within the bound, and a rate off by 5 % would hardly have been missed."""
    verdict = quick[name]
    assert verdict.passed, verdict
    assert verdict.error_bound > 0
    assert verdict.power > 0.99, verdict


@pytest.mark.parametrize(("name", "rate"), PAIRS, ids=[f"{name}, {rate}" for name, rate in PAIRS])
def test_a_planted_error_is_noticed(name, rate):
    """The simulation runs with one rate 5 % too high, theory without."""
    [verdict] = verify(quick=True, planted=0.05, rate=rate, names=(name,), threads=2)
    assert not verdict.passed, verdict


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
    """With those that there are."""
    with pytest.raises(UnknownRateError, match="'arrival'; the rates are: arrivals,"):
        verify(rate="arrival")


def test_names_are_unique():
    """Seeds hang on them."""
    assert len({check.name for check in checks()}) == len(checks())
