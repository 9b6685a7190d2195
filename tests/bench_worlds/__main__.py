"""`python -m tests.bench_worlds` prints the README's table of worlds and of the test kit.

With 100,000 people and codes; `--people` takes another number. Nothing else should run beside it.
"""

import argparse
import sys

from tests.bench_joining.start import start
from tests.bench_worlds import copies, kit
from tests.bench_worlds.report import table


def main() -> None:
    """Measure, then print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=100_000)
    people = options.parse_args().people
    tests = kit.measure()
    started = start()
    sys.stdout.write("\n".join(table(copies.measure(people), tests, started)) + "\n")


if __name__ == "__main__":
    main()
