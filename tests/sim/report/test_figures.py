"""The figures: what they say to those who cannot see them, and that they are at home in the page."""

import re
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest

from sim.report import figures
from sim.report.drawing import SENTINELS, THEME
from sim.report.figures import Plot
from sim.results import Result

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def plots(run: Result) -> dict[str, Plot]:
    tables = run.tables
    drawn = [draw(tables.queries) for draw in (figures.hours, figures.latency, figures.answers)]
    drawn += [figures.epidemic(tables.epidemic), figures.utilisation(tables.capacity)]
    return {plot.name: plot for plot in drawn}


def parse(drawing: str) -> ET.Element:
    return ET.fromstring(drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "hours",
            (
                "Stacked bars, one an hour. 25,000 codes in all; the busiest hour begins at 09:00 with 3,118. "
                "employee: 7,000, visitor: 6,500, single: 1,800, plus: 900, bulk: 4,000, bulk-plus: 1,500, "
                "person: 2,600, person-plus: 700."
            ),
        ),
        (
            "latency",
            (
                "A histogram over a logarithmic time axis of 19,511 calls: p50 1.97 ms, p90 5.80 ms, p99 12.6 ms, "
                "p99.9 193 ms, longest 1.12 s."
            ),
        ),
        ("answers", "Bars: riskless 23,964, risky 587, code not found 229, code expired 220."),
        (
            "epidemic",
            (
                "Two panels over 45 days to 7 Nov 2021. On the last day 1,166 people are infectious and 413 exposed, "
                "and the ministry believes 1,868 to be risky. That day 83 are infected and 73 cases reported."
            ),
        ),
        (
            "utilisation",
            (
                "Over the day. Highest share of busy servers: 100% at 08:08. Longest wait for a turn: "
                "1.00 s at 08:08. 337 refused, 0 gave up."
            ),
        ),
    ],
)
def test_a_figure_says_what_it_shows(plots, name, words):
    """The text alternative has the numbers that the picture is about."""
    assert plots[name].alternative == words


@pytest.mark.parametrize("name", ["hours", "latency", "answers", "epidemic", "utilisation"])
def test_a_figure_is_an_image_with_title_and_words(plots, name):
    """Both drawings parse, keep their text as text, scale, and name themselves to a screen reader."""
    for shape, drawing in zip(("wide", "narrow"), plots[name].drawings, strict=True):
        root = parse(drawing)
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{name}-{shape}-title {name}-{shape}-words"
        assert root.get("width") is None
        assert root.get("viewBox").startswith("0 0 880" if shape == "wide" else "0 0 350")
        assert root.find(f"{SVG}title").text == plots[name].title
        assert root.find(f"{SVG}desc").text == plots[name].alternative
        assert root.findall(f".//{SVG}text")


@pytest.mark.parametrize("name", ["hours", "latency", "answers", "epidemic", "utilisation"])
def test_a_figure_takes_colours_and_type_from_the_page(plots, name):
    """Every colour is a variable of the theme; no font and no style sheet of its own."""
    drawing = "".join(plots[name].drawings)
    assert not re.search(r"(?:fill|stroke): #", drawing)
    assert set(re.findall(r"var\(--([^)]*)\)", drawing)) <= set(THEME)
    assert not any(sentinel in drawing for sentinel in SENTINELS.values())
    assert "font-family" not in drawing
    assert "<style" not in drawing


def test_a_figure_is_the_same_every_time(run):
    """Nothing of the moment, of chance or of the machine's own settings gets into it, nor stays behind."""
    first = figures.answers(run.tables.queries)
    with mpl.rc_context({"axes.facecolor": "red", "font.size": 30, "svg.fonttype": "path", "svg.hashsalt": None}):
        assert figures.answers(run.tables.queries) == first
        assert mpl.rcParams["font.size"] == 30


def test_the_legend_names_the_channels_that_occur(run):
    """Each in its own colour, whichever others occur."""
    queries = run.tables.queries
    some = queries.filter([channel in {"visitor", "person"} for channel in queries["channel"].to_pylist()])
    assert [(key.label, key.colour) for key in figures.hours(some).keys] == [
        ("visitor", "series-2"),
        ("person", "series-7"),
    ]


def test_failures_are_shown_beside_the_proper_answers(failed_run):
    """The commoner first, in the colour of alarm."""
    plot = figures.answers(failed_run.tables.queries)
    assert plot.alternative.endswith("code expired 219, HTTP 503 10, no answer in time 6.")
    assert plot.drawings[0].count("var(--alert)") == 2


def test_an_answer_of_any_letters_can_be_drawn(run):
    """A ministry may answer anything: markup, dollars, Turkish letters."""
    one = run.tables.queries.slice(0, 1)
    strange = one.set_column(one.schema.get_field_index("answered"), "answered", [["<b>$x_1 & Ş</b>"]])
    for drawing in figures.answers(strange).drawings:
        assert "<b>$x_1 & Ş</b> 1." in parse(drawing).find(f"{SVG}desc").text
        assert "<b>$x_1 & Ş</b>" in [text.text for text in parse(drawing).iter(f"{SVG}text")]


def test_where_nobody_waits_no_wait_is_drawn(run):
    """An idle service has one panel, on a scale of its own."""
    idle = run.tables.capacity.filter([busy < 0.2 for busy in run.tables.capacity["utilisation"].to_pylist()])
    idle = idle.set_column(idle.schema.get_field_index("longest_wait_us"), "longest_wait_us", [[0] * idle.num_rows])
    plot = figures.utilisation(idle)
    assert "Nobody waited for a turn. 0 refused, 0 gave up." in plot.alternative
    assert "longest wait" not in plot.drawings[0].partition("</desc>")[2]
    assert "100%" not in plot.drawings[0]
