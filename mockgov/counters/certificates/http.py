"""Routes of the certificate authority's public counter."""

from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals

router = APIRouter(prefix="/pki", tags=["Certificates (public key infrastructure)"])

CERTIFICATE: Final = "application/pkix-cert"
CHAIN: Final = "application/x-pem-file"
CRL: Final = "application/pkix-crl"
OCSP_REQUEST: Final = "application/ocsp-request"
OCSP_RESPONSE: Final = "application/ocsp-response"
TSA_QUERY: Final = "application/timestamp-query"
TSA_REPLY: Final = "application/timestamp-reply"


def answer(kind: str, meaning: str) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI says of an answer in bytes."""
    return {200: {"description": meaning, "content": {kind: {"schema": {"type": "string", "format": "binary"}}}}}


def asked(kind: str) -> dict[str, Any]:
    """What the OpenAPI says of a body in bytes."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}}}
    return {"requestBody": {"required": True, "content": content}}


@router.get(
    "/{authority}.crt",
    response_class=Response,
    responses=answer(CERTIFICATE, "The certificate in DER") | refusals(404),
    summary="The certificate of an authority: root, qualified (persons and seals), kep (providers), tsa (time-stamps)",
)
async def certificate(authority: Annotated[str, Path(max_length=40)], ministry: Here) -> Response:
    return Response(ministry.signature.authority_certificate(authority), media_type=CERTIFICATE)


@router.get(
    "/chain.pem",
    response_class=Response,
    responses=answer(CHAIN, "The certificates in PEM, the root's first"),
    summary="The certificates of all authorities",
)
async def chain(ministry: Here) -> Response:
    return Response(ministry.signature.chain(), media_type=CHAIN)


@router.get(
    "/{issuer}.crl",
    response_class=Response,
    responses=answer(CRL, "The list in DER") | refusals(404),
    summary="What an authority (root, qualified, kep) has revoked",
)
async def crl(issuer: Annotated[str, Path(max_length=40)], ministry: Here) -> Response:
    return Response(ministry.signature.crl(issuer), media_type=CRL)


@router.post(
    "/ocsp",
    response_class=Response,
    responses=answer(OCSP_RESPONSE, "The answer in DER, errors included"),
    openapi_extra=asked(OCSP_REQUEST),
    summary="Ask whether certificates are good (OCSP)",
)
async def ocsp(request: Request, ministry: Here) -> Response:
    return Response(ministry.signature.ocsp(await request.body()), media_type=OCSP_RESPONSE)


@router.get(
    "/ocsp/{question:path}",
    response_class=Response,
    responses=answer(OCSP_RESPONSE, "The answer in DER, errors included"),
    summary="The same, with the request in base64 in the path",
)
async def ocsp_by_path(question: str, ministry: Here) -> Response:
    return Response(ministry.signature.ocsp(_unpacked(question)), media_type=OCSP_RESPONSE)


@router.post(
    "/tsa",
    response_class=Response,
    responses=answer(TSA_REPLY, "The answer in DER, rejections included"),
    openapi_extra=asked(TSA_QUERY),
    summary="Have a digest time-stamped (RFC 3161)",
)
async def time_stamp(request: Request, ministry: Here) -> Response:
    return Response(ministry.signature.tsa(await request.body()), media_type=TSA_REPLY)


def _unpacked(text: str) -> bytes:
    """The request; nothing, which is no request, if it is not in base64 of either alphabet."""
    plain = text.replace("+", "-").replace("/", "_").rstrip("=")
    try:
        return urlsafe_b64decode(plain.encode("ascii") + b"=" * (-len(plain) % 4))
    except (Base64Error, ValueError):
        return b""
