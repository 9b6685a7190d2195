"""The lab writes e-Yazışma packages that a reader of them takes."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from mockgov.kep.eyp import read_package
from tests.mockgov.counters.town import Town

PDF = b"%PDF-1.4 letter"


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def write(town: Town, **changes: Any) -> Any:
    body = {
        "institution_id": 1,
        "citizen_id": 1,
        "document_number": "2021/17",
        "subject": "HES entegrasyonu",
        "letter_base64": b64encode(PDF).decode(),
        "attachments": [
            {"name": "form ğ.pdf", "content_type": "application/pdf", "data_base64": b64encode(b"%PDF-f").decode()}
        ],
    }
    return town.client.post("/_lab/kep/packages", json=body | changes)


def test_a_package_is_signed_sealed_and_whole(town: Town) -> None:
    """Letter and enclosure come out as they went in; the person's signature and the institution's seal count."""
    answer = write(town)
    assert answer.status_code == 201
    package = read_package(b64decode(answer.json()["package_base64"]))
    assert (package.document_id, package.document_number) == (answer.json()["document_id"], "2021/17")
    assert (package.letter.data, [one.data for one in package.attachments]) == (PDF, [b"%PDF-f"])
    signature = town.ministry.signature
    verdict = signature.verify_cades(package.signature, package.summary)
    assert (verdict.flaw, verdict.identity_number) == (None, town.mother.identity.digits)
    assert signature.verify_seal(package.seal, package.final_summary).counts


def test_the_same_letter_at_the_same_moment_is_the_same_package(town: Town) -> None:
    """And another letter has another number for ever."""
    first, second, other = write(town).json(), write(town).json(), write(town, subject="Başka").json()
    assert first == second
    assert other["document_id"] != first["document_id"]


@pytest.mark.parametrize(
    ("changes", "status", "key"),
    [
        ({"institution_id": 99}, 404, "institutionnotfound"),
        ({"citizen_id": 99}, 404, "citizennotfound"),
        ({"letter_base64": "eA=="}, 400, "badfile"),
        ({"letter_base64": "%%%"}, 400, "badfile"),
        ({"document_number": " "}, 400, "baddocumentnumber"),
        ({"attachments": [{"name": "x", "content_type": "x", "data_base64": "-"}]}, 400, "badfile"),
    ],
)
def test_what_cannot_be_written(town: Town, changes: dict[str, Any], status: int, key: str) -> None:
    """Nothing is kept of it but, at most, a certificate."""
    answer = write(town, **changes)
    assert (answer.status_code, answer.json()["errorKey"]) == (status, key)
