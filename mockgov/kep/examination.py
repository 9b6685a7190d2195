"""What a provider looks at before it takes a letter: size, head, recipients, signature, package."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha384, sha512

from mockgov.kep.content import Attachment, clean_line, is_package
from mockgov.kep.grounds import Reason
from mockgov.kep.messages import DepositLetter
from mockgov.kep.reading import Head, UnreadableLetter, read_content, read_head
from mockgov.kep.rules import MAX_BYTES, MAX_RECIPIENTS
from mockgov.vocabulary.kep_address import InvalidKepAddress, KepAddress
from mockgov.vocabulary.signed import Flaw, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Who judges signatures. None of them may raise, whatever bytes it is given."""

    verify_smime: Callable[[bytes], Verdict]
    """Of a whole signed message."""
    verify_cades: Callable[[bytes, bytes | None], Verdict]
    """(signature, document)."""
    verify_seal: Callable[[bytes, bytes | None], Verdict]
    """(seal of an institution, document)."""


def seals_by(verify_cades: Callable[[bytes, bytes | None], Verdict]) -> Callable[[bytes, bytes | None], Verdict]:
    """Judges seals by who judges persons' signatures: to that one a seal's certificate is of the wrong kind."""

    def verify_seal(seal: bytes, document: bytes | None) -> Verdict:
        verdict = verify_cades(seal, document)
        return replace(verdict, flaw=None) if verdict.flaw is Flaw.WRONG_KIND else verdict

    return verify_seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What was found. With a `reason` the letter is refused as a whole."""

    size: int
    sha384: str
    sha512: str
    message_id: str
    subject: str = ""
    recipients: tuple[KepAddress, ...] = ()
    reason: Reason | None = None
    detail: str = ""
    signature: Verdict
    is_package: bool = False
    package_signature: Verdict | None = None


def examine(order: DepositLetter, checks: Checks) -> Examined:
    """Look a deposited letter over, up to the first thing that is wrong with it. Never raises."""
    message = order.message
    digest = sha512(message).hexdigest()
    blank = Examined(
        size=len(message),
        sha384=sha384(message).hexdigest(),
        sha512=digest,
        message_id=f"<{digest[:32]}@{order.sender.provider}.kep.tr>",
        signature=Verdict(flaw=Flaw.MISSING, detail="The signature was not looked at."),
    )
    if blank.size > MAX_BYTES:
        return replace(blank, reason=Reason.TOO_LARGE, detail=f"{blank.size} bytes; {MAX_BYTES} are allowed.")
    try:
        head = read_head(message)
    except UnreadableLetter as error:
        return replace(blank, reason=Reason.UNREADABLE, detail=error.message)
    known = replace(blank, subject=head.subject, message_id=head.message_id or blank.message_id)
    recipients, fault, detail = _addressed(order, head)
    if fault is not None:
        return replace(known, recipients=recipients, reason=fault, detail=detail)
    signature = checks.verify_smime(message)
    seen = replace(known, recipients=recipients, signature=signature)
    if not signature.counts:
        reason = Reason.UNSIGNED if signature.flaw is Flaw.MISSING else Reason.BAD_SIGNATURE
        return replace(seen, reason=reason, detail=clean_line(signature.detail))
    return _with_content(seen, message, checks)


def _addressed(order: DepositLetter, head: Head) -> tuple[tuple[KepAddress, ...], Reason | None, str]:
    """The recipients, and what is wrong with the head, if anything."""
    if [_kep(address) for address in head.senders] != [order.sender]:
        return (), *_wrong_sender(head)
    if not head.recipients:
        return (), Reason.NO_RECIPIENT, ""
    if len(head.recipients) > MAX_RECIPIENTS:
        return (), Reason.TOO_MANY_RECIPIENTS, f"{len(head.recipients)}; {MAX_RECIPIENTS} are allowed."
    found = [_kep(address) for address in head.recipients]
    recipients = tuple(dict.fromkeys(address for address in found if address is not None))
    if None in found:
        return recipients, Reason.WRONG_RECIPIENT, f"Recipient {found.index(None) + 1} is no KEP address."
    if order.recipients is not None and {_kep(address) for address in order.recipients} != set(recipients):
        return recipients, Reason.ENVELOPE_MISMATCH, ""
    return recipients, None, ""


def _wrong_sender(head: Head) -> tuple[Reason, str]:
    if head.senders:
        return Reason.SENDER_MISMATCH, "The From field must be the one address that deposits."
    return Reason.NO_SENDER, "Sign the content only: From, To and Subject stay in front of what is signed."


def _kep(address: str) -> KepAddress | None:
    try:
        return KepAddress.parse(address)
    except InvalidKepAddress:
        return None


def _with_content(seen: Examined, message: bytes, checks: Checks) -> Examined:
    try:
        content = read_content(message)
    except UnreadableLetter as error:
        return replace(seen, reason=Reason.UNREADABLE, detail=error.message)
    packages = [one for one in content.attachments if is_package(one)]
    return _with_package(seen, packages, checks) if packages else seen


def _with_package(seen: Examined, packages: list[Attachment], checks: Checks) -> Examined:
    """A letter carries one package, whose signature and seal count."""
    from mockgov.kep.eyp import BadPackage, read_package  # noqa: PLC0415  heavy; wanted by few

    seen = replace(seen, is_package=True)
    if len(packages) > 1:
        return replace(seen, reason=Reason.BAD_PACKAGE, detail="There is more than one package; send each by itself.")
    try:
        package = read_package(packages[0].data)
    except BadPackage as error:
        return replace(seen, reason=Reason.BAD_PACKAGE, detail=error.message)
    verdict = checks.verify_cades(package.signature, package.summary)
    if not verdict.counts:
        detail = clean_line(f"The signature does not count: {verdict.detail}")
        return replace(seen, reason=Reason.BAD_PACKAGE, detail=detail)
    sealed = checks.verify_seal(package.seal, package.final_summary)
    if not sealed.counts:
        detail = clean_line(f"The seal does not count: {sealed.detail}")
        return replace(seen, reason=Reason.BAD_PACKAGE, detail=detail)
    return replace(seen, package_signature=verdict)
