"""KVKK: what the ministry owes the people whose data it holds, after the data-protection law, no. 6698.

Somebody may learn what is held of them and who has asked, have it erased when its purpose has ended, and gets an
answer within thirty days; whatever is kept has a reason and an end, and goes when the clock passes that end.

| part | fidelity |
|---|---|
| rights of article 11, an application to the data controller, an answer in 30 days (article 13) | faithful |
| erased, destroyed or made anonymous when the reason has ended (article 7), at intervals of a day | faithful |
| what a notice says: controller, purpose, recipients, way and ground of collection, rights (article 10) | faithful |
| wording and days of the notices; version 2.0 is the account's `clarificationTextVersion` | chosen here |
| the grounds named in notices and inventory: articles 5 and 6 as they stood until 2024 | simplified |
| how long each thing is kept: settings | chosen here |
| a period ends with the first midnight in Turkey after its days of 24 hours | chosen here |
| answers come by themselves, after a set number of days, as the rules say; no officer reads them | chosen here |
| on request codes, account, invitations and texts go; register, reports, who asked stay their time | chosen here |
| erasure is refused while the person is isolated: the purpose has not ended | chosen here |
| one open application of a kind; a parent applies for a child under 18 | chosen here |
| every erasure is written down: when, what, how many; never whose | faithful in substance, form chosen here |
| the inventory of what is held and why, after the form of the data controllers' register (VERBİS) | simplified |
| erasure when the periods of mail, registered mail and certificates end, which are named | absent |
| complaint to the Board, fees, identity check of written applications, transfer abroad | absent |

`rules` · `messages` · `notices` the texts · `inventory` what is held · `store` · `retention` what falls due ·
`service`.
"""
