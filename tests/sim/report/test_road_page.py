"""The page of the onboarding road: complete, correct, one file."""

import re
from dataclasses import replace
from html import unescape

import pytest

from sim.admissions.parameters import AdmissionsParameters
from sim.report import render_road
from sim.report.drawing import THEME
from sim.report.words import kind_name, office_time
from sim.results import RoadResult
from tests.sim.road import result, small_road

QUESTION = "How long until an institution is live, when <few> come?"


def rendered(run: RoadResult) -> str:
    return render_road(run.tables, run.summary, run.provenance, QUESTION)


@pytest.fixture(scope="module")
def run() -> RoadResult:
    return result(small_road())


@pytest.fixture(scope="module")
def html(run) -> str:
    return rendered(run)


def words_of(html: str) -> str:
    """The text that people see."""
    body = re.sub(r"<(style|title|desc)[^>]*>.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_the_answer_is_in_the_title(run, html):
    half = run.summary["until_live"]["days"]["p50"]
    live = run.summary["until_live"]["live"]
    assert (
        f"<title>Small road: {live} institutions live, half of them within {half:.0f} days · HES Sandbox</title>"
        in html
    )


def test_the_page_needs_nothing_else(html):
    """No script, no network, no file beside it; a question cannot break out of its place."""
    assert not re.search(r"<(script|link|img)|https?://|@import|xlink", html)
    assert set(re.findall(r"url\((.)", html)) <= {"#"}
    assert "when &lt;few&gt; come?" in html
    assert "<few>" not in html


def test_names_inside_the_page_are_unique_and_lead_somewhere(html):
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for words in re.findall(r'aria-labelledby="([^"]+)"', html):
        assert set(words.split()) <= set(ids)


def test_every_figure_is_there_in_both_shapes_and_in_words(run, html):
    for name in ("until-live", "by-week", "live", "backlog", "waiting"):
        assert f'<figure id="{name}">' in html
        assert f'id="{name}-wide-words"' in html
        assert f'id="{name}-narrow-words"' in html
    peak = run.summary["desks"]["evaluation"]["backlog_peak"]
    assert f"The highest is {peak} at evaluation on " in html


def test_the_numbers_are_the_summarys(run, html):
    """By kind, by desk, and each change beside what was."""
    text = words_of(html)
    for kind, row in run.summary["by_kind"].items():
        half = "–" if row["days"]["p50"] is None else f"{row['days']['p50']:.1f}"
        assert f"{kind_name(kind)} {row['begun']} {row['returned']} {row['refused']} {row['live']} {half}" in text
    base, *others = run.summary["what_if"]
    for row in others:
        change = round(row["days"]["p50"] - base["days"]["p50"], 1)
        told = f"{change:+.1f}" if change else "±0"
        assert f"{row['words']} {row['days']['p50']:.1f} {told} {row['days']['p90']:.1f}" in text
    assert f"as set {base['days']['p50']:.1f} {base['days']['p90']:.1f} " in text
    for rule, count in run.summary["returned"].items():
        assert re.search(rf"{re.escape(rule)} [^0-9]+ {count} ", text)


def test_it_says_what_it_is(html):
    text = words_of(html)
    assert "never published: those are assumptions" in text
    assert "nothing here is an official document or has legal force" in text


def test_figures_have_no_colour_of_their_own(html):
    """Only the page's variables, so that light and dark are one file."""
    drawn = "".join(re.findall(r'<svg class="(?:wide|narrow)".*?</svg>', html, flags=re.DOTALL))
    assert not re.search(r"#[0-9a-f]{6}\b", drawn)
    assert set(re.findall(r"var\(--([\w-]+)\)", drawn)) <= set(THEME)


def test_equal_runs_give_equal_bytes(run, html):
    assert rendered(run) == html


@pytest.mark.parametrize("weeks", [(), (1.0,)])
def test_hardly_anybody(weeks):
    """A road without institutions, or with one ministry, is a page as well."""
    applications = replace(AdmissionsParameters().applications, ministry=weeks)
    nobody = result(replace(small_road(), admissions=AdmissionsParameters(applications=applications, weeks_after=20)))
    assert f"{len(weeks)} institutions" in rendered(nobody)


@pytest.mark.parametrize(
    ("us", "words"),
    [
        (0, "0 min"),
        (720_000_000, "12 min"),
        (7_560_000_000, "2.1 h"),
        (28_800_000_000, "1.0 working days"),
        (28_800_000_000 * 1234.4, "1,234 working days"),
    ],
)
def test_office_time(us, words):
    assert office_time(us) == words
