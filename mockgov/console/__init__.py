"""The console: web pages for a person who sits inside the sandbox, under `/console`, and its phones, under `/telefon`.

| page | what is there |
|---|---|
| `/console` | today: queries a minute by answer and channel, codes, risky people, what is due; live |
| `/console/people` | look for people, masked; unmask one; file reports, make and delete codes, sharing |
| `/console/check` | ask about a code in the name of an institution's account; the question is kept |
| `/telefon` | a phone: what it has received and sent, and writing from it, to 2023 or any number reached here |
| `/console/mail` | every inbox, what the ministry has written, files; writing to its support desk |
| `/console/kep` | registered mail as its holders see it: opening and confirming letters, evidence as signed XML |
| `/console/institutions` | accounts (provision, new password, close), applications, latest questions |
| `/console/desk` | the evaluation desk: an officer approves, returns or refuses applications, and audits declarations |
| `/console/clock`, `faults`, `journal`, `worlds` | the world's time, its fault plan, its exchanges, and other worlds |

`frame` has the one navigation and the guard of forms. Whether applications wait for the desk at all is the setting
`evaluation`; an officer may decide before the rules do. `figures` reads what today shows, `live` shares the readings
among those who watch, `chart` draws; `exchanges` says what the journal's page needs of a journal.

Pages are made on the server and work without script, but for live figures and for searching while one types. These two
are htmx's: htmx.org 2.0.11 with its extension htmx-ext-sse 2.2.4, both under the Zero-Clause BSD licence, unchanged, in
`vendored` with their licences; nothing is loaded from elsewhere and nothing is built. `live.js` is the console's own: a
page that is left lets go of its stream.

Nobody signs in here, as in the lab: a sandbox binds to loopback unless told otherwise. Forms of other sites are refused
(`mockgov.pages.guard`). Numbers are masked until somebody asks for one person's, whom the world has made up.
"""
