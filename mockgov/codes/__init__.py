"""HES codes: what a person shows instead of a name.

A code is made for oneself or a child, for a number of days, to a chosen day, or without end; it is listed,
shared with an institution under a label, shortened, deleted; it expires by itself. Whether a code is valid is
worked out from its dates at the moment of asking, so no sweep has to have run.

| part | fidelity |
|---|---|
| the form of a code; an indefinite code expires on 2070-12-30 at 13:00 UTC | faithful |
| a deleted code reads as not found | faithful |
| any number of codes for a person (the app); a limit per phone belongs to the SMS counter | faithful |
| a chosen last day ends with that day in Turkey; days count as 24 hours from the making | chosen here |
| at most 3650 days; a code's text is never used again, not even after deletion | chosen here |
| a code that ended long ago, or whose holder is erased, keeps text and dates and loses its holder | chosen here |
"""
