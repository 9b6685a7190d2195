"""What can be set, within which bounds, and what it means in microseconds."""

import dataclasses
import inspect
import re

import pytest

from sim.capacity import parameters
from sim.capacity.parameters import CapacityParameters, TimeKind


def test_every_field_is_told_apart_with_unit_and_range():
    """Each field has its own docstring: what it is, its range, where its value comes from."""
    source = inspect.getsource(parameters.CapacityParameters)
    for field in dataclasses.fields(CapacityParameters):
        told = re.search(rf'\n    {field.name}: .*\n    """(.*?)"""', source, re.DOTALL)
        assert told, field.name
        assert re.search(r"Range: |shape", told[1]), field.name
        assert re.search(r"Chosen here|chosen here|Source|Precedents|Palm", told[1]), field.name


@pytest.mark.parametrize(
    ("kind", "mean_us", "cv2"),
    [
        (TimeKind.DETERMINISTIC, 40_000, 0.0),
        (TimeKind.UNIFORM, 40_000, 1 / 3),
        (TimeKind.EXPONENTIAL, 40_000, 1.0),
        (TimeKind.LOGNORMAL, 40_000, 2.5),
    ],
)
def test_a_shape_keeps_its_mean(kind, mean_us, cv2):
    """Milliseconds become a table of microseconds; only the log-normal reads service_cv2."""
    table = CapacityParameters(service_kind=kind, service_mean_ms=40, service_cv2=2.5).service
    assert float(table.mean_us) == pytest.approx(mean_us, rel=1e-3)
    assert table.cv2 == pytest.approx(cv2, rel=3e-3)


def test_patience_is_endless_unless_set():
    """No time-out, no table."""
    assert CapacityParameters().patience is None
    assert CapacityParameters(timeout_ms=2.5).patience.at(0) == 2_500


def test_pauses_double_up_to_a_limit():
    """500, 1000, 2000, 4000 and then 5000 ms, half of it drawn."""
    asked = CapacityParameters(backoff_ms=500, backoff_limit_ms=5_000, jitter=0.5)
    assert [asked.pause_us(attempt) for attempt in range(5)] == [
        (250_000, 500_000),
        (500_000, 1_000_000),
        (1_000_000, 2_000_000),
        (2_000_000, 4_000_000),
        (2_500_000, 5_000_000),
    ]


@pytest.mark.parametrize(("backoff_ms", "jitter"), [(0.0, 0.0), (0.0, 1.0), (10.0, 1.0)])
def test_a_pause_is_never_nothing(backoff_ms, jitter):
    """The shortest pause is a microsecond, whatever is set."""
    assert CapacityParameters(backoff_ms=backoff_ms, jitter=jitter).pause_us(0)[0] == 1


def test_all_mistakes_are_named_at_once():
    """Two fields out of range, one error that names both and their bounds."""
    with pytest.raises(ValueError, match=r"servers = 0 must lie between 1 and 100,000; jitter = 2 must lie") as error:
        CapacityParameters(servers=0, jitter=2)
    assert str(error.value).startswith("capacity: ")


@pytest.mark.parametrize(
    "wrong",
    [
        {"service_mean_ms": 0},
        {"service_mean_ms": float("nan")},
        {"service_cv2": 26},
        {"waiting_room": -1},
        {"timeout_ms": 0},
        {"timeout_ms": 3_600_001},
        {"timeout_kind": TimeKind.LOGNORMAL},
        {"max_retries": 101},
        {"backoff_ms": -1},
        {"backoff_limit_ms": -1},
        {"jitter": -0.1},
    ],
)
def test_each_bound_is_kept(wrong):
    """The error names the field."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        CapacityParameters(**wrong)
