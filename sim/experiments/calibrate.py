"""Which parameters make the model's numbers those that were observed: an ensemble of answers, not one.

Members are drawn from the ranges (the prior: even, or even in the logarithm), run, and moved towards the observations
a few times (`smoother`); then the last ensemble is run once more, so that what is told of it are its own runs.
Member j has the seed `seed + j` in every step: a run's own chance is part of what the bands are made of. Everything
is on record by scenario and seed, so a calibration that is broken off takes the same way again without running it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiments import smoother
from sim.experiments.axes import Range
from sim.experiments.changing import changed
from sim.experiments.files import Line, put_json, put_table, put_text, tidy
from sim.experiments.observed import Observation
from sim.experiments.posterior import Ensemble
from sim.experiments.scenario_text import scenario_text
from sim.experiments.sensitivity import Numbers
from sim.experiments.tasks import Headline, Progress, Task, Workshop
from sim.results.folder import Scalars
from sim.scenario.reading import ScenarioError
from sim.streams import Streams

MEMBERS = 100
STEPS = 6
"""Four are usual; with some 20 parameters and a model that is far from linear, six came clearly nearer."""
FEWEST = 8
"""Members below which covariances say nothing."""


class CalibrationError(RuntimeError):
    """There is nothing to be learnt: the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What was learnt."""

    ensemble: Ensemble
    """The posterior: its members with the numbers of their runs."""
    before: Ensemble
    """The prior, likewise."""
    observations: tuple[Observation, ...]
    """What it was fitted to."""
    mismatches: tuple[float, ...]
    """Mean squared distance from the observations in units of their errors, over members, before each step and at
    the end: about 1 is as near as the errors are large."""
    failures: tuple[str, ...]
    """Why members were left out, a sentence each."""

    def rows(self) -> list[Line]:
        """A row for each parameter: its range, mean, 90 % band, and how much was learnt."""
        return self.ensemble.parameters()

    def fitted(self, base: Any, identity: Scalars, command: str = "") -> str:
        """A scenario's file, `base` with each fitted parameter at its mean; comments tell what was fitted, and how."""
        months = sorted(one.month for one in self.observations)
        fit = f"{len(self.ensemble.names)} parameters to {len(months)} monthly totals, {months[0]} to {months[-1]}"
        rest = f"as in the scenario {identity.get('scenario', 'that was fitted')}"
        head = [
            f"Fitted: {fit}. Each has its mean over {len(self.ensemble.seeds)} members, with the band of 90 % of them.",
            f"All else is {rest}; what has its default is left out. A run of this file is one run, without bands.",
        ]
        if version := identity.get("version"):
            digest = str(identity.get("scenario_digest", ""))[:12]
            head.append(
                f"HES Sandbox {version}, seed {identity.get('seed')}; SHA-256 of that scenario's file: {digest}…"
            )
        head += [f"    {command}"] * bool(command)
        remarks = {
            line["parameter"]: f"fitted, 90 %: {line['low']:.3g} to {line['high']:.3g}"
            for line in self.ensemble.parameters()
        }
        return scenario_text(changed(base, self.ensemble.means()), "\n".join(head), remarks)

    def write(self, folder: Path, base: Any, identity: Scalars, command: str = "") -> None:
        """Put prior.parquet, posterior.parquet, fitted.toml, fitted.parquet and calibration.json into a folder.

        `base` is the scenario that was fitted, `identity` a provenance's, `command` the line that does it again.
        """
        self.before.write(folder / "prior.parquet", identity)
        self.ensemble.write(folder / "posterior.parquet", identity)
        put_text(folder / "fitted.toml", self.fitted(base, identity, command))
        put_table(folder / "fitted.parquet", tidy(self.ensemble.beside(self.observations)), identity)
        told = {
            "parameters": self.rows(),
            "members": len(self.ensemble.seeds),
            "mismatches": list(self.mismatches),
            "coverage": self.ensemble.coverage(self.observations),
            "failures": list(self.failures),
            "observations": {one.name: {"value": one.value, "error": one.error} for one in self.observations},
            "provenance": dict(identity),
        }
        put_json(folder / "calibration.json", told)


def calibrate(
    base: Any,
    ranges: Sequence[Range],
    observations: Sequence[Observation],
    headline: Headline,
    workshop: Workshop,
    *,
    members: int = MEMBERS,
    steps: int = STEPS,
    seed: int = 1,
    to_follow: int = 0,
) -> Calibration:
    """Fit parameters in their ranges to observations, with `members` x (`steps` + 1) runs.

    Progress is told over all of them, and over `to_follow` more, which somebody makes afterwards.

    Raises:
        CalibrationError: if over half of the members fail, or nothing that was observed is among the numbers.
        ExecutorError: if nobody is left to make runs.
    """
    problems = [f"{members} members are under {FEWEST}"] * (members < FEWEST) + ["no step"] * (steps < 1)
    problems += ["no parameter"] * (not ranges) + ["no observation"] * (not observations)
    if problems:
        raise CalibrationError(f"nothing can be fitted: {', '.join(problems)}")
    streams = Streams(seed)
    perturbing = streams.stream("experiments/observation-errors")
    deviates = smoother.prior(members, len(ranges), streams.stream("experiments/prior"))
    alive, inflations = np.arange(members), smoother.inflations(steps)
    failures, mismatches, ensembles = list[str](), list[float](), list[Ensemble]()
    for step in range(steps + 1):
        tried = _members(ranges, deviates, [seed + int(member) for member in alive])
        at_work = counted(workshop, step * members, (steps + 1) * members + to_follow)
        tried, kept, wrong = _run(base, tried, observations, headline, at_work)
        failures += wrong
        if 2 * len(kept) < members or len(kept) < FEWEST:
            raise CalibrationError(f"of {members} members only {len(kept)} can be used; {failures[0]}")
        ensembles.append(tried.only(kept))
        deviates, alive = deviates[kept], alive[kept]
        misfit = _misfits(ensembles[-1], observations)
        mismatches.append(float((misfit**2).mean()))
        if step < steps:
            errors = smoother.noise(members, len(observations), step, perturbing)[alive]
            deviates = smoother.updated(deviates, misfit, inflations[step], errors)
    return Calibration(
        ensemble=ensembles[-1],
        before=ensembles[0],
        observations=tuple(observations),
        mismatches=tuple(mismatches),
        failures=tuple(failures),
    )


def counted(workshop: Workshop, before: int, total: int) -> Workshop:
    """The same workshop, whose progress is part of something longer: `before` runs came first, `total` are all."""

    def tell(told: Progress) -> None:
        rest, of_this = total - before - told.done, told.total - told.done
        left = None if told.seconds_left is None or not of_this else told.seconds_left * rest / of_this
        workshop.progress(Progress(before + told.done, total, left))

    return replace(workshop, progress=tell)


def opened(ensemble: Ensemble, ranges: Sequence[Range], seed: int = 1) -> Ensemble:
    """The same members with more parameters, which nothing observed informs: each draws them from the whole ranges.

    Raises:
        CalibrationError: if one of them was fitted.
    """
    if twice := [one.name for one in ranges if one.name in ensemble.names]:
        raise CalibrationError(f"{', '.join(twice)}: what is fitted cannot be drawn as well")
    deviates = smoother.prior(len(ensemble.seeds), len(ranges), Streams(seed).stream("experiments/open"))
    drawn = _members(ranges, deviates, ensemble.seeds)
    return Ensemble(
        ranges=ensemble.ranges + drawn.ranges,
        members=tuple(one + other for one, other in zip(ensemble.members, drawn.members, strict=True)),
        seeds=ensemble.seeds,
        numbers=ensemble.numbers,
    )


def predict(ensemble: Ensemble, base: Any, headline: Headline, workshop: Workshop) -> Ensemble:
    """The same members with the numbers of another scenario: one that lasts longer, or has another rule.

    Members that fail are left out. Raises `CalibrationError` if all do.
    """
    made, wrong = _runs(base, ensemble, headline, workshop)
    kept = [member for member, text in enumerate(wrong) if not text]
    if not kept:
        raise CalibrationError(f"no member could be run: {wrong[0]}")
    return made.only(kept)


def _run(
    base: Any, tried: Ensemble, observations: Sequence[Observation], headline: Headline, workshop: Workshop
) -> tuple[Ensemble, list[int], list[str]]:
    """Run members; with their numbers, the places of those that have all that was observed, and why others not."""
    made, wrong = _runs(base, tried, headline, workshop)
    wrong = [text or _gap(run, observations) for text, run in zip(wrong, made.numbers, strict=True)]
    kept = [member for member, text in enumerate(wrong) if not text]
    return (
        made,
        kept,
        [f"the run with seed {seed}: {text}" for seed, text in zip(tried.seeds, wrong, strict=True) if text],
    )


def _runs(base: Any, tried: Ensemble, headline: Headline, workshop: Workshop) -> tuple[Ensemble, list[str]]:
    """Run members; with their numbers, and for each why it has none. A scenario may refuse a combination of values."""
    wrong, tasks = [""] * len(tried.seeds), dict[int, Task]()
    for member, seed in enumerate(tried.seeds):
        try:
            tasks[member] = Task(changed(base, tried.changes(member)), seed)
        except ScenarioError as refused:
            wrong[member] = "; ".join(problem.text for problem in refused.problems)
    numbers: list[Mapping[str, float | None]] = [{} for _ in wrong]
    for member, run in zip(tasks, workshop.finish(tasks.values(), headline), strict=True):
        numbers[member], wrong[member] = run.numbers, run.failure
    return tried.with_numbers(numbers), wrong


def _gap(numbers: Mapping[str, float | None], observations: Sequence[Observation]) -> str:
    """What was observed and is not among a run's numbers, as a sentence; empty if nothing is."""
    missing = [one.name for one in observations if numbers.get(one.name) is None]
    return f"it has no number called {', '.join(missing[:3])}{' …' * (len(missing) > 3)}" if missing else ""


def _members(ranges: Sequence[Range], deviates: Numbers, seeds: Sequence[int]) -> Ensemble:
    """Members that are given by their deviates."""
    drawn = smoother.places(deviates).tolist()
    values = tuple(tuple(one.at(place) for one, place in zip(ranges, row, strict=True)) for row in drawn)
    return Ensemble(ranges=tuple(ranges), members=values, seeds=tuple(seeds), numbers=({},) * len(values))


def _misfits(ensemble: Ensemble, observations: Sequence[Observation]) -> Numbers:
    simulated = np.column_stack([ensemble.values(one.name) for one in observations])
    observed, least = (np.array([getattr(one, name) for one in observations]) for name in ("value", "least"))
    errors = np.array([hypot(one.error, one.chance) for one in observations])
    return smoother.misfits(np.maximum(simulated, least), observed, errors)
