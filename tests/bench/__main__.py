"""`make bench`: the query path beside what one would otherwise pick.

One town of 1,000,000 codes; in every round each server is started alone, answers the same requests at 32 and at 256
connections, and is stopped. Rounds alternate, so that whatever else the machine does hits all alike; a ratio is
taken within a round, and the table shows medians over the rounds. Nothing is pinned to a core.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import apart, town
from tests.bench.report import CONNECTIONS, KEEPING, SERVERS, Result, Rounds, markdown
from tests.bench.servers import Played, Server, serving

PATH = "/services/g2g/saglik/hes/check-hes-code"
REQUESTS = 100_000
BULKS = 40
SEED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where things lie in one run."""

    folder: Path
    """A copy of the town, which the run may write into."""
    singles: Path
    bulks: Path
    first: bytes
    """One request, to find out whether a server is up."""


def main() -> None:
    """Run the whole, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3, help="measured for each server and number of connections")
    args = parser.parse_args()
    _say(f"a town of {town.PEOPLE:,} people and codes (made once, in about a minute)")
    made = town.ready_town()
    with tempfile.TemporaryDirectory(prefix="hes-bench-run-") as scratch:
        bench = _prepared(made, Path(scratch))
        rounds, asked = _race(bench, args.rounds, args.seconds)
        kept = town.audit_rows(bench.folder)
        _say("flush, bulk, start")
        flush = apart.flush(bench.folder)
        with _server("ministry", bench) as server:
            bulk = apart.bulk(server, bench.singles, bench.bulks, seconds=args.seconds)
        starts = (apart.start_s("--data", bench.folder), apart.start_s())
    result = Result(rounds=rounds, asked=asked, kept=kept, flush=flush, bulk=bulk, starts_s=starts)
    sys.stdout.write(markdown(result))
    if asked != kept or any(one.failed for played in rounds.values() for one in played):
        sys.exit("Some questions were not answered with 200, or have no audit row; the figures mean nothing.")


def _prepared(made: town.Town, scratch: Path) -> Bench:
    draw = random.Random(SEED)

    def codes(count: int) -> list[dict[str, str]]:
        return [{"hes_code": town.code_text(draw.randrange(town.PEOPLE))} for _ in range(count)]

    singles = [_request(made, PATH, body) for body in codes(REQUESTS)]
    bulks = [_request(made, f"{PATH}s", codes(apart.BULK_CODES)) for _ in range(BULKS)]
    for name, requests in (("singles", singles), ("bulks", bulks)):
        (scratch / f"{name}.json").write_text(json.dumps(requests))
    shutil.copytree(made.folder, scratch / "town")
    os.sync()  # the copy's way to the disk is not part of any flush
    return Bench(
        folder=scratch / "town",
        singles=scratch / "singles.json",
        bulks=scratch / "bulks.json",
        first=singles[0].encode(),
    )


def _request(made: town.Town, path: str, body: object) -> str:
    text = json.dumps(body, separators=(",", ":"))
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {made.authorization}\r\n"
    return (
        f"{head}Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {len(text)}\r\n\r\n{text}"
    )


def _race(bench: Bench, rounds: int, seconds: float) -> tuple[Rounds, int]:
    """What each server did in each round, and how many questions the ministry answered in all."""
    played: dict[tuple[str, int], list[Played]] = {(name, n): [] for name in SERVERS for n in CONNECTIONS}
    asked = 0
    for nth in range(rounds):
        for name in SERVERS if nth % 2 == 0 else SERVERS[::-1]:
            _say(f"round {nth + 1} of {rounds}: {name}")
            with _server(name, bench) as server:
                for connections in CONNECTIONS:
                    played[name, connections].append(server.play(bench.singles, connections, warm_s=1, seconds=seconds))
            asked += server.asked if name in KEEPING else 0
    return played, asked


def _server(name: str, bench: Bench) -> AbstractContextManager[Server]:
    if name in KEEPING:
        return serving("tests.bench.ministry", bench.folder, "{port}", name, request=bench.first)
    return serving("tests.bench.rivals", name, "{port}", request=bench.first)


def _say(what: str) -> None:
    sys.stderr.write(f"… {what}\n")


if __name__ == "__main__":
    main()
