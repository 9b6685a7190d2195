"""What cannot be done with worlds."""

from mockgov.refusal import Refused


class UnknownWorld(Refused):
    """No world of that name."""

    key = "worldnotfound"


class UnknownSnapshot(Refused):
    """No snapshot of that name."""

    key = "snapshotnotfound"


class WorldRefused(Refused):
    """A world that cannot be made, forked, restored or dropped."""

    key = "worldrefused"


class AmbiguousWorld(Refused):
    """More than one world knows the caller, and the path names none."""

    key = "ambiguousworld"


class DataInUseError(ValueError):
    """Another server works on the same folder."""
