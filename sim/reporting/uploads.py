"""A day's uploads in one compiled loop, hour by hour: it comes back only when there is something to be seen to.

Records that arrive in an hour are those of the morning's sorted mail, and contacts named in earlier hours of today.
In this order: everybody concerned stands as the rules say; positives become cases; contacts are asked for samples;
the teams that are free take up cases, whose contacts are named.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, compiled
from sim.reporting.dossier import CONTACT, POSITIVE, Column, Keys, Table, append, found_cases, person_of
from sim.reporting.histories import UNKNOWN, Doses, Rulebook, Tree, asked_about, stood
from sim.reporting.model import PLATES
from sim.reporting.standings import Answers, Board, Days, found_after, stand, unanswered, will_be_tested
from sim.reporting.tracing import Places, Teams, by_plate, named, taken_up

HOUR, STEP, MAILED, ITEMS, POSITIVES, NAMED, KEPT, WAITING, AGAIN, ASKED, GAPS, ROWS, OPEN = range(13)
"""Where the loop is, as whole numbers: the hour and the step; keys taken from the mail; how many people or contacts
`numbers` is about, and positives in the hour; how far each list is filled; rows of the table; open questions."""
COLLECTS, LOOKS, STANDS, SEEKS, ASKS, KEEPS = range(6)
DONE, MANY, GROW, OPENED, ROOM = range(5)
"""What the loop comes back with: nothing is left to do; histories are to be looked up by threads; the tree is to
grow; histories are to be put to the rules; the table is to grow."""
COUNTED = ("positives", "contacts", "cases", "contacts_named")


class Desktop(NamedTuple):
    """What lies on the desk for a day; lists are longer than what is in them."""

    at: Keys
    mail: Keys
    """Records to be filed today, sorted."""
    filed: Keys
    """Those of the hour, sorted; then its positives."""
    people: Column
    """Of the hour, each once."""
    contacts: Keys
    """Of the hour."""
    numbers: Column
    """Of the histories of either."""
    open: Keys
    """Places of the histories that the rules have not been asked about."""
    named: Keys
    """Contacts named today, as records to be filed."""
    waiting: Keys
    """Cases of today that found no team."""
    again: Keys
    asked: Keys
    """Who is to be looked at again, and to give a sample, as day << 32 | person."""
    gaps: Table
    free: Keys
    """Cases that teams can still take up, by plate."""
    counts: NDArray[np.int64]
    """By what is counted (see `COUNTED`) and plate."""


class Known(NamedTuple):
    """What is known of everybody."""

    last: Column
    table: Table
    infected_on: Days
    doses: Doses
    places: Places
    hours_to_risky: Keys


class Customs(NamedTuple):
    """Single numbers by which the desk works."""

    many: int
    """People from whom on histories are looked up by threads."""
    episode_days: int
    infected_days: int
    tested_share: int
    willing: np.uint64


def desktop_of(hour: int, mail: Keys, free: Keys, most_named: int, rows: int) -> Desktop:
    """An empty desktop at an hour, with the day's mail; a case has at most so many contacts."""
    contacts = min(mail.size, int(free.sum())) * most_named
    most = mail.size + contacts + 1
    at = np.zeros(OPEN + 1, np.int64)
    at[HOUR], at[ROWS] = hour, rows
    return Desktop(
        at=at,
        mail=mail,
        filed=np.empty(most, np.int64),
        people=np.empty(most, np.int32),
        contacts=np.empty(most, np.int64),
        numbers=np.empty(most, np.int32),
        open=np.empty(most, np.int64),
        named=np.empty(contacts, np.int64),
        waiting=np.empty(mail.size + 1, np.int64),
        again=np.empty(most, np.int64),
        asked=np.empty(most, np.int64),
        gaps=np.empty((most, 3), np.int32),
        free=free,
        counts=np.zeros((len(COUNTED), PLATES), np.int64),
    )


@compiled
def collected(desktop: Desktop) -> None:
    """Take the hour's records, and note each person of theirs once."""
    at, filed, people, mail, others = desktop.at, desktop.filed, desktop.people, desktop.mail, desktop.named
    hour, nth, count, known = at[HOUR], at[MAILED], np.int64(0), np.int64(0)
    while nth < mail.size and mail[nth] >> 41 == hour:
        filed[count] = mail[nth]
        nth, count = nth + 1, count + 1
    at[MAILED], known = nth, count
    for n in range(at[NAMED]):
        filed[count] = others[n]
        count += np.int64(others[n] >> 41 == hour)
    if count > known:
        filed[:count].sort()
    items = np.int64(0)
    for n in range(count):
        person = person_of(filed[n])
        if items == 0 or person != people[items - 1]:
            people[items] = person
            items += 1
    desktop.numbers[:items] = UNKNOWN
    at[ITEMS], at[POSITIVES] = items, count


@compiled
def sorted_out(desktop: Desktop, known: Known, board: Board, customs: Customs) -> None:
    """Positives to the front of `filed`, contacts into `contacts`; cases are marked."""
    at, filed, contacts, counts = desktop.at, desktop.filed, desktop.contacts, desktop.counts
    positives, others = np.int64(0), np.int64(0)
    for n in range(at[POSITIVES]):
        key = filed[n]
        contacts[others], filed[positives] = key, key
        others += np.int64(key & 3 == CONTACT)
        positives += np.int64(key & 3 == POSITIVE)
    first = filed[:positives]
    cases = first[found_cases(known.last, known.table, first, customs.episode_days)]
    by_plate(board.provinces, first, counts[0])
    by_plate(board.provinces, contacts[:others], counts[1])
    by_plate(board.provinces, cases, counts[2])
    found_after(board, cases, known.infected_on, customs.infected_days, known.hours_to_risky)
    desktop.numbers[:others] = UNKNOWN
    at[ITEMS], at[POSITIVES] = others, positives


@compiled
def settled(desktop: Desktop, answers: Answers, step: Whole) -> int:
    """Go on to a step, if all histories have their numbers and answers; else what is to be seen to before."""
    at = desktop.at
    numbers = desktop.numbers[: at[ITEMS]]
    for n in range(numbers.size):
        if numbers[n] == UNKNOWN:
            return GROW
    at[STEP] = step
    at[OPEN] = unanswered(numbers, answers, desktop.open)
    return OPENED if at[OPEN] else DONE


@compiled
def traced(desktop: Desktop, known: Known, board: Board, teams: Teams) -> None:
    """Let teams take up the hour's cases and name their contacts."""
    at = desktop.at
    cases = desktop.filed[: at[POSITIVES]]
    taken = taken_up(board.provinces, cases, desktop.free)
    for n in range(cases.size):
        desktop.waiting[at[WAITING]] = cases[n]
        at[WAITING] += np.int64(not taken[n])
    begins = at[NAMED]
    at[NAMED] = named(cases[taken], at[HOUR] // 24, known.places, teams, desktop.named, begins)
    by_plate(board.provinces, desktop.named[begins : at[NAMED]], desktop.counts[3])


@compiled
def upload(  # noqa: C901, PLR0912 - the steps of an hour
    until: Whole,
    desktop: Desktop,
    known: Known,
    tree: Tree,
    book: Rulebook,
    answers: Answers,
    board: Board,
    teams: Teams,
    customs: Customs,
) -> int:
    """File what arrives up to an hour; `DONE`, or what is to be seen to before the loop is called again."""
    at = desktop.at
    while at[HOUR] < until:
        hour = at[HOUR]
        if at[STEP] == COLLECTS:
            collected(desktop)
            if at[ITEMS] == 0:
                at[HOUR] += 1
                continue
            at[STEP] = LOOKS
            if at[ITEMS] > customs.many:
                return MANY
        if at[STEP] == LOOKS:
            people, numbers = desktop.people[: at[ITEMS]], desktop.numbers[: at[ITEMS]]
            stood(known.last, known.table, tree, book, known.doses, people, hour, 1, numbers)
            what = settled(desktop, answers, STANDS)
            if what != DONE:
                return what
        if at[STEP] == STANDS:
            people, numbers = desktop.people[: at[ITEMS]], desktop.numbers[: at[ITEMS]]
            again, gaps = desktop.again[at[AGAIN] :], desktop.gaps[at[GAPS] :]
            returns, breaks = stand(board, answers, people, numbers, hour, 0, again, gaps)
            at[AGAIN] += returns
            at[GAPS] += breaks
            sorted_out(desktop, known, board, customs)
            at[STEP] = SEEKS
            if at[ITEMS] > customs.many:
                return MANY
        if at[STEP] == SEEKS:
            contacts, numbers = desktop.contacts[: at[ITEMS]], desktop.numbers[: at[ITEMS]]
            asked_about(known.last, known.table, tree, book, known.doses, contacts, 1, numbers)
            what = settled(desktop, answers, ASKS)
            if what != DONE:
                return what
        if at[STEP] == ASKS:
            contacts, numbers = desktop.contacts[: at[ITEMS]], desktop.numbers[: at[ITEMS]]
            asked = desktop.asked[at[ASKED] :]
            at[ASKED] += will_be_tested(contacts, numbers, answers, customs.tested_share, customs.willing, asked)
            if at[POSITIVES]:
                traced(desktop, known, board, teams)
            at[STEP] = KEEPS
        if at[ROWS] + at[NAMED] - at[KEPT] > known.table.shape[0]:
            return ROOM
        at[ROWS] = append(known.last, known.table, at[ROWS], desktop.named[at[KEPT] : at[NAMED]])
        at[KEPT] = at[NAMED]
        at[STEP] = COLLECTS
        at[HOUR] += 1
    return DONE
