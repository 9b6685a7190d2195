"""The ministry as `hes serve --data` runs it: `python -m tests.bench.ministry FOLDER PORT ministry`.

In place of the last word `unflushed` shows what the disk costs: SQLite hands audit rows to the operating system and
does not wait. That is no way to run a ministry.
"""

import sys
from pathlib import Path

from mockgov.app import create_app
from mockgov.server import bind, serve
from mockgov.world import DEFAULT
from mockgov.worlds import Worlds


def main(folder: Path, port: int, variant: str) -> None:
    """Serve until SIGTERM."""
    listening = bind("127.0.0.1", port)
    worlds = Worlds(data=folder, running=True)
    if variant == "unflushed":
        worlds.get(DEFAULT).world.database.connection.exec_driver_sql("PRAGMA synchronous=OFF")
    serve(create_app(worlds), listening)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
