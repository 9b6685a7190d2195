"""A signed report: checked without a network, and good for nothing once a byte is another."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.cli import conform as under_test
from mockgov.cli.conform import conforming
from mockgov.cli.running import run
from mockgov.conformance.statement import NotVerified, canonical, verified
from mockgov.settings import Settings
from tests.mockgov.conformance.rehearsing import USER, Rehearsal
from tests.mockgov.counters.town import QUICK, Town


def made(settings: Settings = QUICK) -> tuple[bytes, bytes]:
    """A report and its page."""
    town = Town(settings)
    rehearsal = Rehearsal(town)
    rehearsal.ordinary()
    answer = town.client.post("/_lab/conformance/report", params={"asker": USER})
    town.close()
    return answer.json()["report"].encode(), answer.json()["page"].encode()


@pytest.fixture(scope="module")
def report() -> tuple[bytes, bytes]:
    """Of the first level."""
    return made()


def test_the_statement_says_where_when_and_by_which_rules(report: tuple[bytes, bytes]) -> None:
    statement = verified(*report)
    assert statement["level"] == 1
    assert statement["asker"] == USER
    assert statement["seed"] == 1
    assert statement["regulation"] == "2021-09-17"
    assert statement["rules_date"] == "2021-10-06T05:00:00+00:00"
    assert statement["transcript"]["exchanges"] == 4
    assert len(statement["spec_digest"]) == len(statement["page_digest"]) == 64


def test_the_address_is_the_worlds() -> None:
    """It is what certificates say too, and the report can be checked with it."""
    assert verified(*made(QUICK.changed({"public_address": "http://127.0.0.1:9099"})))["address"] == (
        "http://127.0.0.1:9099"
    )


def test_the_same_rehearsal_comes_to_the_same_bytes(report: tuple[bytes, bytes]) -> None:
    assert made() == report


def test_a_copy_and_a_world_whose_clock_runs() -> None:
    """The one has its origin's authority; in the other time passes while the report is written."""
    town = Town()
    code = town.issue().text
    town.worlds.fork("default", "copy").world.run(60.0)
    town.ask("C3", {"hes_code": code}, world="/w/copy")
    answer = town.client.post("/w/copy/_lab/conformance/report", params={"asker": USER}).json()
    assert verified(answer["report"].encode(), answer["page"].encode())["world"] == "copy"
    town.close()


def test_a_world_with_rsa_keys() -> None:
    assert verified(*made(QUICK.changed({"signature_keys": "rsa"})))["signature_keys"] == "rsa"


@settings(max_examples=120, deadline=None)
@given(at=st.integers(min_value=0), bit=st.integers(0, 7))
def test_any_flipped_bit_fails(report: tuple[bytes, bytes], at: int, bit: int) -> None:
    """In the statement, in its signature, or between them."""
    spoilt = bytearray(report[0])
    spoilt[at % len(spoilt)] ^= 1 << bit
    with pytest.raises(NotVerified):
        verified(bytes(spoilt))


@given(at=st.integers(min_value=0), bit=st.integers(0, 7))
@settings(max_examples=20, deadline=None)
def test_any_flipped_bit_of_the_page_fails(report: tuple[bytes, bytes], at: int, bit: int) -> None:
    page = bytearray(report[1])
    page[at % len(page)] ^= 1 << bit
    with pytest.raises(NotVerified, match="page"):
        verified(report[0], bytes(page))


def test_another_level_written_in_is_no_report(report: tuple[bytes, bytes]) -> None:
    """However well the file is written."""
    read = json.loads(report[0])
    read["statement"]["level"] = 3
    with pytest.raises(NotVerified, match="signature does not count"):
        verified(canonical(read) + b"\n")


def test_another_worlds_seal_does_not_count(report: tuple[bytes, bytes]) -> None:
    read = json.loads(report[0])
    read["statement"]["seed"] = 2
    with pytest.raises(NotVerified, match="signature does not count"):
        verified(canonical(read) + b"\n")


@pytest.mark.parametrize("file", [b"", b"[]", b"{}", b"\xff", b'{"signature":"AA==","statement":{}}\n', b"[" * 100_000])
def test_what_is_no_report(file: bytes) -> None:
    with pytest.raises(NotVerified):
        verified(file)


def test_the_command_checks_a_file_and_the_page_beside_it(
    report: tuple[bytes, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 0 where all is as signed; one line and status 1 where it is not, or where the level is too low."""
    file, page = tmp_path / "report.json", tmp_path / "report.html"
    file.write_bytes(report[0])
    assert run(conforming, ["--verify", str(file)]) == 0
    page.write_bytes(report[1])
    assert run(conforming, ["--verify", str(file)]) == 0
    assert "as signed. ÇINAR-LOJİSTİK-G2G-HES, level 1: asks rightly" in capsys.readouterr().out
    assert run(conforming, ["--verify", str(file), "--level", "2"]) == 1
    page.write_bytes(report[1] + b" ")
    assert run(conforming, ["--verify", str(file)]) == 1
    assert "The page is not the one" in capsys.readouterr().err
    assert run(conforming, ["--verify", str(tmp_path / "none.json")]) == 1
    assert run(conforming, []) == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("No level is reached yet.", "What failed stays in the journal.", "--after 1\n")),
        ("tr", ("Henüz hiçbir düzeye ulaşılmadı.", "Kalanlar günlükte durur.", "--after 1\n")),
    ],
)
def test_the_command_says_how_to_leave_an_earlier_run_out(
    language: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where something failed, with the number after which it is over."""
    town = Town()
    town.ask("C2", {"hes_code": town.issue().text, "firstname": "A"})
    monkeypatch.setattr(under_test, "call", lambda _, method, path: town.client.request(method, path).json())
    assert run(conforming, [USER, "--language", language]) == 0
    said = capsys.readouterr().out
    assert all(one in said for one in words), said
    town.close()
