"""Ways to meet a ministry: the only place where simulated people and a running ministry touch.

`port` says what the country needs of a ministry. Behind it stand

- `over_http`: a ministry at a URL, over real sockets;
- `in_process`: the same application, called without a socket;
- `stub`: the simulator's own few lines, to try the country and the player without a ministry.

The first two say the same bytes (`wire`, with `edevlet` for its pages and `making` for new codes, over a `transport`).
`play` asks a day's queries in open loop: each call leaves at its own moment, however late earlier answers are, and its
latency counts from the moment at which it should have left. Only where the truth itself moves (the ministry's clock,
new reports) does the player wait until everything asked so far has been answered; what that costs later calls counts as
their latency.

Codes that people make on the day go through the same doors as anybody's: the application's own route, a text to 2023
from the maker's telephone, e-Devlet's form. Whoever makes one shows it from the first tick of the clock by which the
replies to a text have had their time; until then, and everybody else all day, the one from before, issued through the
lab with as many days as its way gave it. While calls are asked the world's clock stands, and so would e-Devlet's queue:
a world made here has none, unless the scenario's `[ministry]` says otherwise.

`oracle` knows each person's truth, so it knows what every answer must be, field by field.
"""
