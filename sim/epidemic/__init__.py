"""Infection, illness and recovery: what is true of everybody's health, whether or not the ministry knows.

A person is susceptible, exposed (infected, not yet infectious), infectious or recovered, and some are taken to hospital
or die. The infection is passed on by the infectious, who look for others; so a day's work grows with them and their
contacts, and not with the country. People meet at home, at work, at school, on the way there, in the district, in the
province and anywhere in the country.

    household      each member is infected with the chance 1 - (1 - q)^m a day, by somebody m times as infectious
    elsewhere      effective contacts a day ~ Poisson(contacts * transmission * m * class), each with one of the
                   others of the group; m: variant, and whether there are symptoms; class: the person's own
                   infectiousness, a gamma distribution in 16 equally likely slices
    such a contact infects with the chance
                   day (calendar, season, dated waves) * crowd (a small group is met once) * source (ill at home,
                   held to be risky) * susceptibility (age, infections, doses) * target (held to be risky)
    course         infected, then infectious, two days later symptoms, then recovered or in hospital, and out of
                   it or dead; every stay goes through stages, each left on any day with a fixed chance
    R, growth      1 = R sum g(t) f^-t, with g the generation interval and f the growth factor a day; see `theory`

Whom the ministry holds to be risky at noon (`Standing`) loses contacts in two ways: by isolation, which remains
without any code, and at doors that ask, by how far each rule is kept, on the dates of the obligations. What it holds
is taken from the evening before: a report of the day itself is too late for the day's contacts. This is the
loop for which the model is made: infections make reports, reports make risky codes, these shut doors, and shut
doors prevent infections.

Everybody sees the town as it was at midnight. Infections are queued and applied together in the evening; whoever is
hit several times is infected once, by the smallest layer and infector. Meetings are keyed by infector, day and
contact, courses by the person and the number of the infection; factors are at most 1 and only ever reject. So two runs
with one seed differ only where their parameters, or the people held to be risky, make them differ.

| aspect | here |
|---|---|
| time to symptoms, days of infectiousness before them, attack rate in households | faithful to the sources |
| severity and susceptibility by age | faithful to the sources |
| dates of closures | faithful, as far as known |
| dates of obligations to show a code | faithful, as far as known, by `mockgov.vocabulary.obligation` |
| doors that ask before malls do (shops, offices, hotels, guests, examinations) | simplified: stop nobody until then |
| reports that arrive in the course of a day | simplified: shut doors from the next day on |
| contacts | simplified: anew at random each day, by layer and not by age |
| infectiousness over time | simplified: even from the first day to the last |
| immunity from infections and doses | simplified: independent factors, halving with time |
| people in hospital | simplified: meet nobody |
| compliance | simplified: by contact and not by person; apart from who stays away from the doors of the queries |
| contacts and transmission outside households, waves, variants, imports, how far rules are kept | chosen here |
| the rule of the negative test, but for the doors' levels of its date | absent |
| contacts by age, deaths outside hospital, births, weather, beds, long illness | absent |

Sources: W. H. Frost's lecture of 1928, Am J Epidemiol 103 (1976), 141; O. Diekmann, J. A. P. Heesterbeek,
J. A. J. Metz, J Math Biol 28 (1990), 365; J. Wallinga, M. Lipsitch, Proc R Soc B 274 (2007), 599; L. Pellis, F. Ball,
P. Trapman, Math Biosci 235 (2012), 85; and those beside the parameters.

`parameters`, with `biology` and `measures`: what can be set, within `ranges` · `distributions` stays and numbers as
tables · `calendar` factors by day · `model` all tables of a run · `person` what chance has in store for one ·
`process` the days in SimPy · `kernel`, with `meetings` and `loops`: the same for a country, compiled, with `guides` for
its searches · `tally` what is counted · `theory` what the mathematics foretells
"""
