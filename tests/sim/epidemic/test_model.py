from datetime import date
from decimal import Decimal

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from sim.epidemic import distributions, loops, model, person
from sim.epidemic.biology import Immunity, Variants
from sim.epidemic.calendar import ONE, Way, part
from sim.epidemic.model import NEVER, Layer, Rules
from sim.epidemic.parameters import EpidemicParameters
from sim.streams import Streams
from tests.sim.epidemic.made import MONDAY, silent, town

# Stays and numbers


def test_a_stay_of_as_many_days_as_stages_is_exact():
    """Three stages with a mean of three days: three days, always."""
    assert distributions.stay_chances(3.0, 3).tolist() == [0.0, 0.0, 0.0, 1.0]


def test_a_stay_in_one_stage_is_geometric():
    """With a mean of two days the chances halve from day to day."""
    assert distributions.stay_chances(2.0, 1)[:5].tolist() == [0.0, 0.5, 0.25, 0.125, 0.0625]


def test_a_stay_in_two_stages():
    """A negative binomial, worked out by hand: t - 1 ways, half a chance each day."""
    assert distributions.stay_chances(4.0, 2)[:6].tolist() == [0.0, 0.0, 1 / 4, 2 / 8, 3 / 16, 4 / 32]


@given(st.integers(1, 12), st.floats(0.0, 12.0))
def test_stays_have_the_promised_mean_and_variance(stages, longer):
    """Chances add up to 1; mean and variance are as the parameters' docstring says, but for very long stays."""
    mean = stages + longer
    chances = distributions.stay_chances(mean, stages)
    days = np.arange(chances.size)
    assert chances.sum() == pytest.approx(1.0)
    assert (chances * days).sum() == pytest.approx(mean, abs=1e-3)
    assert (chances * days**2).sum() - mean**2 == pytest.approx(mean**2 / stages - mean, abs=0.2)


def test_days_are_drawn_by_32_bits():
    """Half of all draws give one day, the next quarter two."""
    thresholds = distributions.stay_thresholds(2.0, 1)
    drawn = [distributions.number_of(thresholds, bits) for bits in (0, 2**31 - 1, 2**31, 3 * 2**30 - 1, 3 * 2**30)]
    assert drawn == [1, 1, 2, 2, 3]


@given(st.sampled_from([0.0, 0.01, 0.3, 2.5, 40.0, 300.0]))
def test_numbers_of_contacts_are_poisson_s(mean):
    """Every threshold is the distribution function's, as SciPy has it, to 2^-32 and its own error."""
    thresholds = np.array(distributions.poisson_thresholds(Decimal(mean)))
    expected = scipy.stats.poisson.cdf(np.arange(thresholds.size), mean) * 2.0**32
    assert np.abs(thresholds - expected).max(initial=0.0) < 2
    assert scipy.stats.poisson.sf(thresholds.size, mean) < 2.0**-32


@pytest.mark.parametrize("shape", [0.1, 0.4, 1.0, 3.0, 100.0])
def test_classes_are_slices_of_a_gamma_distribution(shape):
    """Sixteen equally likely slices, their means by SciPy's quantiles; their own mean is 1."""
    edges = scipy.stats.gamma.ppf(np.arange(17) / 16, shape, scale=1 / shape)
    means = 16 * np.diff(scipy.stats.gamma.cdf(edges, shape + 1, scale=1 / shape))
    classes = distributions.gamma_classes(shape)
    assert [float(mean) for mean in classes] == pytest.approx(means.tolist(), rel=1e-9, abs=1e-14)
    assert sum(classes) == 16


def test_without_dispersion_all_are_alike():
    assert distributions.gamma_classes(0.0) == (Decimal(1),) * 16


@given(st.floats(-3.0, 3.0))
def test_the_cosine_is_a_cosine(turn):
    """Of a share of a full turn."""
    assert float(distributions.cosine(Decimal(turn))) == pytest.approx(np.cos(2 * np.pi * turn), abs=1e-12)


def test_protection_halves():
    """In ten weeks of a half-life of seventy days."""
    course = distributions.halving(0.8, 70.0, 21)
    assert [float(course[week]) for week in (0, 10, 20)] == pytest.approx([0.8, 0.4, 0.2])


# Tables


def rules(parameters=None, people=None, days=10):
    return Rules.of(parameters or EpidemicParameters(), people or town(1), MONDAY, days)


def test_effective_contacts_are_contacts_times_transmission():
    """8 contacts at 0.05, of which 10 % are in the province and 2 % far away."""
    parameters = silent(
        community_transmission=0.05, community_contacts=8, province_share=0.1, travel_share=0.02, dispersion=0.3
    )
    means = model.effective_contacts(parameters)
    far = [float(means[way]) for way in (Way.DISTRICT, Way.PROVINCE, Way.COUNTRY)]
    assert far == pytest.approx([0.352, 0.04, 0.008])
    table = rules(parameters).contacts[Way.DISTRICT] / 2.0**32
    assert (1 - table).sum(axis=1)[:16].mean() == pytest.approx(0.352, rel=1e-6)


def test_a_variant_and_silence_scale_contacts():
    """Twice as transmissible, half without symptoms."""
    double = Variants(
        names=("a", "b"), transmissibility=(1.0, 2.0), severity=(1.0, 1.0), shares=((date(2020, 1, 1), (1.0, 0.0)),)
    )
    two = Immunity(infection=((0.9, 0.9),) * 2, doses=((0.0, 0.0),) * 3)
    parameters = silent(work_transmission=0.1, work_contacts=3, variants=double, immunity=two)
    table = rules(parameters).contacts[Way.WORK] / 2.0**32
    assert (1 - table).sum(axis=1)[::16] == pytest.approx([0.3, 0.15, 0.6, 0.3], rel=1e-6)


def test_household_chances_are_of_more_and_of_less_infectious():
    """At a half for one with symptoms: 1 - sqrt(1/2) for one half as infectious."""
    table = rules(silent(household_transmission=0.5)).household / ONE
    assert table[[0, 15, 16]] == pytest.approx([0.5, 0.5, 1 - 0.5**0.5])


def test_an_import_s_variant_is_that_of_the_date():
    """From the second day on all are of the second."""
    shares = ((date(2020, 1, 1), (1.0, 0.0)), (date(2021, 3, 2), (0.0, 2.0)))
    two = Variants(names=("a", "b"), transmissibility=(1.0, 1.0), severity=(1.0, 1.0), shares=shares)
    immunity = Immunity(infection=((0.9, 0.9),) * 2, doses=((0.0, 0.0),) * 3)
    chosen = rules(silent(variants=two, immunity=immunity))
    drawn = [[person.variant_on(chosen, day, bits) for bits in (0, 2**32 - 1)] for day in (-300, 0, 1, 9)]
    assert drawn == [[0, 0], [0, 0], [1, 1], [1, 1]]


# One person


def test_a_course_hangs_on_the_person_and_the_number_of_the_infection():
    """Whenever it begins and whatever the variant, the days are the same; a second infection has its own."""
    chosen, chance = rules(), Streams(1).stream("any")
    for who in range(40):
        fixed = {"person": who, "age": 30, "doses": 0}
        one = person.course_of(chosen, chance, **fixed, day=0, variant=0, number=0)
        later = person.course_of(chosen, chance, **fixed, day=50, variant=0, number=0)
        assert [NEVER if day == NEVER else day + 50 for day in one[:6]] == list(later[:6])
        assert one.kind == later.kind
    again = [person.course_of(chosen, chance, **fixed, day=0, variant=0, number=number) for number in range(4)]
    assert len({course.recovered_on for course in again}) > 1


def test_courses_have_the_stated_means():
    """Of 8,000 infections at age 30, 28 % stay without symptoms; the others' come after 5.5 days on average."""
    chosen, chance = rules(), Streams(1).stream("any")
    courses = [
        person.course_of(chosen, chance, person=who, age=30, day=0, variant=0, number=0, doses=0)
        for who in range(8_000)
    ]
    symptoms = [course.symptoms_on for course in courses if course.symptoms_on != NEVER]
    assert 1 - len(symptoms) / 8_000 == pytest.approx(0.28, abs=0.015)
    assert np.mean(symptoms) == pytest.approx(5.5, abs=0.08)
    lasted = [course.recovered_on - course.infectious_on for course in courses if course.died_on == NEVER]
    assert np.mean(lasted) == pytest.approx(8.0, abs=0.12)
    assert sum(course.hospital_on != NEVER for course in courses) / len(symptoms) == pytest.approx(0.032, abs=0.007)
    assert min(course.infectious_on for course in courses) == 1
    ranks = np.bincount([course.kind % 16 for course in courses], minlength=16)
    assert ranks.min() > 400


def test_severity_hangs_on_age_variant_doses_and_earlier_infections():
    """The shares taken to hospital, of 6,000 infections each at 80 with symptoms or without."""
    chosen, chance = rules(), Streams(1).stream("any")

    def taken(**how):
        fixed = {"age": 80, "day": 0, "variant": 0, "number": 0, "doses": 0} | how
        courses = [person.course_of(chosen, chance, person=who, **fixed) for who in range(6_000)]
        ill = [course for course in courses if course.symptoms_on != NEVER]
        return sum(course.hospital_on != NEVER for course in ill) / len(ill)

    assert taken() == pytest.approx(0.273, abs=0.02)
    assert taken(variant=2) == pytest.approx(0.273 * 1.6, abs=0.02)
    assert taken(doses=2) == pytest.approx(0.273 * 0.3, abs=0.012)
    assert taken(number=1) == pytest.approx(0.273 * 0.3, abs=0.012)
    assert taken(age=30) == pytest.approx(0.032, abs=0.008)


def test_doses_by_the_day():
    """First on day 425 since 2020-01-01 (1 March 2021), second 28 days later, third in August."""
    people = town(1, 1, 1, doses={0: (3, 425, 600), 1: (1, 425, 0)})
    chosen = rules(people=people)
    days = (-1, 0, 27, 28, 174, 175)
    assert [person.doses_on(chosen, people, 0, day) for day in days] == [
        *((0, 0), (1, 0), (1, 27), (2, 0), (2, 146), (3, 0)),
    ]
    assert [person.doses_on(chosen, people, 1, day) for day in (0, 100)] == [(1, 0), (1, 100)]
    assert person.doses_on(chosen, people, 2, 100) == (0, 0)


def test_what_protects():
    """Half by age; 0.9 by an infection, once full immunity is over, halving in 400 days; two weeks after a dose 0.4."""
    immunity = Immunity(
        infection=((0.9,),), doses=((0.4,), (0.8,), (0.9,)), reinfection_after_days=30, doses_half_life_days=10_000.0
    )
    people = town(1, 1, 1, age=[5, 30, 30], doses={2: (2, 420, 0)})
    chosen = rules(silent(immunity=immunity, illness=EpidemicParameters().illness), people)

    def left(who, day, infected_on=NEVER, history=0):
        how = {"infected_on": infected_on, "history": history, "variant": 0, "day": day}
        return person.susceptibility_of(chosen, people, who, **how) / ONE

    assert left(0, 0) == 0.5
    assert left(1, 0, -29, 8) == 0.0
    assert left(1, 0, -400, 8 | 64) == 0.0
    assert left(1, 0, -105, 8) == pytest.approx(1 - 0.9 * 0.5 ** (105 / 400))
    assert left(2, 0) == 1.0
    assert left(2, 9) == pytest.approx(0.6)
    assert left(2, 30) == pytest.approx(0.6)
    assert left(2, 37) == pytest.approx(0.2)
    assert left(2, 37, -103, 8) == pytest.approx(0.2 * (1 - 0.9 * 0.5 ** (140 / 400)), abs=2e-4)


def test_a_history_counts_to_seven():
    """Seven infections or more; the variant is that of the last one."""
    history = 0
    for nth in range(9):
        history = person.remembered(history, nth % 4, fatal=False)
    assert (person.infections_before(history), history & 7) == (7, 0)


# Both engines' constants


def test_the_compiled_constants_are_the_model_s():
    """Ways, layers, bits and sizes that the loops restate."""
    from sim.epidemic import meetings  # noqa: PLC0415

    names = ("WORK", "SCHOOL", "TRANSPORT", "DISTRICT", "PROVINCE", "COUNTRY")
    assert [getattr(meetings, name) for name in names] == list(Way)
    assert (loops.ONE, loops.NEVER, loops.WEEKS) == (ONE, NEVER, model.WEEKS)
    assert (meetings.CHUNK, meetings.IMPORT) == (model.CHUNK, Layer.IMPORT)
    assert (meetings.HOUSEHOLD_SUBS, meetings.CONTACT_SUBS) == (person.HOUSEHOLD_SUBS, person.CONTACT_SUBS)
    assert part(1.0) == ONE
