"""`hes verify` as a user meets it: one line a check at any width, details when asked, an exit code for scripts."""

import pytest
from click.testing import Result
from typer.testing import CliRunner

from mockgov.cli import CommandError
from sim.cli import app
from sim.verification.checks import checks


def hes(*words: str, columns: int = 80, **env: str) -> Result:
    return CliRunner().invoke(app, ["verify", *words], env={"COLUMNS": str(columns), **env})


def test_a_line_a_check_with_its_numbers_at_80_columns():
    """Theory, what was found, the bound and the verdict; then how often an honest simulator fails any check at all."""
    said = hes("m/m/2/5", "household", "--quick")
    assert said.exit_code == 0, said.output
    lines = said.stdout.splitlines()
    head = next(number for number, line in enumerate(lines) if line.startswith("check"))
    assert lines[head].split() == ["check", "theory", "found", "bound", "±", "verdict"]
    assert lines[head + 1].split()[:2] == ["M/M/2/5", "0.1027"]
    assert [line.split()[-1] for line in lines[head + 1 : head + 4]] == ["agrees"] * 3
    assert max(map(len, lines)) <= 80
    told = " ".join(" ".join(lines[head + 4 :]).split())
    assert "24 replications each. Each bound holds with a confidence of 99.973 %, so that of 37 checks" in told
    assert "any fails in at most 1 % of runs" in told


def test_a_line_a_check_at_60_columns():
    """The name whole, and how far off it is as a part of the bound."""
    said = hes("Jackson network, queue at authentication", "--quick", columns=60)
    lines = said.stdout.splitlines()
    assert max(map(len, lines)) <= 60
    head = next(number for number, line in enumerate(lines) if line.startswith("check"))
    assert lines[head].split() == ["check", "off", "verdict"]
    name, off, verdict = lines[head + 1].rsplit(maxsplit=2)
    assert (name, verdict) == ("Jackson network, queue at authentication", "agrees")
    assert 0 <= float(off) <= 1


def test_details_when_asked():
    """What the number is, what it hangs on, and who found the formula."""
    said = hes("m/m/2/5", "--quick", "--long")
    told = " ".join(said.stdout.split())
    assert "share refused: 0.102744 by theory" in told
    assert "rates: arrivals; service time" in told
    assert "Kleinrock" in told


def test_an_error_found_ends_with_a_failure_and_no_colour():
    """A differing check is an error of the command; with NO_COLOR the terminal hears no escape codes."""
    said = hes("m/m/2/5", "--quick", "--planted", "0.05", NO_COLOR="1", FORCE_COLOR="1")
    assert isinstance(said.exception, CommandError)
    assert str(said.exception) == "Checks that differ from theory: 1 of 1."
    assert "differs" in said.stdout
    assert "A rate is +5 % off in each check: all should differ." in " ".join(said.stdout.split())
    assert "\x1b[31" not in said.stdout
    assert "\x1b[1;31" not in said.stdout


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("pollachek",), "no check is called 'pollachek'; did you mean 'Pollaczek-Khinchine, "),
        (("--rate", "arival"), "no check hangs on 'arival'; did you mean 'arrivals'?"),
    ],
)
def test_an_unknown_name_is_hinted(words, hint):
    """Before anything runs."""
    said = hes(*words)
    assert isinstance(said.exception, CommandError)
    assert str(said.exception).startswith(hint)


def test_the_checks_and_their_rates_are_listed():
    """Nothing is run."""
    lines = hes("--list", columns=200).stdout.splitlines()
    assert lines[::2] == [check.name for check in checks()]
    assert lines[1] == "  arrivals; service time"
