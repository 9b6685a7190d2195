"""The lab: the sandbox's own controls under `/_lab`, which the real ministry never had.

Worlds (make, list, fork, drop), the clock, people and institutions, reports, accounts with their passwords, the
handsets' text messages, the audit trail, faults; and for the road on which an institution joins: everybody's signatures
and certificates, KEP accounts, letters and e-Yazışma packages, mailboxes, the applications, the ports of the doors;
and callbacks with their outbox, described in an AsyncAPI document.
`seeding` fills a new world with a small ready-made town; `presets` are named worlds, `magic` who plays which part,
`fidelity` what every service and counter says of itself, `documented` the OpenAPI with examples that happened.
Nobody signs in here: a sandbox binds to loopback unless told otherwise.
"""
