"""A web page that stands in for the mobile application, under `/uygulama`; it can be installed on a phone.

`http` brings the parts together: `entry` (sign in, register, sign out), `codes`, `people` (family), `look` (who asked,
isolation, the country), `check`, `shell` (manifest, icons, service worker). `session` has who is signed in and the
frame; `words` what is said of refusals; `tiles` the map.

Whoever signs in holds the application's own token (M2) in a cookie that no script can read; it never stands in an
address. The pages call the same services as the routes M1 to M10, and nothing on them needs a script but the camera.

| part | fidelity |
|---|---|
| sign-in by phone and SMS code; the QR image says what is in the facts, section 4 | faithful |
| a code may be typed, pasted, or scanned; the whole text of a QR is read, with a bar or a semicolon | faithful |
| the pages, their addresses and their words | chosen here |
| a new code lives 1, 7, 30 or 365 days, to the end of a chosen day, or without end | chosen here |
| four colours of the map, for weekly cases per 100,000 up to 10, 35, 100 and more | faithful (general knowledge) |
| the map: a tile for each province | simplified |
| offline only the shell is there: no code and nothing of a person is kept on the device | chosen here |
| notifications, Bluetooth, the map of one's surroundings | absent |
"""
