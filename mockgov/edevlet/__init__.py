"""e-Devlet: who somebody is at the state's web counter. Passwords, sessions, and the one query that waits in a session.

Every adult citizen has a password, minted from the world's streams; nothing is kept of it until its holder chooses
another one, and then a hash only. A session lives for a while by the world's clock. A single query is put into a
queue, and its answer belongs to the session that asked.

| part | fidelity |
|---|---|
| one signs in with an identity number and a password | faithful |
| a query waits in a queue before its answer is there | faithful in substance, length chosen here |
| every adult citizen has a password from the beginning | chosen here |
| the envelope of the post office with which a password comes | absent |
| wrong passwords in a row lock the sign-in for a while | chosen here |
| a session ends some time after the sign-in; signing in again opens another beside it | chosen here |
| an ended session is forgotten a day later; erasure ends them, and the minted password is good again | chosen here |
| signing in by mobile signature, e-signature, ID card or a bank | absent |
"""
