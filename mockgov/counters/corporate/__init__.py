"""The corporate service on the e-Devlet host: institutions ask about codes, C1 to C6 (facts, section 2).

Live under `/services/g2g/saglik/hes/`, test under `/services/g2g/test/saglik/hes/`; POST, JSON, HTTP Basic.

| part | fidelity |
|---|---|
| paths, bodies, answers, `success_map` / `unsuccess_map`, 400 with `errorKey`, 500-code limit | faithful |
| Basic in UTF-8 (RFC 7617), else ISO-8859-1, else ISO-8859-9; never a 500 for odd bytes | faithful |
| unknown JSON fields are ignored | faithful |
| more than 500 codes: 400 `toomanyhescodes`, nothing asked | chosen here |
| a body that cannot be read, or a NUL in it: 400 `constraintviolation`; over 1 MiB: 413; not POST: 405 | chosen here |
| a question whose audit row cannot be kept is not answered: 503 `unavailable` | chosen here |
| `Content-Type` is not checked | chosen here |
| the maps are keyed by clean codes; what is no code stands as sent, an identity number masked | chosen here |
| a code that comes twice in one call is asked once | chosen here |
| moments have milliseconds and `Z` | faithful where seen, else chosen here |
| 401 with `WWW-Authenticate` for wrong pairs, locked and revoked accounts alike | chosen here |
| CORS for browser kiosks: every origin (a setting) | chosen here |
| both environments see the same people | chosen here |
| rate limits, IP allow-lists, time-outs | absent (unknown) |
"""
