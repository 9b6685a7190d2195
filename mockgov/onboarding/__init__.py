"""Onboarding: an institution's application on its way through the seven steps to live access.

Mimics *Kurumsal Entegrasyon* of the health ministry, version 1.2 of its rules and their seven steps (facts section 6);
office time after law 2429 and the civil service's hours (`mockgov.working_time`), signatures after law 5070.

| part | fidelity |
|---|---|
| the seven steps, in their order, by KEP or with a wet signature | faithful |
| four classes, 500 staff, branches under one tax number, what the others are told | faithful |
| the letter names the form's signer (TCKN, name, surname) and says that the person is authorised | faithful |
| test details by e-mail; live user name by e-mail, password by text message | faithful |
| a false declaration found later ends all access | faithful |
| the form's fields, its PDF, the application number `ETF-year-number` | chosen here |
| PAdES and CAdES (detached, enveloping) are both taken | chosen here |
| a letter is read by its words: numbers, the name, *yetkili* and its like | simplified |
| a form with another institution's KEP address is returned; who posts a paper letter is not checked | chosen here |
| the declared staff is believed at evaluation; an audit holds it against the register | chosen here |
| a certificate revoked between signing and evaluation means signing again, time-stamp or not | chosen here |
| office time until a decision, live access and the confirming letter; days in the post | chosen here |
| what can be put right is returned, what cannot is refused; one open application a tax number | chosen here |
| a completion notice counts from the authorised person's address, after a query in the test environment | chosen here |
| an application on which nothing has happened for two years goes, unless it has brought access | chosen here |
| objection to a refusal, fees, renewal | absent |
"""
