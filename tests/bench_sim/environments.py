"""Where the peers live: an environment of their own, which leaves the project's untouched.

Made once, in the system's temporary folder, by `pip install` of each peer's newest release, one after the other. One
that cannot be installed is left out, and the bench says so; the next run tries again. Covasim 3 is wanted beside 4,
since it is the quicker of the two, and needs an older NumPy: an environment more.
"""

import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

ENVIRONMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "peers": {
        "ciw": ("ciw",),
        "laser": ("laser-generic",),
        "starsim": ("starsim",),
        "covasim": ("covasim>=4",),
    },
    "covasim3": {"covasim3": ("covasim<4", "numpy<2")},
}
"""By environment and peer: what is installed."""


def ready(say: Callable[[str], None]) -> dict[str, Path]:
    """The interpreter of each peer that there is; those that are missing are installed first, which takes minutes."""
    found: dict[str, Path] = {}
    for environment, peers in ENVIRONMENTS.items():
        folder = (
            Path(tempfile.gettempdir()) / f"hes-bench-sim-{environment}-{sys.version_info[0]}.{sys.version_info[1]}"
        )
        python = folder / "bin" / "python"
        if not python.exists():
            say(f"making an environment for {', '.join(peers)} in {folder}; the project's own is left as it is")
            venv.create(folder, with_pip=True, clear=True)
        for peer, wanted in peers.items():
            if (folder / f"{peer}.installed").exists() or _installed(python, peer, wanted, say):
                (folder / f"{peer}.installed").touch()
                found[peer] = python
    return found


def _installed(python: Path, peer: str, wanted: tuple[str, ...], say: Callable[[str], None]) -> bool:
    say(f"INSTALLING {' '.join(wanted)} for {peer} into {python.parents[1]}")
    pip = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", *wanted], check=False, stderr=subprocess.PIPE, text=True
    )
    if pip.returncode:
        say(f"{peer} CANNOT BE INSTALLED and is left out: {(pip.stderr.strip() or 'no reason given').splitlines()[-1]}")
    return pip.returncode == 0
