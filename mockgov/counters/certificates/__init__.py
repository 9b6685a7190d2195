"""The public counter of the certificate authority, where software asks about certificates: under `/pki`.

| part | fidelity |
|---|---|
| certificates in DER, the chain in PEM, lists of revoked ones (RFC 5280), their content types | faithful |
| OCSP by POST and GET (RFC 6960 appendix A), time-stamps by POST (RFC 3161 section 3.4) | faithful |
| every answer is of the world's moment: a list is made when it is asked for, and good for a day | chosen here |
| a request that cannot be read is answered in its own protocol, with status 200 | faithful |
| `Content-Type` of requests is not checked; no caching headers | chosen here |
| paths and names; where certificates say that they are, is this counter | chosen here |
| a world keeps the address that it was made with (`public_address`), whichever port serves it later | chosen here |
| certificate look-up by name, policy documents, registration of applicants | absent |
"""
