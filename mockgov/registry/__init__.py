"""The registry: who exists. It stands in for the state's registers that the ministry reads.

Citizens (MERNİS and the address register): identity number, name, sex, birth, province, phone, ID card,
parents. Institutions (tax office, DETSİS, social-security register): tax number, kind, name, label, staff.

| part | fidelity |
|---|---|
| identity numbers with right check digits, one phone number to one person | faithful |
| a family is a household's parents and their children under 18 | simplified |
| an unknown identity number is refused and neither stored nor echoed | chosen here |
| a label has no blank, colon, slash or control character; named staff are registered people | chosen here |
| an institution's manager is the first of its named staff | chosen here |
| deaths, moves, changes of name, guardianship by court | absent |
"""
