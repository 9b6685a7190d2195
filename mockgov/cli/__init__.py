"""The ministry's half of `hes`: serve, check, world, clock, person, magic, callbacks, faults, replay, sign, onboard.

`sim.cli` adds the other half.

One file for each command or group of them; `calling` is how all of them reach a running ministry, `running` how a
command line is run so that an error is one clear line. `COMMANDS` stand by themselves, `GROUPS` behind a name.
"""

from mockgov.cli.callbacks import callbacks
from mockgov.cli.calling import CommandError, wait_until_up
from mockgov.cli.checking import checking
from mockgov.cli.clock import clock
from mockgov.cli.conform import conforming
from mockgov.cli.faults import faults, replaying
from mockgov.cli.journal import explaining, journal
from mockgov.cli.magic import magic
from mockgov.cli.onboarding import onboarding
from mockgov.cli.person import person
from mockgov.cli.running import run
from mockgov.cli.serving import serving
from mockgov.cli.signing import signing
from mockgov.cli.worlds import world

COMMANDS = (serving, checking, person, magic, signing, onboarding, clock, replaying, explaining, conforming)
GROUPS = {"world": world, "callbacks": callbacks, "faults": faults, "journal": journal}

__all__ = ["COMMANDS", "GROUPS", "CommandError", "run", "wait_until_up"]
