"""Families in the mobile application: whose health and whereabouts one may see.

| part | fidelity |
|---|---|
| an invitation names a phone, a relation, and what the inviter lets the other see | faithful |
| what the two routes answer | chosen here (unknown) |
| an invited phone must be one that this world has minted | chosen here |
| invitations by and of somebody go when they have their data erased | chosen here |
| accepting or refusing an invitation | absent |
"""
