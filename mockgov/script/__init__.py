"""The script of a world: who plays which magic part, and what is to happen later by itself.

A part is a scenario of `mockgov.magic` with the ordinary people and the ordinary institution that play it here. A line
is a deed with its moment: a laboratory's result that arrives in an hour, a password that changes then. Lines lie in the
world's database, so that a fork or a restart forgets none, and fall due on its clock in order with everything else.

What a deed does is handed in by `ministry` as a callable by name; a deed that the ministry refuses when its moment
comes is struck off, told of, and holds nothing up.

| part | fidelity |
|---|---|
| results and new passwords that arrive later than what they tell of | faithful |
| the very moment at which each of them arrives | chosen here |
| parts: people and institutions whose fate is known beforehand | chosen here (nobody has one outside a sandbox) |
"""
