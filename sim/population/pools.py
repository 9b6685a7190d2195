"""The places of a province by district and sort, and where the people of each district find one."""

from typing import NamedTuple

import numpy as np

from sim.population import places
from sim.population.apportionment import Numbers, numbered, starts


class Pools(NamedTuple):
    """A province's places of one sort: pools by district and sector or stage."""

    members: Numbers
    """People of each pool who find a place there, those of pools without a place included."""
    places: Numbers
    target: Numbers
    """The pool in which each pool's people find a place."""
    district: Numbers
    """Of each place, numbered in the province."""
    kind: Numbers
    """Sector or stage of each place."""

    @classmethod
    def of(cls, members: Numbers, opened: Numbers) -> "Pools":
        """From tables by district and sector or stage."""
        kinds = members.shape[1]
        target = np.stack([places.folded(opened[:, kind], members[:, kind]) for kind in range(kinds)], axis=1)
        pool = (target * kinds + np.arange(kinds)).reshape(-1)
        seated = np.zeros(members.size, np.int64)
        np.add.at(seated, pool, members.reshape(-1))
        _, of = numbered(opened.reshape(-1))
        return cls(seated, opened.reshape(-1), pool, of // kinds, of % kinds)

    @property
    def edges(self) -> Numbers:
        """Where each pool's seats begin, and where the last one's end."""
        return starts(self.members)

    def even_sizes(self) -> Numbers:
        """Sizes of places that share their pool's members evenly."""
        by_pool = zip(self.members.tolist(), self.places.tolist(), strict=True)
        return np.concatenate([places.even_sizes(members, count) for members, count in by_pool])
