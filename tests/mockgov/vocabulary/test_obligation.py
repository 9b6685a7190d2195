"""Rules that come one by one and go all at once."""

from datetime import date
from itertools import pairwise

import pytest

from mockgov.risk_index.regulations import REGULATIONS
from mockgov.vocabulary.obligation import ABOLISHED, SINCE, Obligation


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2020, 11, 30), False), (date(2020, 12, 1), True), (date(2022, 3, 1), True), (date(2022, 3, 2), False)],
)
def test_a_rule_holds_from_its_day_until_all_are_lifted(day: date, *, holds: bool) -> None:
    """Malls: from 1 December 2020 to 1 March 2022."""
    assert Obligation.MALL.holds_on(day) is holds


def test_every_obligation_has_its_day() -> None:
    """In the order of the days, and all before the end."""
    assert set(SINCE) == set(Obligation)
    assert all(one <= other for one, other in pairwise([*SINCE.values(), ABOLISHED]))


def test_the_end_is_the_end_of_isolation_too() -> None:
    """No institution asks from the day on which the ministry's last regulation comes into force."""
    assert REGULATIONS[-1].in_force_from == ABOLISHED
