"""Servers under test, each a process of its own: `hes serve` with its doors, and the rivals."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.served import Served, serving

PATIENCE_S = 30
Address = tuple[str, int]


@contextmanager
def ministry(ready: Path, scratch: Path, *options: str) -> Iterator[tuple[Served, Path]]:
    """`hes serve --data` on a copy of a folder, its clock standing still unless the options say otherwise."""
    folder = scratch / "served"
    shutil.copytree(ready, folder)
    try:
        with serving(*options, data=folder) as served:
            yield served, folder
    finally:
        shutil.rmtree(folder)


def doors(served: Served) -> Mapping[str, Address]:
    """Where each door is, by its name."""
    with urllib.request.urlopen(f"{served.address}/_lab/doors") as answer:
        return {one["name"]: (one["host"], one["port"]) for one in json.load(answer)}


@contextmanager
def rival(name: str) -> Iterator[Address]:
    """One of the rivals; up when the block begins."""
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        address = ("127.0.0.1", int(trying.getsockname()[1]))
    command = [sys.executable, "-m", "tests.bench_joining.rivals", name, str(address[1])]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.kill()
        process.wait(PATIENCE_S)


def _wait_for(address: Address, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(address, timeout=PATIENCE_S).close()
        except ConnectionError:
            time.sleep(0.01)
        else:
            return
    raise RuntimeError(f"Nothing answers on port {address[1]}.")
