"""Who lives where, with whom, and where they go by day: a town made from the country's figures.

A population is a handful of columns, one entry a person, not an object a person. What a census counts is
apportioned in whole numbers, so that it is right in every town and not only on average: people to provinces
by their populations of 2020, ages by the age table, employees to workplaces, pupils to schools. All else is
drawn, each draw keyed by the person, household or workplace that it is for (`sim.streams`): the same seed
gives the same columns, and a changed parameter changes only what it touches.

    households   share of size k in proportion to TÜİK's table of 2018 times t^k, t such that the mean is 3.3
    ages         everybody wishes an age by their role (head, partner, child or parent of the head); the
                 census' ages are given out in the order of the wishes, those under 18 never to a head
    jobs         chance = 0.277 w (number of people aged 15 to 69) / sum of w; w by age and sex, 0 at school
    workplaces   n = staff / mean; sizes 1 + c (u^(-7/8) - 1), u in n strata of (0, 1), c such that all have a
                 place: the number of workplaces with k or more employees falls as k^(-8/7)
    integrated   ministries, governorships and health directorates; others from 500 staff; the four largest of
                 these others in any case, so that a small town has corporate callers
    names        by weight, from `mockgov.vocabulary.names`; a household mostly shares its surname

| aspect | here |
|---|---|
| provinces' populations, ages by tens, mean household and people living alone | faithful, 2020 |
| mean size of private and public workplaces, workplaces of 500 and more, school stages | faithful |
| ages within ten years, and by province | simplified: even, and alike everywhere |
| work | simplified: in the home province, by age and sex only; nobody is self-employed |
| families | simplified: ages fit on the whole; in rare cases a parent is too young |
| who lives in a household of which size, employment by age, enrolment, phones, app users | chosen here |
| migrants, districts, catchment areas, school classes, births, deaths, moving house | absent |

Sources: TÜİK, address-based register of 31 December 2020 and family statistics of 2018 and 2020; the United
Nations' age table of 2020; social security statistics of December 2023; R. L. Axtell, "Zipf distribution of
U.S. firm sizes", Science 293 (2001), 1818.

`parameters` what can be set, and the census tables · `model` makes the columns. There is no process: nobody
moves during a run.
"""
