"""What a run leaves behind: tables, a summary and the provenance, together in one folder.

A day that was played against a ministry:

    queries.parquet       a row per code asked: what was asked, what was true, what came back, how long it took
    epidemic.parquet      a row per day up to the day played: the truth, and what the ministry believed
    capacity.parquet      a row per minute of the queue model's day

Months on the onboarding road:

    institutions.parquet  a row per applicant: kind, channel, the moment of each step, returns, outcome
    desks.parquet         a row per calendar day and desk: clerks, work, backlog, waiting

The country over days or months: see `nation`, which has its tables.

All of them:

    summary.json          the numbers people ask for first
    provenance.json       what was run, with what; written last, so a folder that has it is complete

A question is *wrong* if any field of its answer differs from the simulator's truth, and also if it got no
proper answer at all: the verdict "0 wrong" cannot be reached by not answering.

Everything in a summary but the key `measured` follows from scenario and seed, as long as the ministry answers
as it should. Latency is told per HTTP call: the 500 codes of a bulk call waited together, once. Percentiles
are nearest-rank (the smallest value that at least the given share does not exceed), so they are whole
microseconds that really occurred. Moments are microseconds since the local midnight in Turkey.

`table` schemas kept · `folder` one run or none · `day`, `road` two of the kinds: their tables and summaries · `nation`
the third read back, `nation_tables` its columns, `nation_writer` it while it goes on, `nation_summary` its numbers,
`nation_storm` whether its service stayed down · `tally`, `bins` calls counted while they pass, times in few bins
"""

from sim.results.day import (
    CAPACITY,
    CHANNELS,
    EPIDEMIC,
    HOUR_US,
    MADE,
    MINUTE_US,
    PROPER_ANSWERS,
    QUERIES,
    Result,
    Tables,
    calls,
    headline,
    latencies,
    read,
    summarise,
    wrong,
)
from sim.results.folder import Scalars, Summary, appearing, encode, write
from sim.results.road import RoadResult, RoadTables, read_road, summarise_road
from sim.results.table import Columns, ResultError

__all__ = [
    "CAPACITY",
    "CHANNELS",
    "EPIDEMIC",
    "HOUR_US",
    "MADE",
    "MINUTE_US",
    "PROPER_ANSWERS",
    "QUERIES",
    "Columns",
    "Result",
    "ResultError",
    "RoadResult",
    "RoadTables",
    "Scalars",
    "Summary",
    "Tables",
    "appearing",
    "calls",
    "encode",
    "headline",
    "latencies",
    "read",
    "read_road",
    "summarise",
    "summarise_road",
    "write",
    "wrong",
]
