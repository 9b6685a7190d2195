"""The pages: one file each, complete, and at peace with browsers."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from sim.experiments.axes import read_axes, read_ranges
from sim.experiments.calibrate import calibrate, opened, predict
from sim.experiments.changing import changed
from sim.experiments.compare import compare
from sim.experiments.executors import Serial
from sim.experiments.journal import Journal
from sim.experiments.observed import Observation
from sim.experiments.page import render_calibration, render_comparison, render_sweep
from sim.experiments.plan import plan
from sim.experiments.sweep import sweep
from sim.experiments.tasks import Workshop
from sim.experiments.validation import Validation
from sim.experiments.words import brief_number, cell, chance, last_words, leading, month_name, signed_share
from sim.provenance import describe
from tests.sim.experiments.toy import Toy, cases, ishigami, moody

PROVENANCE = describe(scenario="small_world", content=b"", seed=1, drive="stub")
SHOP = Workshop(executor=Serial(), journal=Journal())
VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """What a browser would find: text, ids, tags closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.ids, self.references, self._open = "", Counter(), [], [], []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self._note(attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags[tag] += 1
        self._note(attrs)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open[-1:] != ["style"]:
            self.text += " " + " ".join(data.split())

    def _note(self, attrs):
        for name, value in attrs:
            self.ids += [value] if name == "id" else []
            self.references += value.split() if name == "aria-labelledby" else []
            self.references += [value[1:]] if name == "href" else []


def comparison() -> str:
    made = compare(Toy(), changed(Toy(), {"spread.growth": 0.21}), cases, SHOP, seeds=range(6), names=("slow", "fast"))
    return render_comparison(made, PROVENANCE)


def swept(texts, headline, design="grid", **more) -> str:
    made = plan(read_axes(texts, Toy()), design, **more)
    return render_sweep(sweep(Toy(), made, headline, SHOP), PROVENANCE)


def calibration() -> str:
    def told(scenario):
        return [Observation(name=name, value=value, error=0.1) for name, value in cases(scenario, 99).items()]

    truth = changed(Toy(), {"spread.growth": 0.35})
    ranges = read_ranges(["spread.growth=0:0.8", "spread.waves.1.1=0:3"], Toy())
    found = calibrate(Toy(), ranges, told(truth), cases, SHOP, members=20, steps=2)
    more = read_ranges(["spread.beginning=1:10:log"], Toy())
    ahead = predict(opened(found.ensemble, more), changed(Toy(), {"days": 5}), cases, SHOP)
    outcome = Validation.of(found, ahead, told(changed(truth, {"days": 5})))
    return render_calibration(found, PROVENANCE, fragment=found.ensemble.toml(Toy()), outcome=outcome)


def nothing_differs() -> str:
    return render_comparison(compare(Toy(), Toy(), cases, SHOP, seeds=[1]), PROVENANCE)


PAGES = {
    "comparison": comparison,
    "nothing differs": nothing_differs,
    "calibration": calibration,
    "grid": lambda: swept(["spread.growth=0.1,0.2", "spread.rule=lax,strict"], cases, replications=3),
    "choices": lambda: swept(["spread.rule=lax,strict"], cases),
    "failures": lambda: swept(["spread.tests=2,3,4"], moody, replications=2),
    "latin": lambda: swept(["spread.growth=0:1", "spread.tests=1:9"], cases, "latin", points=20),
    "saltelli": lambda: swept(["spread.growth=0:1", "spread.beginning=0:1"], ishigami, "saltelli", points=60),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_needs_nothing_else(kind):
    """No script, no network; every tag closed, every id once, every reference with its target; equal bytes again."""
    html = PAGES[kind]()
    page = Page(html)
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0
    assert not re.search(r"https?://|@import|#0a0b", html)
    assert [name for name, count in Counter(page.ids).items() if count > 1] == []
    assert set(page.references) <= set(page.ids)
    assert html == PAGES[kind]()


def test_a_comparison_says_what_differs():
    """In its title, its table and its figure's words."""
    page = Page(comparison())
    assert "<title>fast against slow: 14 of 16 numbers differ · HES Sandbox</title>" in comparison()
    assert "cases 2020-10 +7.3% (higher)" in page.text
    assert "cases 2020-03 0% (equal)" in page.text


def test_a_verdict_stands_beside_its_number():
    """Before the columns that a narrow window hides; the scale stands above, the second scenario's digest below."""
    made = compare(
        Toy(), changed(Toy(), {"spread.growth": 0.21}), cases, SHOP, seeds=range(2), scale="Ten stand for all."
    )
    page = Page(render_comparison(made, PROVENANCE, origin={"second_scenario_digest": "5f2c"}))
    assert re.search(r"Number Verdict A B Difference", page.text)
    assert re.search(r"cases 2020-03 too few seeds", page.text)
    assert page.text.index("Ten stand for all.") < page.text.index("Number Verdict")
    assert "second scenario digest 5f2c" in page.text
    assert "too few seeds to tell: 5 at least" in page.text


def test_a_sweep_says_which_numbers_are_left_out():
    """By name, with how to see them; and that none is."""
    assert "6 of 16 numbers are on this page" in Page(PAGES["choices"]()).text
    assert "--number, from: cases 2020-06, tests 2020-06" in Page(PAGES["choices"]()).text
    assert "All 2 numbers are on this page." in Page(PAGES["saltelli"]()).text


def test_a_sweep_says_what_matters_and_what_failed():
    """The parameter that moves a number most is on the axis; failures stand with their sentence."""
    page = Page(PAGES["latin"]())
    assert "Partial rank correlation: spread.growth" in page.text
    assert "three tests bring bad luck" in Page(PAGES["failures"]()).text
    assert "more rows are in" not in page.text
    assert "216 more rows are in sweep.parquet" in Page(PAGES["saltelli"]()).text


def test_a_calibration_shows_the_months_beyond_the_fit():
    """Those not shown to the fit are told apart; the fragment sets the means."""
    page = Page(calibration())
    assert re.search(r"Oct\s20 [\d, ]+ [\d,]+ to [\d,]+ [\d,]+ to [\d,]+ yes yes", page.text)
    assert re.search(r"Dec\s20 [\d, ]+ [\d,]+ to [\d,]+ [\d,]+ to [\d,]+ held out yes", page.text)
    assert "waves = [ [2020-06-01, 0.8]" in page.text
    assert re.search(r"Fitted are totals of Mar\s20 to Oct\s20; Nov\s20 to Dec\s20 are foretold\.", page.text)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (brief_number(0.25), "0.25"),
        (brief_number(1234), "1,234"),
        (brief_number(35_000), "35k"),
        (brief_number(1_250_000), "1.25M"),
        (cell(None), "–"),
        (cell(1234.5), "1,234"),
        (cell(0.123456), "0.1235"),
        (cell(0.00001), "0.00001"),
        (cell(2.0), "2"),
        (cell(True), "yes"),
        (signed_share(0.0732), "+7.3%"),
        (signed_share(-0.5), "−50%"),
        (signed_share(0), "0%"),
        (chance(1e-9), "under 0.001"),
        (chance(0.0412), "0.041"),
        (month_name("2021-07"), "Jul\N{NO-BREAK SPACE}21"),
        (month_name("total"), "total"),
    ],
)
def test_words(said, words):
    """Numbers as people say them."""
    assert said == words


def test_numbers_of_the_whole_time_are_shown_before_months():
    """In their order; months only where there is room."""
    numbers = ["cases 2021-02", "deaths 2021-02", "cases", "deaths", "p99.9 ms"]
    assert leading(numbers, 2) == ("cases", "deaths")
    assert leading(numbers, 4) == ("cases", "deaths", "p99.9 ms", "cases 2021-02")


def test_parameters_are_named_by_their_last_words():
    """Unless two would be the same, or a place in a list says nothing."""
    names = ("reporting.laboratory_mean_hours", "days", "a.kept", "b.kept", "spread.waves.0.1")
    assert last_words(names) == ("laboratory mean hours", "days", "a.kept", "b.kept", "spread.waves.0.1")
