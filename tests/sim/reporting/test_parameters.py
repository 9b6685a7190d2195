"""Parameters that cannot be are refused, all at once, by name."""

from dataclasses import fields
from datetime import date

import pytest

from sim.reporting.parameters import Campaign, ReportingParameters


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"symptomatic_tested_share": 1.1}, "symptomatic_tested_share = 1.1 is outside 0.0 to 1.0"),
        ({"sample_mean_days": 0.0}, "sample_mean_days = 0.0 is outside 0.01 to 30.0"),
        ({"delay_cv2": -1.0}, "delay_cv2 = -1.0 is outside 0.0 to 4.0"),
        ({"false_positive_share": -0.1}, "false_positive_share = -0.1 is outside 0.0 to 1.0"),
        ({"sensitivity": ()}, "sensitivity must be shares from 0 to 1, one at least"),
        ({"sensitivity": (0.5, 1.5)}, "sensitivity must be shares from 0 to 1, one at least"),
        ({"opening_hour": 20}, "closing_hour = 20 must be above opening_hour = 20"),
        ({"uploads_per_hour": 7}, "uploads_per_hour = 7 must be a divisor of 60"),
        ({"uploads_per_hour": 0}, "uploads_per_hour = 0 is outside 1 to 60"),
        ({"work_contacts": -1}, "work_contacts = -1 is outside 0 to 100"),
        ({"third_dose_days": 0}, "third_dose_days = 0 is outside 1 to 1000"),
        (
            {"household_named_share": 2.0, "closing_hour": 30},
            "closing_hour = 30 is outside 1 to 24; household_named_share = 2.0 is outside 0.0 to 1.0",
        ),
    ],
)
def test_refused(changes: dict[str, object], message: str) -> None:
    """The message names each field, its value and its range."""
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  the whole message is compared
        ReportingParameters(**changes)
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"first": 1.2}, "first = 1.2 is outside 0 to 1.0"),
        ({"second": 0.9}, "second = 0.9 is outside 0 to 0.8"),
        ({"third": 0.8}, "third = 0.8 is outside 0 to 0.7"),
        ({"ends": date(2021, 5, 31)}, "ends = 2021-05-31 lies before begins = 2021-06-01"),
    ],
)
def test_campaign_refused(changes: dict[str, object], message: str) -> None:
    """A dose is for those who had the one before, and a campaign ends after it has begun."""
    campaign = {"begins": date(2021, 6, 1), "ends": date(2021, 9, 1), "first": 0.8, "second": 0.7, "third": 0.1}
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  the whole message is compared
        Campaign(**(campaign | changes))
    assert str(refusal.value) == message


def test_defaults_are_documented() -> None:
    """Every field has a default, and the sensitivity peaks on day 8 with 80 %."""
    parameters = ReportingParameters()
    assert {each.name for each in fields(parameters)} >= {"sensitivity", "uploads_per_hour", "elderly"}
    assert parameters.sensitivity.index(max(parameters.sensitivity)) == 8
    assert max(parameters.sensitivity) == 0.8
    assert parameters.hours_open == 12
