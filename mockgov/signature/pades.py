"""PAdES signatures with a time-stamp (baseline B-T of ETSI EN 319 142-1), written by pyHanko as an own revision.

What pyHanko would draw at random, the file's second identifier, is made from the document instead.
"""

from datetime import datetime
from hashlib import blake2b
from io import BytesIO
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from mockgov.clock import TURKEY
from mockgov.signature.authority import Signer
from mockgov.signature.cades import sign_cades
from mockgov.signature.certificates import subject_text
from mockgov.signature.cms import Content
from mockgov.signature.rules import SANDBOX, NotSignable
from mockgov.signature.timestamping import TimeStamps
from mockgov.signature.trouble import TROUBLE

ROOM: Final = 2 * 12_288
"""Hexadecimal digits kept free for the CMS; one with RSA keys has half as many bytes."""
BOX: Final = (0, 0, 0, 0)
"""The field has no place on the page: an invisible signature."""


class _Revision(IncrementalPdfFileWriter):
    """A revision without anything drawn at random or read from the wall clock."""

    at: datetime

    @classmethod
    def _handle_id(cls, prev: Any) -> Any:
        stream = prev.stream
        stream.seek(0)
        made = generic.ByteStringObject(blake2b(stream.read(), digest_size=16).digest())
        try:
            first = generic.ByteStringObject(bytes(prev.trailer["/ID"][0].original_bytes))
        except TROUBLE:
            first = made
        return generic.ArrayObject([first, made])

    def _update_meta(self) -> None:
        """The document's metadata stay as they are."""


def sign_pades(signer: Signer, pdf: bytes, stamps: TimeStamps, at: datetime) -> bytes:
    """The PDF with one more revision, which signs all before it. Raises `NotSignable` for what is no PDF."""
    try:
        return _sign(signer, pdf, stamps, at)
    except NotSignable:
        raise
    except (*TROUBLE, PdfError, SigningError, OSError):
        raise NotSignable("This is no PDF that can be signed; send a whole, unencrypted one.") from None


def _sign(signer: Signer, pdf: bytes, stamps: TimeStamps, at: datetime) -> bytes:
    writer = _Revision(BytesIO(pdf))
    if writer.security_handler is not None:
        raise NotSignable("An encrypted PDF cannot be signed here; send it without encryption.")
    field = f"Imza{1 + sum(1 for _ in enumerate_sig_fields(writer))}"
    embedding = PdfCMSEmbedder(SigFieldSpec(field, box=BOX)).write_cms(field, writer)
    next(embedding)
    placeholder = SignatureObject(
        timestamp=at.astimezone(TURKEY).replace(microsecond=0),
        name=subject_text(signer.certificate),
        reason=SANDBOX,
        subfilter=SigSeedSubFilter.PADES,
        bytes_reserved=ROOM,
    )
    embedding.send(SigObjSetup(sig_placeholder=placeholder))
    prepared, output = embedding.send(SigIOSetup(md_algorithm=signer.hash_name))
    whole = output.getvalue()
    covered = whole[: prepared.reserved_region_start] + whole[prepared.reserved_region_end :]
    content = Content(data=covered, enclosed=False)
    embedding.send(sign_cades(signer, content, stamps, at, claims_time=False))
    return bytes(output.getvalue())
