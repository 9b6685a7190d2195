"""What can be set, within which bounds."""

import dataclasses
import inspect
import re

import pytest

from sim.capacity.network import parameters
from sim.capacity.network.model import changes
from sim.capacity.network.parameters import NetworkParameters, Station, StationParameters


@pytest.mark.parametrize("kind", [NetworkParameters, StationParameters])
def test_every_field_is_told_apart(kind):
    """Each field has its own docstring with where its value comes from."""
    source = inspect.getsource(getattr(parameters, kind.__name__))
    for field in dataclasses.fields(kind):
        told = re.search(rf'\n    {field.name}: (?:.|\n)*?"""(.*?)"""', source, re.DOTALL)
        assert told, field.name
        assert re.search(r"[Cc]hosen here|Source|Precedent|Range: ", told[1]), field.name


def test_all_that_is_wrong_is_told_at_once():
    """Every field by name, its value and its range."""
    with pytest.raises(ValueError, match="network: ") as error:
        NetworkParameters(max_retries=101, jitter=2, rate_burst=0, outages=((Station.AUDIT, 5.0, 5.0, 1),))
    sentences = str(error.value).removeprefix("network: ").split("; ")
    assert [sentence.split()[0] for sentence in sentences] == ["max_retries", "jitter", "rate_burst", "outages"]
    with pytest.raises(ValueError, match=r"servers = -1 .*; hit_rate = 1.5"):
        StationParameters(servers=-1, hit_rate=1.5)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"servers_at_least": 2}, "servers_at_most must be set together"),
        ({"servers": 3, "servers_at_least": 4, "servers_at_most": 5}, "servers_at_least = 4 must lie between 1 and 3"),
        ({"servers": 3, "servers_at_least": 1, "servers_at_most": 2}, "servers_at_most = 2 must lie between 3"),
    ],
)
def test_bounds_of_autoscaling(fields, complaint):
    """Both or none, around the servers that there are at first."""
    with pytest.raises(ValueError, match=complaint):
        StationParameters(**fields)


def test_there_is_a_station():
    """A network of nothing is refused."""
    with pytest.raises(ValueError, match="there must be one"):
        NetworkParameters(**dict.fromkeys(Station, StationParameters(servers=0)))


def test_the_defaults_are_about_70_percent_used_at_the_peak():
    """4,500 calls a second, at every station."""
    for _, room in NetworkParameters().stations:
        assert 4_500 * room.mean_us / 1e6 / room.servers == pytest.approx(0.70, abs=0.015)


def test_the_schedule_as_steps():
    """Outages add up, the slowest time counts, stations that there are not are left out."""
    none = StationParameters(servers=0)
    planned = NetworkParameters(
        authentication=none,
        outages=(
            (Station.CODE_LOOKUP, 1.0, 3.0, 4),
            (Station.CODE_LOOKUP, 2.0, 4.0, 5),
            (Station.AUTHENTICATION, 0.0, 1.0, 1),
        ),
        slow=((Station.GATEWAY, 2.0, 4.0, 200), (Station.GATEWAY, 3.0, 5.0, 150)),
    )  # fmt: skip
    assert changes(planned) == [
        (1_000_000, 1, 4, 100),
        (2_000_000, 0, 0, 200),
        (2_000_000, 1, 9, 100),
        (3_000_000, 0, 0, 200),
        (3_000_000, 1, 5, 100),
        (4_000_000, 0, 0, 150),
        (4_000_000, 1, 0, 100),
        (5_000_000, 0, 0, 100),
    ]
