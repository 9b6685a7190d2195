"""What holds on every day of a country, for the compiled twin."""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import in_threads, shares
from sim.demand.arrivals import Chances, chances
from sim.demand.daybook import by_age, first_with_application, of_ages
from sim.demand.ground import AGES, PLATES, Columns, Ground, Nation, columns_of
from sim.demand.institutions import Institutions, institutions
from sim.demand.model import Seats, seats
from sim.demand.parameters import CUSTOMS, DemandParameters, Errand
from sim.demand.settled import cards
from sim.streams import Stream, Streams


class Settlement:
    """What holds on every day: who asks where, who has a city card, and the streams of chance."""

    def __init__(self, town: Nation, parameters: DemandParameters, streams: Streams, threads: int) -> None:
        self.town, self.parameters, self.threads = columns_of(town), parameters, threads
        self.names: Stream = streams.stream("demand/caller")
        self.drawn: Chances = chances(streams)
        self.land: Ground = _ground(self.town, threads)
        self.table: Institutions = institutions(self.land, parameters)
        self.seated: Seats = seats(self.town.age, self.land, self.table, parameters, self.drawn)
        self.holders = cards(self.town, parameters, self.drawn, threads)
        self._lists: dict[Errand, list[NDArray[np.int32]]] = {}

    def listed(self, errand: Errand) -> list[NDArray[np.int32]]:
        """By plate the people among whom an errand's few are; made when they are first needed."""
        if errand not in self._lists:
            custom, (ages, start) = CUSTOMS[errand], (self.town.age, self.land.province_start)

            def of(plate: int) -> NDArray[np.int32]:
                found = np.empty(self.land.of_age(custom.youngest, custom.oldest, plate) + 1, np.int32)
                stretch = (int(start[plate]), int(start[plate + 1]))
                if stretch[0] < stretch[1]:
                    of_ages(ages, custom.youngest, custom.oldest, stretch, found)
                return found[:-1]

            self._lists[errand] = [np.empty(0, np.int32), *(of(plate) for plate in range(1, PLATES))]
        return self._lists[errand]


def _ground(town: Columns, threads: int) -> Ground:
    province_start = np.asarray(town.province_start, np.int64)
    if province_start.size != PLATES + 1:
        province_start = np.append(province_start, [province_start[-1]] * (PLATES + 1 - province_start.size))
    people = np.zeros((PLATES, AGES), np.int64)
    in_threads(
        threads,
        lambda n: [
            by_age(town.age, (int(province_start[plate]), int(province_start[plate + 1])), people[plate])
            for plate in range(n, PLATES, threads)
        ],
    )
    keeper = np.empty(town.workplaces, np.int32)
    stretches = shares(town.workplaces, threads)
    in_threads(
        threads,
        lambda n: first_with_application(town.flags, town.place_start, town.member, stretches[n], keeper),
    )
    return Ground(
        province_start=province_start,
        people=people,
        workplace_province=town.place_province[: town.workplaces],
        workplace_kind=town.place_kind[: town.workplaces],
        workplace_integrated=town.place_integrated[: town.workplaces],
        workplace_size=np.diff(town.place_start[: town.workplaces + 1]).astype(np.int64),
        keeper=keeper,
    )
