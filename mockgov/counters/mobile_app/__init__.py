"""The mobile application's service: citizens sign in, make codes, check other people's, M1 to M10 (facts, section 1).

Host `hessvc.saglik.gov.tr` in the real world; JSON, `Authorization: Bearer <id_token>`.

| part | fidelity |
|---|---|
| paths, methods, bodies, 201 for M1, account object with both spellings of `riskInfoSubmitted` | faithful |
| M4 by POST and GET, with any body or none | faithful |
| JWT claims; problem JSON; 400 for an unknown or expired code | faithful |
| M7: every field is always present | faithful |
| M1 for a phone that is no citizen's: 404 `citizennotfound` | chosen here |
| M2 for such a phone: 401, as for a wrong code | chosen here |
| `gender`, `dob`, names from the registry; flags without a story here are false, `mernisChecked` true | chosen here |
| `identityNumberHash` is SHA-256 in lower-case hexadecimal | chosen here |
| M4 lists the holder's codes, then the children's; expired ones stay, deleted ones are gone | chosen here |
| own-code object: three `masked_*` fields as in a result; `block_info` null | chosen here |
| M5: a last day ends with that day in Turkey; answers 200 | chosen here |
| days and minutes in isolation count from its begin; -1 without one | faithful in -1, else chosen here |
| M6, M7: a question whose audit row cannot be kept is not answered: 503 `unavailable` | chosen here |
| M7 `eligible_text`: one of four sentences; eligible means riskless and (vaccinated, immune or tested) | chosen here |
| M8 answers 201 with the invitation, M9 a list of them, M10 an object of daily figures | chosen here (unknown) |
| `latest-generic-statistics` counts what this world's risk index knows | chosen here |
| face, speech and wristband checks, location, QA questionnaires | absent |
"""
