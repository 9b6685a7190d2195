"""A national run in sentences, made of its numbers: what happened, what surprises, what to keep in mind."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sim.report.words import clock, day_name, duration, share
from sim.results.folder import Summary

MILLION = 1_000_000
FEW = 0.5
"""Shares below are worth a word."""
INSISTENT = 1.25
"""So many attempts a call as well."""
UNEVEN = 1.5
"""And infections a head in the most infected province, as a multiple of those in the least infected one."""
FEWEST = 400
"""Infections in each province from which on such a difference is more than chance; chosen here."""
MINIATURE = 80 * MILLION
"""People below which a run is not of the whole country."""

CAVEATS = (
    (None, "A model with parameters, not a forecast and not the past. Many of them were chosen, not measured."),
    (
        "epidemic",
        "The model counts all infections, which nobody ever did; the ministry published cases, by changing rules.",
    ),
    ("epidemic", "How far people keep to the rules, and how a closed door changes whom they meet, is assumed."),
    (
        "epidemic",
        "A new risky code prevents contacts from the next day on; answers at doors and noon counts tell it at once.",
    ),
    ("load", "How often which door asks was never published; the habits behind the calls are assumptions."),
    (
        "stations",
        "Size, speed and structure of the real service were never published. The modelled one's are chosen.",
    ),
    ("outages", "The outage is invented. How clients insist on an answer decides what comes of it."),
    (
        "doors",
        "At doors only people who go there are counted; of those who know that they are risky, most stay away.",
    ),
)
"""What to keep in mind, and of which part of a summary it is said; None: always."""
COPY = (
    "This is not the whole country, but {people} people in its shape. Scaled up to the country, numbers of a small "
    "copy tend to be too low, in a wave by a tenth and more below a million people. For figures of the country, run "
    "all of it."
)


MADE_BY = {"app": "in the application", "sms": "by texts to 2023", "edevlet": "at e-Devlet"}
"""How codes are made, by the names in a summary."""


def happened(summary: Summary) -> Iterator[str]:
    """What happened, in the order of the page."""
    if epidemic := summary["epidemic"]:
        yield from _epidemic(epidemic, summary["people"])
    if load := summary["load"]:
        yield from _load(load)
    if doors := summary["doors"]:
        yield (
            f"At doors somebody was stopped as risky {many(doors['stopped'])} times, and was infectious "
            f"{many(doors['stopped_infectious'])} times; {many(doors['passed_infectious'])} times somebody infectious "
            "was let through."
            + (
                f" For {many(doors['unanswered'])} codes more there was no answer; whether their holders were let in "
                "is not modelled."
                if doors["unanswered"]
                else ""
            )
        )
    if stations := summary["stations"]:
        name = busiest(stations)
        row = stations[name]
        yield (
            f"The busiest station was {plain(name)}: at {clock(row['peak_minute'])} on {_day(row['peak_date'])} "
            f"{share(row['peak_utilisation'])} of its servers were in use. {_refused(stations)}"
        )


def surprising(summary: Summary, infected: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    """What one might not have thought; `infected` are the run's infections and the people of provinces, by name."""
    for row in summary["storms"]:
        if row["is_metastable"]:
            yield f"On {_day(row['date'])} {held_down(row)}, though nothing was broken any more: a retry storm."
    noon = (summary["epidemic"] or {}).get("noon")
    if noon and noon["recall"] is not None and noon["recall"] < FEW:
        yield (
            f"Most infectious people were not risky by their status: at noon only {share(noon['recall'])} of them "
            "were. Many of the others had no symptoms yet, or no test, or its result was not back."
        )
    if noon and noon["precision"] is not None and noon["precision"] < FEW:
        yield (
            f"Most who were risky were not infectious: {share(1 - noon['precision'])} of them at noon. Such are "
            "contacts who have not caught it, and people who recovered while their time still ran."
        )
    load = summary["load"]
    if load and (load["attempts_per_call"] or 0) >= INSISTENT:
        yield f"Clients that insist made {load['attempts_per_call']:.2f} attempts of each call."
    if infected and min(infections for infections, _ in infected.values()) >= FEWEST:
        each = {name: 100 * infections / people for name, (infections, people) in infected.items()}
        most, least = max(each, key=lambda name: each[name]), min(each, key=lambda name: each[name])
        if each[most] >= UNEVEN * each[least]:
            yield (
                f"The provinces differ: {each[most]:.1f} infections for each 100 people in {most}, {each[least]:.1f} "
                f"in {least}."
            )


def caveats(summary: Summary, runs: int, *, has_bands: bool) -> list[str]:
    """What to keep in mind, as far as it concerns this run.

    `runs` are the seeds that were played; `has_bands` says whether the page shows what they span.
    """
    has = {name: bool(summary[name]) for name in ("epidemic", "load", "stations", "outages", "doors")}
    told = [words for of, words in CAVEATS if of is None or has[of]]
    return [*told, *_of_seeds(summary, runs, has_bands=has_bands), *_of_a_copy(summary)]


def held_down(row: Mapping[str, Any]) -> str:
    """How long the service answered less than nine tenths after its outage."""
    if row["down_until"] is None:
        return (
            f"the service did not come back after the outage that ended at {clock(row['outage_ended'])}: until the end "
            "of the day it answered less than 90% of the fresh calls"
        )
    return (
        f"the service answered less than 90% of the fresh calls until {clock(row['down_until'])}, "
        f"{_spoken(row['down_minutes'])} after the outage had ended"
    )


def busiest(stations: Mapping[str, Any]) -> str:
    """The station with the highest use over all minutes, then the earliest on the way."""
    return max(stations, key=lambda name: stations[name]["utilisation"] or 0)


def many(count: float) -> str:
    """A count as people say it: 1,234, or 2.37 million."""
    return f"{count / MILLION:,.{1 if count >= 10 * MILLION else 2}f} million" if count >= MILLION else f"{count:,.0f}"


def compact(count: float) -> str:
    """A count in few characters: 950, 12k, 4.1M."""
    for size, unit in ((MILLION, "M"), (1000, "k")):
        if count >= size * 0.9995:
            return f"{count / size:.1f}{unit}" if count < 9.95 * size else f"{count / size:.0f}{unit}"
    return f"{count:.0f}"


def plain(name: str) -> str:
    """A station, channel, status or source in plain words."""
    return name.replace("_", " ").replace("-", " ")


def _of_seeds(summary: Summary, runs: int, *, has_bands: bool) -> Iterator[str]:
    if has_bands:
        yield f"The bands span {runs} seeds: what chance alone does. What is assumed wrongly is not in them."
    elif runs > 1:
        yield f"{runs} seeds were played. All on this page is of the first of them; each has a folder of its own."
    else:
        has_days = (summary["epidemic"] or {"days": 1})["days"] > 1
        further = " Run further seeds to see bands." if has_days else ""
        yield f"One seed is one of many courses that chance could have taken.{further}"


def _of_a_copy(summary: Summary) -> Iterator[str]:
    if summary["people"] >= MINIATURE:
        return
    if summary["facts"].get("population.provinces", "none") == "none":
        yield COPY.format(people=many(summary["people"]))
    else:
        yield "This is not the whole country, but some of its provinces."


def _epidemic(epidemic: Mapping[str, Any], people: int) -> Iterator[str]:
    first, last = _day(epidemic["first_date"]), _day(epidemic["last_date"])
    infections, peak = epidemic.get("infections"), epidemic["peak"]
    if infections is not None:
        when = f"On {first}" if epidemic["days"] == 1 else f"From {first} to {last}"
        worst = (
            ""
            if epidemic["days"] == 1
            else (f"; the day with the most was {_day(peak['date'])} with {many(peak['infections'])}")
        )
        yield f"{when} there were {many(infections)} infections among {many(people)} people{worst}."
    if (ever := epidemic.get("ever_infected_share")) is not None:
        before = epidemic.get("ever_infected_before_share")
        yield f"By then {share(ever)} of all people had been infected at least once, " + (
            "those with whom the scenario begins as infected in the past included."
            if before is None
            else f"{share(before)} already before {first}; a second infection of the same person counts above, and "
            "not here."
        )
    if infections and (cases := epidemic.get("cases")) is not None:
        yield f"The ministry learned of {many(cases)} cases: {100 * cases / infections:.0f} for each 100 infections."
    if epidemic.get("deaths") and epidemic.get("most_in_hospital") is not None:
        most = many(epidemic["most_in_hospital"])
        died = "One person" if epidemic["deaths"] == 1 else f"{many(epidemic['deaths'])} people"
        yield f"{died} died, and " + (
            f"{most} were in hospital."
            if epidemic["days"] == 1
            else f"at most {most} were in hospital at the same time."
        )
    if (noon := epidemic.get("noon")) and noon["precision"] is not None and noon["recall"] is not None:
        yield (
            f"At noon {many(noon['risky'] / epidemic['days'])} people were risky by their status"
            f"{'' if epidemic['days'] == 1 else ' on an average day'}; {share(noon['precision'])} of them were "
            f"infectious, and {share(noon['recall'])} of the infectious were risky."
        )


def _load(load: Mapping[str, Any]) -> Iterator[str]:
    days = load["days"]
    when = f"On {_day(days[0])}," if len(days) == 1 else f"On {len(days)} days"
    top = load["busiest"]
    worst = "" if len(days) == 1 else f" on {_day(top['date'])}"
    yield (
        f"{when} the service was asked {many(load['calls'])} times about {many(load['codes'])} codes; the busiest "
        f"minute was {clock(top['minute'])}{worst} with {many(top['calls'])} calls."
        f"{_none(load['quiet_days'])}"
    )
    if made := load.get("codes_made"):  # an older run has none
        ways = ", ".join(f"{many(count)} {MADE_BY[way]}" for way, count in made.items())
        yield f"{many(sum(made.values()))} codes were made: {ways}."
    lost = [
        f"{many(count)} {plain(status)}"
        for status, count in load["calls_by_status"].items()
        if count and status != load["answer"]
    ]
    latency = load["latency_us"]
    fast = "half of them within {} and 99 of 100 within {}"
    within = f", {fast.format(duration(latency['p50']), duration(latency['p99']))}" if latency else ""
    yield (
        f"{share(load['answered_calls_share'])} of the calls were answered{within}"
        + (f"; of the others, {' and '.join(lost)}." if lost else ".")
    )


def _refused(stations: Mapping[str, Any]) -> str:
    refused = {name: row["refused"] + row["shed"] for name, row in stations.items()}
    if not any(refused.values()):
        return "No station refused anything."
    most = max(refused, key=lambda name: refused[name])
    return f"Stations refused {many(sum(refused.values()))} attempts; {plain(most)} did most of it."


def _spoken(minutes: int) -> str:
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def _none(days: Sequence[str]) -> str:
    return f" On {' and '.join(map(_day, days))} nobody asked." if days else ""


def _day(text: str) -> str:
    return day_name(date.fromisoformat(text))
