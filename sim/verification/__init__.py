"""Is the simulator right? What it finds, beside what theory knows exactly.

A check names a number of which theory gives the exact value. The simulator finds it in independent replications,
each with streams of its own keyed by seed, check and replication; the engines are the compiled ones, which equal
the readable ones to the last bit. The number passes if the exact value lies within

    mean of the replications ± (t s / √n + bias)

with s their standard deviation, n their number, t Student's quantile on n - 1 degrees of freedom, and a bias where
theory is of an endless service or an infinite town: by how much the mean of infinitely many replications may lie off,
stated with the check and far below the effect of a 5 % error. Many checks are made at once, so each takes its part of
one chance of a false alarm: of all N checks of an honest simulator any fails in at most 1 run of 100, by Bonferroni's
inequality, each interval being of 1 - 0.01 / N. That is as exact as the means of replications are normal. A failure by
chance does not come again with another seed.

An interval that always holds the truth proves nothing. Each check therefore lists the rates that it hangs on. Its
power is told with it: the chance that a rate 5 % too high or too low would have been noticed, in that rate and in that
direction in which such an error shows least, by the normal distribution from the exact effect and the replications'
own spread. And such errors
can be planted: `verify(planted=0.05, rate="service time")` runs the simulation with services 5 % too long and leaves
theory as it is.

| aspect | here |
|---|---|
| formulas, integer identities | faithful: exact, each with its source |
| an endless service | simplified: a finite one, without its first queries |
| an infinite town | simplified: the formula's finite twin where there is one, a bias where not |
| time-outs of the network | faithful: all alike, as the network has them; exponential patience in the one queue alone |
| confidence, replications, services looked at | chosen here |

`checks` all of them, and running them · `waiting` one queue · `stations` several in series · `insistence` the
network's rooms, time-outs, retries, caches, limits · `arrivals` a rate that changes · `outbreaks` epidemics, in the
plain people of `towns` · `growth` how fast they grow, by each way of meeting · `verdict` a check and what came of it

Sources: each check names its own; J. Banks et al., "Discrete-event system simulation", on replications; Student,
Biometrika 6 (1908) 1.
"""
