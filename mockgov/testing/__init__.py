"""What integrators import: a world of one's own for every test, and somebody who tries to break one's client.

A pytest plugin (`plugin`, found by itself once this product is installed) gives each test a fresh world, forked from a
template in memory: fixtures `ministry`, `world`, `clock`, `http`, `ministry_url`, `ministry_transport`, `handset`,
`kep_inbox`, `hes_snapshot`; the marker `@pytest.mark.hes(seed=3, people=50, start="2021-03-01T05:00:00+00:00")`. In
process unless the marker says `server=True` or the command line `--hes-server`; then on a loopback port.

Nothing is imported before it is needed, and nothing here is needed by the ministry itself:

- `order`: what a test wants its world to be · `templates`: made once a process, forked for each test
- `sandbox`: one such world, with all verbs; also without pytest: `with templates().sandbox(Order(people=50)) as world`
- `caller`, `exchange`, `loopback`: how requests get there, in process (ASGI) or to a port · `http`: a plain client ·
  `transport`: the same for httpx, sync and async
- `handset`, `kep_inbox`, `town`, `clock`: a phone, a registered mailbox, the people with what they hold, the time
- `strategies`, `mutations`, `lives`: Hypothesis strategies for every word, whole or broken, and for people's lives
- `machine`, `model`, `manners`, `asking`: a state machine that drives somebody's client against a moving world
- `snapshots`: assertions on whole answers, in which nothing of one world is left
- `plugin`, `report`: what pytest loads, and what it prints of a failed test

It is a tool and no counter: what it shows of people beyond the masks (codes, phones, passwords) is what the lab shows.
"""
