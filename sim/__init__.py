"""The country: people, institutions, an epidemic and a day's queries, around a running ministry.

- `streams`, `tables`: chance keyed by what it is for; integer tables to draw times from.
- `population`: who lives with whom, and learns and works where.
- `epidemic`: who is infected, by whom, when. The simulator's truth.
- `reporting`: what the ministry comes to know of it, and when. The only translator from health to risk status.
- `demand`: who asks about whom on a day, when, through which channel.
- `capacity`: the same calls through a queue, for what a service of a given size would make of them.
- `admissions`: institutions on the onboarding road, and the ministry's desks that they wait for.
- `drive`: ways to meet a ministry; the player and the oracle.
- `scenario`: a file becomes the parts' parameters. `country`: they become a country. `day`: its day as a ministry meets
  it. `run`: the day is played, or the road is walked. `rows`: what came back is checked.
- `provenance`, `results`, `report`: what a run leaves behind. `cli`: the command `hes`.

Parts never import one another; `country` makes them meet, and `drive` alone touches a running ministry.
"""
