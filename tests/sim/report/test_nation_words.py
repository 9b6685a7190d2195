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
    "ever_infected_share": 0.25,
    "ever_infected_before_share": 0.23,
    "peak": {"date": "2021-10-20", "day": 16, "infections": 90_000},
    "noon": {"risky": 30_000_000, "precision": 0.4, "recall": 0.3},
}
LOAD = {
    "days": ["2021-10-04"],
    "quiet_days": [],
    "calls": 98_765_432,
    "codes": 123_456_789,
    "answer": "answered",
    "calls_by_status": {"answered": 98_000_000, "refused": 5, "shed": 0, "timed_out": 765_427},
    "answered_calls_share": 0.99225,
    "attempts_per_call": 1.02,
    "latency_us": {"p50": 35_000, "p90": 60_000, "p99": 210_000, "p99_9": 1_000_000},
    "busiest": {"date": "2021-10-04", "minute": 511, "calls": 270_000},
}
NOTHING = dict.fromkeys(("epidemic", "load", "doors", "stations")) | {
    "people": 83_614_362,
    "facts": {},
    "storms": [],
    "outages": [],
}


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
        "From 4 Oct 2021 to 2 Nov 2021 there were 2.00 million infections among 83.6 million people; the day with the "
        "most was 20 Oct 2021 with 90,000. By then 25.0% of all people had been infected at least once, 23.0% already "
        "before 4 Oct 2021; a second infection of the same person counts above, and not here. The ministry learned of "
        "700,000 cases: 35 for each 100 infections. 1,234 people died, and at most 40,000 were in hospital at the same "
        "time. At noon 1.00 million people were risky by their status on an average day; 40.0% of them were "
        "infectious, and 30.0% of the infectious were risky. On 4 Oct 2021, the service was asked 98.8 million times "
        "about 123.5 million codes; the busiest minute was 08:31 with 270,000 calls. 99.2% of the calls "
        "were answered, half of them within 35.0 ms and 99 of 100 within 210 ms; of the others, 5 refused and "
        "765,427 timed out."
    )


def test_one_day_has_no_worst_day() -> None:
    told = list(happened({**NOTHING, "epidemic": {**EPIDEMIC, "days": 1}}))
    assert told[0] == "On 4 Oct 2021 there were 2.00 million infections among 83.6 million people."


def test_who_was_infected_before_a_run_without_a_warm_up_is_among_all() -> None:
    told = list(happened({**NOTHING, "epidemic": {**EPIDEMIC, "ever_infected_before_share": None}}))
    assert told[1] == (
        "By then 25.0% of all people had been infected at least once, those with whom the scenario begins as infected "
        "in the past included."
    )


def test_one_dead_is_one_person() -> None:
    told = list(happened({**NOTHING, "epidemic": {**EPIDEMIC, "deaths": 1}}))
    assert told[3] == "One person died, and at most 40,000 were in hospital at the same time."


def test_codes_without_an_answer_are_told_where_there_are_some() -> None:
    doors = {"stopped": 3, "stopped_infectious": 1, "passed_infectious": 2, "unanswered": 0}
    (told,) = happened({**NOTHING, "doors": doors})
    assert told.endswith("2 times somebody infectious was let through.")
    (told,) = happened({**NOTHING, "doors": {**doors, "unanswered": 61_417}})
    assert told.endswith(
        "For 61,417 codes more there was no answer; whether their holders were let in is not modelled."
    )


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
    told = list(surprising(summary, {"Van": (3000, 10_000), "Muğla": (400, 4000)}))
    assert [sentence.split(":")[0] for sentence in told] == [
        "Most infectious people were not risky by their status",
        "Most who were risky were not infectious",
        "Clients that insist made 2.50 attempts of each call.",
        "The provinces differ",
    ]
    assert told[-1] == "The provinces differ: 30.0 infections for each 100 people in Van, 10.0 in Muğla."
    good = {**EPIDEMIC, "noon": {"risky": 9, "precision": 0.9, "recall": 0.9}}
    assert list(surprising({**NOTHING, "epidemic": good, "load": LOAD}, {"Van": (300, 999), "Muğla": (250, 999)})) == []


def test_chance_is_no_difference_between_provinces() -> None:
    """Where one of them has too few infections to tell."""
    assert list(surprising(NOTHING, {"Van": (3000, 10_000), "Muğla": (399, 4000)})) == []


def test_how_long_a_service_was_held_down() -> None:
    row = {"outage_ended": 525, "down_until": 690, "down_minutes": 165}
    assert held_down(row).endswith("until 11:30, 2 h 45 min after the outage had ended")
    assert "did not come back after the outage that ended at 08:45" in held_down({**row, "down_until": None})


def test_caveats_are_those_of_what_was_used() -> None:
    """A run of the epidemic alone says nothing of a service; more seeds say something else than one."""
    alone = caveats({**NOTHING, "epidemic": EPIDEMIC}, 1, has_bands=False)
    assert not any("service" in words for words in alone)
    assert any("One seed" in words for words in alone)
    full = caveats(
        {**NOTHING, "epidemic": EPIDEMIC, "load": LOAD, "stations": {"a": 1}, "outages": [1]}, 5, has_bands=True
    )
    assert any("The outage is invented" in words for words in full)
    assert any("The bands span 5 seeds" in words for words in full)


@pytest.mark.parametrize(
    ("days", "runs", "has_bands", "words"),
    [
        (30, 1, False, "One seed is one of many courses that chance could have taken. Run further seeds to see bands."),
        (1, 1, False, "One seed is one of many courses that chance could have taken."),
        (1, 5, False, "5 seeds were played. All on this page is of the first of them; each has a folder of its own."),
        (30, 5, True, "The bands span 5 seeds: what chance alone does. What is assumed wrongly is not in them."),
    ],
)
def test_bands_are_spoken_of_where_there_are_some(days: int, runs: int, has_bands: bool, words: str) -> None:
    """A single day has none, and neither has a single seed."""
    told = caveats({**NOTHING, "epidemic": {**EPIDEMIC, "days": days}}, runs, has_bands=has_bands)
    assert words in told
    assert sum("seed" in each for each in told) == 1


def test_a_small_copy_of_the_country_is_said_to_fall_short() -> None:
    """In which direction, and by how much; a few provinces as they are fall short of nothing."""
    summary = {**NOTHING, "people": 800_000, "facts": {"population.provinces": "none"}}
    assert any(
        "Scaled up to the country, numbers of a small copy" in words for words in caveats(summary, 1, has_bands=False)
    )
    some = caveats({**summary, "facts": {"population.provinces": "Bayburt, Kilis"}}, 1, has_bands=False)
    assert "This is not the whole country, but some of its provinces." in some
    assert not any("Scaled up" in words for words in some)
    assert not any("not the whole country" in words for words in caveats(NOTHING, 1, has_bands=False))
