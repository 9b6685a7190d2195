"""A national run in sentences: the right ones, with its numbers."""

import pytest

from sim.report.nation_words import caveats, compact, happened, held_down, many, surprising

EPIDEMIC = {
    "days": 30,
    "first_date": "2021-10-04",
    "last_date": "2021-11-02",
    "infections": 2_000_000,
    "cases": 700_000,
    "deaths": 1234,
    "most_in_hospital": 40_000,
    "attack_rate": 0.25,
    "peak": {"date": "2021-10-20", "day": 16, "infections": 90_000},
    "noon": {"risky": 30_000_000, "precision": 0.4, "recall": 0.3},
}
LOAD = {
    "days": ["2021-10-04"],
    "quiet_days": [],
    "calls": 98_765_432,
    "codes": 123_456_789,
    "answer": "answered",
    "by_status": {"answered": 98_000_000, "refused": 5, "shed": 0, "timed_out": 765_427},
    "answered_share": 0.99225,
    "attempts_per_call": 1.02,
    "latency_us": {"p50": 35_000, "p90": 60_000, "p99": 210_000, "p99_9": 1_000_000},
    "busiest": {"date": "2021-10-04", "minute": 511, "calls": 270_000},
}
NOTHING = dict.fromkeys(("epidemic", "load", "doors", "stations")) | {"people": 83_614_362, "storms": [], "outages": []}


@pytest.mark.parametrize(
    ("count", "said", "briefly"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (9_960, "9,960", "10k"),
        (1_234, "1,234", "1.2k"),
        (999_600, "999,600", "1.0M"),
        (1_234_567, "1.23 million", "1.2M"),
        (83_614_362, "83.6 million", "84M"),
    ],
)
def test_counts_are_said_as_people_say_them(count: int, said: str, briefly: str) -> None:
    assert (many(count), compact(count)) == (said, briefly)


def test_what_happened() -> None:
    """The epidemic, then the day's queries."""
    told = " ".join(happened({**NOTHING, "epidemic": EPIDEMIC, "load": LOAD}))
    assert told == (
        "From 4 Oct 2021 to 2 Nov 2021, 2.00 million of 83.6 million people were infected; the day with the most was "
        "20 Oct 2021 with 90,000. By then 25.0% of all people had been infected at some time. The ministry learned of "
        "700,000 cases: 35 for each 100 infections. 1,234 people died, and at most 40,000 were in hospital at the same "
        "time. At noon 1.00 million people were risky by their status on an average day; 40.0% of them were "
        "infectious, and 30.0% of the infectious were risky. On 4 Oct 2021, the service was asked 98.8 million times "
        "about 123.5 million codes; the busiest minute was 08:31 with 270,000 calls. 99.2% of the calls "
        "were answered, half of them within 35.0 ms and 99 of 100 within 210 ms; of the others, 5 refused and "
        "765,427 timed out."
    )


def test_one_day_has_no_worst_day() -> None:
    told = list(happened({**NOTHING, "epidemic": {**EPIDEMIC, "days": 1}}))
    assert told[0] == "On 4 Oct 2021, 2.00 million of 83.6 million people were infected."


def test_what_stations_refused() -> None:
    """The busiest one is named, and the one that refused most."""
    used = {"utilisation": 0.3, "peak_utilisation": 0.75, "peak_minute": 500, "peak_date": "2021-10-04"}
    gateway, audit = {**used, "refused": 7, "shed": 2}, {**used, "refused": 1, "shed": 0, "utilisation": 0.4}
    (told,) = happened({**NOTHING, "stations": {"gateway": gateway, "audit": audit}})
    assert told == (
        "The busiest station was audit: at 08:20 on 4 Oct 2021 75.0% of its servers were in use. Stations refused 10 "
        "attempts; gateway did most of it."
    )
    (told,) = happened({**NOTHING, "stations": {"audit": {**audit, "refused": 0}}})
    assert told.endswith("No station refused anything.")


def test_a_day_on_which_nobody_asked() -> None:
    told = list(happened({**NOTHING, "load": {**LOAD, "quiet_days": ["2022-03-07"]}}))
    assert told[0].endswith("with 270,000 calls. On 7 Mar 2022 nobody asked.")


def test_a_short_outage_is_told_in_minutes() -> None:
    row = {"outage_ended": 525, "down_until": 644, "down_minutes": 119}
    assert held_down(row).endswith("119 minutes after the outage had ended")


def test_a_run_of_nothing_says_nothing() -> None:
    assert list(happened(NOTHING)) == list(surprising(NOTHING, {})) == []


def test_surprises_are_told_where_there_are_some() -> None:
    """A status that misses most, clients that insist, provinces that differ."""
    summary = {**NOTHING, "epidemic": EPIDEMIC, "load": {**LOAD, "attempts_per_call": 2.5}}
    told = list(surprising(summary, {"Van": 0.3, "Muğla": 0.1}))
    assert [sentence.split(":")[0] for sentence in told] == [
        "Most infectious people were not risky by their status",
        "Most who were risky were not infectious",
        "Clients that insist made 2.50 attempts of each call.",
        "The provinces differ",
    ]
    good = {**EPIDEMIC, "noon": {"risky": 9, "precision": 0.9, "recall": 0.9}}
    assert list(surprising({**NOTHING, "epidemic": good, "load": LOAD}, {"Van": 0.3, "Muğla": 0.25})) == []


def test_how_long_a_service_was_held_down() -> None:
    row = {"outage_ended": 525, "down_until": 690, "down_minutes": 165}
    assert held_down(row).endswith("until 11:30, 2 h 45 min after the outage had ended")
    assert "did not come back after the outage that ended at 08:45" in held_down({**row, "down_until": None})


def test_caveats_are_those_of_what_was_used() -> None:
    """A run of the epidemic alone says nothing of a service; more seeds say something else than one."""
    alone = caveats({**NOTHING, "epidemic": EPIDEMIC}, 1)
    assert not any("service" in words for words in alone)
    assert any("One seed" in words for words in alone)
    full = caveats({**NOTHING, "epidemic": EPIDEMIC, "load": LOAD, "stations": {"a": 1}, "outages": [1]}, 5)
    assert any("The outage is invented" in words for words in full)
    assert any("The bands span 5 seeds" in words for words in full)
