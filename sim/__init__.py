"""The country: people, institutions, an epidemic and its queries, around a running ministry or on its own.

- `streams`, `tables`: chance keyed by what it is for; integer tables to draw times from. `compiled`: both for loops
  that Numba compiles, and the threads that these run on.
- `population`: who lives with whom, and learns and works where.
- `epidemic`: who is infected, by whom, when. The simulator's truth.
- `reporting`: what the ministry comes to know of it, and when. The only translator from health to risk status.
- `demand`: who makes codes where, and who asks about whom on a day, when, through which channel.
- `capacity`: the same calls through a queue or a network of them: what a service of a given size would make of them.
- `admissions`: institutions on the onboarding road, and the ministry's desks that they wait for.
- `course`: epidemic and ministry together, a step a day; what the ministry believes shuts doors, which lowers contacts.
- `drive`: ways to meet a ministry; the player and the oracle.
- `scenario`: a file becomes the parts' parameters. `country`: they become a country. `day`: its day as a ministry meets
  it. `run`: the day is played, or the road is walked. `rows`: what came back is checked.
- `nation`: the country followed for days or months at any scale, its queries made and answered on chosen days.
- `experiments`: scenarios compared, swept, and fitted to what was observed. `verification`: the engines held against
  what theory knows exactly.
- `provenance`, `results`, `report`: what a run leaves behind. `cli`: the command `hes`.

The larger parts have two engines: `process`, to be read, is the specification; `kernel`, compiled, gives the same to
the last bit. Parts never import one another; `course`, `country` and `nation` make them meet, and `drive` alone touches
a running ministry.
"""
