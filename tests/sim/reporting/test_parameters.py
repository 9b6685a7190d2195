"""Parameters that cannot be are refused, all at once, by name."""

from datetime import date

import pytest

from sim.reporting.parameters import ReportingParameters

DAY, LATER = date(2020, 6, 1), date(2020, 7, 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tested": ((DAY, 1.1),)}, "tested has 1.1 in row 1, from 2020-06-01 on, which is outside 0 to 1.0"),
        ({"tested": ()}, "tested must have one date at least"),
        ({"screened": ((LATER, 1.0), (DAY, 1.0))}, "in row 2, which is not after"),
        (
            {"screened": ((DAY, -1.0),)},
            "screened has -1.0 in row 1, from 2020-06-01 on, which is outside 0 to 100000.0",
        ),
        ({"sample_mean_days": 0.0}, "sample_mean_days = 0.0 is outside 0.01 to 10.0"),
        ({"delay_cv2": -1.0}, "delay_cv2 = -1.0 is outside 0.0 to 4.0"),
        ({"false_positive_share": -0.1}, "false_positive_share = -0.1 is outside 0.0 to 1.0"),
        ({"sensitivity": ()}, "sensitivity must have one share at least"),
        ({"sensitivity": (0.5, 1.5)}, "sensitivity has 1.5 in place 2, which is outside 0 to 1"),
        ({"opening_hour": 20}, "closing_hour = 20 must be above opening_hour = 20"),
        ({"upload_every_hours": 7}, "upload_every_hours = 7 must be a divisor of 24"),
        ({"upload_every_hours": 0}, "upload_every_hours = 0 is outside 1 to 24"),
        ({"work_contacts": -1}, "work_contacts = -1 is outside 0 to 100"),
        ({"tracing_capacity": -1.0}, "tracing_capacity = -1.0 is outside 0.0 to 100000.0"),
        ({"tracing_gives_up_days": 31}, "tracing_gives_up_days = 31 is outside 0 to 30"),
        ({"positive_rest_days": 20}, "positive_rest_days = 20 is outside 30 to 365"),
        ({"isolation_days": 22}, "isolation_days = 22 is outside 0 to 21"),
        ({"quarantine_days": -1}, "quarantine_days = -1 is outside 0 to 21"),
        (
            {"household_named_share": 2.0, "closing_hour": 30},
            "closing_hour = 30 is outside 1 to 24; household_named_share = 2.0 is outside 0.0 to 1.0",
        ),
    ],
)
def test_refused(changes: dict[str, object], message: str) -> None:
    """The message names each field, its value and its range."""
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  the whole message is compared
        ReportingParameters(**changes)  # type: ignore[arg-type]
    assert message in str(refusal.value)


def test_sensitivity_peaks_on_day_8() -> None:
    """The published curve has its highest value, 80 %, eight days after the infection."""
    parameters = ReportingParameters()
    assert parameters.sensitivity.index(max(parameters.sensitivity)) == 8
    assert max(parameters.sensitivity) == 0.8
    assert parameters.hours_open == 12
