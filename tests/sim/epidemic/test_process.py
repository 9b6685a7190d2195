"""First with certainty in place of chance, so that whole tables are literal; chance is in `test_theory`."""

from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.epidemic import model
from sim.epidemic.model import Epidemic, Layer
from sim.epidemic.parameters import EpidemicParameters
from sim.epidemic.process import DAY_US, simulate, spread
from sim.streams import Streams

CERTAIN = {  # nothing happens but what a test switches on, and every stay is exact: 1 day, then 2 infectious
    "household_transmission": 0.0,
    "work_transmission": 0.0,
    "work_contacts": 1,
    "school_transmission": 0.0,
    "school_contacts": 1,
    "community_transmission": 0.0,
    "community_contacts": 1,
    "travel_share": 0.0,
    "incubation_mean_days": 2.0,
    "incubation_stages": 2,
    "presymptomatic_days": 1,
    "infectious_mean_days": 2.0,
    "infectious_stages": 2,
    "asymptomatic_share": 0.0,
    "initial_infected_share": 0.0,
    "imported_per_100k_per_day": 0.0,
    "immune_share": 0.0,
}


def town(household, workplace=None, school=None, province=None):
    people = len(household)

    def column(values, dtype, default):
        return np.array([default] * people if values is None else values, dtype)

    return SimpleNamespace(
        household=np.array(household, np.int32),
        workplace=column(workplace, np.int32, -1),
        school=column(school, np.int32, -1),
        province=column(province, np.uint8, 14),
    )


def infected(people, days, *, first=(0,)):
    """A record in which `first` are infectious on day 0, for two days, with symptoms on day 1."""
    record = Epidemic.begin(people=people, days=days)
    record.infected_on[list(first)] = 0
    record.infectious_on[list(first)] = 0
    record.symptoms_on[list(first)] = 1
    record.recovered_on[list(first)] = 2
    return record


def run(people, days, *, first=(0,), seed=1, closed=None, **change):
    record = infected(people.household.size, days, first=first)
    return simulate(people, EpidemicParameters(**CERTAIN | change), Streams(seed), days, closed=closed, into=record)


def totals(epidemic):
    return np.array([epidemic.susceptible, epidemic.exposed, epidemic.infectious, epidemic.recovered]).T.tolist()


def test_one_household_day_by_day():
    """The first infects the other two on day 0; they are infectious on days 1 and 2 and recover on day 3."""
    epidemic = run(town([0, 0, 0]), 5, household_transmission=1.0)
    assert totals(epidemic) == [
        # S  E  I  R
        [0, 2, 1, 0],
        [0, 0, 3, 0],
        [0, 0, 2, 1],
        [0, 0, 0, 3],
        [0, 0, 0, 3],
    ]
    assert epidemic.infected_on.tolist() == [0, 0, 0]
    assert epidemic.infectious_on.tolist() == [0, 1, 1]
    assert epidemic.symptoms_on.tolist() == [1, 2, 2]
    assert epidemic.recovered_on.tolist() == [2, 3, 3]
    assert epidemic.infector.tolist() == [-1, 0, 0]


def test_a_chain_through_all_layers():
    """0 and 1 share a home, 1 and 2 a workplace, 2 and 3 a school, 3 and 4 a province: a day each."""
    people = town(
        household=[0, 0, 1, 2, 3],
        workplace=[-1, 0, 0, -1, -1],
        school=[-1, -1, 0, 0, -1],
        province=[1, 2, 3, 4, 4],
    )
    certain = {f"{layer}_transmission": 1.0 for layer in ("household", "work", "school", "community")}
    epidemic = run(people, 6, **certain)
    assert epidemic.infected_on.tolist() == [0, 0, 1, 2, 3]
    assert epidemic.infector.tolist() == [-1, 0, 1, 2, 3]
    assert epidemic.layer.tolist() == [255, Layer.HOUSEHOLD, Layer.WORK, Layer.SCHOOL, Layer.COMMUNITY]
    assert totals(epidemic) == [
        [3, 1, 1, 0],
        [2, 1, 2, 0],
        [1, 1, 2, 1],
        [0, 1, 2, 2],
        [0, 0, 2, 3],
        [0, 0, 1, 4],
    ]


def test_without_transmission_only_the_first_is_ill():
    """Probability 0 in every layer."""
    epidemic = run(town([0, 0], workplace=[0, 0]), 3)
    assert totals(epidemic) == [[1, 0, 1, 0], [1, 0, 1, 0], [1, 0, 0, 1]]


def test_days_after_the_last_are_written_too():
    """Who is infected on the last day has the rest of the course in the future."""
    epidemic = run(town([0, 0]), 1, household_transmission=1.0)
    assert (epidemic.infectious_on[1], epidemic.symptoms_on[1], epidemic.recovered_on[1]) == (1, 2, 3)
    assert totals(epidemic) == [[0, 1, 1, 0]]


def test_a_person_caught_twice_on_a_day_is_infected_once():
    """The household counts before the workplace, and the person is one case."""
    epidemic = run(town([0, 0], workplace=[0, 0]), 2, household_transmission=1.0, work_transmission=1.0)
    assert epidemic.layer.tolist() == [255, Layer.HOUSEHOLD]
    assert epidemic.exposed.tolist() == [1, 0]


def test_a_case_of_today_infects_nobody_today():
    """Infections are queued: a chain of household, workplace and household moves one link a day."""
    epidemic = run(town([0, 0, 1, 1], workplace=[-1, 0, 0, -1]), 4, household_transmission=1.0, work_transmission=1.0)
    assert epidemic.infected_on.tolist() == [0, 0, 1, 2]


def test_travel_crosses_provinces():
    """With no contact at home, the whole country is one province."""
    people = town([0, 1], province=[6, 34])
    assert run(people, 1, community_transmission=1.0).infected_on.tolist() == [0, -1]
    away = run(people, 1, community_transmission=1.0, travel_share=1.0)
    assert (away.infected_on.tolist(), away.layer.tolist()) == ([0, 0], [255, Layer.COMMUNITY])


def test_without_symptoms_no_day_of_symptoms():
    """A share of 1 without symptoms, as infectious as others: all infected, symptoms never."""
    epidemic = run(
        town([0, 0, 0]), 3, household_transmission=1.0, asymptomatic_share=1.0, asymptomatic_infectiousness=1.0
    )
    assert epidemic.infected_on.tolist() == [0, 0, 0]
    assert epidemic.symptoms_on.tolist() == [1, -1, -1]


def test_who_has_no_symptoms_may_be_harmless():
    """With no infectiousness without symptoms the chain ends at its second link."""
    epidemic = run(
        town([0, 0, 1], workplace=[-1, 0, 0]),
        4,
        household_transmission=1.0,
        work_transmission=1.0,
        asymptomatic_share=1.0,
        asymptomatic_infectiousness=0.0,
    )
    assert epidemic.infected_on.tolist() == [0, 0, -1]


def test_the_immune_are_spared_and_count_as_recovered():
    """Everybody is immune from the start, but for the one who is infected already."""
    epidemic = run(town([0, 0, 0]), 3, household_transmission=1.0, immune_share=1.0)
    assert epidemic.immune.tolist() == [False, True, True]
    assert totals(epidemic) == [[0, 0, 1, 2], [0, 0, 1, 2], [0, 0, 0, 3]]


def test_the_first_infections_come_from_outside_on_day_0():
    """A share of 1: all infected on day 0, by nobody."""
    people = town([0, 1, 2])
    parameters = EpidemicParameters(**CERTAIN | {"initial_infected_share": 1.0})
    epidemic = simulate(people, parameters, Streams(1), 2)
    assert (epidemic.infected_on.tolist(), epidemic.infector.tolist()) == ([0, 0, 0], [-1, -1, -1])
    assert epidemic.layer.tolist() == [Layer.IMPORT] * 3
    assert totals(epidemic) == [[0, 3, 0, 0], [0, 0, 3, 0]]


def test_imports_take_the_rest():
    """100,000 of 100,000 a day: whoever is left is infected at once, the household's victims not among them."""
    epidemic = run(town([0, 0, 1]), 1, household_transmission=1.0, imported_per_100k_per_day=100_000)
    assert epidemic.layer.tolist() == [255, Layer.HOUSEHOLD, Layer.IMPORT]


def test_who_stays_away_neither_infects_nor_catches_it_but_at_home():
    """On day 0 the ill one stays away from work: only the household is infected."""
    people = town([0, 0, 1], workplace=[0, -1, 0])
    both = {"household_transmission": 1.0, "work_transmission": 1.0}
    ill_at_home = run(people, 1, closed=lambda _: np.array([True, False, False]), **both)
    well_at_home = run(people, 1, closed=lambda _: np.array([False, False, True]), **both)
    assert ill_at_home.infected_on.tolist() == [0, 0, -1]
    assert well_at_home.infected_on.tolist() == [0, 0, -1]
    assert run(people, 1, **both).infected_on.tolist() == [0, 0, 0]


def test_isolation_can_follow_what_has_happened():
    """Whoever has symptoms by the morning stays away, so the colleague is spared; without isolation not."""
    people = town([0, 1], workplace=[0, 0])
    parameters = EpidemicParameters(**CERTAIN | {"work_transmission": 1.0})
    asked = []

    def outcome(isolating):
        record = infected(2, 3)
        record.infectious_on[0] = 1  # and symptoms on day 1

        def closed(day):
            asked.append(day)
            return (record.symptoms_on >= 0) & (record.symptoms_on <= day) & isolating

        return simulate(people, parameters, Streams(1), 3, closed=closed, into=record).infected_on.tolist()

    assert outcome(isolating=True) == [0, -1]
    assert outcome(isolating=False) == [0, 1]
    assert asked == [0, 1, 2, 0, 1, 2]


def test_the_process_shares_a_clock():
    """Each day's step takes place at midnight, and the environment's other processes see it."""
    env, seen = simpy.Environment(), []
    record = infected(2, 3)
    parameters = EpidemicParameters(**CERTAIN | {"household_transmission": 1.0})

    def onlooker():
        for _ in range(3):
            yield env.timeout(DAY_US // 2)
            seen.append((env.now, record.infectious.tolist()))
            yield env.timeout(DAY_US - DAY_US // 2)

    env.process(spread(env, town([0, 0]), parameters, Streams(1), record))
    env.process(onlooker())
    env.run()
    assert seen == [
        (43_200_000_000, [1, 0, 0]),
        (129_600_000_000, [1, 2, 0]),
        (216_000_000_000, [1, 2, 1]),
    ]


def test_the_result_is_read_only():
    """What happened has happened."""
    with pytest.raises(ValueError, match="read-only"):
        run(town([0, 0]), 1).infected_on[0] = 3


@pytest.mark.parametrize("days", [0, -1, 30_001])
def test_a_number_of_days_that_cannot_be_told_is_refused(days):
    """From 1 to 30,000."""
    with pytest.raises(ValueError, match=f"days = {days} is outside 1 to 30000"):
        simulate(town([0]), EpidemicParameters(), Streams(1), days)


def test_a_record_of_another_size_is_refused():
    """People and days must be those of the run."""
    with pytest.raises(ValueError, match="begun for 3 people and 2 days, but this run has 1 and 2"):
        simulate(town([0]), EpidemicParameters(), Streams(1), 2, into=Epidemic.begin(people=3, days=2))


def test_flags_for_other_people_are_refused():
    """One flag a person."""
    with pytest.raises(ValueError, match=r"closed\(0\) gave 5 flags for 2 people"):
        run(town([0, 0]), 1, closed=lambda _: np.zeros(5, np.bool_))


# Laws


def small_town(seed):
    chance = Streams(seed).stream("test/town")
    people = np.arange(300)
    return town(
        household=np.sort(chance.below(90, people)),
        workplace=chance.below(40, people, 1) - 1,
        school=np.full(300, -1),
        province=1 + chance.below(3, people, 2),
    )


BUSY = {
    "household_transmission": 0.2,
    "work_transmission": 0.1,
    "work_contacts": 4,
    "community_transmission": 0.05,
    "community_contacts": 6,
    "travel_share": 0.1,
    "asymptomatic_share": 0.4,
    "initial_infected_share": 0.02,
    "imported_per_100k_per_day": 200.0,
    "immune_share": 0.1,
}


def outbreak(seed, days, **change):
    return simulate(small_town(7), EpidemicParameters(**BUSY | change), Streams(seed), days)


def differing(one, other):
    pairs = ((f.name, getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return {name for name, left, right in pairs if not np.array_equal(left, right)}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_everybody_is_in_one_state_and_infected_by_an_infectious_member_of_the_group(seed):
    """Totals add up each day; each infector was infectious on that day and shared the layer's group."""
    people, epidemic = small_town(7), outbreak(seed, 25)
    assert (np.sum(totals(epidemic), axis=1) == 300).all()
    groups = {Layer.HOUSEHOLD: people.household, Layer.WORK: people.workplace}
    for person in np.flatnonzero(epidemic.infector >= 0):
        infector, day = epidemic.infector[person], epidemic.infected_on[person]
        assert epidemic.infectious_on[infector] <= day < epidemic.recovered_on[infector]
        group = groups.get(Layer(epidemic.layer[person]))
        assert group is None or group[person] == group[infector] >= 0
    assert not (epidemic.infected_on[epidemic.immune] >= 0).any()


def test_the_same_seed_gives_the_same_epidemic():
    """Twice the same, column for column; another seed, another epidemic."""
    assert differing(outbreak(1, 30), outbreak(1, 30)) == set()
    assert "infected_on" in differing(outbreak(1, 30), outbreak(2, 30))


def test_a_shorter_run_is_the_beginning_of_a_longer():
    """What happens on a day does not hang on how long one looks."""
    short, long = outbreak(1, 12), outbreak(1, 30)
    assert totals(short) == totals(long)[:12]
    early = short.infected_on >= 0
    assert short.infector[early].tolist() == long.infector[early].tolist()
    assert early.tolist() == ((long.infected_on >= 0) & (long.infected_on < 12)).tolist()


def test_layers_have_draws_of_their_own():
    """Common random numbers: without work, the first day's infections in other layers stay as they were."""
    with_work, without = (
        simulate(
            small_town(7), EpidemicParameters(**BUSY | change), Streams(1), 1, into=infected(300, 1, first=range(20))
        )
        for change in ({}, {"work_transmission": 0.0})
    )
    elsewhere = with_work.layer != Layer.WORK
    assert (~elsewhere).any()
    assert with_work.infected_on[elsewhere].tolist() == without.infected_on[elsewhere].tolist()
    assert with_work.infector[elsewhere].tolist() == without.infector[elsewhere].tolist()


def test_the_order_of_the_layers_changes_nothing(monkeypatch):
    """All layers see the same midnight, so asking them backwards gives the same epidemic."""
    forwards = outbreak(1, 20, travel_share=0.0)
    ways = model.meetings
    monkeypatch.setattr(model, "meetings", lambda *given: ways(*given)[::-1])
    assert differing(forwards, outbreak(1, 20, travel_share=0.0)) == set()


def test_a_known_outbreak():
    """The same numbers on every machine and under every version of the libraries."""
    epidemic = outbreak(1, 40)
    assert epidemic.susceptible[[0, 10, 20, 39]].tolist() == [266, 165, 9, 0]
    assert np.bincount(epidemic.layer[epidemic.layer < 255]).tolist() == [112, 85, 0, 61, 13]


def test_more_immunity_only_spares():
    """Who is immune with a smaller share is immune with a larger."""
    few, many = outbreak(1, 1).immune, outbreak(1, 1, immune_share=0.5).immune
    assert many[few].all()
    assert few.sum() < many.sum()


def test_a_person_s_course_is_the_same_whenever_it_begins():
    """Another transmission changes who is infected when, but nobody's days of illness."""
    one, other = outbreak(1, 40), outbreak(1, 40, household_transmission=0.05)
    both = (one.infected_on >= 0) & (other.infected_on >= 0)
    assert (one.infected_on != other.infected_on)[both].any()
    for epidemic_days in ("infectious_on", "recovered_on"):
        lasted = [(getattr(run_, epidemic_days) - run_.infected_on)[both].tolist() for run_ in (one, other)]
        assert lasted[0] == lasted[1]
