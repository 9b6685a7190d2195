"""The country followed for days or months: no ministry is met, everything is simulated, at any scale up to 1:1.

    population ─► course (epidemic ⇄ ministry, a step a day) ─► a row per day and province
                    └─► on chosen days: demand ─► capacity network ─► tallies by minute, province, channel, status

A chosen day's calls are made a few minutes at a time on one thread while another lets the minutes before pass through
the service, so memory holds minutes and not the day. Results are whole numbers, tallied; no result hangs on threads, on
how a day is cut, or on whether a run was interrupted and went on from a checkpoint.

Somebody's answer at a door is what the ministry believes at that hour, with what it has learned on the same day, and
so are the counts of the risky at noon. The day's contacts, and the doors that prevent some of them, go by what it had
learned on the evening before. So a noon counts some more people as risky than were kept from their contacts: over two
months of 300,000 people 4 % more in autumn 2020 and 2 % more in autumn 2021, up to 7 % on one day. Beside the answer
stands the truth, which only the simulator knows: whether the person is infectious today, and since when infected.

`follow` the days · `load` a day's calls through the service · `answers` what a call is told, and what is true ·
`checkpoint` where a run can go on from · `needs` memory and time, told before a run begins, `engines` whether they are
compiled · `recorded` a run with all
that it leaves · `headlines` a run in a few dozen numbers, which leaves nothing
"""
