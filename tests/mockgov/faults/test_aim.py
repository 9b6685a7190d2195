"""Whom a fault is aimed at: patterns of routes and names, windows and bursts."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.faults.aim import Window, is_asker, is_route, window
from mockgov.faults.kinds import Refuse
from mockgov.streams import Streams

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
CHECK = "/services/g2g/saglik/hes/check-hes-code"


@pytest.mark.parametrize(
    ("pattern", "route", "is_meant"),
    [
        (CHECK, CHECK, True),
        (CHECK, CHECK + "s", False),
        ("/services/*", CHECK, True),
        ("/services/*/check-hes-code", CHECK, True),
        ("/services/*/hes/*-code", CHECK, True),
        ("/services/*/x/*-code", CHECK, False),
        ("check-hes-code", CHECK, True),
        ("hes/check-hes-code", CHECK, True),
        ("es/check-hes-code", CHECK, False),
        ("check-*", CHECK, True),
        ("check", CHECK, False),
        ("*", CHECK, True),
        ("/", CHECK, False),
        ("/letters/{letter_id}/evidence", "/letters/17/evidence", True),
        ("/letters/{letter_id}/evidence", "/letters/17/18/evidence", False),
        ("/letters/{letter_id}", "/letters/", False),
        ("submit_sm", "submit_sm", True),
        ("submit.sm", "submit_sm", False),
        ("/a**b", "/axxb", True),
        ("/{", "/{", True),
    ],
)
def test_routes(pattern: str, route: str, is_meant: bool) -> None:
    assert is_route((pattern,), route) is is_meant
    assert is_route(("/nowhere", pattern), route) is is_meant
    assert is_route((), route)


@pytest.mark.parametrize(
    ("pattern", "asker", "is_meant"),
    [
        ("KURUM", "KURUM-G2G-HES", True),
        ("KURUM", "KURUM-TEST", True),
        ("KURUM", "KURUM", True),
        ("KURUM-TEST", "KURUM-G2G-HES", False),
        ("KUR*", "KURUM-TEST", True),
        ("cinar@hs01.kep.tr", "cinar@hs01.kep.tr", True),
        ("*@hs01.kep.tr", "cinar@hs01.kep.tr", True),
        ("citizen:*", "citizen:17", True),
        ("KURUM", "", False),
        ("KURUM.*", "KURUMSAL", False),
    ],
)
def test_askers(pattern: str, asker: str, is_meant: bool) -> None:
    assert is_asker((pattern,), asker) is is_meant
    assert is_asker((), asker)


@given(
    st.lists(st.sampled_from(["a", "b", "/"]), max_size=8), st.lists(st.sampled_from(["a", "b", "/", "*"]), max_size=6)
)
def test_stars_mean_what_they_mean_in_file_names(letters: list[str], pattern: list[str]) -> None:
    """Compared with a slow obvious twin."""
    route, text = "/" + "".join(letters), "/" + "".join(pattern)

    def fits(at: int, of: int) -> bool:
        if of == len(text):
            return at == len(route)
        if text[of] == "*":
            return any(fits(then, of + 1) for then in range(at, len(route) + 1))
        return at < len(route) and route[at] == text[of] and fits(at + 1, of + 1)

    assert is_route((text,), route) is fits(0, 0)


def test_no_pattern_takes_long() -> None:
    """However many stars, and however nearly it fits."""
    begin = time.monotonic()
    for text in ("*a" * 60 + "b", "/" + "*a" * 60 + "b", "{x}*" * 40 + "!"):
        assert not is_route((text,), "/" + "a" * 1999)
        assert not is_route((text,), "/" + "a" * 100_000)
    assert time.monotonic() - begin < 5


def at(fault: Refuse, seconds: float) -> Window:
    return window(fault, 1, MONDAY + timedelta(seconds=seconds), Streams(1))


def test_a_window_ends() -> None:
    fault = Refuse(since=MONDAY, until=MONDAY + timedelta(seconds=10))
    assert [at(fault, s).is_open for s in (-0.001, 0, 9.999, 10)] == [False, True, True, False]
    assert at(fault, 0).ends_us == 1_633_323_610_000_000
    assert at(Refuse(), 0) == Window(is_open=True, ends_us=None)


@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 2**63 - 1))
def test_each_round_has_one_burst_of_its_length(on_s: int, off_s: int, seed: int) -> None:
    """Wherever it begins, it fits into its round; and its end is the moment at which it is over."""
    fault, streams, length = Refuse(on_s=on_s, off_s=off_s, since=MONDAY), Streams(seed), on_s + off_s
    for nth in range(3):
        begin = MONDAY + timedelta(seconds=nth * length)
        open_at = [s for s in range(length) if window(fault, 1, begin + timedelta(seconds=s), streams).is_open]
        assert len(open_at) == on_s
        assert open_at == list(range(open_at[0], open_at[0] + len(open_at)))
        told = window(fault, 1, begin + timedelta(seconds=open_at[0]), streams).ends_us
        assert told is not None
        over = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=told)
        assert window(fault, 1, over - timedelta(microseconds=1), streams).is_open
        assert over <= begin + timedelta(seconds=length)
