"""The SMPP 3.4 door of the SMS gateway, for clients (ESMEs) with an account of `mockgov.sms`.

Source: SMPP Protocol Specification v3.4, issue 1.2; clause numbers in this package are its own. The codec and the
sessions are the project's own: the one maintained asyncio server library shows a server neither the password nor the
system_type of a bind, cannot refuse a bind, hands out no validity, schedule or replace flag, answers neither query_sm
nor cancel_sm, and has been seen to hang at about 1,200 unacknowledged deliver_sm. It serves the tests as a client.

| part | fidelity |
|---|---|
| bind_transmitter, bind_receiver, bind_transceiver, unbind, enquire_link both ways | faithful |
| submit_sm with UDH, SAR parameters, message_payload; validity, schedule, replace_if_present | faithful |
| query_sm, cancel_sm, generic_nack, the statuses of 5.1.3 | faithful |
| deliver_sm waits in the store until it is answered; a window for each session | faithful |
| receipts as in appendix B, with receipted_message_id, message_state, network_error_code | faithful |
| data_coding 0, 1, 3 and 8; 0 is GSM's alphabet, an octet a septet, Turkish tables by UDH | chosen here |
| a deliver_sm refused for the moment is offered again after a second; for good: taken as read | chosen here |
| system_type names the world; one of small letters, digits and dashes that is none: ESME_RINVSYSTYP | chosen here |
| empty, or anything else (SMPP, VMA, a world in capitals): the default world | chosen here |
| submit_sm whose source is an own line and whose destination no mobile number: sent as a handset would | chosen here |
| what has arrived at a line: deliver_sm without the receipt's bit of esm_class | faithful |
| dates in receipts are Turkey's; years and months of a span have 365 and 30 days | chosen here |
| a command_length that cannot be: generic_nack, and the connection ends | chosen here |
| replace_sm, submit_multi, data_sm, outbind, alert_notification; binary data_coding; TLS | absent |
"""
