"""Registered e-mail (*kayıtlı elektronik posta*, KEP): two providers, their accounts, letters and evidence.

A letter is a signed S/MIME message that an account deposits with its provider, which takes or refuses it, hands it to
the recipient's provider, and issues evidence (*delil*) of every step. Nothing that this service makes has legal force.

| part | fidelity |
|---|---|
| addresses `<account>@hsNN.kep.tr`; hs01 is PTT KEP; from KEP address to KEP address only | faithful |
| a letter must be signed with the sender's qualified certificate; 25 MiB at most | faithful |
| evidence types, event codes and schema of ETSI TS 102 640-2 V2.1.1 | faithful |
| evidence numbers 10, 11, 20, 21, 31, 40, 41, 60 (PTT's `DelilTurId`) | faithful |
| evidence numbers 50, 51, 61, 70, 71 | chosen here |
| evidence XML: postal addresses, certificate details, recipient authentication, notifications | absent |
| evidence: SHA-384 beside SHA-512, sandbox's note and Turkish name in `Extensions` | chosen here |
| evidence is a row at once; its XML is made and signed on first read, as of its own moment | chosen here |
| evidence is kept for twenty years, then there is none any more | faithful |
| 24 hours unopened: evidence of non-download, the letter counts as read | simplified (as institutions tell it) |
| law 7201 art. 7/a: a notification counts as served at the end of the fifth day after its arrival | faithful |
| a refused recipient does not hold up the others; unknown ones are refused at deposit | simplified (one directory) |
| transit 2 minutes between providers; a provider that never answers is given up after 24 hours | chosen here |
| Bcc is a recipient like any other, seen by all | simplified |
| quota: what lies in the mailbox and among the sent letters; one unit of credit a letter | simplified |
| download by machine and retrieval by a person are two steps | simplified |
| evidence of non-retrieval | absent |
| receipt confirmed or rejected by the recipient | faithful |
| a public body may return what is no e-Yazışma package: delivered, downloaded, rejected at once | simplified |
| accounts with a scripted fate; lock-out after five wrong passwords for fifteen minutes | chosen here |
| who may sign for an account (*işlem yetkilisi*): any qualified certificate will do | simplified |
| e-Yazışma package EYP 2.0: parts, relationships, names, digests, signature, seal | faithful |
| e-Yazışma metadata: only the elements that a letter with one kind of attachment needs | simplified |
| e-Yazışma: unsigned attachments, initials (*paraf*), encrypted and update packages, EYP 1.x | absent |

Sources: facts, section 7; ETSI TS 102 640-2 V2.1.1; law 7201 art. 7/a; Commercial Code 6102 art. 18/3; the regulation
of 2011-08-25 on registered e-mail; RFC 5322, RFC 8551; ECMA-376 part 2; public readers of the package format and public
clients of PTT's service for numbers and names; ohu.edu.tr/ebys/sayfa/kep for the 25 MB and the 24 hours.
"""
