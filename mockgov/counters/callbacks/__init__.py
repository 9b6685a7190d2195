"""The way out for callbacks: HTTP/1.1 to an integrator's address, and what may go wrong on it.

The only door of the ministry's that opens outwards. It is the project's own over asyncio and httptools, because no
client library lets the caller choose the very address that was checked for every connection, and bounds the whole
exchange, not each read.

| part | fidelity |
|---|---|
| POST with a body of known length; the next message to the same subscription on the same connection | faithful |
| TLS with the machine's trust store, the name checked | faithful |
| one limit for look-up, connection, request and answer together (`callback_timeout_s`) | chosen here |
| the status counts once the head of the answer is there; 64 KiB of head and body are read at most | chosen here |
| every address that a name has must be allowed, when it is subscribed and at each delivery anew | chosen here |
| they are tried in their order | chosen here |
| redirects, cookies, proxies, HTTP/2, compression | absent |

`exchange` one connection · `network` the way to all of them.
"""
