"""Small institutions at e-Devlet: single codes at counters, and lists of the staff."""

from dataclasses import replace
from datetime import date

import numpy as np

from sim.demand import model
from sim.demand.arrivals import chances
from sim.demand.ground import ground
from sim.demand.parameters import Channel, DemandParameters
from sim.demand.record import LISTS, STAFF
from sim.streams import Streams

MONDAY, SUNDAY = date(2021, 10, 4), date(2021, 10, 10)
ALL = DemandParameters(edevlet_list_share=1.0, staff_check_share=1.0, edevlet_counter_share=0.3)


def plan(settled, day=MONDAY, parameters=ALL):
    return model.plan(settled.people, settled.callers, parameters, Streams(1), day)


def seats(settled, parameters=ALL):
    land = ground(settled.people)
    return model.seats(settled.people.age, land, settled.callers.table, parameters, chances(Streams(1)))


def test_a_list_is_the_whole_staff_in_one_call(town):
    """Every workplace that uploads one asks about each of its people once, by somebody of its own from 20 years."""
    day, people, seated = plan(town), town.people, seats(town)
    lists = day.source == LISTS
    assert set(day.channel[lists].tolist()) == {Channel.EDEVLET_BULK}
    places = np.flatnonzero(seated.uploader >= 0)
    assert np.unique(day.asker[lists]).tolist() == np.sort(seated.uploader[places]).tolist()
    assert np.array_equal(np.sort(day.person[lists]), np.flatnonzero(np.isin(people.workplace, places)))
    assert np.unique(day.call[lists]).size == places.size
    assert people.age[day.asker[lists]].min() >= 20
    sizes = people.workplace_size[places]
    assert (sizes.min(), sizes.max() < 500) == (2, True)
    assert set((day.at_us[lists] // 3_600_000_000).tolist()) == set(range(6, 12))


def test_whose_staff_is_on_a_list_is_not_asked_at_the_door(town):
    """Each workplace does the one or the other."""
    day, work = plan(town, parameters=replace(ALL, edevlet_list_share=0.5)), town.people.workplace
    at_door = set(work[day.person[day.source == STAFF]].tolist())
    on_list = set(work[day.person[day.source == LISTS]].tolist())
    assert not at_door & on_list
    assert min(len(at_door), len(on_list)) > 50


def test_lists_come_on_days_of_work(town):
    """Nearly none on a Sunday, none by a public employer, none before staff are asked at all."""
    sunday = plan(town, SUNDAY)
    few, many = (np.unique(day.call[day.source == LISTS]).size for day in (sunday, plan(town)))
    assert 0 < few < 0.2 * many
    kinds = town.people.workplace_kind[town.people.workplace[sunday.person[sunday.source == LISTS]]]
    assert set(kinds.tolist()) == {2}
    assert not (plan(town, date(2020, 9, 7)).source == LISTS).any()


def test_a_share_of_the_counters_asks_at_e_devlet(town):
    """By customers, as the keepers are weighed: each keeper in one of the two ways, and nobody under 20 there."""
    day, seated = plan(town), seats(town)
    shops = [np.unique(day.asker[day.channel == channel]) for channel in (Channel.PERSON, Channel.EDEVLET)]
    keepers = set(seated.counter[seated.online].tolist())
    assert set(shops[1].tolist()) <= keepers
    assert not set(shops[0].tolist()) & keepers
    assert town.people.age[shops[1]].min() >= 20
    size = town.people.workplace_size
    share = size[seated.online].sum() / size[seated.counter >= 0].sum()
    shop = day.source == 6
    assert abs((day.channel[shop] == Channel.EDEVLET).mean() - share) < 0.02


def test_without_e_devlet_nobody_asks_there(town):
    """Shares of nothing leave the day as it is with the application alone."""
    nobody = plan(town, parameters=DemandParameters(edevlet_list_share=0.0, edevlet_counter_share=0.0))
    assert not np.isin(nobody.channel, (Channel.EDEVLET, Channel.EDEVLET_BULK)).any()
