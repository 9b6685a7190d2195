"""The world's time-stamp authority (RFC 3161): says that something was there at a moment of the world's time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asn1crypto import tsp

from mockgov.clock import to_us
from mockgov.signature.authority import Authority
from mockgov.signature.certificates import POLICIES
from mockgov.signature.cms import TST_INFO, Content, digest_algorithm, signed_data
from mockgov.signature.der import is_der
from mockgov.signature.encoding import integer, octets, oid, precise, sequence
from mockgov.signature.keys import HASHES, digest
from mockgov.signature.rules import Profile
from mockgov.signature.trouble import TROUBLE

POLICY: Final = POLICIES[Profile.TIME_STAMP]


class TimeStamps:
    """Stamps of one world's authority."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority

    def token(self, data: bytes, at: datetime) -> bytes:
        """A token upon data, as a CMS with the authority's certificate."""
        hash_name = self._authority.keys.hash_name
        return self._token(_Wanted(hash_name, digest(data, hash_name), None, True), at)

    def response(self, request: bytes, at: datetime) -> bytes:
        """The answer to a time-stamp request; a rejection to what cannot be read or stamped."""
        try:
            wanted = _read(request)
        except _Rejected as rejected:
            return _rejection(rejected.failure, str(rejected))
        return sequence(sequence(integer(0)), self._token(wanted, at))

    def _token(self, wanted: "_Wanted", at: datetime) -> bytes:
        imprint = sequence(digest_algorithm(wanted.hash_name), octets(wanted.digest))
        serial = self._authority.keys.serial("stamp", imprint.hex(), str(to_us(at)), str(wanted.nonce))
        info = sequence(
            integer(1),
            oid(POLICY),
            imprint,
            integer(serial),
            precise(at),
            sequence(integer(1)),
            b"" if wanted.nonce is None else integer(wanted.nonce),
        )
        content = Content(data=info, enclosed=True, kind=TST_INFO)
        stamper = self._authority.time_stamper
        return signed_data(stamper, content, signing_time=at, certificates=wanted.with_certificate)


class _Rejected(Exception):  # noqa: N818  an answer, not a malfunction
    def __init__(self, failure: str, message: str) -> None:
        super().__init__(message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class _Wanted:
    hash_name: str
    digest: bytes
    nonce: int | None
    with_certificate: bool


def _read(request: bytes) -> _Wanted:
    """What is asked for. Raises `_Rejected`."""
    if not is_der(request):
        raise _Rejected("bad_data_format", "This is no time-stamp request in DER.")
    try:
        read = tsp.TimeStampReq.load(request, strict=True)
        imprint, nonce, policy = read["message_imprint"], read["nonce"].native, read["req_policy"].native
        algorithm, stamped = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        version, with_certificate = read["version"].native, read["cert_req"].native
    except TROUBLE:
        raise _Rejected("bad_data_format", "This is no time-stamp request.") from None
    if version != "v1" or (nonce is not None and not 0 <= nonce < 1 << 512):
        raise _Rejected("bad_request", "Version 1 with a nonce of 512 bits at most is understood.")
    if algorithm not in HASHES:
        raise _Rejected("bad_alg", "SHA-256, SHA-384 and SHA-512 are stamped.")
    if len(stamped) != HASHES[algorithm]().digest_size:
        raise _Rejected("bad_data_format", "The digest is not as long as its algorithm's.")
    if policy not in {None, POLICY}:
        raise _Rejected("unaccepted_policy", f"Stamps are made under the policy {POLICY}.")
    return _Wanted(algorithm, stamped, nonce, with_certificate)


def _rejection(failure: str, message: str) -> bytes:
    status = {"status": "rejection", "status_string": [message], "fail_info": {failure}}
    return sequence(tsp.PKIStatusInfo(status).dump())
