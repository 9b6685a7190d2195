"""The ministry: the fake national services that an integrator's software talks to.

One line for each service, and who talks to whom.

- `registry`: who exists, citizens and institutions. Asked by everybody who needs a person.
- `codes`: HES codes, from issue to deletion. Asked by the mobile counter, the lab and the query desk.
- `risk_index`: reports become a person's status, by the regulation of the day. Fed by the lab, which stands for the
  case-tracking module; asked by the query desk and the mobile counter.
- `queries`: who asked about whom. Asks `codes`, `registry` and `risk_index` for a batch at once, through callables
  that `ministry` supplies.
- `credentials`: institutions' accounts. Asked by the corporate counter.
- `signin`: citizens' login codes and tokens. Asked by the mobile counter; its codes go out by `sms`.
- `sms`: the outbox, read under `/_lab/sms`.
- `family`: whom one has invited in the application. Asked by the mobile counter.

Around them: `vocabulary` has the words; `world` what a ministry stands on (`clock`, `streams`, `faults`, `database`,
`settings`); `ministry` builds the services and says who is told of what; `counters` are where the public comes, `lab`
the sandbox's own controls; `worlds` keeps many ministries in one server; `app` is the front door, `server` uvicorn
behind it, `cli` the commands.
"""
