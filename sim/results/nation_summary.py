"""The numbers people ask of a national run first."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.results.bins import BINS, edges, percentiles
from sim.results.folder import Scalars, Summary, told_apart
from sim.results.nation import NationTables, column
from sim.results.nation_storm import storm
from sim.results.tally import DOORS, MEASURES

NOT_TOLD = -1
"""Of the evening before the first day there is."""
FLOWS = {"infections": "new_infections", "patients": "patients", "cases": "cases", "samples": "samples"}
"""What is counted by the day: its name here, and its column. Deaths are cumulative there."""
NOON = ("risky", "infectious_risky", "infectious_riskless")
NOT_DOORS = frozenset({"runs", "booking", "lists", "makings"})
"""Sources of which nobody stands at a door: employers' and city cards' runs, small workplaces' lists, journeys booked
from afar; codes that are made."""
MAKES = "make-"
"""What the names of the channels begin with in which codes are made."""
EVER = ("ever_infected_share", "ever_infected_before_share")
UNITS = (
    ("infections", "infections"),
    ("cases", "cases"),
    ("patients", "patients"),
    ("samples", "tests"),
    ("deaths", "deaths"),
    ("tests", "tests"),
    ("ever infected", "of all people"),
    ("peak infections", "infections in a day"),
    ("peak day", "days after the first"),
    ("peak in hospital", "people"),
    ("precision at noon", "of the risky"),
    ("recall at noon", "of the infectious"),
    ("risky at noon", "person-days"),
    ("infectious", "person-days"),
    ("calls", "calls"),
    ("codes", "codes"),
    ("attempts per call", "attempts"),
    ("attempts", "attempts"),
    ("risky", "answers"),
    ("answered calls share", "of the calls"),
    ("busiest minute calls", "calls"),
    ("busiest minute", "minutes after midnight"),
    ("doors precision", "of those stopped"),
    ("doors recall", "of the infectious"),
    ("doors", "times"),
    ("down after outage", "minutes"),
)
"""Of which unit a headline number is, by how its name begins; the first that fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A time in which a station is scheduled to have fewer servers, or slower ones."""

    date: date
    station: str
    from_minute: int
    until_minute: int
    """Minutes since midnight; the last one is the first after it."""
    what: str
    """In words: `32 servers lost`."""


def summarise_nation(
    tables: NationTables, facts: Scalars, *, outages: Sequence[Outage] = (), measured: Scalars | None = None
) -> Summary:
    """The numbers people ask for first; `facts` and `measured` as in `sim.results.summarise`.

    Raises:
        ResultError: if `scenario` or `seed` is missing, or `real_seconds` is among the facts.
    """
    return {
        **told_apart(facts),
        "people": int(tables.people.sum()),
        "epidemic": _epidemic(tables),
        "months": _months(tables),
        "partial_months": _partial_months(tables),
        "load": _load(tables),
        "doors": _doors(tables),
        "stations": _stations(tables),
        "outages": [{**asdict(outage), "date": outage.date.isoformat()} for outage in outages],
        "storms": list(_storms(tables, outages)),
        "measured": dict(measured or {}),
    }


def headline_of(summary: Summary) -> dict[str, float]:
    """The summary's numbers by one name each, for goldens and comparisons; what a run does not have is left out."""
    flat: dict[str, float | None] = {}
    for month, row in summary["months"].items():
        flat |= {f"{name} {month}": value for name, value in row.items()}
    if epidemic := summary["epidemic"]:
        flat |= {name: epidemic.get(name) for name in ("infections", "cases", "samples", "deaths", *EVER)}
        flat |= {"peak infections": epidemic["peak"]["infections"], "peak day": epidemic["peak"]["day"]}
        flat["peak in hospital"] = epidemic["most_in_hospital"]
        flat |= {f"{name} at noon": value for name, value in (epidemic["noon"] or {}).items()}
    if load := summary["load"]:
        flat |= {name: load[name] for name in ("calls", "codes", "attempts", "risky", "answered_calls_share")}
        flat |= {f"calls {status}": count for status, count in load["calls_by_status"].items()}
        flat |= {f"{name.replace('_', '.')} ms": us / 1000 for name, us in (load["latency_us"] or {}).items()}
        flat |= {f"codes made {way}": count for way, count in load["codes_made"].items()}
        flat["attempts per call"] = load["attempts_per_call"]
        flat |= {"busiest minute": load["busiest"]["minute"], "busiest minute calls": load["busiest"]["calls"]}
    flat |= {f"doors {name}": value for name, value in (summary["doors"] or {}).items()}
    for station, row in (summary["stations"] or {}).items():
        flat |= {f"{station} peak utilisation": row["peak_utilisation"], f"{station} refused": row["refused"]}
    flat |= {f"down after outage {row['date']} min": row["down_minutes"] for row in summary["storms"]}
    return {name.replace("_", " "): value for name, value in flat.items() if value is not None}


def unit_of(name: str) -> str:
    """The unit of a headline number, by its name in `headline_of`."""
    if name.endswith(" peak utilisation"):
        return "of its servers"
    if name.endswith(" refused") and not name.startswith("calls"):
        return "attempts"
    if name.endswith(" ms"):
        return "ms"
    return next((unit for start, unit in UNITS if name.startswith(start)), "")


def daily(tables: NationTables) -> tuple[list[date], dict[str, NDArray[np.int64]]]:
    """The days that are reported, and the nation's sum of each column on each.

    `deaths` of the day are there as well, and `ever_infected_before`: how many had been by the evening before.
    """
    epidemic = tables.epidemic
    if not epidemic.num_rows:
        return [], {}
    days, where = np.unique(column(epidemic, "date"), return_inverse=True)
    reported = np.zeros(days.size, np.bool_)
    reported[where] = column(epidemic, "reported")
    sums = {name: _summed(where, column(epidemic, name), days.size) for name in epidemic.schema.names[4:]}
    if "died" in sums:
        sums["deaths"] = np.diff(sums["died"], prepend=0)
    if "ever_infected" in sums:
        sums["ever_infected_before"] = np.concatenate([[NOT_TOLD], sums["ever_infected"][:-1]])
    shown = [each.astype(object) for each in days[reported]]
    return shown, {name: values[reported] for name, values in sums.items()}


def ratio(part: float, whole: float) -> float | None:
    """A share to six digits; None of nothing."""
    return round(part / whole, 6) if whole else None


def _summed(where: NDArray[np.int64], values: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    sums = np.zeros(size, np.int64)
    np.add.at(sums, where, values)
    return sums


def _epidemic(tables: NationTables) -> Summary | None:
    days, sums = daily(tables)
    if not days:
        return None
    new = sums.get("new_infections", np.zeros(len(days), np.int64))
    peak, people = int(new.argmax()), int(tables.people.sum())
    return {
        "days": len(days),
        "first_date": days[0].isoformat(),
        "last_date": days[-1].isoformat(),
        **{name: int(sums[named].sum()) for name, named in FLOWS.items() if named in sums},
        "deaths": int(sums["deaths"].sum()) if "deaths" in sums else None,
        **_ever_infected(sums, people),
        "peak": {"date": days[peak].isoformat(), "day": peak, "infections": int(new[peak])},
        "most_in_hospital": int(sums["in_hospital"].max()) if "in_hospital" in sums else None,
        "noon": _noon(sums),
    }


def _ever_infected(sums: Mapping[str, NDArray[np.int64]], people: int) -> dict[str, float | None]:
    """The share of all people ever infected: by the last evening, and by that before the first day reported.

    Both have in them whom the scenario begins with as infected once. The second is None if there was no warm-up.
    """
    if "ever_infected" not in sums:
        return dict.fromkeys(EVER)
    last, before = int(sums["ever_infected"][-1]), int(sums["ever_infected_before"][0])
    return dict(zip(EVER, (ratio(last, people), None if before == NOT_TOLD else ratio(before, people)), strict=True))


def _noon(sums: Mapping[str, NDArray[np.int64]]) -> Summary | None:
    """The risk status of everybody against the truth, at the noon of each day, in person-days."""
    if not set(NOON) <= sums.keys():
        return None
    risky, right, missed = (int(sums[name].sum()) for name in NOON)
    return {
        "risky": risky,
        "infectious_risky": right,
        "infectious_riskless": missed,
        "precision": ratio(right, risky),
        "recall": ratio(right, right + missed),
    }


def _months(tables: NationTables) -> dict[str, dict[str, int]]:
    days, sums = daily(tables)
    names = {**{name: named for name, named in FLOWS.items() if named in sums}, "deaths": "deaths"}
    month = [f"{day:%Y-%m}" for day in days]
    return {
        each: {
            name: int(sums[named][[at == each for at in month]].sum()) for name, named in names.items() if named in sums
        }
        for each in dict.fromkeys(month)
    }


def _partial_months(tables: NationTables) -> dict[str, dict[str, str | int]]:
    """The months of which not all days are reported: those that are, and how many there are and would be."""
    days, _ = daily(tables)
    partial: dict[str, dict[str, str | int]] = {}
    for month in dict.fromkeys(f"{day:%Y-%m}" for day in days):
        told = [day for day in days if f"{day:%Y-%m}" == month]
        whole = monthrange(told[0].year, told[0].month)[1]
        if len(told) < whole:
            ends = {"first": told[0].isoformat(), "last": told[-1].isoformat()}
            partial[month] = {**ends, "days": len(told), "days_of_month": whole}
    return partial


def _load(tables: NationTables) -> Summary | None:
    if not tables.load:
        return None
    first = next(iter(tables.load.values()))
    sums = np.sum([day.by_province.sum(axis=0) for day in tables.load.values()], axis=0)  # channel, status, measure
    totals = {name: int(sums[..., n].sum()) for n, name in enumerate(MEASURES)}
    by_status = {status: int(count) for status, count in zip(first.statuses, sums[..., 0].sum(axis=0), strict=True)}
    answered = first.statuses[0]
    begun = {day: load.of("calls").sum(axis=(1, 2)) for day, load in tables.load.items()}
    busiest = max(begun, key=lambda day: int(begun[day].max()))
    return {
        "days": [day.isoformat() for day in tables.load],
        "quiet_days": [day.isoformat() for day in _quiet(tables)],
        **totals,
        "answer": answered,
        "calls_by_status": by_status,
        "answered_calls_share": ratio(by_status[answered], totals["calls"]),
        "attempts_per_call": ratio(totals["attempts"], totals["calls"]),
        "by_channel": {
            channel: {name: int(sums[n, :, m].sum()) for m, name in enumerate(MEASURES)}
            | {
                "answered_calls": int(sums[n, 0, 0]),
                "latency_us": percentiles(histogram(tables, answered, channel=channel)),
            }
            for n, channel in enumerate(first.channels)
            if sums[n].any()
        },
        "codes_made": {
            channel.removeprefix(MAKES): int(sums[n, 0, 0])
            for n, channel in enumerate(first.channels)
            if channel.startswith(MAKES) and sums[n].any()
        },
        "by_source": _by_source(tables.sources),
        "latency_us": percentiles(histogram(tables, answered)),
        "busiest": {
            "date": busiest.isoformat(),
            "minute": int(begun[busiest].argmax()),
            "calls": int(begun[busiest].max()),
        },
    }


def _quiet(tables: NationTables) -> list[date]:
    """Days on which queries were to be made, and nobody asked."""
    served = np.unique(column(tables.service, "date")).astype(object).tolist()
    return [day for day in served if day not in tables.load]


def histogram(
    tables: NationTables, status: str, *, channel: str | None = None, hour: int | None = None
) -> NDArray[np.int64]:
    """How many calls that ended so took how long: counts over all bins."""
    rows = tables.latency
    chosen = column(rows, "status") == status
    if channel is not None:
        chosen &= column(rows, "channel") == channel
    if hour is not None:
        chosen &= column(rows, "hour") == hour
    lower, _ = edges(np.arange(BINS))
    return _summed(np.searchsorted(lower, column(rows, "lower_us")[chosen]), column(rows, "calls")[chosen], BINS)


def _by_source(rows: pa.Table) -> dict[str, dict[str, int]]:
    source = column(rows, "source")
    names = {**{name: name for name in MEASURES}, "answered_calls": "answered"}
    return {
        str(each): {name: int(column(rows, named)[source == each].sum()) for name, named in names.items()}
        for each in np.unique(source)
    }


def _doors(tables: NationTables) -> Summary | None:
    """Codes shown at doors against the truth; `unanswered` were shown as well, but nobody learned what they said."""
    if not tables.doors.num_rows:
        return None
    sums = {name: int(column(tables.doors, name).sum()) for name in DOORS}
    stopped = sums["stopped_infectious"] + sums["stopped_not"]
    infectious = sums["stopped_infectious"] + sums["passed_infectious"]
    precision, recall = (ratio(sums["stopped_infectious"], whole) for whole in (stopped, infectious))
    told = {**sums, "unanswered": _unanswered(tables.sources), "stopped": stopped}
    return {**told, "precision": precision, "recall": recall}


def _unanswered(rows: pa.Table) -> int:
    at_door = ~np.isin(column(rows, "source").astype(str), sorted(NOT_DOORS))
    return int((column(rows, "calls") - column(rows, "answered"))[at_door].sum())


def _stations(tables: NationTables) -> dict[str, Any] | None:
    """Each station, by all its minutes; `peak_utilisation` is that of its busiest minute."""
    rows = tables.stations
    station = column(rows, "station")
    names = list(dict.fromkeys(station.tolist()))
    if not names:
        return None
    told = {}
    for name in names:
        part = {each: column(rows, each)[station == name] for each in rows.schema.names if each != "station"}
        use = utilisation(part)
        peak = int(use.argmax())
        sums = {each: int(part[each].sum()) for each in ("arrivals", "refused", "shed", "served", "wasted")}
        told[name] = {
            **sums,
            "utilisation": ratio(int(part["busy_us"].sum()), int(part["server_us"].sum())),
            "peak_utilisation": round(float(use[peak]), 6),
            "peak_date": str(part["date"][peak]),
            "peak_minute": int(part["minute"][peak]),
            "longest_queue": int(part["longest_queue"].max()),
        }
    return told


def utilisation(minutes: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
    """The busy share of the server time that there was, minute by minute; 0 where there was none.

    A lost server ends what it has begun, so a minute may have been busier than it had servers; it counts as full.
    """
    had = np.asarray(minutes["server_us"])
    return np.asarray(np.where(had > 0, np.minimum(minutes["busy_us"] / np.maximum(had, 1), 1.0), 0.0), np.float64)


def _storms(tables: NationTables, outages: Sequence[Outage]) -> Iterator[Summary]:
    """What came after the last outage of each day that had one."""
    for day, load in tables.load.items():
        ends = [outage.until_minute for outage in outages if outage.date == day]
        chosen = column(tables.service, "date") == np.datetime64(day)
        if not ends or not chosen.any():
            continue
        attempts, answered = (column(tables.service, name)[chosen] for name in ("attempts", "answered"))
        if found := storm(load.of("calls").sum(axis=(1, 2)), attempts, answered, max(ends)):
            yield {"date": day.isoformat(), **asdict(found), "is_metastable": found.is_metastable}


__all__ = ["NOON", "Outage", "daily", "headline_of", "histogram", "ratio", "summarise_nation", "unit_of", "utilisation"]
