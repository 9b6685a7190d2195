"""The page: one file, complete, correct, at peace with browsers and screen readers."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from sim.report import render
from sim.results import CAPACITY, EPIDEMIC, QUERIES, Result, Tables, summarise

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """What a browser would find: the text, the attributes, and whether tags are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.attributes, self._open = "", Counter(), [], []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags[tag] += 1
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.tags[tag] += 1
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] not in (["style"], ["title"], ["desc"]):
            self.text += " " + " ".join(data.split())

    def values(self, name: str) -> list[str]:
        return [value for attribute, value in self.attributes if attribute == name]


def rendered(run: Result) -> str:
    return render(run.tables, run.summary, run.provenance)


@pytest.fixture(scope="module")
def html(run: Result) -> str:
    return rendered(run)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_verdict_is_the_first_thing_said(html, page):
    """In the page and in its title, which a terminal can search."""
    assert "25,000 answers, 0 wrong" in " ".join(page.text.split())
    assert "<title>Monday morning: 25000 answers, 0 wrong · HES Sandbox</title>" in html
    assert "What was wrong" not in page.text


def test_the_page_needs_nothing_else(html, page):
    """No script, no network, no file beside it."""
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0
    assert all(value.startswith("#") for value in page.values("href"))
    assert page.values("src") == []
    assert not re.search(r"https?://|@import|xlink", html)
    assert set(re.findall(r"url\((.)", html)) <= {"#"}


def test_names_inside_the_page_are_unique_and_lead_somewhere(html, page):
    """No id twice; every reference has its target."""
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    references = [name for value in page.values("aria-labelledby") for name in value.split()]
    references += [value.removeprefix("#") for value in page.values("href")] + re.findall(r"url\(#([^)]*)\)", html)
    assert references
    assert set(references) <= set(ids)


def test_it_has_the_five_figures_in_two_widths(page):
    assert page.values("role").count("img") == 10
    assert {"hours", "answers", "latency", "epidemic", "utilisation"} <= set(page.values("id"))


@pytest.mark.parametrize(
    "words",
    [
        "7 Nov 2021",
        "over HTTP",
        "codes asked 25,000 in 19,511 HTTP calls",
        "people stopped 583 by 587 risky answers",
        "99% of calls within 12.6 ms half within 1.97 ms",
        "infectious that day 1,166 of 20,000 people",
        "peak utilisation 100% at 08:08, modelled",
        "employee an employer asks about its staff 7,000 7,000 155 0 1.20 ms 2.11 ms 3.58 ms 1.12 s",
        "all 25,000 19,511 587 0",
        "08:51 45 1.59 ms 1.12 s 1.12 s 85.6%",
        "1,208 of 3,381 infections in these 45 days were reported",
        "21.7 hours were played in 61.5 seconds, about 1,300 times faster than life",
        "People, codes and institutions are invented",
        "provinces Çanakkale, Iğdır",
        "scenario digest 5f2c5f2c",
        "made at 2026-11-23T06:30:00+00:00",
        "command hes run scenarios/monday_morning.toml",
    ],
)
def test_it_says(page, words):
    """Numbers, caveats, parameters and provenance, as the summary has them."""
    assert words in " ".join(page.text.split())


def test_equal_runs_are_equal_pages(run, html):
    assert rendered(run) == html


def test_what_was_wrong_is_shown_by_field_and_by_the_first_cases(failed_run):
    """With the asker's name as it is, whatever letters and marks it has."""
    html = rendered(failed_run)
    text = " ".join(Page(html).text.split())
    assert "25,000 answers, 58 wrong" in text
    assert "16 of the questions got no proper answer; they count as wrong" in text
    assert "masked_lastname 29" in text
    assert "The first 20 of 58 wrong answers" in text
    assert (
        "06:55:41 person-plus Ağrı <b>Şoför</b> & Ölçü A.Ş. 13908 18921 masked_lastname riskless riskless 200" in text
    )
    assert "employee Şirket 45 6354 403 answer riskless no answer in time –" in text
    assert "<b>Şoför" not in html


def test_a_run_without_anything_still_has_a_page(run):
    """Only the verdict, how to read it and where it comes from."""
    nothing = Tables(queries=QUERIES.empty_table(), epidemic=EPIDEMIC.empty_table(), capacity=CAPACITY.empty_table())
    page = Page(render(nothing, summarise(nothing, {"scenario": "empty", "seed": 1}), run.provenance))
    assert page.tags["figure"] == 0
    assert "No question was asked, so nothing was checked." in page.text
    assert "0 answers, 0 wrong" in " ".join(page.text.split())


def test_a_run_of_one_question_has_a_page(run):
    """One code, one day, one minute: axes without extent."""
    one = Tables(
        queries=run.tables.queries.slice(0, 1),
        epidemic=run.tables.epidemic.slice(44),
        capacity=run.tables.capacity.slice(0, 1),
    )
    summary = summarise(one, {"scenario": "one", "seed": 1}, measured={"real_seconds": 0.2})
    assert "1 answers, 0 wrong" in " ".join(Page(render(one, summary, run.provenance)).text.split())


def test_an_unknown_drive_is_named_as_it_is(run):
    """A way to meet the ministry that this page does not know yet."""
    assert "mock ministry by_pigeon" in render(run.tables, run.summary, replace(run.provenance, drive="by_pigeon"))
