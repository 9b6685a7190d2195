"""`python -m tests.examples` writes the examples of the OpenAPI anew; look at the difference before you commit it."""

from pathlib import Path

from mockgov.api import make_api
from tests.examples.recording import record, written

FILE = Path(__file__).resolve().parents[2] / "mockgov" / "lab" / "examples.json"

if __name__ == "__main__":
    FILE.write_text(written(record(make_api().openapi())), encoding="utf-8")
