"""Recent histories as words of a tree, so that the ministry's rules are asked about each distinct one only once.

What the rules say about somebody today hangs on few of their records, and on those only through the days between
them, the order of a case and a contact within a day, the regulation of each day, and whether a contact is exempted. A
history is the sequence of these, the oldest record first; each is a letter of 14 bits:

    1 · days before today (6 bits) · at the moment of the letter before (1) · regulation (3) · what (2) · exempted (1)

Left out is what cannot matter: cases and contacts whose isolation is over, but for cases within whose isolation a
contact could lie, and contacts on account of which a case's isolation could be shorter; contacts that a case before
or after them leaves without effect; negatives on days on which no regulation counts them; all but one of several
contacts of a day. Histories with the same letters have the same
future; the tree gives each a number, and a number the rules' answer, once it is known.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, below, compiled, inlined, word
from sim.reporting.dossier import (
    CONTACT,
    MANY,
    NEGATIVE,
    POSITIVE,
    Column,
    Keys,
    Table,
    filed_in,
    moment_in,
    moment_of,
    newest,
    person_of,
)
from sim.reporting.model import EARLIER

STANDS, ASKED = 0, 1
"""The roots: histories by which somebody stands, and those by which a contact is asked for a sample."""
NOTHING, UNKNOWN = -1, -2
"""Instead of a number: a history without anything that could isolate; one that is not in the tree."""
LETTER = 14
NEAR = 32
"""Days within which a contact and a case can bear upon one another, and more: no isolation is so long."""
MULTIPLIER = np.uint64(0x9E37_79B9_7F4A_7C15)


class Rulebook(NamedTuple):
    """What of the regulations and the calendar decides which histories differ; numbers only."""

    of_day: NDArray[np.int64]
    """The regulation's number, by day + `EARLIER`."""
    exempting: NDArray[np.bool_]
    """Whether a regulation exempts anybody, by its number."""
    exempted: NDArray[np.bool_]
    """Whether it exempts a contact: by its number, then by the classes of doses and of past disease."""
    idle: NDArray[np.bool_]
    """Whether a contact makes no difference from a case on: by whether it comes after the case (0 no, 1 yes), its
    regulation and the case's, the days between them (below `NEAR`), and whether it is exempted."""
    testing: NDArray[np.int64]
    """Days after a case or a contact on which it counts a negative: a bit for each, by its number."""
    dose_limits: NDArray[np.int64]
    """Ages of a dose, in days, from which something may change, ascending."""
    disease_limits: NDArray[np.int64]
    """The same for a past positive."""
    longest: int
    """Days of the longest isolation."""
    test_days: int
    """The latest day on which an exempted contact is to be tested; 0 none."""
    second_dose_days: int
    began: int
    """The day, by the scenario's calendar, from which the columns count the days of doses."""
    opening_hour: int
    hours_open: int
    appointment: np.uint64
    """The key of the stream that gives the hours of doses."""


class Doses(NamedTuple):
    """The population's columns about doses."""

    flags: NDArray[np.uint8]
    first: NDArray[np.int16]
    third: NDArray[np.int16]


class Tree(NamedTuple):
    """The tree of histories, as a table of (number before, letter) → number."""

    keys: Keys
    """0 for a free slot; as many slots as a power of two."""
    numbers: Column
    size: NDArray[np.int64]
    """One number: how many there are, the two roots included."""


def planted(slots: int) -> Tree:
    """A tree of the roots alone, with so many slots, a power of two."""
    return Tree(np.zeros(slots, np.int64), np.zeros(slots, np.int32), np.array([2], np.int64))


@inlined
def slot_of(keys: Keys, key: Whole) -> Whole:
    """Where a key stands, or the free slot where it would."""
    mask = np.uint64(keys.size - 1)
    mixed = np.uint64(key) * MULTIPLIER
    slot = (mixed ^ mixed >> np.uint64(29)) & mask
    while keys[slot] != 0 and keys[slot] != key:
        slot = slot + np.uint64(1) & mask
    return np.int64(slot)


@compiled
def replanted(tree: Tree, keys: Keys, numbers: Column) -> None:
    """Put all that is in a tree into larger, empty columns."""
    for n in range(tree.keys.size):
        if tree.keys[n] != 0:
            slot = slot_of(keys, tree.keys[n])
            keys[slot], numbers[slot] = tree.keys[n], tree.numbers[n]


@inlined
def walked(keys: Keys, numbers: Column, root: Whole, letters: Keys, length: Whole) -> Whole:
    """The number of a history, `UNKNOWN` if it is not in the tree."""
    number = np.int64(root)
    for n in range(length):
        slot = slot_of(keys, number << LETTER | letters[n])
        if keys[slot] == 0:
            return np.int64(UNKNOWN)
        number = np.int64(numbers[slot])
    return number


@inlined
def grown(keys: Keys, numbers: Column, size: Keys, root: Whole, letters: Keys, length: Whole) -> Whole:
    """The number of a history, which is put into the tree where it is missing; `UNKNOWN` if there is no room left."""
    number = np.int64(root)
    for n in range(length):
        key = number << LETTER | letters[n]
        slot = slot_of(keys, key)
        if keys[slot] == 0:
            if 2 * size[0] >= keys.size:
                return np.int64(UNKNOWN)
            keys[slot], numbers[slot] = key, size[0]
            size[0] += 1
        number = np.int64(numbers[slot])
    return number


@inlined
def gathered(last: Column, table: Table, person: Whole, hour: Whole, found: Keys) -> Whole:
    """A person's records filed by an hour, ascending as moment << 2 | what, each once; how many. All if they fit."""
    count = np.int64(0)
    row = newest(last[person])
    while row > 0:
        record = table[row - 1, 2]
        if filed_in(record) <= hour and count < found.size:
            value = moment_in(record) << 2 | np.int64(record & 3)
            place = count
            while place > 0 and found[place - 1] > value:
                found[place] = found[place - 1]
                place -= 1
            if place > 0 and found[place - 1] == value:
                for n in range(place, count):
                    found[n] = found[n + 1]
            else:
                found[place] = value
                count += 1
        row = np.int64(table[row - 1, 0])
    return count


@inlined
def limits_passed(limits: Keys, age: Whole) -> Whole:
    """How many limits an age has reached."""
    passed = np.int64(0)
    for limit in limits:
        if age >= limit:
            passed += 1
    return passed


@inlined
def dose_class(rules: Rulebook, doses: Doses, person: Whole, contact: Whole) -> Whole:
    """What doses are worth at a contact: each of three 0 if not given, else 1 and the limits that its age passed."""
    given = np.int64(doses.flags[person]) >> 4 & 3
    worth = np.int64(0)
    for dose in range(1, 4):
        worth *= rules.dose_limits.size + 2
        if dose > given:
            continue
        day = np.int64(doses.third[person] if dose == 3 else doses.first[person]) + rules.began
        if dose == 2:
            day += rules.second_dose_days
        age = contact // 24 - day
        if age == 0:  # in the same day's hours
            drawn = word(rules.appointment, person, 0, dose)
            age = np.int64(0 if rules.opening_hour + below(rules.hours_open, drawn) <= contact % 24 else -1)
        worth += np.int64(0) if age < 0 else 1 + limits_passed(rules.dose_limits, age)
    return worth


@compiled
def is_exempted(rules: Rulebook, doses: Doses, person: Whole, found: Keys, place: Whole) -> int:
    """1 if the contact at this place of the records found is exempted by doses or past disease, else 0.

    It stands out of line: hardly anybody's history needs it.
    """
    contact, disease_limits = found[place] >> 2, rules.disease_limits
    regulation, disease = rules.of_day[contact // 24 + EARLIER], np.int64(disease_limits.size)
    for n in range(place):
        if found[n] & 3 == POSITIVE and found[n] >> 2 < contact:
            disease = limits_passed(disease_limits, contact // 24 - (found[n] >> 2) // 24)
    return int(rules.exempted[regulation, dose_class(rules, doses, person, contact), disease])


@compiled
def without_idle(
    rules: Rulebook, doses: Doses, person: Whole, found: Keys, count: Whole, kept: NDArray[np.bool_]
) -> int:
    """Strike the contacts that a case leaves without effect from the records found; how many records are left.

    It stands out of line: hardly anybody's history has a case.
    """
    for place in range(count):
        moment, kept[place] = found[place] >> 2, True
        if found[place] & 3 == CONTACT:
            regulation, exempted = rules.of_day[moment // 24 + EARLIER], np.int64(-1)
            for n in range(count):
                days = abs((found[n] >> 2) // 24 - moment // 24)
                if not kept[place] or found[n] & 3 != POSITIVE or days >= NEAR:
                    continue
                after = np.int64(moment >= found[n] >> 2)
                case_regulation = rules.of_day[(found[n] >> 2) // 24 + EARLIER]
                plain, protected = rules.idle[after, regulation, case_regulation, days]
                if plain != protected and exempted < 0:
                    exempted = np.int64(is_exempted(rules, doses, person, found, place))
                kept[place] = not (protected if exempted == 1 else plain)
    left = np.int64(0)
    for place in range(count):
        found[left] = found[place]
        left += np.int64(kept[place])
    return int(left)


@inlined
def letter(of_day: Keys, today: Whole, value: Whole, again: Whole, exempted: Whole) -> Whole:
    """One record as a letter."""
    day, what = (value >> 2) // 24, value & 3
    regulation = np.int64(0) if what == NEGATIVE else of_day[day + EARLIER]
    return 1 << 13 | (today - day) << 7 | again << 6 | regulation << 3 | what << 1 | exempted


@inlined
def isolates(longest: Whole, test_days: Whole, today: Whole, found: Keys, count: Whole, kept: NDArray[np.bool_]) -> Any:
    """Which of the cases and contacts found can make a difference from today on; whether any does."""
    some = False
    for n in range(count - 1, -1, -1):
        day, what = (found[n] >> 2) // 24, found[n] & 3
        kept[n] = what != NEGATIVE and today - day <= longest
        later = n + 1
        while what != NEGATIVE and not kept[n] and later < count:
            days, other = (found[later] >> 2) // 24 - day, found[later] & 3
            if days > max(longest, test_days):
                break
            if what == POSITIVE:
                kept[n] = kept[later] and other == CONTACT
            else:
                kept[n] = kept[later] and other == POSITIVE and 0 < days <= test_days
            later += 1
        some = some or kept[n]
    return some


@inlined
def counts(of_day: Keys, testing: Keys, found: Keys, kept: NDArray[np.bool_], place: Whole) -> Any:
    """Whether the negative at this place lies on a day on which a case or contact before it can be tested."""
    day, some = (found[place] >> 2) // 24, False
    for n in range(place):
        since = (found[n] >> 2) // 24
        if kept[n] and found[n] & 3 != NEGATIVE and day - since < 63:
            some = some or testing[of_day[since + EARLIER]] >> (day - since) & 1 == 1
    return some


@compiled
def stood(  # noqa: C901, PLR0912 - a history, letter by letter
    last: Column,
    table: Table,
    tree: Tree,
    rules: Rulebook,
    doses: Doses,
    people: Column,
    hour: Whole,
    grow: Whole,
    out: Column,
) -> None:
    """The number of each person's history at an hour, into `out`: of those that are `UNKNOWN` there, or of all.

    Columns are read ahead in short loops, so that the waits for far memory overlap.
    """
    found, kept, letters = np.empty(MANY, np.int64), np.empty(MANY, np.bool_), np.empty(MANY, np.int64)
    rows, keys, ends, size = np.empty(people.size, np.int64), tree.keys, tree.numbers, tree.size
    of_day, testing, exempting = rules.of_day, rules.testing, rules.exempting
    longest, test_days, today = rules.longest, rules.test_days, hour // 24
    for n in range(people.size):
        rows[n] = newest(last[people[n]]) - 1
    for n in range(people.size):
        rows[n] = np.int64(table[rows[n], 0]) << 2 | table[rows[n], 2] & 3
    for n in range(people.size):
        if grow and out[n] != UNKNOWN:
            continue
        out[n] = NOTHING
        if rows[n] == NEGATIVE:  # a negative without any record before it
            continue
        person, length = np.int64(people[n]), np.int64(0)
        count = gathered(last, table, person, hour, found)
        for place in range(count):
            if found[place] & 3 == POSITIVE:
                count = np.int64(without_idle(rules, doses, person, found, count, kept))
                break
        if not isolates(longest, test_days, today, found, count, kept):
            continue
        before, what_before = np.int64(-1_000_000), np.int64(NEGATIVE)
        for place in range(count):
            what, moment = found[place] & 3, found[place] >> 2
            if what == NEGATIVE:
                kept[place] = counts(of_day, testing, found, kept, place)
            if not kept[place]:
                continue
            again = np.int64(1 if moment == before and what == CONTACT and what_before == POSITIVE else 0)
            exempted = np.int64(0)
            if what == CONTACT and exempting[of_day[moment // 24 + EARLIER]]:
                exempted = np.int64(is_exempted(rules, doses, person, found, place))
            letters[length] = letter(of_day, today, found[place], again, exempted)
            if length == 0 or letters[length] != letters[length - 1]:
                length += 1
            before, what_before = moment, what
        if grow:
            out[n] = grown(keys, ends, size, STANDS, letters, length)
        else:
            out[n] = walked(keys, ends, STANDS, letters, length)


@compiled
def asked_about(
    last: Column, table: Table, tree: Tree, rules: Rulebook, doses: Doses, keys: Keys, grow: Whole, out: Column
) -> None:
    """The same for contacts to be asked for a sample: the last positive before each, if it is near, and the contact."""
    found, letters = np.empty(MANY, np.int64), np.empty(MANY, np.int64)
    ways, ends, size, of_day, longest = tree.keys, tree.numbers, tree.size, rules.of_day, rules.longest
    exempting = rules.exempting
    for n in range(keys.size):
        if grow and out[n] != UNKNOWN:
            continue
        person, contact = person_of(keys[n]), moment_of(keys[n])
        count = gathered(last, table, person, keys[n] >> 41, found)
        today, length, place, near = contact // 24, np.int64(0), np.int64(0), np.int64(0)
        while place < count and found[place] < (contact << 2 | CONTACT):
            place += 1
        for before in range(place):
            moment = found[before] >> 2
            if found[before] & 3 == POSITIVE and today - moment // 24 <= longest:
                letters[length] = letter(of_day, today, found[before], np.int64(0), np.int64(0))
                length, near = length + 1, np.int64(1 if moment == contact else 0)
        exempted = np.int64(0)
        if exempting[of_day[today + EARLIER]]:
            exempted = np.int64(is_exempted(rules, doses, person, found, place))
        letters[length] = letter(of_day, today, found[place], near, exempted)
        if grow:
            out[n] = grown(ways, ends, size, ASKED, letters, length + 1)
        else:
            out[n] = walked(ways, ends, ASKED, letters, length + 1)
