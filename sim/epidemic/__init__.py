"""Infection and recovery: what is true of everybody's health, whether or not the ministry knows.

A person is susceptible, exposed (infected, not yet infectious), infectious or recovered. People meet in four
layers: all members of a household every day; a few colleagues, a few pupils of the same school, and a few
people of the province, a small part of them from anywhere. Chances are Reed's and Frost's: one escapes
infection by escaping every contact.

    household      1 - (1 - q)^loud (1 - s q)^silent      loud, silent: infectious with and without symptoms
    other layers   1 - (1 - q x)^c                        c contacts, x = (loud + s silent) / (size - 1)
    course         infected, then infectious, two days later symptoms, then recovered; incubation and the
                   infectious time go through stages, each left on any day with a fixed chance; a share of
                   the infected never has symptoms, and is less infectious by the factor s
    R              (1 - immune) (sum r_i² - sum K_ij²) / sum r_i, with K the chances of pairs, r their sums
    growth         1 = R sum g(t) f^-t, with g the generation interval and f the growth factor a day

A person's chance on a day is worked out from the town as it was at midnight, one draw per person, day and
layer; the infections are queued and applied together, so that no layer sees a half-finished day and nothing
hangs on the order of people or layers. The course is keyed by the person alone. So two runs with one seed
differ only where their parameters, or the people who stay at home, make them differ.

Isolation comes in through `closed`: whoever stays away on a day keeps to the household. The caller who knows
may read the record up to that day (`simulate(..., into=...)`).

| aspect | here |
|---|---|
| time to symptoms, days of infectiousness before them, attack rate in households | faithful to the sources |
| contacts | simplified: anew at random each day, seven working days a week |
| susceptibility and infectiousness by age, and over the infectious time | simplified: all alike |
| contacts and transmission outside households, infectious time, first infections, imports | chosen here |
| illness by age, deaths, variants, waning immunity, reinfection, vaccination during the run | absent |

Sources: W. H. Frost's lecture of 1928, Am J Epidemiol 103 (1976), 141; O. Diekmann, J. A. P. Heesterbeek,
J. A. J. Metz, J Math Biol 28 (1990), 365; J. Wallinga, M. Lipsitch, Proc R Soc B 274 (2007), 599; and those
beside the parameters.

`parameters` what can be set · `model` chances, courses, record, R · `process` the days as a SimPy process
"""
