"""Is the simulator right? What it finds, beside what theory knows exactly.

A check names a number of which theory gives the exact value. The simulator finds it in independent replications,
each with streams of its own keyed by seed, check and replication; the engines are the compiled ones, which equal
the readable ones to the last bit. The number passes if the exact value lies within

    mean of the replications ± (t s / √n + bias)

with s their standard deviation, n their number, t Student's quantile for 99.99 % on n - 1 degrees of freedom, and a
bias where theory is of an endless service or an infinite town: by how much the mean of infinitely many replications
may lie off, stated with the check and far below the effect of a 5 % error. So with 25 honest checks one run in 400
shows a failure, which another seed does not.

An interval that always holds the truth proves nothing. Each check therefore lists the rates that it hangs on. Its
power is told with it: the chance that a rate 5 % too high would have been noticed, in that rate in which such an
error shows least, by the normal distribution from the exact effect and the replications' own spread. And such errors
can be planted: `verify(planted=0.05, rate="service time")` runs the simulation with services 5 % too long and leaves
theory as it is.

| aspect | here |
|---|---|
| formulas, integer identities | faithful: exact, each with its source |
| an endless service | simplified: a finite one, without its first queries |
| an infinite town | simplified: the formula's finite twin where there is one, a bias where not |
| confidence, replications, services looked at | chosen here |

`checks` all of them, and running them · `waiting` one queue · `stations` several in series · `arrivals` a rate that
changes · `outbreaks` epidemics, in the plain people of `towns` · `verdict` a check and what came of it

Sources: each check names its own; J. Banks et al., "Discrete-event system simulation", on replications; Student,
Biometrika 6 (1908) 1.
"""
