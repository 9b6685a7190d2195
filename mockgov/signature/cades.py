"""CAdES signatures with a time-stamp (baseline B-T of ETSI EN 319 122-1), and the document inside of one."""

from datetime import datetime

from asn1crypto import cms

from mockgov.signature.authority import Signer
from mockgov.signature.cms import Content, signed_data
from mockgov.signature.rules import NotEnveloping
from mockgov.signature.timestamping import TimeStamps

UNREADABLE = "This is no CMS signature with a document inside; send the enveloping form."


def sign_cades(
    signer: Signer, content: Content, stamps: TimeStamps, at: datetime, *, claims_time: bool = True
) -> bytes:
    """A CMS in DER. PAdES must not claim a signing time of its own (EN 319 142-1), CAdES must."""
    return signed_data(
        signer,
        content,
        signing_time=at if claims_time else None,
        stamp=lambda value: stamps.token(value, at),
    )


def enveloped(signature: bytes) -> bytes:
    """The document inside; whether the signature is any good is another question. Raises `NotEnveloping`."""
    try:
        read = cms.ContentInfo.load(signature)
        if read["content_type"].native != "signed_data":
            raise NotEnveloping(UNREADABLE)
        document = read["content"]["encap_content_info"]["content"].native
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, AttributeError):
        raise NotEnveloping(UNREADABLE) from None
    if not isinstance(document, bytes):
        raise NotEnveloping(UNREADABLE)
    return document
