"""Magic people and institutions: ordinary ones of the world, with a fate that is known beforehand.

`scenario` what a scenario is and says · `roles` whom it takes · `people`, `institutions` the tables ·
`table` all of them by name · `casting` puts them into a world · `era` whether the rules of the day allow it ·
`stage` who plays which part here

A scenario is one line of data: a name, what it means, the rule behind it, and what each channel answers, now and later.
Its people and institutions are registered, get codes, fall ill and lose their papers by the same commands as everybody
else; what comes later lies in the world's script. Their numbers are drawn for the scenario's name, so they are the same
in every world of a seed, whatever the preset and whoever else lives there, unless somebody has such a number already.
Serial numbers of certificates and the codes that come by SMS are counted or drawn as everybody's.
"""
