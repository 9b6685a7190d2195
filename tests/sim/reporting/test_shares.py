"""Chances and numbers of a large town against their parameters."""

from dataclasses import replace
from datetime import date

import pytest

from sim.reporting import model
from sim.reporting.kernel import CompiledDesk
from sim.reporting.parameters import ReportingParameters
from sim.streams import Streams
from tests.sim.reporting.made import CERTAIN, NEVER, Course, Epidemic, rows, town

START = date(2020, 5, 1)
PEOPLE = 20_000


def within_4_sigma(count: int, trials: int, share: float) -> bool:
    return abs(count - trials * share) <= 4 * (trials * share * (1 - share)) ** 0.5


def everybody_infected(day: int, symptoms_on: int) -> Epidemic:
    return Epidemic(PEOPLE, [(person, Course(day, symptoms_on)) for person in range(PEOPLE)])


def counted(parameters: ReportingParameters, outbreak: Epidemic, days: int, **who: object) -> dict[str, int]:
    """Totals of a run of single people, or of those of another town."""
    place = who.get("place", town(*[1] * PEOPLE))
    desk = CompiledDesk(place, parameters, Streams(3), START, days, keep_log=True)  # type: ignore[arg-type]
    infected = [outbreak.infected_on(day) for day in range(days)]
    counts = [desk.day(day, infected[day], outbreak.new(day)) for day in range(days)]
    return {name: sum(int(each[name].sum()) for each in counts) for name in counts[0]}


@pytest.mark.parametrize("age", [1, 2, 5, 8, 21, 22])
def test_sensitivity(age: int) -> None:
    """A sample so many days after the infection is positive with the chance given, beyond the last only by mistake."""
    parameters = replace(CERTAIN, sensitivity=ReportingParameters().sensitivity, false_positive_share=0.02)
    totals = counted(parameters, everybody_infected(0, age - 1), age + 4)
    share = parameters.sensitivity[age] if age < 22 else 0.02
    assert totals["samples"] == PEOPLE
    assert within_4_sigma(totals["positives"], PEOPLE, share)


def test_who_goes_for_a_test() -> None:
    """Of many with symptoms the share given gives a sample."""
    totals = counted(replace(CERTAIN, tested=((START, 0.35),)), everybody_infected(0, 5), 12)
    assert within_4_sigma(totals["samples"], PEOPLE, 0.35)


def test_screening() -> None:
    """So many in 100,000 are drawn a day: 200 draws of 20,000 people, of whom one or two are drawn twice."""
    totals = counted(replace(CERTAIN, screened=((START, 1_000.0),)), Epidemic(PEOPLE, []), 10)
    assert 1_970 <= totals["samples"] <= 2_000


def test_named_shares() -> None:
    """Of the household and of the colleagues met, the shares given are named."""
    size = 4
    cases = [(person, Course(0, 3)) for person in range(0, PEOPLE, size)]
    places = {person: person // 2_000 for person in range(PEOPLE)}
    place = town(*[size] * (PEOPLE // size), places=places)
    parameters = replace(CERTAIN, household_named_share=0.7, work_contacts=0)
    home = counted(parameters, Epidemic(PEOPLE, cases), 7, place=place)["contacts_named"]
    assert within_4_sigma(home, 3 * len(cases), 0.7)
    work = replace(CERTAIN, household_named_share=0.0, work_contacts=4, work_named_share=0.25)
    met = counted(work, Epidemic(PEOPLE, cases), 7, place=place)["contacts_named"]
    assert within_4_sigma(met, 4 * len(cases), 0.25 * (1 - 1 / 2_000))


@pytest.mark.parametrize("per_100k", [0.0, 0.5, 60.0, 1_234.567])
def test_teams_reach_their_rate(per_100k: float) -> None:
    """Over 1,000 days a province's teams can take up the rate, to a case, though each day's number is whole."""
    taken = sum(model.taken_up(per_100k, 81_910, day) for day in range(1_000))
    assert abs(taken - per_100k / 100_000 * 81_910 * 1_000) <= 1


def test_nobody_is_sampled_for_nothing() -> None:
    """Without symptoms and screening there is no sample, however many are infected."""
    assert counted(CERTAIN, everybody_infected(0, NEVER), 6)["samples"] == 0


def test_delays_are_as_long_as_they_should_be() -> None:
    """The mean delay of laboratories, measured in the log, is the one asked for, rounded up to full hours."""
    parameters = replace(CERTAIN, delay_cv2=0.5, laboratory_mean_hours=24.0)
    desk = CompiledDesk(town(*[1] * PEOPLE), parameters, Streams(3), START, 40, keep_log=True)
    outbreak = everybody_infected(0, 3)
    column = outbreak.infected_on(0)
    for day in range(40):
        desk.day(day, column, outbreak.new(day))
    lags = [(filed - moment) / 3.6e9 for kind, filed, _, moment, *_ in rows(desk.log()) if kind == 0]
    assert len(lags) == PEOPLE
    assert abs(sum(lags) / PEOPLE - 24.5) < 0.5
