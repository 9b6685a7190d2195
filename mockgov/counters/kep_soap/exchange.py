"""One call, from the bytes of the request to those of the answer."""

from dataclasses import dataclass
from typing import Final

from mockgov.counters.kep_soap import mtom
from mockgov.counters.kep_soap.desk import Desk
from mockgov.counters.kep_soap.envelope import Fault, read_call, write_answer, write_fault
from mockgov.refusal import Unavailable

XML: Final = "text/xml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What goes back over HTTP."""

    status: int
    """200, or 500 with a Fault (SOAP 1.1, section 6.2)."""
    content_type: str
    body: bytes


def answer(desk: Desk, body: bytes, *, content_type: str, accept: str) -> Answered:
    """Do what the request asks. As MTOM if it came so, or if the client says that it takes multipart/related."""
    as_mtom = mtom.MULTIPART in accept.lower() or content_type.strip().lower().startswith(mtom.MULTIPART)
    parts: list[mtom.Part] = []
    status = 200
    try:
        try:
            sent = mtom.read(body, content_type)
        except mtom.BadMultipart as bad:
            raise Fault(str(bad), key="badmultipart") from None
        call = read_call(sent.envelope, sent.charset, sent.parts)
        envelope, parts = write_answer(call.operation, desk.do(call.operation.name, call.values), mtom=as_mtom)
    except Fault as fault:
        status, envelope = 500, write_fault(fault)
    except Unavailable as down:
        status, envelope = 500, write_fault(Fault(str(down), code="Server", key="unavailable"))
    if not as_mtom:
        return Answered(status=status, content_type=XML, body=envelope)
    written, written_type = mtom.write(envelope, parts)
    return Answered(status=status, content_type=written_type, body=written)
