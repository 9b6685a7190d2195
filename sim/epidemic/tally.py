"""What there is to be told about a day's infections."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.epidemic.model import Layer, NewInfections

Numbers = NDArray[np.int64]

PLATES = 82
"""Entries of a column by plate: 81 provinces, 0 unused."""

LEVELS = ("exposed", "infectious", "symptomatic", "in_hospital", "died", "ever_infected")
"""Totals of an evening: the first four are people in a state, the last two only grow."""

TOTALS = ("new_infections", *LEVELS)

TYPES = (np.int32, np.int32, np.uint8, np.uint8, *(np.int16,) * 6)
"""Of the columns of `NewInfections`."""


def none_new() -> NewInfections:
    """A day without infections."""
    columns: list[Any] = [np.empty(0, kind) for kind in TYPES]
    return NewInfections(*columns)


class Tally:
    """The last day's new infections, counted; both engines have it."""

    new: NewInfections
    variants: int
    age: NDArray[np.uint8]

    @property
    def by_layer(self) -> Numbers:
        """New infections of the last day, by `Layer`."""
        return np.bincount(self.new.layer, minlength=len(Layer))

    @property
    def by_variant(self) -> Numbers:
        """The same by variant."""
        return np.bincount(self.new.variant, minlength=self.variants)

    @property
    def by_age(self) -> Numbers:
        """The same by completed years of age, 0 to 100."""
        return np.bincount(self.age[self.new.person], minlength=101)
