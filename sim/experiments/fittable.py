"""What a calibration is asked for, held against what can be fitted: all that is wrong is told before any run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from sim.experiments.axes import Range, read_ranges
from sim.experiments.changing import changed, value_of
from sim.experiments.observed import Kind, Observation, in_miniature, left_out, observations
from sim.experiments.window import Window
from sim.nation.headlines import scale_of
from sim.scenario import CalibrationParameters, NationScenario, Problem, ScenarioError

SETTLED = ("nation.", "population.people", "population.provinces", "calibration.")
"""Parameters that say for how long, and whom, the country is followed; the totals and their months settle that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fittable:
    """A scenario of the whole country, what is varied of it, and the totals that it is fitted to."""

    scenario: NationScenario
    """Its table [calibration] is what is varied here, wherever that was told."""
    window: Window
    kinds: tuple[Kind, ...]
    observations: tuple[Observation, ...]
    fit: tuple[Range, ...]
    draw: tuple[Range, ...]

    @classmethod
    def of(
        cls, scenario: object, name: str, window: "Asked", kinds: str, fit: Sequence[str], draw: Sequence[str]
    ) -> "Fittable":
        """A scenario by what is asked of it; without ranges to fit or to draw, those of its table [calibration].

        `kinds` are separated by commas.

        Raises:
            ValueError: if it cannot be fitted so; the message says why, and what to give instead.
        """
        country = country_of(scenario, name)
        fit = fit or country.calibration.fit
        names = {_name(text) for text in fit}
        draw = draw or [text for text in country.calibration.draw if _name(text) not in names]
        if not fit:
            raise ValueError("There is nothing to fit: give --fit name=low:high, or a table [calibration] in the file.")
        days = country.nation.days
        months = Window.of(country.date, days, first=window.first, until=window.until, ahead=window.ahead)
        chosen = cast("tuple[Kind, ...]", tuple(dict.fromkeys(kind.strip().lower() for kind in kinds.split(","))))
        seen = observations(chosen, first=months.first, last=months.until)
        if not seen:
            raise ValueError(
                f"Nothing was published of {', '.join(chosen)} from {months.first} to {months.until} that can be "
                "fitted: name other months, or other totals with --to."
            )
        ranges = ranges_of([*fit, *draw], country)
        return cls(
            scenario=replace(country, calibration=CalibrationParameters(fit=tuple(fit), draw=tuple(draw))),
            window=months,
            kinds=chosen,
            observations=seen,
            fit=ranges[: len(fit)],
            draw=ranges[len(fit) :],
        )

    def until(self, days: int) -> NationScenario:
        """The scenario for so many days, and nobody's queries: no monthly total hangs on them."""
        return changed(self.scenario, {"nation.load": [], "nation.days": days})

    @property
    def totals(self) -> tuple[Observation, ...]:
        """The observations with the chance that a model of fewer people has of its own."""
        return in_miniature(self.observations, scale_of(self.scenario))

    def notes(self, members: int) -> tuple[str, ...]:
        """Months and totals that are left out, and what else a reader has to know, a sentence each."""
        told = [*self.window.left_out, *left_out(self.kinds, self.window.first, self.window.last)]
        if (scale := scale_of(self.scenario)) > 1:
            told.append(f"A person of the model stands for {scale:,.0f} of the country: no total is told more finely.")
        if members < len(self.fit):
            told.append(f"{members} members are fewer than {len(self.fit)} parameters: the bands are mostly chance.")
        return tuple(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Months as they were asked for; None where they were not."""

    first: str | None = None
    until: str | None = None
    ahead: str | None = None


def country_of(scenario: object, name: str) -> NationScenario:
    """The scenario, which follows the whole country.

    Raises:
        ValueError: if it does not; the message says which do.
    """
    if not isinstance(scenario, NationScenario):
        told = f"{name} does not follow the country; calibrate a scenario with a table [nation]."
        raise ValueError(told)  # noqa: TRY004 - a user's mistake, not a caller's
    if plates := scenario.population.provinces:
        raise ValueError(
            f"{name} follows {len(plates)} of the 81 provinces, and the totals that were published are the whole "
            "country's: leave out population.provinces, and set population.people as low as need be."
        )
    return scenario


def ranges_of(texts: Sequence[str], scenario: NationScenario) -> tuple[Range, ...]:
    """Ranges of single numbers, each `name=low:high` or `name=low:high:log`.

    Raises:
        ScenarioError: with everything that is wrong.
    """
    problems = []
    for text in texts:
        name = _name(text)
        if name.startswith(SETTLED):
            problems.append(Problem(0, f"{name} is not fitted: it says for how long, or whom, the country is followed"))
        elif told := _no_number(scenario, name):
            problems.append(Problem(0, told))
    if problems:
        raise ScenarioError("this cannot be fitted:", problems)
    return read_ranges(texts, scenario)


def _name(text: str) -> str:
    """The parameter of a range."""
    return text.partition("=")[0].strip()


def _no_number(scenario: NationScenario, name: str) -> str:
    """What a parameter is instead of a number, and what to name; empty if it is one, or there is none."""
    try:
        value = value_of(scenario, name)
    except ScenarioError:
        return ""  # told with the nearest name when the ranges are read
    if isinstance(value, list):
        entry = f"{name}.0.1" if value and isinstance(value[0], list) else f"{name}.0"
        return f"{name} is a list of {len(value)}: name a number in it by its place from 0, as in {entry}"
    if isinstance(value, dict):
        numbers = [key for key, inner in value.items() if isinstance(inner, int | float)][:3]
        return f"{name} is a table: name a number in it, as in {', '.join(f'{name}.{key}' for key in numbers)}"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return "" if is_number else f"{name} is {value!s}, no number: only numbers are fitted"
