"""`hes serve` as people start it: a process of its own, met over sockets only."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Self

import httpx2

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30
"""How long a journey waits for anything of a server's before it calls that a failure."""


def environment(**changes: str) -> dict[str, str]:
    """This process's variables without settings of the sandbox's and without proxies, and with some changed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HES_")}
    return kept | {"PYTHONPATH": str(ROOT), "NO_PROXY": "*", "no_proxy": "*"} | changes


def hes(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command line to its end."""
    command = [sys.executable, "-m", "sim.cli", *words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_S, check=False, env=environment(**changes)
    )


class Served:
    """A server on a free port."""

    def __init__(self, *options: str, people: int = 0, data: Path | None = None, **changes: str) -> None:
        command = [sys.executable, "-m", "sim.cli", "serve", "--port", "0", "--clock", "manual"]
        command += ["--people", str(people), *(() if data is None else ("--data", str(data))), *options]
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed in `_ended`
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self._said, text=True, env=environment(**changes)
        )
        assert self.process.stdout is not None
        self._lines: Iterator[str] = iter(self.process.stdout.readline, "")
        self.greeting = next(self._lines, "").strip()
        self.address = next((word.rstrip(":") for word in self.greeting.split() if word.startswith("http://")), "")
        if not self.address:
            self.process.kill()
            raise AssertionError(f"The server did not start: {self._ended()}")

    def examples(self) -> Sequence[str]:
        """The three requests that a server with people prints."""
        return [line.strip() for line in islice((line for line in self._lines if line.startswith("curl")), 3)]

    def client(self, world: str = "", **fields: object) -> httpx2.Client:
        """Somebody who talks to the server, to one of its worlds if one is named; nothing stands between."""
        base = self.address + (f"/w/{world}" if world else "")
        return httpx2.Client(base_url=base, timeout=PATIENCE_S, trust_env=False, **fields)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """End it in order; its exit status, and what it said on stderr."""
        self.process.send_signal(number)
        return self._ended()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self._ended()

    def _ended(self) -> tuple[int, str]:
        """Wait for the end; safe to call again."""
        status = self.process.wait(PATIENCE_S)
        if not self._said.closed:
            self._said.seek(0)
            self.said = self._said.read()
            self._said.close()
            assert self.process.stdout is not None
            self.printed_last = self.process.stdout.read()
            self.process.stdout.close()
        return status, self.said


@contextmanager
def serving(*options: str, people: int = 0, data: Path | None = None, **changes: str) -> Iterator[Served]:
    """A server for a while. It must end in order, and have had nothing to complain of."""
    with Served(*options, people=people, data=data, **changes) as served:
        yield served
        assert served.stop() == (0, "")
