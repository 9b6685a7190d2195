"""The journal: every exchange that a world has had, on every protocol, for whoever tests against it.

A request and its answer are one exchange, numbered in the order in which answers left. The journal is a sandbox's own
and has no counterpart at the ministry. It lives in memory, for so many exchanges as the setting `journal_size` says
and so many bytes as `rules.MOST_BYTES`, and is empty in a new process, a fork or a restored world.

An exchange of the query path costs a reference to what was asked and answered; it is put into words when somebody
reads it. What may be a living person's number is never kept, nor are passwords, tokens and keys.

Rooms: `redaction` hides secrets, `transcript` makes the root, `har` the export, `asserting` the comparison with what a
test expects.

| part | fidelity |
|---|---|
| HTTP, SMTP, SMPP, SOAP and text messages in one list, searchable | chosen here |
| the lab's own changes stand in it as protocol `lab`; its readings do not | chosen here |
| secrets and unminted numbers as asterisks; bodies of up to 32 KiB, longer ones cut | chosen here |
| heads of the query path: those that bear on the answer, worded anew | simplified |
| HAR 1.2 with the world's time; phases of a request are not told (-1) | simplified (HAR 1.2) |
| the transcript's root: a Merkle tree as in RFC 6962, its leaves in their own order | simplified (RFC 6962) |
| a journal that outlives its process | absent |
"""
