"""A plan: which points of a space of parameters are run, and how often. It is known whole before anything runs.

Replication r of every point has the seed `seed + r`. So all points share their chance (common random numbers), and
two points differ by their parameters and what follows from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal, TypeAlias, get_args

from sim.experiments import designs
from sim.experiments.axes import Axis, Range, Values
from sim.experiments.changing import Tree, changed_all
from sim.experiments.files import Line
from sim.scenario.reading import Problem, ScenarioError
from sim.streams import Streams

Design: TypeAlias = Literal["grid", "latin", "sobol", "saltelli"]
MOST_TASKS = 1_000_000
"""More runs than anybody waits for: surely a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The points, one tuple of values each, of a design over some axes."""

    design: Design
    axes: tuple[Axis, ...]
    points: tuple[tuple[Any, ...], ...]
    replications: int
    seed: int

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters, in the order of a point's values."""
        return tuple(axis.name for axis in self.axes)

    @property
    def tasks(self) -> int:
        """How many runs it takes."""
        return len(self.points) * self.replications

    def changes(self, point: int) -> dict[str, Any]:
        """What a point sets."""
        return dict(zip(self.names, self.points[point], strict=True))

    def rows(self) -> list[Line]:
        """A row for each point, for whoever wants to see them before anything runs."""
        return [{"point": point, **self.changes(point)} for point in range(len(self.points))]

    def scenarios(self, base: Tree) -> list[Tree]:
        """The scenario of each point.

        Raises:
            ScenarioError: with whatever is wrong at any point.
        """
        return changed_all(base, [self.changes(point) for point in range(len(self.points))])


def plan(
    axes: Sequence[Axis], design: Design = "grid", *, points: int = 64, replications: int = 1, seed: int = 1
) -> Plan:
    """Lay out an experiment. `points` is for the designs that sample; `saltelli` takes points x (axes + 2).

    Raises:
        ScenarioError: with everything that does not fit together.
    """
    problems = [f"{name} = {value} must be at least 1" for name, value in _counts(points, replications) if value < 1]
    if not axes:
        problems.append("nothing is varied: name a parameter")
    if design not in get_args(Design):
        problems.append(f"there is no design {design}; there are {', '.join(get_args(Design))}")
    if design == "grid":
        problems += [
            f"{axis.name}: a grid has values, as in name=1,2,3; to draw from a range choose the design latin or sobol"
            for axis in axes
            if isinstance(axis, Range)
        ]
    elif axes and all(isinstance(axis, Values) for axis in axes):
        problems.append(
            f"{', '.join(axis.name for axis in axes)}: nothing but listed values, of which {design} would draw the "
            "same over and over; leave the design out for all combinations, or give a range, as in name=low:high"
        )
    if seed < 0:
        problems.append(f"the seed {seed} is negative")
    size = replications * _size(axes, design, points)
    if not problems and size > MOST_TASKS:
        problems.append(f"{size:,} runs are over {MOST_TASKS:,}: take fewer points or replications")
    if problems:
        raise ScenarioError("there is no such experiment:", [Problem(0, text) for text in problems])
    chosen = tuple(_points(axes, design, points, seed))
    return Plan(design=design, axes=tuple(axes), points=chosen, replications=replications, seed=seed)


def _counts(points: int, replications: int) -> tuple[tuple[str, int], ...]:
    return (("points", points), ("replications", replications))


def _size(axes: Sequence[Axis], design: Design, points: int) -> int:
    if design == "grid":
        size = 1
        for axis in axes:
            size *= len(axis.ends)
        return size
    return points * (len(axes) + 2 if design == "saltelli" else 1)


def _points(axes: Sequence[Axis], design: Design, n: int, seed: int) -> list[tuple[Any, ...]]:
    if design == "grid":
        return list(product(*(axis.ends for axis in axes)))
    drawn = {"latin": designs.latin, "sobol": designs.sobol, "saltelli": designs.saltelli}[design]
    places = drawn(len(axes), n, Streams(seed).stream(f"experiments/{design}"))
    return [tuple(axis.at(place) for axis, place in zip(axes, row, strict=True)) for row in places.tolist()]
