"""Ways to meet a ministry: the only place where simulated people and a running ministry touch.

`port` says what the country needs of a ministry. Behind it stand

- `over_http`: a ministry at a URL, over real sockets;
- `in_process`: the same application, called without a socket;
- `stub`: the simulator's own few lines, to try the country and the player without a ministry.

The first two say the same bytes (`wire`). `play` asks a day's queries in open loop: each call leaves at its own
moment, however late earlier answers are, and its latency counts from the moment at which it should have left. Only
where the truth itself moves (the ministry's clock, new reports) does the player wait until everything asked so far
has been answered; what that costs later calls counts as their latency.

`oracle` knows each person's truth, so it knows what every answer must be, field by field.
"""
