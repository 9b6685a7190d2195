"""A plain JSON counter for holders of KEP accounts, under `/kep/api/`. No real provider publishes one like it.

What a person does in a provider's web pages (*webmail*), for programs that want neither SOAP nor SMTP: sign in, deposit
a letter, read the boxes, download, confirm a receipt, fetch evidence.

| part | fidelity |
|---|---|
| paths, field names, problem JSON for refusals | chosen here |
| a letter is deposited as its own bytes, `message/rfc822`; who it goes to stands in its head | chosen here |
| a letter that the provider refuses answers 201 with `accepted: false` and the refusal's evidence | chosen here |
| downloading a letter is what evidence calls *download*; there is no peeking | faithful |
| evidence is served as the provider signed it, byte for byte | faithful |
| sessions: a token for half an hour of the world's time, in `Authorization: Bearer` | chosen here |
| voiding a session before its time | absent |
| drafts, folders of one's own, search in letters | absent |
"""
