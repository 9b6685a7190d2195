"""Two SMTP doors (RFC 5321), each a listener of its own: ordinary mail to the ministry, and letters into KEP.

**`smtp`** takes mail for `hesdestek@saglik.gov.tr`. The recipient says the world: `hesdestek+<world>@saglik.gov.tr` is
another world than the default one's. A label `+hes-<scenario>` behind that scripts the door's answer
(`mockgov.mail.rules.SCENARIOS`): `+hes-bounce`, `+hes-full`, `+hes-deferred`, `+hes-greylist` (451 to a pair of sender
and recipient until five minutes of the world's after its first knock), `+hes-late` (there an hour later).

**`kep-smtp`** takes letters from who signs in (AUTH PLAIN or LOGIN) with a KEP address, `<world>/<address>` for another
world than the default one. The answer to a letter names its number and that of the evidence; so does a refusal.

| part | fidelity |
|---|---|
| EHLO, HELO, MAIL, RCPT, DATA, RSET, NOOP, HELP, QUIT; order of commands | faithful |
| SIZE, 8BITMIME, SMTPUTF8, PIPELINING; enhanced status codes in own replies | faithful |
| mail for anybody but the ministry: 550 5.1.1; no relaying | faithful |
| bare CR or LF in a message: 554 5.5.2, nothing taken (against smuggling) | faithful |
| messages up to 10 MiB, letters up to 25 MiB, lines up to 998 bytes | chosen here |
| one world a message: recipients of another one get 452 4.5.3 | chosen here |
| 100 recipients a message, 100 connections a door, 5 minutes of idling | chosen here |
| addresses outside ASCII, quoted local parts: 553 | simplified |
| TLS | absent |
| AUTH in the clear, since there is no TLS; on a loopback address | chosen here (a sandbox) |
| submission of letters by SMTP with AUTH | chosen here (real KEP providers take SOAP) |
| VRFY says 252 to everything | simplified |
| EXPN, BDAT, ETRN | absent |
"""
