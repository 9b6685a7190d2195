"""Which contacts a case leaves without effect: what the rules say about the two alone holds in every history."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.risk_index.regulations import REGULATIONS
from sim.reporting.dossier import CONTACT, NEGATIVE, POSITIVE
from sim.reporting.histories import NEAR, Doses, Rulebook, without_idle
from sim.reporting.model import dose_days, dose_reports, regulations, spells
from sim.reporting.parameters import ReportingParameters
from sim.reporting.rulebook import idle, rulebook
from sim.reporting.rulings import report_of
from sim.streams import Stream, Streams
from tests.sim.reporting.made import Town, random_town

BEFORE, AFTER = 0, 1
OF_DECEMBER_2020, OF_JUNE_2021, OF_SEPTEMBER_2021, OF_JANUARY_2022, LIFTED = 2, 3, 4, 5, 6
STARTS_ON, DAYS = date(2021, 8, 20), 240
RULES = regulations(ReportingParameters())


def said(side: int, contact: int, case: int, *, exempted: bool = False) -> list[int]:
    """The days between a contact and a case with which the contact makes a difference."""
    return np.flatnonzero(~idle(REGULATIONS)[side, contact, case, :, int(exempted)]).tolist()


def test_a_contact_before_a_case_is_over_with_it() -> None:
    """But for the exempted one of autumn 2021, who is positive on the fifth day: that case is shorter."""
    assert said(BEFORE, OF_DECEMBER_2020, OF_DECEMBER_2020) == []
    assert said(BEFORE, OF_SEPTEMBER_2021, OF_SEPTEMBER_2021) == []
    assert said(BEFORE, OF_SEPTEMBER_2021, OF_SEPTEMBER_2021, exempted=True) == [5]
    assert said(BEFORE, OF_JANUARY_2022, OF_JANUARY_2022, exempted=True) == []
    assert said(BEFORE, OF_JANUARY_2022, LIFTED) == list(range(8)), "no case begins, and the contact's seven days go on"


def test_a_contact_within_a_case_means_nothing() -> None:
    """For as long as the case is isolated however early a negative sample ends it; later it may mean something."""
    assert said(AFTER, OF_DECEMBER_2020, OF_DECEMBER_2020) == list(range(15, NEAR))
    assert said(AFTER, OF_JUNE_2021, OF_DECEMBER_2020) == [0, *range(15, NEAR)], "the rules don't change within a day"
    assert said(AFTER, OF_SEPTEMBER_2021, OF_SEPTEMBER_2021) == list(range(10, NEAR)), "nine days, if exempted before"
    assert said(AFTER, OF_JANUARY_2022, OF_JANUARY_2022) == [], "who was ill within 90 days is exempted"


@cache
def town_and_book() -> tuple[Town, Rulebook, Stream]:
    streams = Streams(8)
    town = random_town(streams.stream("made"), 40, vaccinated=(date(2021, 3, 1), date(2022, 1, 10)))
    appointment = streams.stream("appointment")
    return town, rulebook(town, ReportingParameters(), RULES, appointment, STARTS_ON, DAYS), appointment


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 39),
    st.integers(0, 200),
    st.lists(st.tuples(st.integers(0, 24 * 32), st.sampled_from([NEGATIVE, CONTACT])), max_size=9),
    st.sampled_from([(), (9,), (20,), (0, 31)]),
)
def test_idle_contacts_change_nothing_to_come(
    person: int, since: int, others: list[tuple[int, int]], cases: tuple[int, ...]
) -> None:
    """Whoever is looked at after a case stands the same from then on without them, by the ministry's own rules."""
    town, book, appointment = town_and_book()
    hours = [(24 * day + 12, POSITIVE) for day in cases] + others
    found = np.array(sorted({(24 * since + hour) << 2 | what for hour, what in hours}), np.int64)
    doses, kept = Doses(town.flags, town.first_dose, town.third_dose), np.empty(found.size, np.bool_)
    begun = datetime(STARTS_ON.year, STARTS_ON.month, STARTS_ON.day, tzinfo=UTC) - timedelta(hours=3)
    now = max([24 * since, *(value >> 2 for value in found.tolist())])
    days = dose_days(town, person, STARTS_ON)
    given_at = [int(book.opening_hour + appointment.below(book.hours_open, person, 0, dose)) for dose in (1, 2, 3)]
    given = dose_reports(days, given_at[: len(days)], person, begun, now)

    def stands(values: list[int]) -> list[tuple[int, int]]:
        known = [report_of(person, value >> 2, value & 3, begun) for value in values]
        return [(spell.begins, spell.until) for spell in spells([*known, *given], now, begun, RULES)]

    before = stands(found.tolist())
    left = found[: without_idle(book, doses, person, found, found.size, kept)]
    assert stands(left.tolist()) == before
