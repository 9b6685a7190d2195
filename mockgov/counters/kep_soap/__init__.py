"""A provider's machine counter: SOAP 1.1 with the operation names of PTT KEP's *EYWS* (integration guide, WSDL 1.1).

`GET /kep/soap?wsdl` gives the contract, `POST /kep/soap` takes the calls; both also at
`/KepEYazismaV1.1/KepEYazismaCOREWSDL.php`, the path of the real service. Neither is in the OpenAPI: the WSDL is the
contract, made from the same tables (`contract`) as the reader and the writer.

A rule that refuses answers 200 with `durum` and `hataaciklama`. Only what is no SOAP call at all (broken XML, a
document type declaration, an unknown operation, a wrong type) answers a `Client` fault, with HTTP 500, as SOAP 1.1
section 6.2 demands.

| part | fidelity |
|---|---|
| namespaces, service, port and binding names, `param0`, `return`, `urn:` actions; document/literal | faithful |
| operations, their fields and the parallel lists of `PaketSorgula` and `PaketDelilSorgula` | faithful |
| order of fields in `eyGirisSonuc`, `eyIndirSonuc`, `eyPaketDelilIndirSonuc`, `kontorSonuc` | chosen here |
| `kepHesap` in every call: `parola` is the account's password; `sifre` empty, or the same again | simplified |
| `sifre` may hold an `eGuvenlikId` in place of `parola` | chosen here |
| `Giris` BASE: password, answers a session of half an hour (`eGuvenlikId`) | simplified |
| `Giris` EIMZA, then `GuvenliGiris`: a text signed (CAdES) with the qualified certificate of `tcno` | faithful |
| what that text says, `eHash` as SHA-256 in hexadecimal, five minutes to sign it | chosen here |
| `Giris` OTP, then `GuvenliGiris`: a code by SMS to the phone of `tcno`; wrong codes are not counted | simplified |
| a check that `tcno` may act for the account | absent |
| `MimeYap`, `SmimeGonder`, `YetkiliKayit` and the like; e-Tebligat | absent |
| `durum` 0 success, 1 refused sign-in | faithful |
| every other `durum` | chosen here (annex unknown) |
| `Yukle`: the whole S/MIME message, recipients in its head | faithful |
| `ePaketTur` EYazisma needs a package in the message | chosen here |
| a letter that the provider refuses still gets a `kepId`, for its evidence | chosen here |
| `kepId` is made from the letter's number, which is `kepSiraNo`; a Message-ID finds a letter too | chosen here |
| lists that found nothing: one `durum` 0 and nothing else | chosen here |
| folders `INBOX` and `INBOX.Sent`; `DizinSorgula` lists them | faithful |
| their names in any case | chosen here |
| `Indir`: ALL and ORGM are the message as deposited, ORGMATTACH its attachments | simplified |
| `AlindiOnay` confirms a letter that was downloaded before | simplified |
| `KotaSorgula` in KiB, nil for a refusal; `KontorSorgula` tells it in `cins` | faithful |
| `RehberTuzelKisiSorgula`: its fields; finds by a part of a name or address | chosen here |
| a way to end a session before its time (the real service has no `CikisYap` either) | absent |
| MTOM: taken; answered to MTOM requests and to `Accept: multipart/related`, else base64 in the envelope | faithful |
| content ids and boundaries are made from the contents | chosen here |
| a moment without a zone is Turkey's; elements of a type in any order | chosen here |
"""
