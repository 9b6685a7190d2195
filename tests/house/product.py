"""The product as files: where its sources are, and what stands in them."""

import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from shutil import which

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILDINGS = ("mockgov", "sim")


@cache
def sources() -> Sequence[Path]:
    """Every Python file of the two buildings."""
    return [path for building in BUILDINGS for path in sorted((ROOT / building).rglob("*.py"))]


def read(name: str) -> str:
    """The text of a file, by its path in the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def rooms(package: Path) -> set[str]:
    """The modules and packages in a package."""
    return {path.stem for path in package.glob("*.py")} | {path.parent.name for path in package.glob("*/__init__.py")}


def tracked() -> Sequence[Path]:
    """Every file that is in the repository, or would be after the next `git add`."""
    if not ((ROOT / ".git").exists() and which("git")):
        pytest.skip("NOT CHECKED: these sources are no git repository, or there is no git")
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
