"""The ministry's service under load: how long queries wait, how many are turned away, and when it tips over.

Queries arrive, each on its own. Of `servers` identical servers, one that is free takes the query at once;
otherwise it waits, first come first served, if the waiting room has a place, and is refused if not. A
client hangs up when its patience runs out before its turn. After a refusal or a hang-up it pauses (longer
each time, part of the pause drawn) and tries again, up to its limit: so a short overload can feed itself
long after its cause has gone.

    arrive ──► place? ──no──► refused ───────┐
                 │yes                        ├──► pause ──► arrive again, or lost
                 ▼                           │
               wait ──patience over──► abandoned
                 │turn
                 ▼
               served ──► answered

Time is whole microseconds. Chance is keyed by (query, attempt), so nothing depends on the order in which
things are computed. Events of the same microsecond happen in one order: departures, fresh arrivals by
query, retries by query and attempt, patience running out. Hence a wait exactly as long as the patience is
served. Whoever is going to hang up holds a place in the waiting room until then. A retry comes at least a
microsecond later.

What theory says, and `tests/verification` holds against it:

    share refused without waiting room     Erlang B      B(c) = a B(c-1) / (c + a B(c-1))
    share that waits, mean wait            Erlang C      C = B / (1 - ρ (1 - B)),  W = C / (c μ - λ)
    mean wait, one server, any shape       Pollaczek-Khinchine     W = ρ E[S] (1 + cv²) / 2 (1 - ρ)
    share that hangs up                    Erlang A      birth and death with rate c μ + (n - c) θ beyond c
    number inside and time inside          Little        L = λ W, here exactly, to the microsecond

| aspect | here |
|---|---|
| order of service, ties, waiting room, time-outs, retries | faithful: exactly by the rules above |
| servers, service time, waiting room, rate limits of the real service | chosen here: never published |
| service time | simplified: independent of the load, of the kind of query and of the answer |
| a bulk call of up to 500 codes | simplified: one query like any other |
| time-out | simplified: covers the wait for a turn; who is being served waits for the answer |
| outages, autoscaling, several queues, work on queries that were given up | absent: see `network` |
| priorities | absent |

`parameters` what can be set · `model` order of events, a run's record and measures, formulas · `process`
the story in SimPy, which is the specification · `kernel` its compiled twin, equal in every column, which also takes
millions of queries in chunks · `passage` what became of these, in counts and a histogram · `network` five such rooms in
a row, with limits, breakers, caches, outages and autoscaling.

Sources: A. K. Erlang, 1917, in E. Brockmeyer et al., "The life and works of A. K. Erlang", 1948; J. D. C.
Little, "A proof for the queuing formula L = λW", Operations Research 9 (1961) 383-387; L. Kleinrock,
"Queueing systems" I, 1975; C. Palm, "Research on telephone traffic carried by full availability groups",
Tele, 1957; N. Bronson et al., "Metastable failures in distributed systems", HotOS 2021 (the overload that
outlives its cause).
"""
