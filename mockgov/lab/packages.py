"""A lab route that writes e-Yazışma packages, as an institution's document management system would."""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, StringConstraints
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.clock import to_us
from mockgov.counters.body import Strict
from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.kep.content import Attachment
from mockgov.lab.wire import Row, Text
from mockgov.ministry import Ministry
from mockgov.refusal import Refused
from mockgov.registry.rules import Citizen
from mockgov.signature.messages import IssueCertificate

router = APIRouter(prefix="/_lab/kep", tags=["Lab (the sandbox's own controls)"])
Base64 = Annotated[str, StringConstraints(max_length=1 << 26)]
MINISTRY_NUMBER = "24301050"
"""A made-up number of the register of public bodies (DETSİS)."""


class BadFile(Refused):
    """A file that is not in base64."""

    key = "badfile"


class FileBody(Strict):
    """A file."""

    name: Text
    content_type: Text
    data_base64: Base64


class NewPackageBody(Strict):
    """An official letter to the ministry: the letter as a PDF, its enclosures, who signs, whose seal it bears."""

    institution_id: Row
    citizen_id: Row
    document_number: Text
    subject: Text
    title: Text = "Genel Müdür"
    letter_base64: Base64
    attachments: list[FileBody] = Field([], max_length=100)


class PackageShown(TypedDict):
    """A package, ready to be attached to a registered letter."""

    document_id: str
    document_number: str
    package_base64: str


@router.post(
    "/packages",
    status_code=201,
    responses=refusals(404),
    summary="Write an e-Yazışma package (EYP 2.0), signed by a person and sealed by an institution",
)
async def write(body: NewPackageBody, ministry: Here) -> PackageShown:
    """The same body at the same moment gives the same bytes."""
    from mockgov.kep.eyp import Body, NewPackage, Signer, write_package  # noqa: PLC0415  heavy; wanted by few

    institution = ministry.registry.institution(body.institution_id)
    person = ministry.registry.citizen(body.citizen_id)
    now = ministry.world.now()
    order = NewPackage(
        document_id=_document_id(ministry, body, to_us(now)),
        document_number=body.document_number,
        subject=body.subject,
        sender=Body(number=institution.vkn.digits, name=institution.name),
        recipients=(Body(number=MINISTRY_NUMBER, name="Sağlık Bakanlığı"),),
        letter=Attachment(name="resmi-yazi.pdf", content_type="application/pdf", data=_pdf(body.letter_base64)),
        attachments=tuple(
            Attachment(name=one.name, content_type=one.content_type, data=_bytes(one.data_base64))
            for one in body.attachments
        ),
        signers=(Signer(firstname=person.firstname, lastname=person.lastname, title=body.title),),
    )
    serial = _certificate(ministry, person)
    package = write_package(
        order,
        at=now,
        sign=lambda document: ministry.signature.sign_cades(serial, document),
        seal=lambda document: ministry.signature.seal(institution.name, document),
    )
    return {
        "document_id": order.document_id,
        "document_number": order.document_number,
        "package_base64": b64encode(package).decode(),
    }


def _document_id(ministry: Ministry, body: NewPackageBody, at_us: int) -> str:
    """A UUID of the letter's own, made from what it says."""
    said = hashlib.sha256(body.model_dump_json().encode("utf-8", "backslashreplace")).hexdigest()
    return str(UUID(bytes=ministry.world.streams.secret("lab.package", said, at_us, size=16), version=4)).upper()


def _certificate(ministry: Ministry, person: Citizen) -> str:
    """A good qualified certificate of the person's; a new one if there is none."""
    order = IssueCertificate(
        identity_number=person.identity.digits, firstname=person.firstname, lastname=person.lastname
    )
    return ministry.signature.certificate_for(order).serial


def _pdf(text: str) -> bytes:
    data = _bytes(text)
    if not data.startswith(b"%PDF-"):
        raise BadFile("The letter itself must be a PDF (EYP 2.0, UstYazi). Send one.")
    return data


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        raise BadFile("A file must be in base64 (RFC 4648), without blanks. Encode it again.") from None
