"""What chance has in store for one person: course, meetings, protection. Plain Python, one question at a time."""

from typing import NamedTuple

from sim.epidemic.calendar import ONE, Way, times
from sim.epidemic.distributions import CLASSES, number_of
from sim.epidemic.model import COUNT, FATED, NEVER, VARIANT, WEEKS, Course, Rules, Town, decade, kind_of
from sim.streams import LOW, Stream

HOUSEHOLD_SUBS = 16
"""A day's draws for four members of the household have this sub, plus a quarter of the first one's place."""

CONTACT_SUBS = 4096
"""The n-th contact of a way on a day has this sub times (way + 1), plus n."""


class Earlier(NamedTuple):
    """An infection before day 0."""

    first: bool
    """Among the last days before it: the course goes on; else it is long over."""
    day: int
    variant: int


def earlier_infections(rules: Rules, chance: Stream, person: int) -> list[Earlier]:
    """What a person has behind them on day 0, in order: a past infection, a recent one, both or neither.

    A past infection that would still protect from the recent one has not happened.
    """
    recent, past = chance.word(person, 0, 0), chance.word(person, 0, 1)
    days = []
    if recent >> 32 < rules.first_share:
        days.append((True, -1 - choice(recent & LOW, rules.first_days)))
    if past >> 32 < rules.past_share:
        day = -rules.past_until - choice(past & LOW, rules.past_from - rules.past_until)
        if not days or days[0][1] - day >= rules.immune_days:
            days.insert(0, (False, day))
    variants = chance.word(person, 0, 2)
    bits = (variants >> 32, variants & LOW)
    return [Earlier(first, day, variant_on(rules, day, bits[first])) for first, day in days]


def choice(bits: int, things: int) -> int:
    """32 bits of chance as one of so many things, from 0."""
    return bits * things >> 32


def variant_on(rules: Rules, day: int, bits: int) -> int:
    """The variant of an infection from outside on a day."""
    return number_of(rules.variants[day - rules.earliest], bits)


def course_of(
    rules: Rules, chance: Stream, *, person: int, age: int, day: int, variant: int, number: int, doses: int
) -> Course:
    """The course of an infection that begins on `day`, the person's `number`-th, counted from 0.

    Keyed by the person and `number`: whenever it begins, and whoever it comes from, the stays are the same.
    """
    years = decade(age)
    stays, ill = chance.word(person, number, 0), chance.word(person, number, 1)
    symptoms_on = day + number_of(rules.incubation, stays >> 32)
    infectious_on = symptoms_on - rules.presymptomatic
    recovered_on = infectious_on + number_of(rules.infectious, stays & LOW)
    silent = ill >> 34 < rules.silent[years]
    kind = kind_of(variant, silent=bool(silent), rank=choice(ill & LOW, CLASSES))
    if silent:
        return Course(infectious_on, NEVER, recovered_on, NEVER, NEVER, NEVER, kind)
    fate = chance.word(person, number, 2)
    risk = times(int(rules.hospital[variant, years]), int(rules.milder[doses]))
    if number:
        risk = times(risk, int(rules.milder[-1]))
    if fate >> 34 >= risk:
        return Course(infectious_on, symptoms_on, recovered_on, NEVER, NEVER, NEVER, kind)
    times_ = chance.word(person, number, 3)
    hospital_on = symptoms_on + number_of(rules.hospital_after, times_ >> 32)
    left_on = hospital_on + number_of(rules.hospital_days, times_ & LOW)
    if (fate & LOW) >> 2 < rules.death[years] and left_on >= 0:  # nobody has died before day 0
        return Course(infectious_on, symptoms_on, min(recovered_on, left_on), hospital_on, left_on, left_on, kind)
    return Course(infectious_on, symptoms_on, recovered_on, hospital_on, NEVER, left_on, kind)


def contacts_of(rules: Rules, chance: Stream, person: int, kind: int, day: int) -> dict[Way, int]:
    """How many effective contacts a person has on a day, by way, if all contacts take place.

    Nobody has contacts both at work and at school: which of the two it is, the person's place decides.
    """
    daily, commuting, district, province = chance.block(person, day, 0)
    bits = {
        Way.WORK: daily,
        Way.SCHOOL: daily,
        Way.TRANSPORT: commuting,
        Way.DISTRICT: district,
        Way.PROVINCE: province,
        Way.COUNTRY: chance.block(person, day, 1)[0],
    }
    return {way: number_of(rules.contacts[way, kind], bits[way]) for way in Way}


def at_home(chance: Stream, person: int, day: int, place: int) -> int:
    """The 32 bits that decide on a day whether a person infects the member at a place in the household."""
    return chance.block(person, day, HOUSEHOLD_SUBS + place // 4)[place % 4]


def crowd_factor(rules: Rules, way: Way, others: int) -> int:
    """How many of the contacts a group of so many others leaves: each is met once at most."""
    crowd = int(rules.crowd[way])
    return ONE if others >= crowd else others * ONE // crowd


def doses_on(rules: Rules, town: Town, person: int, day: int) -> tuple[int, int]:
    """How many doses a person has had by a day, and the days since the last one."""
    today, begun = rules.doses_day + day, int(town.first_dose[person])
    if begun == 0 or today < begun:
        return 0, 0
    planned, boosted = int(town.flags[person]) >> 4 & 3, int(town.third_dose[person])
    if planned >= 3 and boosted and today >= boosted:
        return 3, today - boosted
    second = begun + rules.second_dose_days
    if planned >= 2 and today >= second:
        return 2, today - second
    return 1, today - begun


def susceptibility_of(
    rules: Rules, town: Town, person: int, *, infected_on: int, history: int, variant: int, day: int
) -> int:
    """What age, an earlier infection and doses leave of a person's susceptibility to a variant, in parts of `ONE`."""
    left = int(rules.susceptibility[decade(int(town.age[person]))])
    if infected_on != NEVER:
        since = day - infected_on
        if history & FATED or since < rules.immune_days:
            return 0
        left = times(left, int(rules.after_infection[history & VARIANT, variant, min(since // 7, WEEKS - 1)]))
    doses, since = doses_on(rules, town, person, day)
    return times(left, int(rules.after_doses[doses, variant, min(since // 7, WEEKS - 1)]))


def infections_before(history: int) -> int:
    """How many infections a person has had, up to seven."""
    return (history & COUNT) >> 3


def remembered(history: int, variant: int, *, fatal: bool) -> int:
    """A person's history with one more infection in it."""
    count = min(infections_before(history) + 1, 7)
    return variant | count << 3 | (FATED if fatal else 0)
