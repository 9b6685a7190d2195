"""Sign-in of citizens to the mobile application: a code by SMS, then a token; the first time, a registration.

| part | fidelity |
|---|---|
| a code by SMS, void after use; JWT HS512 with `sub`, `auth`, `oid`, `exp`; a month with `rememberMe` | faithful |
| code of 5 or 6 digits: a setting (sources disagree) | faithful |
| a code is good for three minutes and five tries; a new one replaces it | chosen here |
| without `rememberMe` a token lives a day | chosen here |
| one registration for a phone number | faithful |
| registration after the first sign-in: identity number, birth date, consent to the text of the day | chosen here |
| registration in advance: everybody counts as registered, unless a setting asks for it | chosen here |
| five tries that do not fit, then a new login code is needed | chosen here |
| a login code is struck out a day after its end; a closed account's tokens open nothing | chosen here |
| `refresh_token` is a UUID that no route takes | faithful (no client was seen to refresh) |
"""
