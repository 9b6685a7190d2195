"""The registry: who exists. It stands in for the state's registers that the ministry reads.

Citizens (MERNİS and the address register): identity number, name, sex, birth, province, phone, ID card,
parents. Institutions (tax office, DETSİS, social-security register): tax number, kind, name, label, staff.

| part | fidelity |
|---|---|
| identity numbers with right check digits, one phone number to one person | faithful |
| a family is a household's parents and their children under 18 | simplified |
| a blue card's holder has an identity number and no identity card's last four digits to send | simplified |
| a foreigner has an identity number (99, or 97 and 98 for a time) and a passport | simplified |
| passports: `TST` and six digits; a nationality drawn from twelve if none is said | chosen here |
| an unknown identity number is refused and neither stored nor echoed | chosen here |
| a label has no blank, colon, slash or control character; named staff are registered people | chosen here |
| an institution's manager is the first of its named staff | chosen here |
| whoever has died is found by no number; codes, tokens and sessions end with the entry | chosen here |
| moves, changes of name, guardianship by court | absent |
"""
