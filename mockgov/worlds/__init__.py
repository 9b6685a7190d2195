"""The worlds of one server, by name: made, forked, kept as snapshots, compared, found again, dropped.

`directory` the worlds themselves · `folder` where they lie on disk · `blank` the empty tables that each begins with ·
`presets` what a new one is filled with · `snapshots` copies to go back to · `idleness` when one has been idle for too
long · `difference` in what two differ, `rows` table by table, `subjects` by what the rows are about · `refusals` what
cannot be done.
"""

from mockgov.worlds.directory import Worlds
from mockgov.worlds.refusals import AmbiguousWorld, DataInUseError, UnknownSnapshot, UnknownWorld, WorldRefused

__all__ = ["AmbiguousWorld", "DataInUseError", "UnknownSnapshot", "UnknownWorld", "WorldRefused", "Worlds"]
