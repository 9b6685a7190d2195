"""The risk index: from what is reported about a person to the one word that an institution learns.

Laboratories, tracing teams, physicians, vaccination posts and authorities file reports. A person's reports make a
timeline of isolations, by the regulations in force on the day on which each isolation begins:

    reports ── by kind ──► cases ──► quarantines of contacts ──► ordered isolations ──► disjoint intervals
                             │ by positive samples   │ until becoming a case    │ under any regulation

A person is RISKY within an interval and RISKLESS outside. The timeline is a function of the set of reports: order
and repetition are nothing to it, and a report that comes late rewrites the past. It is worked out anew when reports
are filed, never when somebody asks; asking is one look-up by person and moment.

Weekly incidence is cases (first positive sample of an episode) per 100,000 residents, by province and ISO week, with
the four colours of the ministry's map.

| part | fidelity |
|---|---|
| lengths, early ends and exemptions of the regulations since 2020-03 | faithful, as far as the fact sheet tells them |
| end of an isolation with the midnight of its last day; a working contact goes back "on the 8th day" | faithful |
| the 14 days of contacts become 10 on 2020-12-07, and only then could a test end them on day 7 | faithful: press |
| 2022-01 holds from its announcement on 2022-01-05; boosters count for three months, as the disease | faithful: press |
| intensive care and weak immunity keep their 20 days in 2022; variants have 7 like everybody | chosen here |
| from 2022-03-02 no report makes anybody risky: nobody may ask. Isolations begun before run out | chosen here |
| day 0 is the day of the sample or of the last contact; isolation starts with that moment | chosen here |
| a negative sample ends an isolation with the midnight after it, not with the result | chosen here |
| "three days without symptoms" need a physician's note within the isolation; silence is not health | chosen here |
| becoming a case ends a quarantine; contacts during the isolation as a case count for nothing | chosen here |
| an exempted contact tested positive on day 5 has 9 more days; on any other day the term of any case | chosen here |
| who was exempted but not tested, and is risky from day 6, may end it from day 10 like any contact | chosen here |
| a positive sample within a running isolation is part of it; statistics count a new case after 90 days | chosen here |
| vaccinated: dose 2 or a later one; the single-dose vaccine was not in use in Turkey | simplified |
| one switch for sharing vaccine, immunity and test with institutions, on until it is turned off | simplified |
| files go three years after the last report; doses and weak immunity stay, statistics stay as counts | chosen here |
| a report that comes so late that its neighbours may be erased is refused | chosen here |
| vaccine brands, antigen tests, the guide's revision of 2022-01-27, symptoms of contacts | absent |

`messages` the reports · `regulations` the rules of each time, as data · `rules` reports → timeline · `tables` ·
`store` · `service`.

Sources: the ministry's "COVID-19 Rehberi: Temaslı Takibi, Salgın Yönetimi, Evde Hasta İzlemi ve Filyasyon" as quoted
by the press of the days named in `regulations`; the statements after the Science Board's meetings.
"""
