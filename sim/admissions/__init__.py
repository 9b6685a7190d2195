"""Institutions on the onboarding road: how long until they are live, and who keeps them waiting.

An institution names a person, who fills in the access form (*Erişim Talep Formu*) and signs it; an official letter
follows by registered mail (KEP) or on paper. The ministry's desks take it from there, each with its clerks and one
queue, in office hours only.

    form ─► e-signature ─► letter ─► KEP or post ─► LETTERS ─► EVALUATION ─┬─► refused, for good or until all
                             ▲                      (registers)            │     branches are declared
                             └──────── correction ◄── returned ◄───────────┤
                                       or given up                         ▼ approved
    confirmed ◄─ LETTERS ◄─ live ◄─ ACCESS ◄─ complete? ◄─ SUPPORT ◄─ test integration ◄─ ACCESS
                                     (live pair)  └ no: rework ┘    (questions ⇄ SUPPORT)   (test pair)

A desk is c servers and a queue. Nothing is taken up outside office hours; a piece of work that is not done at closing
is put down and goes on at the next opening, with the same clerk. Among those waiting the urgent kinds come first, then
who has waited longest. Whoever is being worked on is not displaced.

    applications   non-homogeneous Poisson, exactly, by a change of time (Çinlar 1975): the k-th application of a kind
                   begins when its expected number, a straight line within each week's office time, reaches the sum of
                   k exponential gaps; kinds whose number is known: that many such moments, each drawn by itself
    office time    e(t) = open time since the run began;  a piece of work with length s begun at t ends at
                   e⁻¹(e(t) + s), the earliest such moment
    waiting        counted in office time, so that no night, weekend or holiday is called a queue
    a desk         in office time a G/G/c queue: with Poisson arrivals and exponential work the mean wait is
                   W = C(c, a) / (c μ - λ) (Erlang 1917); inside and time inside obey L = λ W (Little 1961), exactly

Time is whole microseconds from the midnight, in Turkey, that begins the scenario's date. Chance is keyed by
institution and step, never by who came before; so two runs of one seed with one more clerk are the same story, but for
the waiting. At one desk that serves in the order of arrival, one more clerk lengthens nobody's wait; on a road whose
desks feed one another and have priorities, it may lengthen somebody's.

Events of the same microsecond: work done, an office opens, an institution's own step, each by institution.

| aspect | here |
|---|---|
| the steps, who may apply, 500 staff, branches under one tax number | faithful: `mockgov.onboarding.eligibility` |
| office hours, weekends, holidays, eves | faithful: `mockgov.working_time` |
| number of institutions; weeks of their applications | chosen here, by the scenario: never published |
| desks, clerks, lengths of work, shares of returned letters, test integration | chosen here: never published |
| institutions' own office hours | simplified: the ministry's |
| notices of the ministry (e-mail, KEP, SMS) | simplified: there at once |
| clerks | simplified: all alike; leave, illness and overtime absent |
| software houses that integrate for many, false declarations found later | absent |

`parameters` what can be set · `model` office time, the wave, chance · `process` the story in SimPy, which is the
specification · `record` what a run leaves, and its measures

Sources: the ministry's integration rules, version 1.2 (the road); law 2429 (holidays); E. Çinlar, "Introduction to
stochastic processes", 1975, section 4.7; A. K. Erlang, 1917, in E. Brockmeyer et al., "The life and works of A. K.
Erlang", 1948; J. D. C. Little, "A proof for the queuing formula L = λW", Operations Research 9 (1961) 383-387; J.
Kiefer, J. Wolfowitz, "On the theory of queues with many servers", Trans. AMS 78 (1955) 1-18 (a desk as a recursion,
and why one more clerk lengthens nobody's wait at a desk that serves in the order of arrival).
"""
