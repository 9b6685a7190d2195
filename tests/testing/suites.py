"""Suites of an integrator's, run by pytest in a process of its own as they would be."""

import os
import subprocess
import sys
from pathlib import Path

from tests.house.product import ROOT


def run_suite(folder: Path, source: str, *options: str, bare: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one file of tests, with the plugin and nothing of this repository's own settings.

    `bare`: without other plugins that happen to be installed beside this product.
    """
    (folder / "test_door.py").write_text(source, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\nfilterwarnings = error\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "mockgov.testing.plugin", "-p", "no:cacheprovider", *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "HES_", "COV"))}
    if bare:
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return subprocess.run(
        command,
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "random"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
