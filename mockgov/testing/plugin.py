"""What pytest loads: fixtures, the marker `hes`, options, and what is printed of a failure.

Loading it costs pytest nothing: a world, and all that it takes, is imported by the first test that wants one.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockgov.ministry import Ministry
    from mockgov.registry.rules import Citizen
    from mockgov.testing.clock import Hands
    from mockgov.testing.handset import Handset
    from mockgov.testing.http import Http
    from mockgov.testing.kep_inbox import KepInbox
    from mockgov.testing.order import Order
    from mockgov.testing.sandbox import Sandbox
    from mockgov.testing.snapshots import Snapshot
    from mockgov.testing.transport import Transport
    from mockgov.vocabulary.phone import Phone

MARKER = "hes(seed=1, people=50, start=None, settings={}, server=False): the world that a test wants"
SANDBOX = pytest.StashKey["Sandbox"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The command line's part."""
    group = parser.getgroup("hes", "HES sandbox")
    group.addoption("--hes-seed", type=int, default=None, metavar="N", help="seed of worlds whose marker names none")
    group.addoption("--hes-server", action="store_true", help="answer on a loopback port, not in process")
    group.addoption("--hes-update", action="store_true", help="keep what hes_snapshot is shown now")


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest know the marker."""
    config.addinivalue_line("markers", MARKER)


def pytest_unconfigure() -> None:
    """Close the templates, if any were made."""
    import sys  # noqa: PLC0415  only to see whether there is anything to close

    made = sys.modules.get("mockgov.testing.templates")
    if made is not None:
        made.close_templates()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Say of a failed test which world it was in."""
    report = yield
    sandbox = item.stash.get(SANDBOX, None)
    if sandbox is not None and report.failed and report.when == "call":
        from mockgov.testing.report import described  # noqa: PLC0415  wanted by few

        report.sections.append(("HES world", described(sandbox)))
    return report


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator["Sandbox"]:
    """A fresh world, as the marker `hes` says; `order` tells how it was made."""
    from mockgov.testing.order import OrderError  # noqa: PLC0415  see above
    from mockgov.testing.templates import templates  # noqa: PLC0415  see above

    order = _order(request)
    try:
        sandbox = templates(server=order.server).sandbox(order)
    except OrderError as error:
        pytest.fail(str(error), pytrace=False)
    with sandbox:
        request.node.stash[SANDBOX] = sandbox
        yield sandbox


@pytest.fixture
def ministry(world: "Sandbox") -> "Ministry":
    """All services of the world; of a server's world use them while no request is under way."""
    return world.ministry


@pytest.fixture
def clock(world: "Sandbox") -> "Hands":
    """The world's clock: `now`, `advance`, `to`, `sleep`."""
    return world.clock


@pytest.fixture
def http(world: "Sandbox") -> "Http":
    """A plain client of the world."""
    return world.http


@pytest.fixture
def ministry_url(world: "Sandbox") -> str:
    """Where a client finds the world; in process it needs the transport as well."""
    return world.url


@pytest.fixture
def ministry_transport(world: "Sandbox") -> "Transport | None":
    """For `httpx.Client` and `httpx.AsyncClient`; None where a server answers, and none is needed."""
    return world.transport


@pytest.fixture
def handset(world: "Sandbox") -> Callable[["Citizen | Phone"], "Handset"]:
    """Gives a citizen's phone."""
    return world.handset


@pytest.fixture
def kep_inbox(world: "Sandbox") -> Callable[[str], "KepInbox"]:
    """Gives the registered mailbox of an address."""
    return world.kep_inbox


@pytest.fixture
def hes_snapshot(request: pytest.FixtureRequest, world: "Sandbox") -> "Snapshot":
    """Compares an answer with the one that was kept; `--hes-update` keeps it."""
    from mockgov.testing.snapshots import FOLDER, Names, Snapshot  # noqa: PLC0415  see above

    def names() -> Names:
        return Names(world.clock.now(), world.secrets(), world.url)

    folder = request.path.parent / FOLDER / request.path.stem
    test = request.node.nodeid.partition("::")[2]
    return Snapshot(folder, test, names=names, update=request.config.getoption("--hes-update"))


def _order(request: pytest.FixtureRequest) -> "Order":
    """What the markers ask for: a test's own before its class's and its module's."""
    from mockgov.testing.order import Order, OrderError  # noqa: PLC0415  see above

    given: dict[str, Any] = {}
    seed = request.config.getoption("--hes-seed")
    if seed is not None:
        given["seed"] = seed
    for marker in reversed(list(request.node.iter_markers("hes"))):
        if marker.args:
            pytest.fail("The marker hes takes keywords only, such as hes(seed=3, people=50).", pytrace=False)
        given |= marker.kwargs
    if request.config.getoption("--hes-server"):
        given["server"] = True
    try:
        return Order.read(given)
    except OrderError as error:
        pytest.fail(str(error), pytrace=False)
