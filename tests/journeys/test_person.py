"""`hes person` against a running ministry: anybody can be picked, seen and acted as from the command line."""

import re

import pytest

from tests.edevlet import Visitor
from tests.journeys.callers import Institution
from tests.journeys.served import Served, hes


def run(served: Served, *words: str, status: int = 0, world: str = "") -> str:
    """What a command says; its status must be this."""
    url = served.address + (f"/w/{world}" if world else "")
    done = hes("person", *words, "--url", url)
    assert done.returncode == status, done.stderr
    return done.stderr if status else done.stdout


@pytest.fixture(scope="module")
def adult(served: Served) -> str:
    """The number of some adult of the town."""
    listed = run(served, "--risk", "riskless", "--min-age", "18", "--limit", "1")
    return listed.split()[0]


def test_picking(served: Served) -> None:
    """A line each: number, name, age, province, phone, status."""
    lines = run(served, "--min-age", "18", "--province", "26", "--limit", "3").splitlines()
    assert len(lines) == 3
    assert all(re.fullmatch(r" *\d+  \S.* +\d+ years  26  phone  RISK(Y|LESS)", line) for line in lines)
    assert run(served, "--find", "nobody is called this") == ""


def test_showing(served: Served, adult: str) -> None:
    """Numbers are masked, unless they are asked for."""
    masked, plain = run(served, adult), run(served, adult, "--unmask")
    assert "********" in masked
    assert not re.search(r"\d{11}", masked)
    assert re.search(r"identity number  \d{11}\n", plain)
    assert re.search(r"phone            90599\d{7}\n", plain)
    assert "channels         sms, app, edevlet" in masked
    assert "status today     RISKLESS" in masked


def test_using_the_application(served: Served, adult: str) -> None:
    """Make a code, list it, have another person check it, see that somebody asked."""
    made = run(served, adult, "app", "new", "7").split()[0]
    assert made in run(served, adult, "app", "codes")
    other = run(served, "--min-age", "18", "--limit", "2").splitlines()[1].split()[0]
    assert "RISKLESS, until 2021-10-11T21:00:00.000Z" in run(served, other, "app", "check", made)
    asked = run(served, adult, "app", "who-asked")
    assert (
        "Somebody with the application or on e-Devlet: Asked by a person, with vaccine and test, "
        + made.replace("-", "")
        in asked
    )


def test_texting(served: Served, adult: str) -> None:
    """The text leaves the person's own phone."""
    assert run(served, adult, "sms", "merhaba", "--wait", "0").splitlines()[0] == "to 2023: merhaba"
    phone = re.search(r"phone +(90\d+)", run(served, adult, "--unmask"))[1]
    with served.client() as lab:
        assert lab.get(f"/_lab/handsets/{phone}").json()["sent"][0]["text"] == "merhaba"


def test_a_code_comes_back_from_2023(served: Served, adult: str) -> None:
    """Asked with number and card as `--unmask` shows them: the acknowledgement, then the code, which is theirs."""
    shown = run(served, adult, "--unmask")
    number, card = (re.search(rf"{what} +(\S+)", shown)[1] for what in ("identity number", "identity card"))
    lines = run(served, adult, "sms", f"HES {number} {card[-4:]} 30", "--advance").splitlines()
    assert lines[0].startswith("to 2023: HES ")
    assert all(line.startswith("from 2023, 2021-10-04T") for line in lines[-2:])
    assert "HES kodu isteğiniz alındı" in lines[-2]
    code = re.search(r"[A-Z0-9]{4}-[0-9]{4}-[0-9]{2}", lines[-1])[0]
    assert re.search(rf"{code}  until \S+  hes-sms", run(served, adult, "app", "codes"))


def test_a_refusal_comes_back_alone(served: Served, adult: str) -> None:
    """One reply says what to write; nothing more is waited for in vain."""
    lines = run(served, adult, "sms", "merhaba", "--advance").splitlines()
    assert len(lines) == 2
    assert "HES kodu almak için" in lines[1]


def test_the_edevlet_password_opens_the_door(served: Served, adult: str) -> None:
    """It is that of `/Giris/gir`; a minor has none."""
    password = run(served, adult, "edevlet", "password").strip()
    number = re.search(r"identity number +(\S+)", run(served, adult, "--unmask"))[1]
    with served.client() as client:
        assert Visitor(client).sign_in(number, password).status_code == 302
        assert Visitor(client).sign_in(number, password + "x").status_code != 302
    child = run(served, "--max-age", "11", "--limit", "1").split()[0]
    assert "has no minted e-Devlet password: a minor" in run(served, child, "edevlet", "password", status=1)


def test_another_world(served: Served, world: str) -> None:
    """By its address."""
    with served.client(world) as lab:
        lab.post("/_lab/world/seed", json={"people": 5})
    assert run(served, "1", world=world).startswith("1  ")


def test_mistakes(served: Served, adult: str) -> None:
    """One line that says what to do."""
    assert "no such person" in run(served, "99999", status=1)
    assert "--find" in run(served, status=1)
    assert "not both" in run(served, adult, "--find", "x", status=1)
    assert "Write one of: sms TEXT" in run(served, adult, "fly", status=1)
    assert "app check CODE" in run(served, adult, "app", "check", status=1)
    assert "1 to 3650 days" in run(served, adult, "app", "new", "0", status=1)
    assert "--risk is risky or riskless" in run(served, "--risk", "high", status=1)
    child = run(served, "--max-age", "11", "--limit", "1").split()[0]
    assert re.search(
        rf"Person {child} has no phone; act as a parent, \d+", run(served, child, "app", "codes", status=1)
    )
    nobody = hes("person", "1", "--url", "http://127.0.0.1:9")
    assert (nobody.returncode, "hes serve" in nobody.stderr) == (1, True)


def test_a_holder_sees_an_institution_and_deletes(served: Served, adult: str) -> None:
    """Whose question stands in the list by the institution's name; after deletion its next question fails."""
    code = run(served, adult, "app", "new").split()[0].replace("-", "")
    with served.client() as client:
        firm = Institution(client, "SAYGIN")
        assert firm.status(code) == "RISKLESS"
        assert firm.ask("C4", code).json()["success_map"][code]["current_health_status"] == "RISKLESS"
        assert "SAYGIN A.Ş. (sandbox): Bulk query" in run(served, adult, "app", "who-asked")
        assert client.delete(f"/_lab/codes/{code}").status_code == 204
        assert firm.ask("C3", code).json()["errorKey"] == "hescodenotfound"
        assert firm.ask("C4", code).json() == {"success_map": {}, "unsuccess_map": {code: "hescodenotfound"}}
