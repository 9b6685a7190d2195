"""The load of a day: who makes a code where, who asks about whom, where, when and through which channel.

Codes are asked at doors, at the beginning of shifts, on journeys and in nightly runs. Institutions with an
account ask through the corporate service: the integrated workplaces of the population, and beside them
carriers, hotels, malls, municipalities, city cards, campuses, cinemas and examiners that this part makes. Small
workplaces ask with the application of one of their staff, or that person asks at e-Devlet.

    doors       visits in minute m ~ Poisson(people x errands a day x weight of the day x share of its hour / 60),
                each at an even moment of its minute: a Poisson process whose rate has 24 steps a day
    visitors    a person of the province drawn until the age fits; of few ages (students), from a list
    staff       who comes is asked once, at start - 30 min + U + V, U and V even on 0 to 20 min
    journeys    departures in an hour, booked so many days ahead ~ Poisson; asked at the booking, on the evening
                before (in bulk) and 30 to 90 min before departure
    runs        every employer over its whole staff, every city card over its holders, in calls of 500
    lists       a share of the small workplaces that check their staff uploads all of it at e-Devlet, once in the
                morning of each day on which it works
    makings     each person keeps to one way and one length of life of codes; the first code on an even day after the
                way's opening, each further one on the day before the last one ends (`holdings`)
    the risky   whoever the ministry holds risky in that hour stays away, by `risky_stays_away` and
                `risky_stays_from_work`; one draw a person and day decides both. Lists ask about everybody

| channel | who asks | about whom |
|---|---|---|
| EMPLOYEE, C2 | an integrated workplace | its own staff, at the beginning of their shifts |
| VISITOR, C1 | kiosks, turnstiles at malls, public offices, campuses, private employers | people of the province |
| SINGLE, C3 | travel desks at booking and in hotels; examiners, gates of buses | travellers; people of the province |
| PLUS, C5 | travel desks at check-in; cinemas and concerts | travellers; people of the province |
| BULK, C4 | integrated workplaces, city cards | all their staff, all their holders in the province |
| BULK_PLUS, C6 | the carriers, on the evening before | the next day's passengers |
| PERSON, M6 | one of the staff of a small workplace | its staff; its customers, people of the province |
| PERSON_PLUS, M7 | one of the staff of a small hall | its guests, people of the province |
| EDEVLET | one of the staff of a small shop, on e-Devlet's page | its customers, people of the province |
| EDEVLET_BULK | one of the staff of a small workplace, from 20 years | all its staff, as one list |
| MAKE_APP, M5 | a user of the application | nobody: a code for the same, or for a child of the household |
| MAKE_SMS | somebody with a phone, by a text to 2023 | nobody: the same, or somebody of the household without a phone |
| MAKE_EDEVLET | somebody from 20 years, on e-Devlet's page | nobody: the same, or a child of the household |

Nobody under 6 is asked at a door, nobody asks about themselves, and nobody asks outside the time in which the
rules had it: before a place's own date, or from 2 March 2022 on. Whoever books a journey stands at no door. A
journey is the same journey on whichever day it is looked at, so a traveller's booking, re-screening and check-in
belong together. A town of thousands is planned at once (`model`) or lived through (`process`); a country's day is
made a stretch of minutes at a time (`kernel`), and is the same to the last bit.

| aspect | here |
|---|---|
| where codes were asked, and since when | faithful to the facts, by `mockgov.vocabulary.obligation` |
| passengers by air; holders of city cards | faithful to the facts |
| ways of making codes, lengths that they offer; lists of fewer than 500 staff at e-Devlet | faithful to the facts |
| how many make codes by which way and for how long; first days of SMS and e-Devlet | chosen here |
| how many small workplaces ask at e-Devlet; codes read as QR, of which none is mistyped | chosen here |
| codes of a person | simplified: one after the other, always by the same way and as long; none under 6 years |
| a child's parent | simplified: the head of the household |
| before somebody's first code | simplified: a code is shown all the same |
| two codes a line at 2023 | simplified: a household's further texts are not refused for it |
| public holidays and eves; at most 500 codes in a call | faithful |
| months or seasons without a day in the facts | simplified: their first day |
| hours | simplified: even within the hour; the same on all working days |
| who goes where | simplified: anybody of the age; one may be asked at two doors at once |
| staying away | simplified: bookings are made regardless; who stays away does so for the hours of the risky code |
| staying away, and isolation in the epidemic | simplified: shares of their own; neither follows the other |
| vaccine and test, from 6 September 2021 | simplified: the channel asks for them, and nobody is turned back for them |
| a spoiled code | simplified: as likely in a list as at a door; what runs out has been made anew the day before |
| city buses' and metros' own gates | simplified: the same rate in all provinces; none by default |
| examinations, finals of universities | chosen here: three known days, and ordinary weekends |
| passengers of coaches on the evening before | chosen here: asked about as those of flights and trains |
| all other rates, hours, weeks, shares and numbers of institutions | chosen here: official totals were never found |
| institutions beyond `callers_at_most` | chosen here: as small workplaces, they ask by application |
| the dead, and people in hospital | simplified: go on errands, and stand on lists; see below |
| pupils, of whom schools learn through the education ministry's own access | absent |
| curfews, school and campus holidays, extra days between holidays | absent |

Of a run of 400,000 people from March 2020 on, the dead of the epidemic are 0.03 % of those asked about in December
2020, 0.1 % in October 2021 and 0.14 % in February 2022, and hardly ever risky.

`parameters` channels, obligations, what can be set · `making` of codes, the same · `habit` a rate · `calendar` what
day it is · `ground` what is needed of a population · `institutions` those with an account · `callers` the same with
names, for a ministry · `record` and `calls` what is asked · `arrivals`, `journeys`, `shifts`, `lists`, `holdings`
draws · `model` the whole day at once · `process` the same as it happens, in SimPy · `draws`, `minutes`, `daybook`,
`renewals` compiled loops · `settlement`, `settled` what they read · `kernel` the compiled day · `expectation` what
comes on average

Sources: the country facts for the volumes and the city cards; `mockgov.vocabulary.obligation` for the rules' dates;
`mockgov.working_time` for the holidays.
"""
