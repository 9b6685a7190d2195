"""Whether the engines have been compiled before: a first run takes a minute that no later one does."""

from collections.abc import Iterator
from typing import Any

from sim.capacity.network import loop
from sim.demand import minutes
from sim.epidemic import meetings
from sim.population import kernel
from sim.reporting import standings

COMPILING = "compiling the engines, once: about a minute"


def are_compiled(*, queries: bool) -> bool:
    """Whether a loop of each part, and of those of queries if there are any, is on disk as its sources are now."""
    return all(_is_kept(one) for one in _loops(queries=queries))


def _loops(*, queries: bool) -> Iterator[Any]:
    yield from (kernel.draw_homes, meetings.meet, standings.stand)
    if queries:
        yield from (minutes.fill, loop.run)


def _is_kept(dispatcher: Any) -> bool:
    try:
        return bool(dispatcher._cache._cache_file._load_index())  # noqa: SLF001
    except AttributeError:  # plain Python, or a compiler that keeps things otherwise: nothing to wait for, or to know
        return True
    except Exception:  # noqa: BLE001  a damaged file; the compiler makes it anew
        return False
