"""Queries: who asked about whom, for which purpose, and what was answered.

Single, plus and bulk are one primitive, a batch: everything that has arrived when the event loop comes round is
looked up together, its audit rows are written together, one commit makes them durable, then all are answered.
No answer leaves before its audit row is on disk.

| part | fidelity |
|---|---|
| RISKLESS / RISKY, masked names, expiry; `hescodenotfound` and `hescodehasbeenexpired` | faithful |
| plus: vaccinated, immune, last negative PCR in the window, null where not shared | faithful |
| an audit trail for each asker; a holder's list of who asked | faithful in substance, form chosen here |
| the holder's list is read in pages, through an index by person that trails behind | chosen here |
| rows whose time is over become counts by day, asker, purpose and outcome | chosen here |
| a text that is no HES code is answered as not found and is not kept (it may be an identity number) | chosen here |
| rate limits, IP allow-lists | absent (unknown) |
"""
