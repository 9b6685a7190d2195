"""*Kurumsal Entegrasyon*: where an institution applies for access, as pages for people and as JSON for machines.

Pages under `/kurumsal-entegrasyon` (Turkish, or English with `?lang=en`), JSON under `/kurumsal-entegrasyon/api`.
Everything works without JavaScript. A form is drawn up, signed, handed in and followed here; the official letter
goes by registered mail, or is put into the post here in the place of a paper one. An application opens with its number
and its follow-up key only.

| part | fidelity |
|---|---|
| the form is filled in under *Kurumsal Entegrasyon* by the authorised person, and signed electronically | faithful |
| who may apply, and what the others are told, from the rules of eligibility | faithful |
| fields of the form, their order and wording | chosen here (the real form is not public) |
| the signed form comes back as PAdES or CAdES, by upload | chosen here |
| follow-up by number and key, steps, findings with rule and source | chosen here |
| JSON for machines | chosen here |
| signing with a test certificate, good or broken, in the person's place | chosen here |
| a text stands for the paper letter with a wet signature | simplified |
| signing in by e-Devlet | absent |
"""
