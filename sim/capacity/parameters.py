"""What there is to set about the ministry's service under load, and about its impatient clients."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sim import tables
from sim.tables import Table

HOUR_MS = 3_600_000


class TimeKind(StrEnum):
    """The shape of a random time, given its mean."""

    DETERMINISTIC = "deterministic"
    UNIFORM = "uniform"  # anything from 0 to twice the mean
    EXPONENTIAL = "exponential"
    LOGNORMAL = "lognormal"  # the only one whose spread is free


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityParameters:
    """The service as its clients meet it: identical servers, one queue, first come first served.

    The real service's figures were never published (its rate limits and time-outs are unknown), so the
    defaults are chosen here: a small service with patient clients that a town's Monday keeps moderately busy.

    Raises:
        ValueError: on construction, naming every field that is out of range at once.
    """

    servers: int = 4
    """Queries answered at the same time: worker processes, threads or connections behind the gateway.
    Unit: servers. Range: 1 to 100,000. Chosen here."""

    service_kind: TimeKind = TimeKind.LOGNORMAL
    """The shape of the time that one query keeps a server busy. Source: log-normal times in a telephone
    service, L. Brown et al., "Statistical analysis of a telephone call center", JASA 100 (2005) 36-50."""

    service_mean_ms: float = 40.0
    """Mean time that one query keeps a server busy. Unit: milliseconds. Range: 0.001 to 3,600,000.
    Chosen here: a gateway, a look-up in an index of some 10^8 codes and an audit row on disk."""

    service_cv2: float = 1.0
    """Squared coefficient of variation of the service time: 0.25 steady, 1 like the exponential, 4 very
    uneven. Read for the log-normal shape alone; the others fix it themselves. No unit. Range: 0.001 to 25.
    Chosen here."""

    waiting_room: int | None = None
    """Places for queries that wait, beside those in service; a query that finds none is refused at once.
    None: no limit. Unit: queries. Range: 0 (a pure loss system) to 10^9. Chosen here."""

    timeout_ms: float | None = None
    """Patience: how long a client waits for its turn before it hangs up; drawn when it arrives. None: for
    ever. Unit: milliseconds. Range: 0.001 to 3,600,000. Precedents: OkHttp 10,000, .NET 100,000."""

    timeout_kind: TimeKind = TimeKind.DETERMINISTIC
    """The shape of patience: deterministic for software, which has one time-out; exponential for people
    (C. Palm, 1957; the A in Erlang A). Range: these two."""

    max_retries: int = 0
    """Further attempts after a refused or abandoned one, before the query is lost. Unit: attempts.
    Range: 0 to 100. Chosen here."""

    backoff_ms: float = 500.0
    """Pause before the first retry, doubled before each further one. Unit: milliseconds. Range: 0 to
    3,600,000; a retry comes a microsecond later at the least. Source: binary exponential back-off,
    R. M. Metcalfe and D. R. Boggs, "Ethernet", CACM 19 (1976) 395-404. The value: chosen here."""

    backoff_limit_ms: float = 30_000.0
    """The pause at which doubling ends. Unit: milliseconds. Range: 0 to 3,600,000. Chosen here."""

    jitter: float = 0.5
    """Share of each pause that is drawn: 0 always the whole pause, 1 anything from none to the whole, so that
    clients refused together do not come back together. No unit. Range: 0 to 1. Source: "equal jitter" in
    M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015."""

    def __post_init__(self) -> None:
        if wrong := list(self._out_of_range()):
            raise ValueError("capacity: " + "; ".join(wrong))

    @property
    def service(self) -> Table:
        """The table of service times, in microseconds."""
        return _table(self.service_kind, self.service_mean_ms, self.service_cv2)

    @property
    def patience(self) -> Table | None:
        """The table of waits that clients put up with, in microseconds, or None if they wait for ever."""
        return None if self.timeout_ms is None else _table(self.timeout_kind, self.timeout_ms)

    def pause_us(self, attempt: int) -> tuple[int, int]:
        """The shortest and the longest pause after failed attempt `attempt` (from 0), in microseconds."""
        longest = min(_microseconds(self.backoff_ms) << attempt, _microseconds(self.backoff_limit_ms))
        return max(1, longest - round(longest * self.jitter)), max(1, longest)

    def _out_of_range(self) -> Iterator[str]:
        room = 0 if self.waiting_room is None else self.waiting_room
        timeout = HOUR_MS if self.timeout_ms is None else self.timeout_ms
        for name, value, low, high in [
            ("servers", self.servers, 1, 100_000),
            ("service_mean_ms", self.service_mean_ms, 0.001, HOUR_MS),
            ("service_cv2", self.service_cv2, 0.001, 25),
            ("waiting_room", room, 0, 10**9),
            ("timeout_ms", timeout, 0.001, HOUR_MS),
            ("max_retries", self.max_retries, 0, 100),
            ("backoff_ms", self.backoff_ms, 0, HOUR_MS),
            ("backoff_limit_ms", self.backoff_limit_ms, 0, HOUR_MS),
            ("jitter", self.jitter, 0, 1),
        ]:
            if not low <= value <= high:
                yield f"{name} = {value} must lie between {low:,} and {high:,}"
        yield from misfit("service_mean_ms", self.service_kind, self.service_mean_ms, self.service_cv2)
        if self.timeout_ms is not None:
            yield from misfit("timeout_ms", self.timeout_kind, self.timeout_ms)
        if self.timeout_kind not in {TimeKind.DETERMINISTIC, TimeKind.EXPONENTIAL}:
            yield f"timeout_kind = {self.timeout_kind} must be deterministic or exponential"


def misfit(name: str, kind: TimeKind, mean_ms: float, cv2: float = 1.0) -> Iterator[str]:
    """A sentence if times of this shape cannot be told in whole microseconds; values out of range are left alone."""
    if 0.001 <= mean_ms <= HOUR_MS and 0.001 <= cv2 <= 25 and (why := _misfit(kind, mean_ms, cv2)):
        yield f"{name} = {mean_ms} is {why} for {kind} times in whole microseconds"


@lru_cache(maxsize=256)
def _misfit(kind: TimeKind, mean_ms: float, cv2: float) -> str:
    if kind is TimeKind.DETERMINISTIC or 1 <= mean_ms <= 100_000:  # tables of these are always good
        return ""
    try:
        _table(kind, mean_ms, cv2)
    except tables.InexactTableError:
        return "too short"
    except ValueError:
        return "too long"
    return ""


def _table(kind: TimeKind, mean_ms: float, cv2: float = 1.0) -> Table:
    mean_us = _microseconds(mean_ms)
    match kind:
        case TimeKind.DETERMINISTIC:
            return tables.deterministic(mean_us)
        case TimeKind.UNIFORM:
            return tables.uniform(0, 2 * mean_us)
        case TimeKind.EXPONENTIAL:
            return tables.exponential(mean_us)
        case TimeKind.LOGNORMAL:
            return tables.lognormal(mean_us, cv2)


def _microseconds(ms: float) -> int:
    return round(ms * 1000)
