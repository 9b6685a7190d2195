"""The go-live rehearsal: does an integration do what it must? Told from the journal, with a signed report.

An institution's software is driven against a world; whoever drives it makes the situations (a risky person, an expired
code, a refusal at the right moment), and the journal sees what the software does. Each required behaviour is passed,
failed, or missing because its situation has not come up; a level is reached when everything up to it is passed.

`catalogue` the required behaviours, `situations` and `care` how each is told from exchanges, `judging` all of them
together, `statement` what is signed, `page` the report for people.

| part | fidelity |
|---|---|
| a catalogue of required behaviours, levels and a report before going live | chosen here |
| limits, refusals and dates that behaviours rest on | simplified (as the corporate counter has them) |
| the seal of the world's own authority: CAdES with a time-stamp | simplified (as `mockgov.signature`) |
| behaviour that never reaches the wire, such as what stands on a door's screen | absent |
| clients of the mobile application and of e-Devlet | absent |
"""
