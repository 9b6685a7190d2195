"""The inventory against the database: nothing is held that it does not name."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from mockgov.custody import PERIODS
from mockgov.kvkk.inventory import HOLDINGS, NOBODYS
from mockgov.ministry import Ministry
from mockgov.settings import Settings
from mockgov.world import make_world


@pytest.fixture
def ministry() -> Iterator[Ministry]:
    made = Ministry(make_world())
    yield made
    made.close()


def test_every_table_stands_in_the_inventory(ministry: Ministry) -> None:
    """A new table is named in `mockgov/kvkk/inventory.py`: among what is held of people, or of nobody."""
    tables = set(sa.inspect(ministry.world.database.connection).get_table_names())
    held = [holding.table for holding in HOLDINGS]
    assert len(set(held)) == len(held)
    assert set(held) | NOBODYS == tables
    assert not set(held) & NOBODYS


def test_every_holding_says_why_and_how_long(ministry: Ministry) -> None:
    """In both languages, with a setting or with words, never both."""
    for holding in HOLDINGS:
        assert all((holding.data_tr, holding.data_en, holding.purpose_tr, holding.purpose_en, holding.whose))
        assert (holding.setting is None) == bool(holding.kept), holding.table
        assert holding.setting in (None, *PERIODS)
        assert holding.is_erased == (ministry.kvkk.period_days(holding) is not None)


def test_every_period_is_a_setting_and_is_used() -> None:
    """None is kept for show: each stands beside something that is erased by it."""
    assert set(PERIODS) == {name for name in Settings.__dataclass_fields__ if name.startswith("keep_")}
    assert {holding.setting for holding in HOLDINGS if holding.setting} == set(PERIODS)


COLUMNS_ABOUT_PEOPLE = ("citizen_id", "owner_id", "member_id", "lodged_by", "phone", "identity", "identity_number")


def test_no_table_of_nobodys_names_a_person(ministry: Ministry) -> None:
    """None of them has a column in which a person could stand."""
    inspector = sa.inspect(ministry.world.database.connection)
    for table in NOBODYS:
        names = {column["name"] for column in inspector.get_columns(table)}
        assert not names & set(COLUMNS_ABOUT_PEOPLE), table
