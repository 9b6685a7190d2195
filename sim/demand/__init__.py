"""The query load of a day: who asks about whom, where, when and through which channel.

Codes are asked at doors, at the beginning of shifts, on journeys and in nightly runs. Institutions with an
account ask through the corporate service: the integrated workplaces of the population, and beside them
carriers, malls, municipalities, city cards, campuses and cinemas that this part makes. Small workplaces ask
with the application of one of their staff.

    doors       visits in hour h ~ Poisson(people x errands a day x weight of the day x share of h), each at an
                even moment of its hour: a Poisson process whose rate has 24 steps a day
    staff       who comes is asked once, at start - 30 min + U + V, U and V even on 0 to 20 min
    journeys    departures as the doors' visits; booked so many days ahead; asked at the booking, on the
                evening before (by air, in bulk) and 30 to 90 min before departure
    runs        every employer over its whole staff, every city card over its holders, in calls of 500

| channel | who asks | about whom |
|---|---|---|
| EMPLOYEE, C2 | an integrated workplace | its own staff, at the beginning of their shifts |
| VISITOR, C1 | malls, public offices, campuses, integrated private employers | people of the province |
| SINGLE, C3 | carriers at the booking, hotels | travellers from everywhere |
| PLUS, C5 | carriers at check-in; cinemas and concerts | travellers; people of the province |
| BULK, C4 | integrated workplaces, city cards | all their staff, all their holders in the province |
| BULK_PLUS, C6 | the airline, on the evening before | the next day's passengers |
| PERSON, M6 | one of the staff of a small workplace | its staff; its customers, people of the province |
| PERSON_PLUS, M7 | one of the staff of a small hall | its guests, people of the province |

Nobody under 6 is asked, nobody asks about themselves, and nobody asks outside the time in which the rules
had it: before a place's own date, or from 2 March 2022 on. A journey is the same journey on whichever day it
is looked at, so a traveller's booking, re-screening and check-in belong together.

| aspect | here |
|---|---|
| where codes were asked, and since when; passengers by air; share with a city card | faithful to the facts |
| at most 500 codes in a call | faithful |
| months or seasons without a day in the facts | simplified: their first day |
| hours | simplified: even within the hour; the same on all working days |
| who goes where | simplified: anybody of the age; one may be asked at two doors at once |
| a spoiled code | simplified: as likely in a bulk list as at a door |
| all other rates, hours, weeks and shares | chosen here: official totals were never found |
| institutions beyond `callers_at_most` | chosen here: as small workplaces, they ask by application |
| public holidays, exams, e-Devlet's screens, city buses' own gates, people who stay at home because risky | absent |

`parameters` channels, dates, what can be set · `callers` institutions with an account · `record` what is
asked · `arrivals` draws · `model` the whole day at once · `process` the same as it happens, in SimPy

Sources: the country facts for the rules' dates, the volumes and the city cards.
"""
