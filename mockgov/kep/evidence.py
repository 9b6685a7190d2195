"""The XML of a piece of evidence (*delil*), as ETSI TS 102 640-2 names its elements; not signed yet."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime

from lxml import etree

from mockgov.clock import TURKEY
from mockgov.kep.evidence_types import Evidence, event_code, evidence_text
from mockgov.kep.grounds import Reason, english, turkish
from mockgov.kep.rules import PROVIDERS, SANDBOX, Delivery, Letter
from mockgov.vocabulary.kep_address import KepAddress

__all__ = ["evidence_text", "evidence_xml"]

REM = "http://uri.etsi.org/02640/v2#"
"""The namespace of ETSI TS 102 640-2."""
DSIG = "http://www.w3.org/2000/09/xmldsig#"
SANDBOX_NS = "urn:hes-sandbox:kep"
"""Of what is put into `Extensions`: the standard leaves its content open."""
VERSION = "2.1.1"
POLICY = "urn:hes-sandbox:kep:policy:1"
AUTHENTICATION = "urn:hes-sandbox:kep:password-and-smime"
REASONS = "urn:hes-sandbox:kep:reason:"
SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384"
SHA512 = "http://www.w3.org/2001/04/xmlenc#sha512"


def evidence_xml(
    row: Evidence,
    letter: Letter,
    deliveries: Sequence[Delivery],
    *,
    names: Mapping[KepAddress, str],
    identifier: str,
) -> bytes:
    """One piece of evidence; its root element is its type. `names` has the holders of the accounts.

    The same row gives the same bytes. The element order is that of the standard's `REMEvidenceType`.
    """
    root = etree.Element(
        f"{{{REM}}}{row.type.value}", version=VERSION, Id=f"d{identifier}", nsmap={None: REM, "ds": DSIG}
    )
    _add(root, "EventCode", event_code(row.type, positive=row.positive))
    if row.reason is not None:
        _reason(_add(root, "EventReasons"), row.reason, letter.detail if row.recipient is None else "")
    _add(root, "EvidenceIdentifier", identifier)
    _add(_add(root, "EvidenceIssuerPolicyID"), "PolicyID", POLICY)
    _entity(_add(root, "EvidenceIssuerDetails"), PROVIDERS[row.provider], f"{row.provider}.kep.tr", "dns")
    authenticated = _add(root, "SenderAuthenticationDetails")
    _add(authenticated, "AuthenticationTime", _time(letter.submitted_at))
    _add(authenticated, "AuthenticationMethod", AUTHENTICATION)
    _add(root, "EventTime", _time(row.at))
    _add(root, "SubmissionTime", _time(letter.submitted_at))
    _person(_add(root, "SenderDetails"), letter.sender, names)
    everybody = _add(root, "RecipientsDetails")
    if not deliveries:
        _add(everybody, "EntityDetails")
    for one in deliveries:
        _person(_add(everybody, "EntityDetails"), one.recipient, names)
    if row.nth:
        _add(root, "EvidenceRefersToRecipient", str(row.nth))
    _message(_add(root, "SenderMessageDetails"), letter)
    extension = _add(_add(root, "Extensions"), "Extension")
    notice = etree.SubElement(extension, f"{{{SANDBOX_NS}}}Notice", nsmap={"s": SANDBOX_NS})
    notice.text = SANDBOX
    notice.set("delil", row.text)
    _digest(extension, SHA384, letter.sha384)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _reason(parent: "etree._Element", reason: Reason, detail: str) -> None:
    one = _add(parent, "EventReason")
    _add(one, "Code", f"{REASONS}{reason.value}")
    _add(one, "Details", " ".join(text for text in (turkish(reason), english(reason), detail) if text))


def _person(parent: "etree._Element", address: KepAddress, names: Mapping[KepAddress, str]) -> None:
    _entity(parent, names.get(address, ""), address.address, "mailto")


def _entity(parent: "etree._Element", name: str, address: str, scheme: str) -> None:
    if name:
        holder = _add(_add(parent, "NamesPostalAddresses"), "NamePostalAddress")
        _add(_add(holder, "EntityName"), "Name", name)
    _add(parent, "AttributedElectronicAddress", address).set("scheme", scheme)


def _message(parent: "etree._Element", letter: Letter) -> None:
    parent.set("isNotification", "false")
    _add(parent, "MessageSubject", letter.subject)
    _add(parent, "UAMessageIdentifier", letter.message_id)
    _add(parent, "MessageIdentifierByREMMD", str(letter.letter_id))
    _digest(parent, SHA512, letter.sha512)


def _digest(parent: "etree._Element", method: str, value: str) -> None:
    etree.SubElement(parent, f"{{{DSIG}}}DigestMethod", Algorithm=method)
    etree.SubElement(parent, f"{{{DSIG}}}DigestValue").text = b64encode(bytes.fromhex(value)).decode()


def _time(moment: datetime) -> str:
    return moment.astimezone(TURKEY).isoformat(timespec="milliseconds")


def _add(parent: "etree._Element", name: str, text: str | None = None) -> "etree._Element":
    child = etree.SubElement(parent, f"{{{REM}}}{name}")
    child.text = text
    return child
