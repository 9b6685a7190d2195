"""The short number 2023: texts that ask for a HES code, and what is answered to each.

Sources: facts, section 5, for the texts, the two replies and the 25 seconds; section 4 for two codes a number.

| part | fidelity |
|---|---|
| texts of citizens, of blue cards and numbers from 97 up, of passports; one year if no days are said | faithful |
| `süresiz` and left-out days in all of them, not only where the source has them | chosen here |
| a first reply that begins with a masked name | faithful |
| a second one whose first word is the code and whose seventh is the QR's address | faithful |
| the replies' other words; a reply of its own for each kind of mistake, which creates nothing | chosen here |
| replies come a few seconds apart, the code in less than 25 s (a setting) | faithful |
| from abroad: passport texts to an ordinary +90 number, which takes nothing else | faithful |
| any case, i for ı, stray and non-breaking blanks, surnames without Turkish letters | chosen here |
| two codes a number: those that are valid now; a limit of texts a day in Turkey (settings) | chosen here |
| most days: 999, at least 540 taken (a setting) | chosen here |
| any line may ask, since the document proves who; for somebody under 18 only their own or a parent's | chosen here |
| identity and passport numbers that this world did not mint: answered, and kept nowhere | chosen here |
| what came of a text is forgotten a year after the text, or after the end of its code | chosen here |
| a text is read when it arrives; its code counts from then | simplified |
| prices, deleting and listing codes by text | absent |
"""
