"""Families in the mobile application: whose health one may see, by each one's own leave.

Somebody invites a phone and says what its owner may see of them. The invited accepts, and says the same of
themselves, or refuses; either of the two may change their leave or end it all at any time.

| part | fidelity |
|---|---|
| an invitation names a phone, a relation, and what the inviter lets the other see | faithful |
| accepting, refusing, withdrawing, ending; each side gives its own leave | chosen here |
| what the routes answer | chosen here (unknown) |
| an invited phone must be one that this world has minted | chosen here |
| between two people there is one tie at a time; after a refusal or an end they may be invited anew | chosen here |
| leave to see where one is | simplified: it is kept, but this world has no whereabouts |
| invitations by and of somebody go when they have their data erased | chosen here |
"""
