"""Groups of codes: what an institution under 500 staff asks about every day on e-Devlet.

A manager makes a group for the institution, adds the codes that the staff have handed in, and queries the group as a
whole. Of a run the counts are kept; of the latest one also the problem rows, until the next.

| part | fidelity |
|---|---|
| a group with a name and a description; codes added singly or from a file; a query of the whole group | faithful |
| only problem rows are shown, riskless codes are counted | faithful |
| an institution's groups are its manager's to see, and nobody else's | chosen here |
| at most 100 groups an institution and 10,000 codes a group | chosen here |
| a code is taken by its form; whether there is such a code shows when the group is queried | chosen here |
| the problem rows of the latest run are kept until the next; of earlier runs only the counts | chosen here |
| runs are kept as long as it is kept who asked; a holder's erasure takes their codes out of every group | chosen here |
"""
