"""The ministry: the fake national services that an integrator's software talks to.

One line for each service, and who talks to whom.

- `registry`: who exists, citizens and institutions. Asked by everybody who needs a person.
- `codes`: HES codes, from issue to deletion. Asked by the mobile counter, the lab and the query desk.
- `risk_index`: reports become a person's status, by the regulation of the day. Fed by the lab, which stands for the
  case-tracking module; asked by the query desk and the mobile counter.
- `queries`: who asked about whom. Asks `codes`, `registry` and `risk_index` for a batch at once, through callables
  that `ministry` supplies.
- `credentials`: institutions' accounts. Asked by the corporate counter; provisioned at the end of onboarding.
- `signin`: citizens' login codes, tokens and first registration. Asked by the mobile counter; codes go out by `sms`.
- `edevlet`: passwords and sessions of the state's web counter, and the query that waits in a session. Asked by the
  e-Devlet counter.
- `groups`: an institution's groups of codes for bulk queries, with their runs. Asked by the e-Devlet counter.
- `family`: who is whose family in the application, and who may see whose health. Asked by the mobile counter.
- `signature`: the world's certificate authority: certificates, signatures, time-stamps, revocation. Asked by `kep` and
  `onboarding` (through callables) whether a signature counts, by the certificate counter and the lab.
- `kep`: registered e-mail of two providers: letters, evidence, deadlines. Letters to the ministry go to `onboarding`.
- `mail`: ordinary e-mail: what the ministry writes, and what comes to its support desk.
- `sms`: the gateway: the ministry's own messages, accounts' messages, handsets, receipts.
- `short_number`: texts to 2023 that ask for a code. Told of them by `sms`; `texting` lets it ask `registry` and
  `codes`, and answer by `sms`.
- `script`: who plays which magic part, and what is to happen later by itself. Its deeds (`deeds`) are reports and new
  passwords; asked by `magic`.
- `kvkk`: the data controller of law 6698: notices, applications with their answers, erasure when periods end. Asked by
  its counter; `custody` hands it what all the others hold.
- `callbacks`: an integrator's own address is told of what happens, by signed HTTP requests. `informing` says what is
  told to whom, from everybody's events; the way out is the counter `callbacks`.
- `journal`: every exchange on every protocol, in memory: search, HAR, assertions, a transcript's root. Told by the
  counters, read by the lab.
- `onboarding`: an institution's application, the seven steps. Its steps become accounts, mails, messages and letters in
  `correspondence`, which also brings arriving letters and notices to it.

Around them: `vocabulary` has the words; `world` what a ministry stands on (`clock`, `agenda`, `working_time`,
`streams`, `faults`, `database`, `settings`); `paper` makes PDFs; `ministry` builds the services, `reactions` says
who is told of what, `tripwire` keeps living people's numbers out, `listening` tells the journal of text messages,
`explanation` says why something was answered; `magic` puts people and institutions with a known fate into a world;
`counters` are where the public comes, `console` is for who sits inside the sandbox, both in the frames of `pages`;
`lab` is the sandbox's own controls; `worlds` keeps many ministries in one server; `api` and `app` are the front door,
`server` uvicorn behind it, `cli` the commands; `testing` is what integrators import into their own suites.
"""
