"""Where a result comes from: enough to play the run again, and to know whether two results may be compared.

`Provenance.identity` is the part that two runs of the same thing share; it is written into every table. The
moment and the command line are told apart from it and stand in provenance.json alone.
"""

import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

import mockgov

DISTRIBUTION = "hes-sandbox"
NOT_INSTALLED = "not installed"
CIRCUMSTANCES = ("made_at", "command")
"""The fields that differ between two runs of the same thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What was run, with what, on what kind of machine.

    Raises:
        ValueError: on construction, if `made_at` is naive.
    """

    version: str
    """Version of HES Sandbox."""
    sources: str
    """SHA-256 over the sources of the simulator and the ministry, in hexadecimal: a version may be worked on."""
    scenario: str
    """Name of the scenario."""
    scenario_digest: str
    """SHA-256 of the scenario's file, in hexadecimal."""
    seed: int
    drive: str
    """How the ministry was met: http, in-process or stub."""
    python: str
    numpy: str
    platform: str
    """Operating system and processor family."""
    processors: int
    """Logical processors of the machine."""
    made_at: datetime | None = None
    """When the run was made; aware. None if nobody said."""
    command: str = ""
    """The command line that plays it again; empty if nobody said."""

    def __post_init__(self) -> None:
        if self.made_at is not None and self.made_at.tzinfo is None:
            raise ValueError(f"made_at {self.made_at} has no time zone; pass an aware datetime")

    @property
    def identity(self) -> dict[str, str | int]:
        """All that two runs of the same thing on the same machine have in common."""
        return {name: value for name, value in asdict(self).items() if name not in CIRCUMSTANCES}

    @property
    def edition(self) -> str:
        """The version and the beginning of the digest of its sources: 0.1.0+5f2c5f2c5f2c."""
        return f"{self.version}+{self.sources[:12]}"

    @property
    def record(self) -> dict[str, str | int | None]:
        """Everything, as provenance.json holds it."""
        made_at = None if self.made_at is None else self.made_at.isoformat()
        return {**self.identity, "made_at": made_at, "command": self.command}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Provenance":
        """The provenance that `record` came from.

        Raises:
            ValueError: if its fields are not those of this version.
        """
        if odd := record.keys() ^ {field.name for field in fields(cls)}:
            raise ValueError(f"provenance of another version: fields missing or unknown: {', '.join(sorted(odd))}")
        made_at = record["made_at"]
        moment = None if made_at is None else datetime.fromisoformat(made_at)
        return replace(cls(**{**record, "made_at": None}), made_at=moment)


def describe(
    *, scenario: str, content: bytes, seed: int, drive: str, made_at: datetime | None = None, command: str = ""
) -> Provenance:
    """The provenance of a run of this program on this machine.

    `scenario` is the scenario's name and `content` its file's bytes; `made_at` is the caller's moment, aware.
    """
    return Provenance(
        version=_own_version(),
        sources=digest_of_sources(Path(__file__).parent, Path(str(mockgov.__file__)).parent),
        scenario=scenario,
        scenario_digest=sha256(content).hexdigest(),
        seed=seed,
        drive=drive,
        python=platform.python_version(),
        numpy=np.__version__,
        platform=f"{platform.system()} {platform.machine()}",
        processors=os.cpu_count() or 1,
        made_at=made_at,
        command=command,
    )


@cache
def digest_of_sources(*packages: Path) -> str:
    """SHA-256 over the names and contents of all modules of some packages, read once, in hexadecimal."""
    digest = sha256()
    for package in packages:
        for path in sorted(package.rglob("*.py")):
            name, content = path.relative_to(package.parent).as_posix().encode(), path.read_bytes()
            digest.update(b"%d %b %d %b" % (len(name), name, len(content), content))
    return digest.hexdigest()


def _own_version() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return NOT_INSTALLED
