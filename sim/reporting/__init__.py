"""What the ministry comes to know, and when: the only place where health turns into reports, and so into a status.

    infection ─► symptoms ─► sample ─► result ─► upload ─► the ministry knows of a case ─► a team takes it up
                     screening ─┘ ▲                                                             │
                                  └── the day that the rules ask for ◄─ it knows of the contacts ◄─ upload

Everything that happens to a person happens some time before it is filed, so what the ministry believes lags behind
the truth, and is wrong about whoever is not tested. At every full hour its belief about a person is what its own
rules make of the reports filed so far, and two columns hold it, one spell a person:

    status(h) = RISKY  ⇔  h lies in  timeline {reports filed by h}         mockgov.risk_index.rules
                       ⇔  risky_from <= h < risky_until                    but for `gaps`

The columns are right at each hour of the day that was run last, and say for the days after it what is known by then.
Where somebody stops being risky and becomes it again within one day, the columns tell one spell over both, and `gaps`
has the hours between; of a thousand risky people fewer than two are in one. Where a spell ends within a day and a known
one follows from midnight on, the columns show it when the desk has begun that next day.

The rules are nowhere restated. Histories that they cannot tell apart are letters of one word (`histories`); of each
word one person's reports are put to `timeline`, and the answer is remembered. A nation's day asks some hundreds.

    sensitivity   positive with the chance of the days since infection, or the false positives' share
    screening     so many a day, each drawn from all people by number: nobody looks through the nation
    upload        every so many hours, so that the ministry's knowledge changes at few moments of a day
    teams         a province's take up c people/100,000 cases a day, first filed, first taken up; a case that
                  waits k days has its contacts filed k days later, beyond a limit never
    contacts      of the household each with one chance; of the same place, drawn anew for each case, with another

Chance is keyed by person and day, so a log is the same whatever is left out or added for others, but for the people
who are tested because of them. Both engines give the same columns, counts and log to the last bit. A desk's memory
is eight bytes a person, twelve bytes a record of the last weeks (of a positive, of seven months), and the rest.

| aspect | here |
|---|---|
| sensitivity by days since infection | faithful: Kucirka et al., 2020 |
| who is a risk, for how long, and on which day a contact is to be tested | faithful: the ministry's own rules |
| a case is the first positive of an episode | faithful: the ministry's own 90 days |
| samples, uploads and doses at full hours, any day of the week alike | simplified |
| the regulations' lengths may be replaced, what counts as a test or an exemption not | simplified |
| shares, delays, screening, capacity of teams | chosen here: never published in such detail |
| contacts: household, colleagues, pupils of a school | simplified: journeys and visits are not traced |
| tests at the end of an isolation as a case, clinical notes, variants, orders, lost records, weekends | absent |
| what the ministry knew before the scenario | absent: nobody is risky or immune to it at the beginning |
| symptoms on account of anything else | absent: such samples are among the screened |

`parameters` what can be set · `log` the records, and what is believed of them · `model` the pure parts · `process` the
days in SimPy, and its `memory` · `kernel` the same compiled: `samples`, `tracing`, `standings`, `uploads` and
`infectious` a day's loops · `dossier` everybody's records, `agenda` whose turn it is · `histories` the words,
`rulebook` what of the regulations decides which differ, `rulings` the answers

Sources: L. M. Kucirka, S. A. Lauer, O. Laeyendecker, D. Boon, J. Lessler, Ann Intern Med 173 (2020), 262; the
country facts for numbers of tests and of contacts per case.
"""
