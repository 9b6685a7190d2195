"""Who lives where, with whom, and where they go by day: a country or a town made from the country's figures.

A population is a handful of columns, one entry a person, not an object a person: 15 bytes for each, under 17 with
places and their members (16.8 for the whole country of 83,614,362). What a census counts is apportioned in whole
numbers, so that it is right in every town and not only on average: people to provinces by their populations of 2020,
ages by the age table, employees to workplaces, pupils to schools. All else is drawn, each draw keyed by the person,
household or workplace that it is for (`sim.streams`): the same seed gives the same columns on any number of threads,
and a changed parameter changes only what it touches.

    households   share of size k in proportion to TÜİK's table of 2018 times t^k, t such that the mean is that of the
                 province; the country's is 3.3
    ages         by province in proportion to N(a) t^a, fitted to the people of every province and to the national
                 table N; everybody wishes an age by their role (head, partner, child or parent of the head), and the
                 province's ages are given out in the order of the wishes, those under 18 never to a head
    jobs         chance = 0.279 w (number of people aged 15 to 69) / sum of w; w by age and sex, 0 at school
    commuting    25 % of employees work in another district of their province, 2 % in one of the six nearest provinces,
                 by people / distance^2
    workplaces   n = staff / mean; sizes 1 + c (u^(-7/8) - 1), u in n strata of (0, 1), c such that all have a
                 place: the number of workplaces with k or more employees falls as k^(-8/7)
    integrated   ministries, governorships and health directorates; others from 500 staff; the four largest of
                 these others in any case, so that a small town has corporate callers
    doses        one number of a person against the shares of the age group decides how many it will be; first doses
                 evenly between two dates
    names        by weight, from `mockgov.vocabulary.names`; a household mostly shares its surname

| aspect | here |
|---|---|
| provinces' populations, ages by tens, mean household and people living alone | faithful, 2020 |
| number and mean size of private and public workplaces, workplaces of 500 and more, school stages | faithful |
| order of vaccination by age, its months, second doses after four weeks | faithful in outline: announcements |
| which provinces are youngest and oldest | faithful; how much younger or older: chosen here |
| ages within ten years | simplified: even; so 24.0 % are 0 to 14 years old, a twentieth more than the official 22.8 % |
| districts | simplified: a few real ones a province share out all its people; their sizes are chosen here |
| work | simplified: by age and sex only, alike in every province; nobody is self-employed |
| families | simplified: ages fit on the whole; in rare cases a parent is too young |
| vaccination | simplified: by age only; shares are chosen here |
| who commutes how far, employment by age, enrolment, phones, app users | chosen here |
| health workers' turn from 14 January 2021, the kinds of vaccine, fourth doses | absent |
| migrants, catchment areas within a district, school classes, births, deaths, moving house | absent |

Sources: TÜİK, address-based register of 31 December 2020 and family statistics of 2018 and 2020; the United
Nations' age table of 2020; social security statistics of December 2023; announcements of the Ministry of Health, 2021;
R. L. Axtell, "Zipf distribution of U.S. firm sizes", Science 293 (2001), 1818.

`parameters` what can be set · `census` the tables · `model` the columns · `provinces`, `ages`, `households`, `places`,
`vaccination` the rules, with `apportionment` for what is shared out in whole numbers · `odds` and `pools` the rules as
the compiled loops take them · `kernel` the loops · `building` makes the columns · `cache` keeps them on disk,
`tidying` only so many. There is no process: nobody moves during a run.
"""
