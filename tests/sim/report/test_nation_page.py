"""The page of a national run: one file, complete, correct, at peace with browsers and screen readers."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.report.nation_page import render_nation
from sim.report.words import share
from sim.results.nation import NationResult
from sim.streams import Streams
from tests.sim.report.made_nation import calls_of, made, wave
from tests.sim.report.test_page import Page

QUESTION = "Does the service hold on a Monday <with> a node out?"
MONDAY = date(2021, 10, 4)


def rendered(result: NationResult, *bands: NationResult) -> str:
    return render_nation(result, result.summary, result.provenance, QUESTION, bands=bands)


def ids(html: str) -> list[str]:
    return re.findall(r'<(?:figure|h2) id="([^"]+)"', html)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NationResult]:
    folder = tmp_path_factory.mktemp("nation")
    return {
        "monday": made(folder / "monday", calls=20_000),
        "other seed": made(folder / "other", seed=8, load=()),
        "no load": made(folder / "no-load", load=()),
        "one day": made(folder / "one-day", days=6, load=(date(2021, 8, 25),), outage=None, calls=3000),
        "two loads": made(folder / "two", load=(MONDAY, date(2021, 10, 5)), storm_until=None, calls=20_000),
    }


@pytest.fixture(scope="module")
def html(results: dict[str, NationResult]) -> str:
    return rendered(results["monday"], results["other seed"])


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_page_needs_nothing_but_itself(html: str) -> None:
    """No script, no network, no font of its own."""
    assert not re.search(r"<script|<link|<iframe|@import|@font-face|url\((?!#)|https?:", html)


def test_every_name_is_one(page: Page) -> None:
    """And everything that is referred to is there."""
    names = page.values("id")
    assert len(names) == len(set(names))
    referred = [name for value in page.values("aria-labelledby") for name in value.split()]
    assert set(referred) <= set(names)


def test_all_sections_of_a_full_run(html: str) -> None:
    assert ids(html) == [
        *("in-short", "epidemic", "infections", "hospital", "months", "where", "attack", "cases", "calls", "stopped"),
        *("who-was-stopped", "by-delay", "asked", "load", "service", "retries", "stations", "latency", "origin"),
    ]


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("no load", {"calls", "stopped", "by-delay", "asked", "load", "service", "retries", "stations", "latency"}),
        ("one day", {"epidemic", "infections", "hospital", "months"}),
    ],
)
def test_what_a_run_does_not_have_is_left_out(
    results: dict[str, NationResult], html: str, name: str, missing: set[str]
) -> None:
    """And the rest is there and in order."""
    shown = rendered(results[name])
    assert ids(shown) == [each for each in ids(html) if each not in missing]
    Page(shown)


def test_a_day_whose_service_was_not_told(results: dict[str, NationResult]) -> None:
    """Its calls are shown, its stations are not."""
    result = results["monday"]
    tables = result.tables
    bare = replace(tables, service=tables.service.slice(0, 0), stations=tables.stations.slice(0, 0))
    summary = {**result.summary, "stations": None, "storms": [], "outages": []}
    shown = render_nation(replace(result, tables=bare), summary, result.provenance, QUESTION)
    assert {"load", "latency"} <= set(ids(shown))
    assert not {"retries", "stations"} & set(ids(shown))


def test_the_numbers_are_the_summarys(results: dict[str, NationResult], page: Page) -> None:
    """In tiles, sentences and tables."""
    summary = results["monday"].summary
    for number in (
        f"{summary['months']['2021-09']['cases']:,}",
        f"{summary['load']['by_channel']['bulk']['codes']:,}",
        f"{summary['doors']['stopped_infectious']:,}",
        f"{summary['stations']['risk_lookup']['refused']:,}",
    ):
        assert number in page.text
    assert "From 25 Aug 2021 to 18 Oct 2021, 2.37 million of 83.6 million people were infected" in page.text
    assert "20,000 times about" in page.text


def test_every_province_is_in_the_table(html: str) -> None:
    """By plate, for those who do not see the maps."""
    rows = re.findall(r'<td class="n">(\d\d)</td><th scope="row">', html)
    assert rows == [f"{plate:02}" for plate in range(1, 82)]
    assert '<td class="n">34</td><th scope="row">İstanbul</th><td class="n">15,462,452</td>' in html


def test_the_maps_values(html: str) -> None:
    """İstanbul's, counted here from what was told: at the end, in the last week, on the day with load, at doors."""
    told, people = wave(60, Streams(7).stream("wave")), 15_462_452
    calls = calls_of(20_000, Streams(7).stream(f"calls {MONDAY}"), (495, 525), 690)
    here = calls["province"] == 34
    door = here & ~np.isin(calls["channel"], (3, 5)) & (calls["outcome"] == 0) & (calls["spoiled"] == 0)
    said = [
        share(told["ever_infected"][-1, 34] / people),
        f"{told['cases'][-7:, 34].sum() / people * 100_000:,.0f}",
        f"{calls['codes'][here].sum(dtype=np.int64) / people:.2f}",
        f"{1000 * (calls['risky'][door] > 0).mean():.1f}",
    ]
    row = re.search(r'<th scope="row">İstanbul</th>(.*)</tr>', html)
    assert re.findall(r'<td class="n">([^<]*)</td>', row[1])[1:] == said
    for value in said:
        assert f"<title>İstanbul: {value}</title>" in html


def test_tables_have_captions_and_figures_words(page: Page, html: str) -> None:
    assert page.tags["table"] == page.tags["caption"] > 8
    assert page.tags["figure"] * 2 == page.tags["desc"]
    assert all(words.strip() for words in re.findall(r"<desc[^>]*>([^<]*)</desc>", html))


def test_bands_are_told(results: dict[str, NationResult], page: Page) -> None:
    """With one seed there are none, and the page says so."""
    assert "range of 2 seeds" in page.text
    assert "The bands span 2 seeds" in page.text
    alone = Page(rendered(results["monday"])).text
    assert "range of" not in alone
    assert "One seed is one of many courses" in alone


def test_seeds_of_other_days_are_no_band(results: dict[str, NationResult]) -> None:
    assert "range of" not in Page(rendered(results["monday"], results["one day"])).text


def test_metastable_failure_is_explained_where_it_is(results: dict[str, NationResult], page: Page) -> None:
    """And nowhere else: not where the service came back with its servers, nor where nothing broke."""
    assert "Metastable failure." in page.text
    assert "min after the outage had ended" in page.text
    came_back = Page(rendered(results["two loads"])).text
    assert "Metastable" not in came_back
    assert "answered at least 90% of the fresh calls at once" in came_back
    assert "outage" not in Page(rendered(results["one day"])).text


def test_days_with_load_are_compared(results: dict[str, NationResult], page: Page) -> None:
    assert "By day" in Page(rendered(results["two loads"])).text
    assert "By day" not in page.text


def test_the_question_is_text_and_not_markup(html: str) -> None:
    assert "Does the service hold on a Monday &lt;with&gt; a node out?" in html


def test_a_part_of_the_country_says_so(results: dict[str, NationResult]) -> None:
    result = results["no load"]
    summary = {**result.summary, "people": 5_000_000}
    shown = render_nation(replace(result, summary=summary), summary, result.provenance, QUESTION)
    assert "This is not the whole country" in shown


def test_equal_results_give_equal_bytes(results: dict[str, NationResult], html: str, tmp_path: Path) -> None:
    again = made(tmp_path, calls=20_000)
    assert rendered(again, results["other seed"]) == html
