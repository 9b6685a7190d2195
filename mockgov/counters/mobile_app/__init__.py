"""The mobile application's service: citizens sign in, make codes, check other people's, M1 to M10 (facts, section 1).

`http` has M1 to M7, and brings in the parts: `registration`, `own_codes`, `family`, `country`. `access` says who is
signed in; `account`, `askers`, `checking`, `eligibility` are also what the application's web page is made from.

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
| days (with the running one) and minutes in isolation are those left; -1 without one | chosen here, but for -1 |
| M6, M7: a question whose audit row cannot be kept is not answered: 503 `unavailable` | chosen here |
| M7 `eligible_text`: a sentence for each case | chosen here |
| M7 `is_eligible`, 2021-09-06 to 2022-03-01: riskless and (vaccinated, immune or tested) | chosen here |
| M7 `is_eligible` at all other times: riskless | chosen here |
| M8 answers 201 with the tie, M9 a list of them, M10 an object of daily figures | chosen here (unknown) |
| `latest-generic-statistics` counts what this world's risk index knows | chosen here |
| all further routes, from here to the end of this table, and what they take and answer | chosen here |
| `/api/register` after the first M2: number, birth date, consent; 403 `registrationincomplete` before | chosen here |
| `/api/clarification-text`: the text to which who registers consents | chosen here |
| `share-hes-code`, `hes-code-shares`, `shorten-hes-code`, `delete-hes-code`, for children's codes too | chosen here |
| `hes-code-queries`: who asked, when, for which purpose, about which code; of a citizen not who it was | chosen here |
| `health-data-sharing`: the one switch of the risk index, for the holder to turn | chosen here |
| `family-invitations`, `accept-`, `refuse-family-invitation`, `update-family-permissions` | chosen here |
| `remove-family-member`, by either side | chosen here |
| `healthStatus` of a family member: only once both are a family, and while that member allows it | chosen here |
| `children`: name and number, which M5 takes as `child_tckn`, of one's children under 18 | chosen here |
| `daily-generic-statistics`: the same figures of the last days | chosen here |
| `province-risk-map`: cases per 100,000 in the last whole week from Monday to Sunday | chosen here |
| its four colours, up to 10, 35, 100 and more | faithful (general knowledge) |
| face, speech and wristband checks, location, QA questionnaires | absent |
"""
