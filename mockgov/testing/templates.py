"""Worlds made once a process and forked for each test: a fork takes milliseconds, and knows nothing of its siblings."""

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from mockgov.app import Front, create_app
from mockgov.testing.caller import HOST, InProcess
from mockgov.testing.order import Order, OrderError
from mockgov.testing.sandbox import Sandbox
from mockgov.worlds import WorldRefused, Worlds

if TYPE_CHECKING:
    from mockgov.testing.loopback import Serving

_T = TypeVar("_T")
IN_PROCESS: Final = f"http://{HOST}"


class Furnished(NamedTuple):
    """What is done to a template before it is forked; `what` and `how` tell two such things apart."""

    what: str
    how: str
    furnish: Callable[[Sandbox], None]


class Templates:
    """The templates of this process, their forks, and the front before them; behind a port if `server`."""

    def __init__(self, *, server: bool = False) -> None:
        self._serving: Serving | None = None
        if server:
            from mockgov.testing import loopback  # noqa: PLC0415  wanted by few

            self._serving = loopback.Serving(_front_at)
            front, self._address = self._serving.front, self._serving.address
        else:
            front, self._address = _front_at(IN_PROCESS), IN_PROCESS
        self._front: Front = front
        self._worlds: Worlds = front.worlds
        self._names: dict[tuple[object, ...], str] = {}
        self._numbers = count(1)

    def sandbox(self, order: Order | None = None, *, furnished: Furnished | None = None) -> Sandbox:
        """A fresh world. Raises `OrderError`."""
        order = order or Order()
        template = self._names.get(order.key) or self._made(order)
        if furnished is not None:
            template = self._names.get((*order.key, *furnished[:2])) or self._furnished(order, furnished)
        return self._fork(order, template, f"t{next(self._numbers)}")

    def _fork(self, order: Order, template: str, name: str) -> Sandbox:
        ministry = self._worlds.fork(template, name)
        prefix = f"/w/{name}"
        url = self._address + prefix if self._serving is not None else self._address
        drop = partial(self._run, partial(self._worlds.drop, name))
        if self._serving is None:
            caller = InProcess(self._front, prefix)
            return Sandbox(ministry, order=order, url=url, caller=caller, run=_now, drop=drop)
        from mockgov.testing.loopback import Loopback  # noqa: PLC0415  wanted by few

        way = Loopback(self._serving.port, prefix)
        return Sandbox(ministry, order=order.but(server=True), url=url, caller=way, run=self._serving.run, drop=drop)

    def close(self) -> None:
        """Close every world, and the server if there is one."""
        if self._serving is not None:
            self._serving.close()
        else:
            self._front.close()

    def _made(self, order: Order) -> str:
        name = f"template-{len(self._names) + 1}"
        try:
            self._worlds.make(name, seed=order.seed, people=order.people, running=False, changes=order.changes)
        except WorldRefused as refusal:
            raise OrderError(refusal.message) from None
        self._names[order.key] = name
        return name

    def _furnished(self, order: Order, furnished: Furnished) -> str:
        name = f"template-{len(self._names) + 1}"
        furnished.furnish(self._fork(order, self._names[order.key], name))
        self._names[*order.key, *furnished[:2]] = name
        return name

    def _run(self, work: Callable[[], _T]) -> _T:
        return work() if self._serving is None else self._serving.run(work)


def templates(*, server: bool = False) -> Templates:
    """The templates of this process. Nothing of a test's ever gets into them."""
    if server not in _OPEN:
        _OPEN[server] = Templates(server=server)
    return _OPEN[server]


def close_templates() -> None:
    """Close those that were made; the next to ask makes new ones."""
    while _OPEN:
        _OPEN.popitem()[1].close()


_OPEN: Final[dict[bool, Templates]] = {}


def _front_at(address: str) -> Front:
    return create_app(Worlds(address=address))


def _now(work: Callable[[], _T]) -> _T:
    return work()
