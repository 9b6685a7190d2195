"""The HTTP counter of the SMS gateway: JSON under `/sms/api`, HTTP Basic with an account of `mockgov.sms`.

| part | fidelity |
|---|---|
| routes, bodies and answers: what providers' APIs have in common | chosen here |
| the same accounts, journal, throttle, receipts and queue as at the SMPP door | faithful |
| a message that cannot be taken never fails a bulk call | chosen here |
| a message without a text: refused (SMPP takes it) | chosen here |
| 202 when taken; what became of it: ask, or read receipts and acknowledge them | chosen here |
| `from` an own line and `to` 2023 or another service's number: sent as a handset would | chosen here |
| a receipt is read again and again until it is acknowledged | chosen here |
| too fast: 429 with `Retry-After`, in seconds of the world's time | faithful |
| calls back to the client: `mockgov.callbacks`, whose 2xx acknowledges | chosen here |
"""
