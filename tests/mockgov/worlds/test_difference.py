"""In what two worlds differ: by table, and by which citizens, codes, accounts and messages."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import INDEFINITE
from mockgov.credentials.messages import ProvisionAccount
from mockgov.credentials.rules import Environment
from mockgov.queries.messages import Query
from mockgov.risk_index.messages import PcrReport
from mockgov.settings import Settings
from mockgov.signin.messages import SendLoginCode
from mockgov.worlds import UnknownSnapshot, UnknownWorld, Worlds
from mockgov.worlds import rows as under_test
from mockgov.worlds.rows import How, differing, tables
from mockgov.worlds.subjects import ABOUT, Subject, is_main, subject_of

QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)
MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)


@pytest.fixture(params=["memory", "disk"])
def worlds(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Worlds]:
    made = Worlds(settings=QUICK, data=None if request.param == "memory" else tmp_path)
    made.make("here", people=30)
    made.fork("here", "there")
    yield made
    made.close()


def told(worlds: Worlds, name: str, against: str) -> dict[str, set[tuple[str, str]]]:
    """By kind what differs, and how."""
    found: dict[str, set[tuple[str, str]]] = {}
    for one in worlds.difference(name, against).subjects:
        found.setdefault(one.subject.kind, set()).add((one.subject.which, one.how or "changed"))
    return found


def test_copies_are_the_same(worlds: Worlds) -> None:
    """Also when time has passed in one of them and nothing else; both times are told."""
    worlds.get("there").advance(MONDAY + timedelta(hours=1))
    found = worlds.difference("here", "there")
    assert (found.is_same, found.subjects, found.tables) == (True, [], [])
    assert (found.here, found.here_at) == ("here", MONDAY)
    assert (found.there, found.there_at) == ("there", MONDAY + timedelta(hours=1))


def test_by_meaning(worlds: Worlds) -> None:
    """New, deleted and gone codes; a citizen who tested positive; an account; a question; a text message."""
    here, there = worlds.get("here"), worlds.get("there")
    made = here.codes.issue(IssueCode(citizen_id=2, expires_at=INDEFINITE)).text
    other = there.codes.issue(IssueCode(citizen_id=3, expires_at=INDEFINITE)).text
    deleted = here.codes.of(1)[0]
    here.codes.delete(deleted)
    here.risk_index.file([PcrReport(citizen_id=5, sampled_at=MONDAY, positive=True)])
    here.queries.answer([Query("KURUM", "x", made)])
    there.credentials.revoke("ANADOLU-GIDA-TEST")
    here.credentials.provision(ProvisionAccount(institution_id=1, label="YENİ", environment=Environment.LIVE))
    citizen = next(one for one in here.registry.citizens() if one.phone)
    here.signin.send_code(SendLoginCode(citizen_id=citizen.citizen_id, phone=citizen.phone))
    assert told(worlds, "here", "there") == {
        "accounts": {("corporate ANADOLU-GIDA-TEST", "changed"), ("corporate YENİ-G2G-HES", "only_here")},
        "codes": {(made, "only_here"), (other, "only_there"), (deleted.text, "changed")},
        "citizens": {("5", "changed"), (str(citizen.citizen_id), "changed")},
        "queries": {("1", "only_here")},
        "messages": {("sms 1", "only_here")},
    }
    by_table = {one.table: one for one in worlds.difference("here", "there").tables}
    code = by_table["code"]
    assert (code.only_here, code.only_there, code.changed) == (0, 0, 2)
    fields = {one.subject.which: one.fields for one in worlds.difference("here", "there").subjects}
    assert fields[deleted.text] == {"code.deleted_us"}
    assert fields["5"] >= {"risk_report", "risk_interval", "risk_case"}
    mirrored = told(worlds, "there", "here")
    assert mirrored["codes"] == {(made, "only_there"), (other, "only_here"), (deleted.text, "changed")}


def test_against_a_snapshot(worlds: Worlds) -> None:
    """One's own, or another world's; nothing is changed by looking."""
    worlds.snapshot("here", "kept")
    code = worlds.get("here").codes.issue(IssueCode(citizen_id=2, expires_at=INDEFINITE)).text
    for against in ("@kept", "here@kept"):
        assert told(worlds, "here", against) == {"codes": {(code, "only_here")}}
    assert worlds.difference("there", "here@kept").is_same
    assert worlds.difference("there", "here@kept").there == "here@kept"
    worlds.restore("here", "kept")
    assert worlds.difference("here", "@kept").is_same


def test_what_is_not_there(worlds: Worlds) -> None:
    for against, refusal in (("nowhere", UnknownWorld), ("@x", UnknownSnapshot), ("there@x", UnknownSnapshot)):
        with pytest.raises(refusal):
            worlds.difference("here", against)
    with pytest.raises(UnknownWorld):
        worlds.difference("nowhere", "here")


def test_every_table_that_is_about_something_is_there(worlds: Worlds) -> None:
    """With the column that says about what; of each kind one table is the thing itself."""
    raw = worlds.get("here").world.database.raw
    for table, about in ABOUT.items():
        assert about.column in {row[1] for row in raw.execute(f"PRAGMA table_info({table})")}, table
    assert {about.kind for table, about in ABOUT.items() if is_main(table)} == {about.kind for about in ABOUT.values()}
    assert set(ABOUT) <= set(tables(raw))


def test_what_a_row_is_about() -> None:
    """A table that nobody told of is about its citizen, if it names one, or about nothing in particular."""
    assert subject_of("code", {"text": "A1B2345617"}) == Subject("codes", "A1B2345617")
    assert subject_of("mail", {"number": 7}) == Subject("messages", "mail 7")
    assert subject_of("something_new", {"citizen_id": 7}) == Subject("citizens", "7")
    assert subject_of("asked_tally", {"day": 7}) is None
    assert subject_of("sms_notice", {"message": None}) is None
    assert not is_main("something_new")


KEYS = st.integers(0, 40)
TEXTS = st.sampled_from(["", "a", "ğ", "z", "\U0001f600", "\uffff"])
SIDES = st.dictionaries(st.tuples(TEXTS, KEYS), st.sampled_from([None, 1, 2, "x"]), max_size=30)


@given(one=SIDES, two=SIDES, at_once=st.integers(1, 7), keyed=st.booleans())
def test_rows_against_a_model(
    one: dict[tuple[str, int], Any], two: dict[tuple[str, int], Any], at_once: int, *, keyed: bool
) -> None:
    """Whatever stands on the two sides: each row that differs is told once, in the key's order, and no other."""
    sides = [side_of(rows, keyed=keyed) for rows in (one, two)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(under_test, "AT_ONCE", at_once)
        found = list(differing(*sides, "t"))
    here = dict.fromkeys(one.keys() - two.keys(), How.ONLY_HERE)
    there = dict.fromkeys(two.keys() - one.keys(), How.ONLY_THERE)
    both = {key: How.CHANGED for key in one.keys() & two.keys() if one[key] != two[key]}
    rows = [(one.here or one.there, one.how, one.columns) for one in found]
    if keyed:
        assert {(row["text"], row["n"]): how for row, how, _ in rows} == here | there | both
        assert [(row["text"].encode(), row["n"]) for row, _, _ in rows] == sorted(
            (text.encode(), n) for text, n in here | there | both
        )
        assert all(columns == (["value"] if how is How.CHANGED else []) for _, how, columns in rows)
    else:
        assert {(row["text"], row["n"]) for row, how, _ in rows if how is How.ONLY_HERE} == (here | both).keys()
        assert not any(how is How.CHANGED for _, how, _ in rows)
    assert len(found) == len(here) + len(there) + len(both) * (1 if keyed else 2)
    for side in sides:
        side.close()


def side_of(rows: dict[tuple[str, int], Any], *, keyed: bool) -> sqlite3.Connection:
    side = sqlite3.connect(":memory:")
    key = ", PRIMARY KEY (text, n)" if keyed else ""
    side.execute(f"CREATE TABLE t (value, n INTEGER, text TEXT{key})")
    side.executemany("INSERT INTO t VALUES (?, ?, ?)", [(value, n, text) for (text, n), value in rows.items()])
    return side


def test_a_table_that_only_one_side_has() -> None:
    """All its rows are there only; a table of neither side has none."""
    full, empty = side_of({("a", 1): 1}, keyed=True), sqlite3.connect(":memory:")
    assert [one.how for one in differing(full, empty, "t")] == [How.ONLY_HERE]
    assert [one.how for one in differing(empty, full, "t")] == [How.ONLY_THERE]
    assert list(differing(empty, empty, "t")) == []
    full.close()
    empty.close()
