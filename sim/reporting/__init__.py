"""What the ministry comes to know, and when: the only place where health turns into reports, and so into a status.

    infection ─► symptoms ─► sample ─► result ─► upload ─► the ministry knows of a case
                     screening ─┘ ▲                 └─► tracing ─► upload ─► it knows of the contacts
                                  └──── the day that the rules ask for ◄───────────┘

Everything that happens to a person happens some time before it is filed, so what the ministry believes lags behind
the truth, and is wrong about whoever is not tested. Its belief about a person is the timeline that its own rules
make of the reports filed so far:

    believed(t) = timeline {reports with filed_us <= t}         mockgov.risk_index.rules

    result        positive with the chance sensitivity[days since infection], or the false positives' share
    upload        at even moments of the hour, so that the ministry's knowledge changes at few moments of a day
    contacts      of the household each with one chance; of colleagues, drawn anew for each case, with another
    vaccines      one number of a person against the shares of the age group decides how many doses it will be

Chance is keyed by person and day, so a log is the same whatever is left out or added for others, but for the people
who are tested because of them.

| aspect | here |
|---|---|
| sensitivity by days since infection | faithful: Kucirka et al., 2020 |
| who is a risk, for how long, and on which day a contact is to be tested | faithful: the ministry's own rules |
| order of vaccination by age, its months, second doses after four weeks | faithful in outline: announcements |
| samples and doses dated to the full hour, any day of the week alike | simplified |
| shares, delays, screening, coverage | chosen here: never published in such detail |
| contacts: household and colleagues | simplified: school, journeys and visits are not traced |
| tests at the end of an isolation as a case, clinical notes, variants, orders, lost records, weekends | absent |
| infections before the scenario | absent: nobody is believed immune at its beginning |
| vaccines have no effect on the epidemic, nor isolation (it has its own way in, `closed`) | absent |

`parameters` what can be set · `model` the pure parts, the log, what is believed · `process` the days in SimPy

Sources: L. M. Kucirka, S. A. Lauer, O. Laeyendecker, D. Boon, J. Lessler, Ann Intern Med 173 (2020), 262; the
country facts for numbers of tests and of contacts per case.
"""
