"""A small world to experiment on: a noisy model of a month's cases, and a scenario of it, of no real part."""

import os
import signal
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import exp, pi, sin
from pathlib import Path
from statistics import NormalDist
from time import sleep

from sim.streams import Streams


class Rule(StrEnum):
    STRICT = "strict"
    LAX = "lax"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    growth: float = 0.2
    beginning: float = 3.0
    noise: float = 0.05
    tests: int = 4
    rule: Rule = Rule.LAX
    waves: tuple[tuple[date, float], ...] = ((date(2020, 6, 1), 0.8), (date(2020, 11, 1), 1.2))

    def __post_init__(self) -> None:
        problems = [
            f"{name} = {getattr(self, name)!r} is outside {low} to {high}"
            for name, low, high in (("growth", -1, 1), ("beginning", 0, 20), ("noise", 0, 1), ("tests", 1, 9))
            if not low <= getattr(self, name) <= high
        ]
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Toy:
    name: str = "toy"
    spread: Spread = field(default_factory=Spread)
    days: int = 4
    folder: str = ""


MONTHS = tuple(f"2020-{month:02}" for month in range(3, 13))


def cases(scenario: Toy, seed: int) -> dict[str, float]:
    """Cases grow by a factor each month, wave by wave, with a little noise."""
    stream, spread = Streams(seed).stream("toy/noise"), scenario.spread
    found = {}
    for place, month in enumerate(MONTHS[: scenario.days * 2]):
        noise = NormalDist().inv_cdf(float(stream.uniform(place)) + 2**-54)
        wave = spread.waves[0][1] if place < 5 else spread.waves[1][1]
        level = spread.beginning + spread.growth * place + wave + spread.noise * noise
        found[f"cases {month}"] = exp(level)
        found[f"tests {month}"] = exp(level) * spread.tests
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Epidemic:
    """Sixteen months, each with its own level of contacts; beside them, how it began and what is seen of it."""

    name: str = "epidemic"
    level: tuple[float, ...] = (0.25,) * 16
    beginning: float = 1e-5
    detected: float = 0.2
    fatal: float = 0.01
    symptomatic: float = 0.5


def outbreak(scenario: Epidemic, seed: int) -> dict[str, float]:
    """S-E-I-R by the day, with chance in transmission; totals by the month."""
    stream = Streams(seed).stream("toy/outbreak")
    luck = (1 + 0.1 * (stream.uniform(range(480)) - 0.5)).tolist()
    susceptible, exposed, infectious = 1 - scenario.beginning, 0.0, scenario.beginning
    found: dict[str, float] = {}
    for day in range(480):
        new = min(susceptible, scenario.level[day // 30] * susceptible * infectious * luck[day])
        susceptible, infectious = susceptible - new, infectious + exposed * 0.25 - infectious * 0.14
        exposed += new - exposed * 0.25
        for kind, share in (
            ("cases", scenario.detected),
            ("patients", scenario.detected * scenario.symptomatic),
            ("deaths", scenario.fatal),
        ):
            name = f"{kind} m{day // 30:02}"
            found[name] = found.get(name, 0.0) + 83e6 * new * share
    return found


def ishigami(scenario: Toy, seed: int) -> dict[str, float]:
    """Ishigami and Homma's function, whose Sobol indices are known; over `growth`, `beginning`, `noise` in 0 to 1."""
    x1, x2, x3 = (pi * (2 * x - 1) for x in (scenario.spread.growth, scenario.spread.beginning, scenario.spread.noise))
    return {"y": sin(x1) + 7 * sin(x2) ** 2 + 0.1 * x3**4 * sin(x1), "drawn by": float(seed)}


def moody(scenario: Toy, seed: int) -> dict[str, float]:
    """Some points fail."""
    if scenario.spread.tests == 3:
        raise RuntimeError("three tests bring bad luck")
    return {"product": scenario.spread.tests * (seed + 1.0)}


def slow(scenario: Toy, seed: int) -> dict[str, float]:
    """Takes its time, and tells who it was by a file named as its process."""
    (Path(scenario.folder) / f"{os.getpid()}.pid").touch()
    sleep(0.15)
    return moody(scenario, seed)


def mortal(scenario: Toy, seed: int) -> dict[str, float]:
    """Kills its own process, the first time at two tests and always at five."""
    mark = Path(scenario.folder) / f"{seed}.mark"
    if scenario.spread.tests == 5 or (scenario.spread.tests == 2 and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return moody(scenario, seed)
