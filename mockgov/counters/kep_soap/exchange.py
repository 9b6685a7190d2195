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
    operation: str = ""
    """Which one it was, if it could be read."""
    refusal: str = ""
    """The key of the rule that refused; empty for none."""


def answer(desk: Desk, body: bytes, *, content_type: str, accept: str) -> Answered:
    """Do what the request asks. As MTOM if it came so, or if the client says that it takes multipart/related."""
    as_mtom = mtom.MULTIPART in accept.lower() or content_type.strip().lower().startswith(mtom.MULTIPART)
    parts: list[mtom.Part] = []
    status, operation, refusal = 200, "", ""
    try:
        try:
            sent = mtom.read(body, content_type)
        except mtom.BadMultipart as bad:
            raise Fault(str(bad), key="badmultipart") from None
        call = read_call(sent.envelope, sent.charset, sent.parts)
        operation = call.operation.name
        envelope, parts = write_answer(call.operation, desk.do(call.operation.name, call.values), mtom=as_mtom)
        refusal = desk.refusal
    except Fault as fault:
        status, envelope, refusal = 500, write_fault(fault), fault.key
    except Unavailable as down:
        status, envelope, refusal = 500, write_fault(Fault(str(down), code="Server", key="unavailable")), "unavailable"
    written, written_type = mtom.write(envelope, parts) if as_mtom else (envelope, XML)
    return Answered(status=status, content_type=written_type, body=written, operation=operation, refusal=refusal)
