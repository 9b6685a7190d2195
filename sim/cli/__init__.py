"""The command `hes`: the ministry's commands, and those of the country.

`app` all of them together · `scenarios` list, and how a scenario is found · `running` run, of whatever kind ·
`played` a day against a ministry · `road` months on the onboarding road · `country` the nation · `experimenting`
compare and sweep · `outlook` what an experiment is going to need · `workshop` where its runs are made ·
`calibrating` calibrate · `calibrated` what it says on the terminal · `verifying` verify · `obstacles` what can stand
in a run's way · `terminal` tables and bars
"""

from sim.cli.app import app, main

__all__ = ["app", "main"]
