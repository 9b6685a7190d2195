"""Text messages: an outbox and the handsets' inboxes.

| part | fidelity |
|---|---|
| the sender is the short number 2023; a message to a minted phone is there at once | simplified |
| segments, encodings, receipts, SMPP | absent (the gateway is to come) |
"""
