"""How times, dates, shares and answers are said."""

from datetime import date

import pytest

from sim.report.words import answer_name, brief, clock, day_name, duration, share


@pytest.mark.parametrize(
    ("us", "words"),
    [
        (0, "0 µs"),
        (850, "850 µs"),
        (999.6, "1.00 ms"),
        (3_200, "3.20 ms"),
        (9_996, "10.0 ms"),
        (99_960, "100 ms"),
        (999_600, "1.00 s"),
        (1_500_000, "1.50 s"),
        (59_960_000, "1 min"),
        (125_000_000, "2 min 5 s"),
    ],
)
def test_a_time_has_three_digits_and_its_unit(us, words):
    assert duration(us) == words


@pytest.mark.parametrize(("us", "words"), [(0, "0"), (1000, "1 ms"), (1_500_000, "1.5 s"), (200, "200 µs")])
def test_an_axis_says_a_time_briefly(us, words):
    assert brief(us) == words


def test_a_minute_is_a_time_of_day():
    """Also that of the night after."""
    assert [clock(0), clock(539), clock(1441)] == ["00:00", "08:59", "24:01"]


def test_a_date_is_said_in_english():
    assert day_name(date(2021, 11, 8)) == "8 Nov 2021"


@pytest.mark.parametrize(
    ("part", "words"),
    [(0, "0%"), (0.0001, "under 0.1%"), (0.023, "2.3%"), (0.57, "57.0%"), (0.9999, "over 99.9%"), (1, "100%")],
)
def test_a_share_never_rounds_to_nothing_or_all(part, words):
    assert share(part) == words


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        ("RISKY", "risky"),
        ("hescodehasbeenexpired", "code expired"),
        ("503", "HTTP 503"),
        ("time-out", "no answer in time"),
        ("Şaşkın", "Şaşkın"),
    ],
)
def test_an_answer_is_said_in_plain_words(answered, words):
    assert answer_name(answered) == words
