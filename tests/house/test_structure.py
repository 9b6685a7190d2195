"""How the product is built: rooms, fidelity tables, sizes. Where time and chance come from: `test_time_and_chance`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.product import ROOT, read, rooms, sources, tracked

SERVICES = (
    "callbacks",
    "codes",
    "credentials",
    "edevlet",
    "family",
    "groups",
    "journal",
    "kep",
    "kvkk",
    "mail",
    "onboarding",
    "queries",
    "registry",
    "risk_index",
    "script",
    "short_number",
    "signature",
    "signin",
    "sms",
)
COUNTERS = (
    "application",
    "callbacks",
    "certificates",
    "corporate",
    "edevlet",
    "kep_http",
    "kep_soap",
    "kvkk",
    "mobile_app",
    "qr",
    "smpp",
    "sms_http",
    "smtp",
    "web_app",
)
PARTS = ("admissions", "capacity", "capacity/network", "demand", "epidemic", "population", "reporting")
ROOMS = {"__init__", "messages", "rules", "service", "store"}
ROOMS_BESIDE = {
    "callbacks": {"carrying", "destination", "events", "signing", "tables", "twists"},
    "journal": {"asserting", "har", "redaction", "transcript"},
    "kep": {
        "accounts",
        "content",
        "evidence",
        "evidence_types",
        "examination",
        "eyp",
        "eyp_xml",
        "grounds",
        "opc",
        "reading",
        "tables",
        "transit",
        "writing",
    },
    "kvkk": {"holding", "inventory", "notices", "retention"},
    "mail": {"reading", "writing"},
    "onboarding": {
        "access",
        "consistency",
        "drawing",
        "eligibility",
        "examination",
        "form",
        "intake",
        "letters",
        "reading",
        "records",
        "words",
    },
    "queries": {"batch"},
    "risk_index": {"regulations", "tables"},
    "short_number": {"reading", "replies"},
    "signature": {
        "authority",
        "cades",
        "certificates",
        "cms",
        "covering",
        "der",
        "encoding",
        "keys",
        "packing",
        "pades",
        "primes",
        "reading",
        "revocation",
        "smime",
        "timestamping",
        "trouble",
        "verification",
        "xades",
    },
    "sms": {"accounts", "alphabet", "delivery", "encoding", "fates", "handset", "held", "opening", "pieces", "tables"},
}

WORDS = "faithful|simplified|chosen here|absent"
FIDELITY = re.compile(rf"({WORDS})(\b.{{0,50}})?")
"""One of the four words, with at most a few more about it."""
LINES = 400


def test_every_service_is_known() -> None:
    """A package with a service is a service, and stands in this file."""
    assert tuple(sorted(path.parent.name for path in (ROOT / "mockgov").glob("*/service.py"))) == SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_rooms(service: str) -> None:
    """Neither fewer nor more, so that everybody finds what they look for."""
    assert rooms(ROOT / "mockgov" / service) == ROOMS | ROOMS_BESIDE.get(service, set())


def test_every_counter_is_known() -> None:
    """Each folder of the counters is a real front of the ministry's."""
    found = tuple(sorted(path.parent.name for path in (ROOT / "mockgov/counters").glob("*/__init__.py")))
    assert found == COUNTERS


@pytest.mark.parametrize("package", [*SERVICES, *(f"counters/{counter}" for counter in COUNTERS)])
def test_every_service_and_counter_says_how_faithful_it_is(package: str) -> None:
    """Its docstring has a table whose last column says faithful, simplified, chosen here or absent of each part."""
    docstring = ast.get_docstring(ast.parse(read(f"mockgov/{package}/__init__.py"))) or ""
    assert "\n| part | fidelity |\n|---|---|\n" in docstring
    rows = docstring.partition("|---|---|\n")[2].split("\n\n")[0].splitlines()
    assert rows
    for row in rows:
        _, part, fidelity, after = (cell.strip() for cell in re.split(r"(?<!\\)\|", row))
        assert part
        assert not after
        assert FIDELITY.fullmatch(fidelity), row


def test_every_part_is_known() -> None:
    """A package with parameters is a part of the country, and stands in this file."""
    found = sorted(str(path.parent.relative_to(ROOT / "sim")) for path in (ROOT / "sim").rglob("parameters.py"))
    assert tuple(found) == PARTS


@pytest.mark.parametrize("package", [*PARTS, "experiments", "verification"])
def test_every_part_says_how_faithful_it_is(package: str) -> None:
    """Its docstring has a table of aspects whose last column begins with one of the same four words."""
    docstring = ast.get_docstring(ast.parse(read(f"sim/{package}/__init__.py"))) or ""
    rows = docstring.partition("\n| aspect | here |\n|---|---|\n")[2].split("\n\n")[0].splitlines()
    assert rows
    for row in rows:
        _, aspect, here, after = (cell.strip() for cell in re.split(r"(?<!\\)\|", row))
        assert aspect
        assert not after
        assert re.match(rf"({WORDS})\b", here), row


def test_an_init_says_what_a_package_is_and_does_nothing() -> None:
    """A docstring, and re-exports at most."""
    for path in sources():
        if path.name == "__init__.py":
            says, *others = ast.parse(path.read_text(encoding="utf-8")).body
            assert isinstance(says, ast.Expr), path
            assert all(isinstance(node, ast.ImportFrom | ast.Assign) for node in others), path


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    """One noun a file; half of the files have 120 lines at most."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_outside_tests()}
    assert {str(path): length for path, length in lengths.items() if length > LINES} == {}


def python_outside_tests() -> Iterator[Path]:
    for path in tracked():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] != "tests":
            yield path
