"""The README's list of a national run's tables."""

import re
from pathlib import Path

import pytest

from sim.epidemic.tally import TOTALS
from sim.reporting.model import COUNTS
from sim.results.nation_tables import EPIDEMIC_HEAD, PROVINCE_PEOPLE, SCHEMAS, TRACE

README = Path(__file__).parents[3] / "README.md"
COLUMNS = {
    **{name: schema.names for name, schema in SCHEMAS.items()},
    "epidemic": [*EPIDEMIC_HEAD, *TOTALS, *COUNTS],
    "provinces": PROVINCE_PEOPLE.names,
    "trace": TRACE.names,
}


def rows() -> dict[str, str]:
    """Each table of the README by its name, the rest of the row as text."""
    text = README.read_text("utf-8").partition("## The whole country")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)`[^|]*\| (.*) \|$", text, re.MULTILINE))


def test_every_table_is_listed_and_no_other() -> None:
    assert sorted(rows()) == sorted(COLUMNS)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_is_told_and_no_other(name: str) -> None:
    """The keys in words, all others by their names."""
    keys, _, told = rows()[name].partition(" | ")
    named = re.findall(r"`([a-z_]+)`", told)
    assert set(named) <= set(COLUMNS[name])
    left = set(COLUMNS[name]) - set(named) - {"date"}
    assert left <= set(keys.split(", "))
