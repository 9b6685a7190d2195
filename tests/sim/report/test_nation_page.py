"""The page of a national run: one file, complete, correct, at peace with browsers and screen readers."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.nation.recorded import parameters_of
from sim.report.nation_page import render_nation
from sim.results.nation import NationResult
from sim.scenario import NationScenario
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
    assert "From 25 Aug 2021 to 18 Oct 2021 there were 2.37 million infections among 83.6 million people" in page.text
    assert "20,000 times about" in page.text


def test_every_province_is_in_the_table(html: str) -> None:
    """By plate, for those who do not see the maps."""
    rows = re.findall(r'<td class="n">(\d\d)</td><th scope="row">', html)
    assert rows == [f"{plate:02}" for plate in range(1, 82)]
    assert '<td class="n">34</td><th scope="row">İstanbul</th><td class="n">15,462,452</td>' in html


def test_the_maps_values(html: str) -> None:
    """İstanbul's, counted here: since the warm-up, in the last week, on the day with load, at doors."""
    told, people = wave(60, Streams(7).stream("wave")), 15_462_452
    calls = calls_of(20_000, Streams(7).stream(f"calls {MONDAY}"), (495, 525), 690)
    here = calls["province"] == 34
    door = here & ~np.isin(calls["channel"], (3, 5)) & (calls["outcome"] == 0) & (calls["spoiled"] == 0)
    said = [
        f"{told['new_infections'][5:, 34].sum() / people * 100_000:,.0f}",
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


def test_seeds_of_a_single_day_are_no_band(results: dict[str, NationResult]) -> None:
    """Two seeds were played, and the page shows one."""
    text = Page(rendered(results["one day"], results["one day"])).text
    assert "2 seeds were played" in text
    assert "bands" not in text


def test_months_in_part_are_marked(page: Page, results: dict[str, NationResult]) -> None:
    """August from the 25th, October to the 18th; September is whole."""
    assert list(results["monday"].summary["partial_months"]) == ["2021-08", "2021-10"]
    text = re.sub(r"\s+", " ", page.text)
    assert re.findall(r"(2021-\d\d) ?(in part: days \d+–\d+)?", text[text.index("By month") :])[:3] == [
        ("2021-08", "in part: days 25–31"),
        ("2021-09", ""),
        ("2021-10", "in part: days 1–18"),
    ]


def test_those_without_an_answer_are_not_in_the_table_of_doors(results: dict[str, NationResult], page: Page) -> None:
    """They are named, with their number: all single calls but those that were answered."""
    calls = calls_of(20_000, Streams(7).stream(f"calls {MONDAY}"), (495, 525), 690)
    lost = int((~np.isin(calls["channel"], (3, 5)) & (calls["outcome"] > 0)).sum())
    assert results["monday"].summary["doors"]["unanswered"] == lost > 0
    assert f"Not in the table: {lost:,} codes shown for which no answer came" in page.text
    assert "Not in the table" not in Page(rendered(results["one day"])).text


def test_what_was_set_is_told_beside_its_default(results: dict[str, NationResult]) -> None:
    """Waves and outages in rows; what has its default is folded away, and nothing is told twice."""
    result = results["no load"]
    facts = parameters_of(NationScenario(name="a", question="What?", date=date(2021, 8, 20)))
    usual = facts["epidemic.measures.waves"].count(";") + 1
    facts |= {"nation.warm_up_days": 5, "epidemic.measures.waves": "2021-08-01 0.5; 2021-09-01 0.7"}
    facts |= {"network.outages": "audit 100.0 200.0 3", "network.audit.autoscales": True}
    summary = {**result.summary, "facts": facts}
    html = render_nation(result, summary, result.provenance, QUESTION)
    here, folded = html[html.index("Parameters that are set here") :].split("All other parameters")
    rows = dict(re.findall(r'<tr><th scope="row">([^<]*)</th><td>\s*(.*?)\s*</td>', here, re.DOTALL))
    assert rows == {
        "date": "2021-08-20",
        "measures: waves": "2021-08-01 0.5<br>2021-09-01 0.7",
        "days": "120",
        "load": "none",
        "warm up days": "5",
        "audit: autoscales": "yes",
        "outages": "audit 100.0 200.0 3",
        "people": "83,614,362",
    }
    assert here.count(f"<summary>{usual} rows</summary>") == 1
    others = folded[: folded.index("Provenance")].count('<th scope="row">')
    assert len(rows) + others == len(facts)


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
