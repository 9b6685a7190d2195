"""Callbacks: what happens in this world, told to an integrator's own address by signed HTTP requests (webhooks).

Source: the Standard Webhooks specification 1.0.0 (standardwebhooks.com): headers, signatures, schedule, statuses.

| part | fidelity |
|---|---|
| that institutions are called back at all: no client of the real service was ever seen to be | chosen here |
| `webhook-id`, `webhook-timestamp`, `webhook-signature`; `v1` (HMAC-SHA256) and `v1a` (ed25519) beside it | faithful |
| `whsec_` and `whpk_` keys, an endpoint its own; after a change the old key signs for a day too | faithful |
| body: `type`, `timestamp`, `data`; the same bytes and the same id however often it is sent | faithful |
| tried at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h of the world's time | faithful |
| each pause is up to a tenth longer, by a draw keyed with the message | chosen here |
| 2xx is success, 410 disables, 3xx is a failure and not followed, `Retry-After` of 429 and 503 counts | faithful |
| `Retry-After` as a date is not read; a day at most | simplified |
| after a time-out or a 410, what else is due for the same address at that moment counts as not tried | chosen here |
| an address at which nothing has arrived for five days of the world's time is disabled | chosen here |
| a name is looked up when it is subscribed, and refused if nothing would arrive there | chosen here |
| `webhook-timestamp` is the world's time, or real time where the subscription says so | chosen here |
| risk: only of people whose valid code the institution has in a group, was given or has asked about | chosen here |
| risk: the code as the institution knows it, masked identity number, status; no name, no reason | chosen here |
| a receipt or text of the SMS gateway that got a 2xx counts as acknowledged, as by deliver_sm_resp | chosen here |
| order is not promised; late and doubled ones are made by whoever bends them (`twists`) | chosen here |
| only to allowed networks, loopback if not said; the very address that was checked is connected to | chosen here |
| what an endpoint answers is not kept, but for its status | chosen here |

`rules` · `events` what bodies say · `messages` · `twists` · `destination` addresses · `signing` · `tables` · `store` ·
`carrying` how they leave · `service`.
"""
