"""The command `hes` as a person types it, against a running server."""

import gc
import json
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from cryptography import x509

from mockgov.cli import run
from sim.cli import app
from tests.journeys.callers import expect
from tests.journeys.served import ROOT, Served, environment, hes, serving

LIVE = "/services/g2g/saglik/hes/check-hes-code"


@pytest.fixture
def code(served: Served) -> str:
    """A code of the first person of the server's default world."""
    with served.client() as lab:
        return str(expect(lab.get("/_lab/people/1"))["codes"][0]["hes_code"])


def said(*words: str, **changes: str) -> str:
    """What a command prints that must succeed in silence otherwise."""
    done = hes(*words, **changes)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def test_serving(served: Served) -> None:
    """The first line says where the server is, what is in it and what time it is there."""
    assert served.greeting == (
        f"HES Sandbox at {served.address}: world default, seed 1, 60 people, 2021-10-04T05:00:00+00:00."
    )
    assert served.address.startswith("http://127.0.0.1:")


def test_certificates_say_where_the_server_listens(served: Served) -> None:
    """Whoever asks there for the list of revoked ones gets it, whatever the port."""
    with served.client() as client:
        chain = x509.load_pem_x509_certificates(client.get("/pki/chain.pem").content)
        (point,) = chain[1].extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        address = point.full_name[0].value
        assert address.startswith(f"{served.address}/pki/")
        assert client.get(address).status_code == 200


def test_the_printed_requests_work(served: Served) -> None:
    """All three, pasted into a shell: a single check, a bulk check, and a sign-in with its message."""
    if not shutil.which("curl"):
        pytest.skip("THE PRINTED REQUESTS WERE NOT TRIED: there is no curl on this machine")
    lines = served.examples()
    assert len(lines) == 3
    answers = [
        subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True, env=environment()).stdout
        for line in lines
    ]
    single, bulk, messages = map(json.loads, answers)
    assert single["current_health_status"] == "RISKLESS"
    assert list(bulk["unsuccess_map"].values()) == ["hescodenotfound"]
    assert single in bulk["success_map"].values()
    assert messages[0]["text"].startswith("Hayat Eve Sığar giriş kodunuz: ")
    assert messages[0]["phone"] in lines[2]


def test_checking_a_code(served: Served, code: str) -> None:
    """What an institution would be told, at either door, with dashes or without, plain or plus."""
    plain = json.loads(said("check", code, "--url", served.address))
    assert list(plain) == [
        "expiration_date",
        "current_health_status",
        "masked_identity_number",
        "masked_firstname",
        "masked_lastname",
    ]
    dashed = f"{code[:4]}-{code[4:8]}-{code[8:]}"
    plus = json.loads(said("check", dashed, "--plus", "--environment", "test", HES_URL=served.address))
    assert plus | plain == plus
    assert set(plus) - set(plain) == {"is_vaccinated", "is_immune", "is_test_data_shared", "last_negative_test_date"}
    with served.client() as lab:
        assert {row["asker"].rpartition("-")[2] for row in expect(lab.get("/_lab/people/1/askers"))} == {"HES", "TEST"}


def test_worlds_from_the_command_line(served: Served) -> None:
    """Made, seeded, listed, dropped; each command says what there is now."""
    at = ("--url", served.address)
    assert said("world", "make", "tuesday", "--seed", "7", *at).split()[:5] == ["tuesday", "seed", "7", "0", "people"]
    assert said("world", "seed", "tuesday", "--people", "20", *at).split()[3:5] == ["20", "people"]
    assert [line.split()[0] for line in said("world", "list", *at).splitlines()] == ["default", "tuesday"]
    assert said("world", "drop", "tuesday", *at) == "tuesday is gone.\n"
    assert [line.split()[0] for line in said("world", "list", *at).splitlines()] == ["default"]


def test_there_and_back_from_the_command_line(served: Served) -> None:
    """Kept, moved on, compared, put back, forked, found; each command says what there is now."""
    at = ("--url", served.address)
    made = said("world", "make", "trip", "--preset", "town", "--people", "20", "--set", "bulk_limit=7", *at)
    assert made.split()[3] == "20"
    assert said("world", "snapshot", "trip", "before", *at).split()[:2] == ["before", "2021-10-04T05:00:00.000Z"]
    clock = ("clock", "--world", "trip", *at)
    assert said(*clock).split()[:3] == ["trip", "2021-10-04T05:00:00.000Z", "standing,"]
    assert said(*clock, "--advance", "1d12h").split()[1] == "2021-10-05T17:00:00.000Z"
    assert said(*clock, "--to", "2021-10-06T08:00:00+03:00").split()[1] == "2021-10-06T05:00:00.000Z"
    assert "running x60," in said(*clock, "--factor", "60")
    assert "standing," in said(*clock, "--stop")
    with served.client("trip") as lab:
        code = expect(lab.post("/_lab/codes", json=[{"citizen_id": 1}]), 201)[0]["hes_code"]
    told = said("world", "diff", "trip", "@before", *at).splitlines()
    assert told[0].startswith("trip at 2021-10-06T")
    assert f"  1 codes: {code} (only here: code)" in told
    assert "  code: 1 rows only here, 0 only there, 0 changed" in told
    assert said("world", "find", f"hes_code={code}", *at) == "trip\n"
    assert "2021-10-04T05:00:00.000Z  (manual)" in said("world", "restore", "trip", "before", *at)
    assert "no difference." in said("world", "diff", "trip", "@before", *at)
    forked = said("world", "fork", "trip", "copy", "--snapshot", "before", "--set", "idle_lifetime_s=3600", *at)
    assert forked.split()[0] == "copy"
    assert said("world", "snapshot", "trip", "--list", *at).split()[0] == "before"
    assert said("world", "drop", "trip", "--snapshot", "before", *at) == "before of trip is gone.\n"
    for name in ("trip", "copy"):
        said("world", "drop", name, *at)


def test_listing_scenarios() -> None:
    """All of them by name, each with its question."""
    lines = said("list").splitlines()
    assert [line.split()[0] for line in lines] == sorted(path.stem for path in (ROOT / "scenarios").glob("*.toml"))
    assert {"autumn_2020", "monday_morning", "national_monday"} <= {line.split()[0] for line in lines}
    assert all(line.endswith("?") for line in lines)


def test_nothing_asked_is_everything_explained() -> None:
    """`hes` alone prints its help, and no complaint."""
    done = hes()
    assert "Commands" in done.stdout
    assert done.stderr == ""


MISTAKES = {
    "port taken": ("serve --port {port}", "Cannot listen on 127.0.0.1:{port}"),
    "data folder in use": ("serve --port 0 --data {data}", "Another server works on {data}"),
    "unknown world": ("world drop nowhere --url {url}", "worldnotfound, HTTP 404"),
    "bad code": ("check nonsense --url {url}", "hescodenotfound, HTTP 400"),
    "no server": ("check A0A0000010 --url {nobody}", "No ministry answers at {nobody}"),
    "unknown scenario": ("run no_such_day", "there is no scenario 'no_such_day'"),
    "unknown option": ("serve --colour red", "No such option: --colour"),
}
MORE_MISTAKES = {
    "not our address": ("serve --host 192.0.2.1", "Cannot listen on 192.0.2.1:8080"),
    "data is a file": ("serve --port 0 --data {file}", "{file}"),
    "another seed": ("serve --port 0 --data {left} --seed=2", "holds a default world of seed 1"),
    "bad number": ("serve --people many", "--people"),
    "unknown world to seed": ("world seed nowhere --url {url}", "worldnotfound, HTTP 404"),
    "world taken": ("world make default --url {url}", "There is a world called default already"),
    "bad world name": ("world make Tuesday! --url {url}", "a-z, 0-9 and -"),
    "the default world": ("world drop default --url {url}", "worldrefused, HTTP 400"),
    "world not empty": ("world seed default --url {url}", "worldnotempty, HTTP 400"),
    "wrong password": ("check A0A0000010 --url {url} --user NOBODY --password x", "badcredentials, HTTP 401"),
    "half a pair": ("check A0A0000010 --url {url} --user NOBODY", "--user and --password together"),
    "no code": ("check", "Missing argument"),
    "unknown world to fork": ("world fork nowhere x --url {url}", "worldnotfound, HTTP 404"),
    "unknown snapshot": ("world restore default x --url {url}", "snapshotnotfound, HTTP 404"),
    "unknown preset": ("world make x --preset city --url {url}", "Choose one of empty, town"),
    "bad setting": ("world make x --set bulk_limit --url {url}", "Write each as name=value"),
    "nothing found": ("world find phone=+905990000000 --url {url}", "No world of this ministry knows it"),
    "no clue": ("world find foo=1 --url {url}", "No world is found by foo. Write one of: phone=…, token=…, mail=…"),
    "no factor": ("clock --factor nan --url {url}", "--factor is a number from 0.001 to 100000, not nan"),
    "a factor below nothing": ("clock --factor=-1 --url {url}", "--factor is a number from 0.001 to 100000, not -1"),
    "back in time": ("clock --to 2021-01-01T00:00:00Z --url {url}", "Fork or restore a snapshot of the world"),
    "two things at once": ("clock --run --to 2021-12-01T00:00:00Z --url {url}", "Say one thing"),
    "no span of time": ("clock --advance 2x --url {url}", "write something like 90s"),
    "no server there": ("world list --url {nobody}", "Start one with `hes serve`"),
    "no address": ("world list --url localhost", "is no web address"),
    "no good address": ("world list --url http://127.0.0.1:port", "No ministry answers at http://127.0.0.1:port"),
    "url without http": ("run monday_morning --drive stub --url {url}", "--url goes with --drive http"),
    "a report without its file": ("conform X --verify", "hes conform --verify rehearsal/report.json"),
    "a report and a user": ("conform X --verify x.json", "Either one or the other: `hes conform USER-NAME` judges"),
    "unknown command": ("wurld list", "No such command 'wurld'"),
}


@pytest.fixture(scope="session")
def places(served: Served, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the mistakes are about: a running server, a port where none is, a file, the folder of an earlier server."""
    made = tmp_path_factory.mktemp("places")
    (made / "file").touch()
    with serving(data=made / "left"):
        pass
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = free.getsockname()[1]
    return {
        "url": served.address,
        "port": served.address.rpartition(":")[2],
        "data": str(folder),
        "file": str(made / "file"),
        "left": str(made / "left"),
        "nobody": f"http://127.0.0.1:{nobody}",
    }


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_clear_line(mistake: str, places: dict[str, str]) -> None:
    """On stderr, with what to do, a status that is not 0, and no traceback."""
    words, message = (text.format(**places) for text in MISTAKES[mistake])
    done = hes(*words.split())
    assert done.stdout == ""
    assert_one_clear_line(done.returncode, done.stderr, message)


@pytest.mark.parametrize("mistake", MORE_MISTAKES)
def test_so_are_less_common_mistakes(mistake: str, places: dict[str, str], capfd: pytest.CaptureFixture[str]) -> None:
    """The same without a process for each."""
    words, message = (text.format(**places) for text in MORE_MISTAKES[mistake])
    try:
        status = run(app, words.split())
    finally:
        gc.enable()  # `hes serve` owns its process, and leaves this off where it ends early
    printed, complaint = capfd.readouterr()
    assert printed == ""
    assert_one_clear_line(status, complaint, message)


def assert_one_clear_line(status: int, complaint: str, message: str) -> None:
    assert status in (1, 2)
    assert complaint.startswith("Error: ")
    assert message in complaint
    assert complaint.count("\n") == 1
    assert "Traceback" not in complaint


def test_a_bad_setting_is_named() -> None:
    """Variables of the environment that are no settings, and values that will not do, are told in one line."""
    wrong = {"HES_BULK_LIMITS": "7", "HES_BULK_LIMIT": "many", "HES_LOGIN_CODE_DIGITS": "4"}
    done = hes("serve", "--port", "0", **wrong)
    assert done.stdout == ""
    assert_one_clear_line(done.returncode, done.stderr, "The HES_... variables of the environment are wrong: ")
    for message in (
        "bulk_limits is not a setting; known are app_registration",
        "bulk_limit cannot be 'many'",
        "login_code_digits must be 5 or 6, not 4",
    ):
        assert message in done.stderr


def test_debug_shows_the_traceback() -> None:
    """`--debug` anywhere in the line shows where an error comes from."""
    for words in (("--debug", "run", "no_such_day"), ("run", "no_such_day", "--debug")):
        done = hes(*words)
        assert done.returncode != 0
        assert "Traceback" in done.stderr
        assert "ScenarioError" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_the_server_in_order(number: signal.Signals) -> None:
    """Status 0, a last word, nothing on stderr; also with a client's connection open."""
    with Served() as served, served.client() as client:
        expect(client.get("/_lab/world"))
        assert served.stop(number) == (0, "")
        assert served.printed_last.endswith("Stopped.\n")


def test_a_proxy_is_not_asked_for_a_server_on_this_machine(served: Served) -> None:
    """Where the environment names a proxy for the world outside, the commands find the server all the same."""
    proxies = {"http_proxy": "http://127.0.0.1:9", "NO_PROXY": "", "no_proxy": ""}
    assert said("world", "list", "--url", served.address, **proxies).startswith("default")


def test_a_settings_variable_counts() -> None:
    """HES_BULK_LIMIT=2: three codes in a call are too many."""
    with serving(people=20, HES_BULK_LIMIT="2") as served, served.client() as client:
        account = next(one for one in expect(client.get("/_lab/accounts")) if one["environment"] == "live")
        pair = (account["username"], account["password"])
        asked = [{"hes_code": f"A0A000001{nth}"} for nth in range(3)]
        assert expect(client.post(f"{LIVE}s", json=asked, auth=pair), 400)["errorKey"] == "toomanyhescodes"
        assert len(expect(client.post(f"{LIVE}s", json=asked[:2], auth=pair))["unsuccess_map"]) == 2
