"""The words that the ministry and everybody around it speak.

One file a word. A word can be parsed, checked, compared, masked, printed and minted, and does nothing over
time: this package knows no clock, no chance of its own, no storage and no framework, and imports nothing but
the standard library. A value that exists is valid. A word that identifies a person prints masked, so neither
a log nor a failed assertion leaks one; the raw text is in the attribute named below. What does not parse
raises the word's own error, an `InvalidWord` with `.rule` and advice, which never repeats the refused text.

| File | Word | Raw | Grammar | `str` |
|---|---|---|---|---|
| `tckn` | *T.C. kimlik numarası*, a citizen's number | `.digits` | 11 digits, 2 are checks | masked |
| `ykn` | *yabancı kimlik numarası*, a foreigner's | `.digits` | the same, from 97 up | masked |
| `vkn` | *vergi kimlik numarası*, a tax number | `.digits` | 10 digits, 1 is a check | full |
| `phone` | a Turkish mobile number | `.e164`, `.wire` | `5XXXXXXXXX` | masked |
| `foreign_phone` | a mobile number abroad | `.e164`, `.wire` | `+999…` | masked |
| `passport` | a foreigner's passport | `.text` | `DEU TST123456` | masked |
| `id_card` | an identity card's serial | `.text` | `A99A99999` | masked |
| `hes_code` | *Hayat Eve Sığar*, shown at the door | `.text`, `.dashed` | `[A-Z0-9]{10}` | masked |
| `qr` | what the code's QR image says | `.text` | 32 hex digits, bar, code | masked |
| `kep_address` | *kayıtlı elektronik posta* | `.address` | `account@hsNN.kep.tr` | full |
| `email_address` | an ordinary e-mail address | `.address` | dot-atom `@` domain | masked |
| `signed` | what the check of a signature says | | `Flaw` or none | full |
| `risk_status` | what an institution learns | | `RISKLESS`, `RISKY` | full |
| `person` | sex | | `MALE`, `FEMALE` | full |
| `institution` | who may ask by machine, and who asks through them | | seven kinds | full |
| `province` | the 81 provinces and their people | | plate 1 to 81 | full |
| `obligation` | where a code had to be shown, since when | | fourteen rules | full |

Beside the words: `masking` (how the ministry shows names), `turkish` (upper and lower case), `names` (what
made-up people and companies are called), `tile_map` (where each province lies on a map of tiles), `chance` (what a
`mint` draws from), `errors`.

Faithful: the check digits; the written forms of phone numbers; the grammar of code and QR text, `;` for the
bar; the masks of numbers and names.
Simplified: no TCKN starts with 97, 98 or 99.
Chosen here: what minted passports begin with; the masks of phone, card, passport, code, QR text, tax number and KEP
address; names of one or two letters; the letters of a card's serial; letters outside ASCII refused in a code; the days
of the obligations that say so.
Absent: fixed lines; foreign numbers but for a country code that nobody has; passports' check digits; KEP addresses
under other domains.

Sources: the ministry's published forms and public clients of the live service for codes, QR texts and masks;
the population and revenue administrations' check-digit rules; TÜİK's address-based register for provinces.
"""
