"""Ordinary e-mail: the ministry's outbox, and an inbox for every address.

What the ministry writes is a real message (RFC 5322, MIME), which a queue brings to its recipient on the world's clock;
what people write to the ministry comes in at the SMTP door. Steps 4, 5 and 6 of joining go by it (facts, section 6).
The scripted fates of addresses with a `+label` stand in `rules.SCENARIOS`.

| part | fidelity |
|---|---|
| RFC 5322 messages, RFC 2047 subjects, RFC 2231 file names, MIME parts | faithful |
| Message-ID and boundary are drawn from the world's streams | chosen here |
| delivery is due at once; no message leaves the world | simplified |
| SMTP replies and enhanced status codes of scripted recipients | faithful |
| retries after 5, 10, 15 and 30 minutes, 1, 2, then every 4 hours | chosen here |
| giving up after 5 days (RFC 5321, section 4.5.4.1) | faithful |
| a bounce comes back as a report (RFC 3464) from mailer-daemon | faithful |
| notices of delay, read receipts, IMAP, POP3 | absent |
| SPF, DKIM, DMARC, trace fields | absent |
| quoted local parts, addresses outside ASCII | absent (refused) |
| every message of the ministry's ends with the sandbox stamp | chosen here |
"""
