"""The ministry as `hes serve --data` runs it: `python -m tests.bench.ministry FOLDER PORT [VARIANT]`.

Two variants show what durability costs; neither is a way to run a ministry:
- `unflushed`: SQLite hands audit rows to the operating system and does not wait for the disk;
- `unwritten`: audit rows stay in memory.
"""

import sys
from pathlib import Path

from mockgov.app import create_app
from mockgov.queries.batch import Batch
from mockgov.queries.store import InMemoryAudit
from mockgov.server import bind, serve
from mockgov.worlds import DEFAULT, Worlds


def main(folder: Path, port: int, variant: str) -> None:
    """Serve until SIGTERM."""
    listening = bind("127.0.0.1", port)
    worlds = Worlds(data=folder, running=True)
    ministry = worlds.get(DEFAULT)
    if variant == "unflushed":
        ministry.world.database.connection.exec_driver_sql("PRAGMA synchronous=OFF")
    elif variant == "unwritten":
        ministry.batch.close()
        ministry.queries.store = InMemoryAudit()
        ministry.batch = Batch(ministry.queries)
    serve(create_app(worlds), listening)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), (*sys.argv[3:], "")[0])
