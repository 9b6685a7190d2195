"""Where time and chance come from: the clock and the streams, and nowhere else. As written, and as run."""

import ast
import asyncio
import random
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mockgov.clock import wall_clock
from mockgov.faults import Delay
from mockgov.testing.order import Order
from mockgov.testing.sandbox import Sandbox
from mockgov.testing.templates import templates
from tests.guard import ALLOWED, CHANCE, STOPWATCH, WALL_CLOCK, Guard, UnkeyedError
from tests.house.product import ROOT, sources
from tests.mockgov.road import firm, quick_ministry

FORBIDDEN = (*WALL_CLOCK, *CHANCE, *STOPWATCH)


def allowed(name: str) -> tuple[str, ...]:
    """What a file may use."""
    return tuple(what for place, (names, _) in ALLOWED.items() if name.startswith(place) for what in names)


def test_every_exception_has_a_file_and_a_reason() -> None:
    """Nothing is allowed to what is not there any more."""
    for place, (names, reason) in ALLOWED.items():
        assert (ROOT / place).exists(), place
        assert set(names) <= set(FORBIDDEN)
        assert len(reason) > 20


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_time_and_chance_are_handed_in(path: Path) -> None:
    """Nobody reads the wall clock but the clock, nobody draws but from streams, and few have a stopwatch."""
    used = {one for one in uses(path.read_text(encoding="utf-8")) if is_under(one, FORBIDDEN)}
    may = allowed(str(path.relative_to(ROOT)))
    assert {one for one in used if not is_under(one, may)} == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from datetime import datetime as dt\nat = dt.now()", {"datetime.datetime.now"}),
        ("import datetime\nat = datetime.date.today()", {"datetime.date.today"}),
        ("import time as t\nat = t.time_ns", {"time.time_ns"}),
        ("from time import time\nat = time()", {"time.time"}),
        ("def f():\n    import random\n    return random.random()", {"random", "random.random"}),
        ("from random import choice", {"random.choice"}),
        ("import numpy as np\nrng = np.random.default_rng()", {"numpy.random", "numpy.random.default_rng"}),
        ("from numpy.random import default_rng", {"numpy.random.default_rng"}),
        ("from os import urandom as draw\ndraw(8)", {"os.urandom"}),
        ("import uuid\nname = uuid.uuid4().hex", {"uuid.uuid4", "uuid.uuid4.hex"}),
        ("from email.utils import make_msgid", {"email.utils.make_msgid"}),
        ("import time\nt = time.perf_counter()", {"time.perf_counter"}),
        ("import time\ntime.sleep(1)\nclock.now()", set()),
        ("from mockgov.clock import Now\n'time.time()'", set()),
    ],
)
def test_the_walker_sees_through_names(source: str, found: set[str]) -> None:
    """Whatever a module is called where it is used; texts and other people's methods are nobody's business."""
    assert {one for one in uses(source) if is_under(one, FORBIDDEN)} == found


def uses(source: str) -> Iterator[str]:
    """Full dotted names of everything imported that a source imports or uses."""
    tree = ast.parse(source)
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                known[one.asname or one.name.partition(".")[0]] = one.name if one.asname else one.name.partition(".")[0]
                yield one.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                known[one.asname or one.name] = f"{node.module}.{one.name}"
                yield f"{node.module}.{one.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (name := dotted(node, known)):
            yield name


def dotted(node: ast.expr, known: Mapping[str, str]) -> str | None:
    """The full name behind an expression such as `np.random.default_rng`, if it begins with something imported."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Call):
        return dotted(node.func, known)
    if isinstance(node, ast.Attribute):
        before = dotted(node.value, known)
        return None if before is None else f"{before}.{node.attr}"
    return None


def is_under(name: str, places: tuple[str, ...]) -> bool:
    """Whether a name is one of the places, or lies in one."""
    return any(name == place or name.startswith(f"{place}.") for place in places)


def in_the_product(source: str, name: str = "mockgov.invented") -> dict[str, object]:
    """A module's globals, run as if it stood in the product."""
    made: dict[str, object] = {"__name__": name, "__file__": str(ROOT / (name.replace(".", "/") + ".py"))}
    exec(compile(source, str(made["__file__"]), "exec"), made)
    return made


@pytest.mark.parametrize(
    "act",
    [
        "import time\ndef act(): return time.time()",
        "from time import time_ns as act",
        "import os\ndef act(): return os.urandom(4)",
        "import random\ndef act(): return random.random()",
        "import random\ndef act(): return random.choice([1, 2])",
        "import secrets\ndef act(): return secrets.token_hex()",
        "import uuid\ndef act(): return uuid.uuid4()",
        "import datetime\ndef act(): return datetime.datetime.now(datetime.UTC)",
        "import datetime\ndef act(): return datetime.date.today()",
        "import email.utils\ndef act(): return email.utils.make_msgid()",
        "import time\ndef act(): return time.perf_counter()",
    ],
)
def test_the_guard_sees_whoever_reads_or_draws(act: str, guard: Guard) -> None:
    """Also through a library, whatever it was imported as."""
    module = in_the_product(act + "\ndef called(): return act()")
    with pytest.raises(UnkeyedError, match=r"mockgov\.invented"), guard:
        module["called"]()  # type: ignore[operator]
    assert guard.found.pop()
    assert not guard.found


def test_the_guard_leaves_tests_libraries_and_the_clock_alone(guard: Guard) -> None:
    """What is allowed is allowed to the file that is."""
    with guard:
        assert wall_clock() <= datetime.now(UTC)
        assert date.fromtimestamp(time.time()) == date.today()  # noqa: DTZ011, DTZ012  the test's own clock
        assert random.random() != uuid.uuid4().int
        asyncio.run(asyncio.sleep(0))


def test_a_broad_journey_reads_no_clock_and_draws_nothing_unkeyed(guard: Guard) -> None:
    """The road to access with letters, signatures and mails; queries, the application, 2023, a fork, faults."""
    with templates().sandbox(Order(people=20)) as warm:
        everyday(warm)  # what is imported and made once a process is none of this test's business
    with guard:
        with templates().sandbox(Order(people=20)) as world:
            everyday(world)
        assert firm(quick_ministry()).to_confirmed().state == "confirmed"
    assert not guard.found


def everyday(world: Sandbox) -> None:
    """A citizen and an institution at several counters."""
    citizen, pair = world.adult(), world.pair()
    phone = world.handset(citizen)
    world.http.post("/api/send-code-to-login", json={"phone": citizen.phone.e164})
    body = {"phone": citizen.phone.e164, "password": phone.login_code(), "rememberMe": True}
    token = world.http.post("/api/authenticate-with-code", json=body).json()["id_token"]
    bearer = {"authorization": f"Bearer {token}"}
    made = world.http.post("/services/hescodeproxy/api/hes-codes-tr", json={}, headers=bearer).json()["hes_code"]
    phone.send(f"HES {citizen.identity.digits} {citizen.id_card.last_four} 7")
    world.clock.advance(minutes=1)
    world.positive(citizen)
    codes = [{"hes_code": made}, *({"hes_code": code.text} for code in phone.codes())]
    assert len(codes) == 2
    world.plan(Delay(share=1.0, milliseconds=1))
    answer = world.http.post(pair.base + "check-hes-codes-plus", json=codes, auth=pair.auth).json()
    assert {one["current_health_status"] for one in answer["success_map"].values()} == {"RISKY"}
    world.rotate(pair)
    world.clock.advance(days=20)
    for path in ("/_lab/people", "/_lab/sms", "/_lab/accounts", "/services/kvkkservice/api/inventory"):
        assert world.http.get(path).status == 200
    assert world.http.post("/_lab/worlds", json={"name": f"{world.ministry.world.name}x"}).status == 201
    assert world.http.request("DELETE", f"/_lab/worlds/{world.ministry.world.name}x").status == 204
