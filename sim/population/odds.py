"""The odds of what is drawn, as the compiled loops take them: thresholds, and one name for each lot."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.names import FEMALE_GIVEN_NAME_WEIGHTS, MALE_GIVEN_NAME_WEIGHTS, SURNAME_WEIGHTS
from sim.compiled import CERTAIN, threshold
from sim.population import census
from sim.population.apportionment import Numbers
from sim.population.households import RoleTable, role_table
from sim.population.parameters import PopulationParameters
from sim.population.vaccination import DoseTable, dose_table

EMPLOYMENT_BY_AGE = np.repeat(*np.array(census.EMPLOYMENT_BY_AGE).T[::-1])


class Odds(NamedTuple):
    """What follows from the parameters and the tables, alike in all provinces."""

    roles: RoleTable
    own_surname: int
    """`threshold` of a surname that is not the household's."""
    given: tuple[NDArray[np.uint16], NDArray[np.uint16]]
    """The male and the female given name of each lot: a common one has many."""
    surnames: NDArray[np.uint16]
    phone: Numbers
    """`threshold` of a mobile number, by age."""
    app: int
    """`threshold` of using the application."""
    doses: DoseTable
    enrolled: int
    """`threshold` of going to school."""
    work: tuple[int, int, int]
    """`threshold` of the public sector, of work in another province, and of work in another district."""


def odds_of(parameters: PopulationParameters) -> Odds:
    """The odds that `parameters` set."""
    years = np.arange(census.OLDEST + 1)
    child, adult = threshold(parameters.child_phone_share), threshold(parameters.adult_phone_share)
    shares = (parameters.public_share, parameters.other_province_share, parameters.other_district_share)
    return Odds(
        roles=role_table(),
        own_surname=threshold(parameters.own_surname_share),
        given=(_lots(MALE_GIVEN_NAME_WEIGHTS), _lots(FEMALE_GIVEN_NAME_WEIGHTS)),
        surnames=_lots(SURNAME_WEIGHTS),
        phone=np.where(years >= census.ADULT_AGE, adult, np.where(years >= 10, child, 0)),
        app=threshold(parameters.app_share),
        doses=dose_table(parameters.vaccination),
        enrolled=threshold(parameters.enrolled_share),
        work=(threshold(shares[0]), threshold(shares[1]), threshold(shares[2])),
    )


def _lots(weights: tuple[int, ...]) -> NDArray[np.uint16]:
    """One entry for each lot: number k of `weights` has so many."""
    return np.repeat(np.arange(len(weights), dtype=np.uint16), weights)


def hiring(share: float, ages: Numbers, free: Numbers) -> Numbers:
    """The `threshold` of a job by sex and age: on average `share` of the province's people aged 15 to 69 get one.

    `ages` are the people by age, `free` those not at school by sex and age; only these are employed.
    """
    weights = np.array(census.EMPLOYMENT_BY_SEX)[:, None] * EMPLOYMENT_BY_AGE
    of_age = int(ages[EMPLOYMENT_BY_AGE > 0].sum())
    scale = share * of_age / max(int((weights * free).sum()), 1)
    return np.rint(np.minimum(scale * weights, 1.0) * float(CERTAIN)).astype(np.int64)
