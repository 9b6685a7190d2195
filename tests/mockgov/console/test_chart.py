"""Charts: columns of the right height, one on the other."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mockgov.console.chart import HEIGHT, ceiling, columns

NAMESPACE = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("most", "top"), [(0, 2), (2, 2), (3, 4), (5, 10), (10, 10), (11, 20), (40, 40), (41, 100), (1001, 2000)]
)
def test_an_axis_ends_at_a_round_number(most: int, top: int) -> None:
    assert ceiling(most) == top


def test_columns_stand_on_one_another() -> None:
    """Two columns of two series on an axis to 4: a half and a quarter of the height, then nothing and all of it."""
    drawing = str(columns([(2, 1), (0, 4)], "İki sütun & <fazlası>"))
    root = etree.fromstring(drawing)
    assert (root.get("viewBox"), root.get("role")) == ("0 0 20 1000", "img")
    assert root.findtext("title") == "İki sütun & <fazlası>"
    assert [path.get("d") for path in root if path.get("class") == "series-1"] == ["M1 1000V500h8V1000z"]
    assert [path.get("d") for path in root if path.get("class") == "series-2"] == [
        "M1 500V250h8V500zM11 1000V0h8V1000z"
    ]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=60))
def test_no_column_leaves_the_drawing(stacks: list[tuple[int, int]]) -> None:
    """Whatever the values."""
    heights = [
        int(y) for y in re.findall(r"[V ](\d+)", "".join(re.findall(r' d="([^"]*)"', str(columns(stacks, "x")))))
    ]
    assert all(0 <= y <= max(HEIGHT, 10 * len(stacks)) for y in heights)
    assert "series-3" not in str(columns(stacks, "x"))
