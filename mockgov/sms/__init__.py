"""Text messages: a gateway with one journal for the ministry's own messages, for SMPP and for HTTP, and the handsets.

Sources: 3GPP TS 23.038 (alphabets, national tables), TS 23.040 clause 9.2.3 (user data, headers), SMPP 3.4 (states,
receipts); facts, section 5, for the short number; Turkish providers' documentation for sender names and operator codes.

| part | fidelity |
|---|---|
| GSM 7-bit, the Turkish locking and single shift tables, UCS-2; parts and their headers | faithful |
| the cheapest encoding: fewest parts, then fewest octets, then the simplest | chosen here |
| alphanumeric senders are registered, numeric ones refused | faithful |
| the operator's code behind an account's texts (off unless set) | faithful |
| accounts' messages to numbers that are nobody's here and may be a real person's: refused | chosen here |
| states, validity, schedule, receipts (final, failure only, intermediate) on the world's clock | faithful |
| receipts and incoming messages wait in the account's queue until they are acknowledged | faithful |
| a message is at the handset at once, or after a set transit | simplified |
| what a network does is a fate: scripted for a phone, or a magic number's last four digits | chosen here |
| error codes of receipts: GSM's, 900 for an unknown operator | chosen here |
| 8-bit references of a text's parts repeat after 256 messages; longest text 255 parts | faithful |
| validity 72 hours if not said; both ends within a year; 100,000 may wait for an account | chosen here |
| a throttle of messages a second for each account, by the world's clock | chosen here |
| an account's own lines, in its modem: it sends from them and has what arrives there | chosen here |
| a text from a line has no receipt, goes at once and comes whole (no segments cut by the client) | simplified |
| a text to the ministry stands in the journal without numbers that are nobody's here | chosen here |
| lines abroad: `+999`, which no country has; they reach the ministry's number for them and are answered | simplified |
| messages of accounts' to foreign numbers, several operators, prices, REKLAM and opt-out lists | absent |
| flash and binary messages | absent |
| messages that have come to their end are erased a year after they were sent; their numbers stay used | chosen here |
"""
