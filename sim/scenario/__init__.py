"""A scenario: one question, and everything that is set to answer it, read from a TOML file.

A file has a table for each part of the country, named as the part and with the fields of its parameters; what
it leaves out has its default. It has `question` and `date` above all tables:

    question = "Do all answers of a working day agree with what is true?"
    date = 2021-10-04

    [population]
    people = 24_000

    [demand.mall]
    per_person = 0.4

A file with a table `[admissions]` is of another kind: it follows institutions on the onboarding road for months
instead of playing a day, and has no other part's table.

    question = "How long until an institution that applies in this week is live?"
    date = 2020-08-31

    [admissions.applications]
    governorship = [2, 3, 5, 9]

A file with a table `[nation]` follows the whole country (or provinces of it) for days, and meets no ministry either.
It has the tables of the country's parts, and `[network]`, the service as a network of queues.

    question = "What does a laboratory that takes two days do to the epidemic?"
    date = 2021-03-01

    [nation]
    days = 120

A limit that may be left off (`network.timeout_ms`, `capacity.waiting_room` and their like) is left off by the text
"none"; a field that is left out has its default.

    [network]
    timeout_ms = "none"

Whatever is wrong with a file is told at once, each mistake with its line.

`question` what a scenario is · `lines` where in a text a key stands · `reading` a table becomes a scenario · `files`
finds and reads them
"""

from sim.scenario.files import find, list_scenarios, load, parse
from sim.scenario.lines import line_numbers
from sim.scenario.question import (
    AdmissionsScenario,
    AnyScenario,
    CalibrationParameters,
    NationParameters,
    NationScenario,
    PlayParameters,
    Scenario,
    digest,
)
from sim.scenario.reading import Problem, ScenarioError

__all__ = [
    "AdmissionsScenario",
    "AnyScenario",
    "CalibrationParameters",
    "NationParameters",
    "NationScenario",
    "PlayParameters",
    "Problem",
    "Scenario",
    "ScenarioError",
    "digest",
    "find",
    "line_numbers",
    "list_scenarios",
    "load",
    "parse",
]
