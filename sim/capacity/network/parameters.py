"""What there is to set about the service as a network of stations, and about the clients that insist."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sim.capacity.parameters import HOUR_MS, CapacityParameters, TimeKind, misfit
from sim.tables import Table

DAY_S = 86_400
NO_END_US = 1 << 62
MOST_LOOKS = 100_000
"""Looks of autoscaling while one server starts, at most."""


class Station(StrEnum):
    """The rooms that a call passes, in this order."""

    GATEWAY = "gateway"
    AUTHENTICATION = "authentication"
    CODE_LOOKUP = "code_lookup"
    RISK_LOOKUP = "risk_lookup"
    AUDIT = "audit"


class Patience(StrEnum):
    """What a client's time-out is about."""

    ATTEMPT = "attempt"  # the whole attempt, from asking to the answer
    WAIT = "wait"  # whoever is being served when it runs out waits for the answer, as in the single queue


@dataclass(frozen=True, slots=True, kw_only=True)
class StationParameters:
    """One station: identical servers, one queue, first come first served.

    Raises:
        ValueError: on construction, naming every field that is out of range at once.
    """

    servers: int = 64
    """Calls answered at the same time. 0: there is no such station, calls pass it by. Unit: servers.
    Range: 0 to 100,000. Chosen here."""

    service_kind: TimeKind = TimeKind.LOGNORMAL
    """The shape of the time that a call keeps a server busy. Source: as in `CapacityParameters`."""

    service_mean_ms: float = 10.0
    """Mean of that time. Unit: milliseconds. Range: 0.001 to 3,600,000. Chosen here."""

    service_cv2: float = 1.0
    """Its squared coefficient of variation, read for the log-normal shape alone. No unit. Range: 0.001 to 25.
    Chosen here."""

    per_code_us: int = 0
    """Further time for each code of a bulk call beyond the first, hits and misses of a cache taken together.
    Unit: microseconds. Range: 0 to 1,000,000. Chosen here."""

    waiting_room: int | None = 2_000
    """Places for calls that wait, beside those in service; a call that finds none is refused at once.
    None: no limit. Unit: calls. Range: 0 to 10^9. Chosen here."""

    hit_rate: float = 0.0
    """Share of calls that find what they need in the station's cache. No unit. Range: 0 to 1. Chosen here."""

    hit_mean_ms: float = 1.0
    """Mean service time of such a call, in the same shape. Unit: milliseconds. Range: 0.001 to 3,600,000.
    Chosen here."""

    servers_at_least: int | None = None
    """Autoscaling does not go below. None: this station is not scaled. Unit: servers. Range: 1 to 100,000,
    at most `servers`. Chosen here."""

    servers_at_most: int | None = None
    """Autoscaling does not go above. None: this station is not scaled. Unit: servers. Range: 1 to 100,000,
    at least `servers`. Chosen here."""

    def __post_init__(self) -> None:
        if wrong := list(self._out_of_range()):
            raise ValueError("; ".join(wrong))

    @property
    def service(self) -> Table:
        """The table of service times, in microseconds."""
        return self._table(self.service_mean_ms)

    @property
    def hit(self) -> Table:
        """The table of service times when the cache has it, in microseconds."""
        return self._table(self.hit_mean_ms)

    @property
    def mean_us(self) -> float:
        """Mean service time of a call with one code, hits and misses, in microseconds."""
        return 1000 * (self.hit_rate * self.hit_mean_ms + (1 - self.hit_rate) * self.service_mean_ms)

    @property
    def is_scaled(self) -> bool:
        """Whether servers come and go with the load."""
        return self.servers_at_least is not None

    def _table(self, mean_ms: float) -> Table:
        kind, cv2 = self.service_kind, self.service_cv2
        return CapacityParameters(service_kind=kind, service_mean_ms=mean_ms, service_cv2=cv2).service

    def _out_of_range(self) -> Iterator[str]:
        least, most = self.servers_at_least, self.servers_at_most
        for name, value, low, high in [
            ("servers", self.servers, 0, 100_000),
            ("service_mean_ms", self.service_mean_ms, 0.001, HOUR_MS),
            ("service_cv2", self.service_cv2, 0.001, 25),
            ("per_code_us", self.per_code_us, 0, 1_000_000),
            ("waiting_room", 0 if self.waiting_room is None else self.waiting_room, 0, 10**9),
            ("hit_rate", self.hit_rate, 0, 1),
            ("hit_mean_ms", self.hit_mean_ms, 0.001, HOUR_MS),
            ("servers_at_least", self.servers if least is None else least, min(1, self.servers), self.servers),
            ("servers_at_most", self.servers if most is None else most, self.servers, 100_000),
        ]:
            if not low <= value <= high:
                yield f"{name} = {value} must lie between {low:,} and {high:,}"
        if self.servers:
            yield from misfit("service_mean_ms", self.service_kind, self.service_mean_ms, self.service_cv2)
            yield from misfit("hit_mean_ms", self.service_kind, self.hit_mean_ms, self.service_cv2)
        if (least is None) != (most is None):
            yield "servers_at_most must be set together with servers_at_least"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkParameters:
    """The ministry's service behind its gateway, and its clients.

    Nothing of the real service was ever published, so the values are chosen here: a peak of 4,500 calls a
    second, such as a national Monday's half past eight, uses each station to about two thirds.

    Raises:
        ValueError: on construction, naming every field that is out of range at once.
    """

    gateway: StationParameters = StationParameters(servers=32, service_mean_ms=5.0)
    """Where TLS ends and calls are let in. Chosen here: 6,400 calls a second."""

    authentication: StationParameters = StationParameters(
        servers=64, service_mean_ms=60.0, hit_rate=0.85, hit_mean_ms=1.0
    )
    """Checks the institution's password, slowly by intent, or remembers it. Chosen here: 6,500 a second."""

    code_lookup: StationParameters = StationParameters(servers=64, service_mean_ms=10.0, per_code_us=100)
    """Finds the person of a code among some 10^8. Chosen here: 6,400 a second."""

    risk_lookup: StationParameters = StationParameters(
        servers=64, service_mean_ms=14.0, hit_rate=0.35, hit_mean_ms=2.0, per_code_us=100
    )
    """Finds the person's status, or remembers it. Chosen here: 6,530 a second."""

    audit: StationParameters = StationParameters(servers=48, service_mean_ms=7.5, per_code_us=50)
    """Writes down who asked about whom. Chosen here: 6,400 a second."""

    timeout_ms: float | None = 10_000.0
    """How long a client waits for the answer to one attempt before it hangs up. None: for ever. Unit:
    milliseconds. Range: 0.001 to 3,600,000. Precedents: OkHttp 10,000, .NET 100,000."""

    timeout_covers: Patience = Patience.ATTEMPT
    """Whether it covers the whole attempt or the wait for a turn. Range: these two. Chosen here."""

    drops_abandoned: bool = False
    """Whether the service notices that a client has hung up: a waiting attempt then gives up its place at
    once, and one in service is not passed on. Otherwise work goes on for nobody. Chosen here."""

    max_retries: int = 2
    """Further attempts after a failed one, before the call is lost. Unit: attempts. Range: 0 to 100.
    Chosen here."""

    backoff_ms: float = 500.0
    """Pause before the first retry, doubled before each further one, a microsecond at the least. Unit:
    milliseconds. Range: 0 to 3,600,000. Source: as in `CapacityParameters`; the value: chosen here."""

    backoff_limit_ms: float = 30_000.0
    """The pause at which doubling ends. Unit: milliseconds. Range: 0 to 3,600,000. Chosen here."""

    jitter: float = 0.5
    """Share of each pause that is drawn: 0 always the whole pause, 1 anything from none to the whole. No unit.
    Range: 0 to 1. Source: as in `CapacityParameters`."""

    retry_budget_percent: int | None = None
    """Retries that an asker may make for each hundred calls, in the long run; who is beyond gives up. None:
    as many as `max_retries` allows. No unit. Range: 0 to 10,000. Precedent: Finagle's RetryBudget, 20."""

    retry_budget_burst: int = 10
    """Retries saved up at most, and at first. Unit: retries. Range: 1 to 1,000,000. Chosen here."""

    rate_limit_per_s: int | None = None
    """Attempts that the gateway accepts of one institution in the long run; further ones are refused at once.
    None: no limit. Unit: attempts a second. Range: 1 to 1,000,000. Never published; chosen here."""

    rate_burst: int = 100
    """Attempts accepted in one instant, after a pause. Unit: attempts. Range: 1 to 1,000,000. Chosen here."""

    breaker_failures: int | None = None
    """Failures (refusals by a full room, clients that hang up there) within one window after which a station's
    circuit breaker opens: what comes is refused at once. None: no breakers. Unit: failures. Range: 1 to 10^9.
    Source: M. Nygard, "Release it!", 2007; the value: chosen here."""

    breaker_window_ms: float = 10_000.0
    """The windows in which failures are counted, end to end from time 0. Unit: milliseconds. Range: 0.001 to
    3,600,000. Chosen here."""

    breaker_open_ms: float = 5_000.0
    """How long it stays open before it lets probes through. Unit: milliseconds. Range: 0.001 to 3,600,000.
    Chosen here."""

    breaker_probes: int = 10
    """Probes let through; if all are served it closes, at the first failure it opens again. Unit: attempts.
    Range: 1 to 1,000,000. Chosen here."""

    outages: tuple[tuple[Station, float, float, int], ...] = ()
    """When servers are lost: station, from and until (seconds since the start), how many. Who is in service
    is served to the end; no new call begins beyond the servers left. Range: 0 to 31,536,000 s; 1 to 100,000."""

    slow: tuple[tuple[Station, float, float, int], ...] = ()
    """When a station is slow: station, from and until (seconds since the start), per cent of the usual service
    time for services that begin then; of several at once the largest. Range: 0 to 31,536,000 s; 1 to 10,000."""

    scaling_period_s: float = 60.0
    """How often autoscaling looks at the use of the period before. Unit: seconds. Range: 0.000001 to 86,400.
    Chosen here."""

    scaling_target_percent: int = 60
    """The use that it aims at. Unit: per cent. Range: 1 to 100. Chosen here."""

    scaling_delay_s: float = 120.0
    """How long a started server takes before it works. Unit: seconds. Range: 0 to 86,400. Chosen here."""

    def __post_init__(self) -> None:
        if wrong := list(self._out_of_range()):
            raise ValueError("network: " + "; ".join(wrong))

    @property
    def stations(self) -> tuple[tuple[Station, StationParameters], ...]:
        """The stations that there are, in the order in which calls pass them."""
        rooms: list[tuple[Station, StationParameters]] = [(name, getattr(self, name)) for name in Station]
        return tuple((name, room) for name, room in rooms if room.servers)

    @property
    def timeout_us(self) -> int | None:
        """The client's time-out in microseconds."""
        return None if self.timeout_ms is None else round(self.timeout_ms * 1000)

    def pause_us(self, attempt: int) -> tuple[int, int]:
        """The shortest and the longest pause after failed attempt `attempt` (from 0), in microseconds."""
        pauses = CapacityParameters(
            backoff_ms=self.backoff_ms, backoff_limit_ms=self.backoff_limit_ms, jitter=self.jitter
        )
        return pauses.pause_us(attempt)

    def _out_of_range(self) -> Iterator[str]:
        for name, value, low, high in [
            ("timeout_ms", HOUR_MS if self.timeout_ms is None else self.timeout_ms, 0.001, HOUR_MS),
            ("max_retries", self.max_retries, 0, 100),
            ("backoff_ms", self.backoff_ms, 0, HOUR_MS),
            ("backoff_limit_ms", self.backoff_limit_ms, 0, HOUR_MS),
            ("jitter", self.jitter, 0, 1),
            ("retry_budget_percent", self.retry_budget_percent or 0, 0, 10_000),
            ("retry_budget_burst", self.retry_budget_burst, 1, 10**6),
            ("rate_limit_per_s", 1 if self.rate_limit_per_s is None else self.rate_limit_per_s, 1, 10**6),
            ("rate_burst", self.rate_burst, 1, 10**6),
            ("breaker_failures", 1 if self.breaker_failures is None else self.breaker_failures, 1, 10**9),
            ("breaker_window_ms", self.breaker_window_ms, 0.001, HOUR_MS),
            ("breaker_open_ms", self.breaker_open_ms, 0.001, HOUR_MS),
            ("breaker_probes", self.breaker_probes, 1, 10**6),
            ("scaling_period_s", self.scaling_period_s, 0.000001, DAY_S),
            ("scaling_target_percent", self.scaling_target_percent, 1, 100),
            ("scaling_delay_s", self.scaling_delay_s, 0, DAY_S),
        ]:
            if not low <= value <= high:
                yield f"{name} = {value} must lie between {low:,} and {high:,}"
        for name, rows, most in [("outages", self.outages, 100_000), ("slow", self.slow, 10_000)]:
            for station, start_s, until_s, number in rows:
                if not (0 <= start_s < until_s <= 365 * DAY_S and 1 <= number <= most):
                    yield (
                        f"{name} has [{station}, {start_s:g}, {until_s:g}, {number}]: it must begin before it ends, "
                        f"within 0 and {365 * DAY_S:,} s, and its last number must lie between 1 and {most:,}"
                    )
        if self.scaling_period_s >= 0.000001 and self.scaling_delay_s > MOST_LOOKS * self.scaling_period_s:
            yield (
                f"scaling_period_s = {self.scaling_period_s} is too short beside scaling_delay_s = "
                f"{self.scaling_delay_s}: a server must start within {MOST_LOOKS:,} periods"
            )
        if not self.stations:
            yield "gateway has no servers, nor has any other station: there must be one"
