"""e-Devlet's web counter, as citizens and institutions under 500 staff know it: HTML, Turkish or English, no script.

`/Giris/gir` signs in. `/saglik-bakanligi-hes-kodu-sorgulama` answers about one code,
`/saglik-bakanligi-hes-kodu-uretme-ve-listeleme` makes and lists codes, `/saglik-bakanligi-toplu-hes-kodu-sorgulama`
answers about an institution's groups of codes. `/e-devlet` is where one comes in.

| part | fidelity |
|---|---|
| paths, field names, page token, `?submit`, `?sonuc=Goster`, `?yeni=grup`, `?i=s&s=<n>`, the 302 | faithful |
| the eight terms of a result and their order, `Riskli` and `Riskli Değil`, the sentence about a bad code | faithful |
| the two tables of a group's query, problem rows only; a workbook whose A1 says `HES KODU` | faithful |
| class names and ids of buttons, links and boxes beyond those, after published clients of the pages | simplified |
| a query is in the queue for some seconds of the world's time; the page asks again by itself | chosen here |
| the page of codes: its fields, and that codes are shared and shortened there | chosen here |
| a form carries its session's page token; a form of another site is refused | chosen here |
| `n` is the group's place in the list, from 0; following `?i=s&s=<n>` from another site asks nothing | chosen here |
| groups are for the manager of an institution under 500 staff, all of one tax number together | chosen here |
| the trail names the citizen, and for a group's query the institution with its manager | chosen here |
| the whole text of a QR is taken where one code is typed, with a bar or a semicolon | chosen here |
| signing in over a page of its own host; virtual keyboard, captcha | absent |
"""
