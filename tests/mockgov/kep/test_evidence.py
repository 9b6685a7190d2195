"""Evidence: the XML, when it is made, and how long it is kept."""

import re
from base64 import b64encode
from datetime import timedelta
from hashlib import sha384, sha512
from xml.etree import ElementTree as ET

import pytest

from mockgov.kep.evidence import evidence_text
from mockgov.kep.evidence_types import EvidenceType
from mockgov.kep.messages import DepositLetter
from mockgov.kep.rules import UnknownEvidence
from mockgov.vocabulary.kep_address import KepAddress
from tests.mockgov.kep.post import COMPANY, MINISTRY, OTHER, Post, letter

REM = "{http://uri.etsi.org/02640/v2#}"
DSIG = "{http://www.w3.org/2000/09/xmldsig#}"


def said(root: ET.Element, path: str) -> str:
    return root.findtext("/".join(f"{REM}{step}" for step in path.split("/")), "")


def test_what_evidence_says(post: Post) -> None:
    """Read by another parser: who, to whom, what, when, and that it is a sandbox's."""
    post.send(COMPANY, MINISTRY, OTHER)
    post.wait(minutes=2)
    delivery = post.kep.evidence_of(1)[-1]
    root = ET.fromstring(post.kep.evidence(delivery.evidence_id))
    assert root.tag == f"{REM}DeliveryNonDeliveryToRecipient"
    assert root.get("version") == "2.1.1"
    assert said(root, "EventCode") == "http:uri.etsi.org/02640/Event#Delivery"
    assert said(root, "EvidenceIssuerDetails/AttributedElectronicAddress") == "hs02.kep.tr"
    assert said(root, "EventTime") == "2021-10-04T09:02:00.000+03:00"
    assert said(root, "SubmissionTime") == "2021-10-04T09:00:00.000+03:00"
    assert said(root, "SenderDetails/AttributedElectronicAddress") == "cinar@hs01.kep.tr"
    assert said(root, "SenderDetails/NamesPostalAddresses/NamePostalAddress/EntityName/Name") == "cinar kurumu"
    everybody = [one.text for one in root.findall(f"{REM}RecipientsDetails//{REM}AttributedElectronicAddress")]
    assert everybody == ["sb@hs01.kep.tr", "nar@hs02.kep.tr"]
    assert said(root, "EvidenceRefersToRecipient") == "2"
    assert said(root, "SenderMessageDetails/MessageSubject") == "Erişim talebi"
    assert said(root, "SenderMessageDetails/UAMessageIdentifier") == "<1@cinar.example>"
    notice = root.find(f"{REM}Extensions/{REM}Extension/{{urn:hes-sandbox:kep}}Notice")
    assert notice.text == "SANDBOX — hukuki geçerliliği yoktur"
    assert notice.get("delil") == "İletinin alıcının KEP hesabına teslim edildiğine dair delil"


def test_elements_stand_in_the_standards_order(post: Post) -> None:
    """That of `REMEvidenceType`; what is optional may be missing."""
    order = [
        "EventCode",
        "EventReasons",
        "EvidenceIdentifier",
        "EvidenceIssuerPolicyID",
        "EvidenceIssuerDetails",
        "SenderAuthenticationDetails",
        "RecipientAuthenticationDetails",
        "EventTime",
        "SubmissionTime",
        "SenderDetails",
        "RecipientsDetails",
        "EvidenceRefersToRecipient",
        "SenderMessageDetails",
        "Extensions",
    ]
    post.send(COMPANY, MINISTRY)
    post.send(COMPANY, MINISTRY, flaw="expired")
    for number in (1, 2, 3):
        names = [one.tag.removeprefix(REM) for one in ET.fromstring(post.kep.evidence(number))]
        assert names == [name for name in order if name in names]
        assert len(names) >= 10


def test_every_element_by_name(post: Post) -> None:
    """All that the schema of the standard asks for, in its order."""
    post.send(COMPANY, MINISTRY)
    names = [one.tag.rpartition("}")[2] for one in ET.fromstring(post.kep.evidence(2)).iter()]
    assert names == [
        "DeliveryNonDeliveryToRecipient",
        "EventCode",
        "EvidenceIdentifier",
        "EvidenceIssuerPolicyID",
        "PolicyID",
        "EvidenceIssuerDetails",
        "NamesPostalAddresses",
        "NamePostalAddress",
        "EntityName",
        "Name",
        "AttributedElectronicAddress",
        "SenderAuthenticationDetails",
        "AuthenticationTime",
        "AuthenticationMethod",
        "EventTime",
        "SubmissionTime",
        "SenderDetails",
        "NamesPostalAddresses",
        "NamePostalAddress",
        "EntityName",
        "Name",
        "AttributedElectronicAddress",
        "RecipientsDetails",
        "EntityDetails",
        "NamesPostalAddresses",
        "NamePostalAddress",
        "EntityName",
        "Name",
        "AttributedElectronicAddress",
        "EvidenceRefersToRecipient",
        "SenderMessageDetails",
        "MessageSubject",
        "UAMessageIdentifier",
        "MessageIdentifierByREMMD",
        "DigestMethod",
        "DigestValue",
        "Extensions",
        "Extension",
        "Notice",
        "DigestMethod",
        "DigestValue",
    ]


def test_digests_are_the_letters(post: Post) -> None:
    done = post.send(COMPANY, MINISTRY)
    raw = letter(COMPANY, MINISTRY)
    root = ET.fromstring(post.kep.evidence(done.evidence_id))
    values = [one.text for one in root.iter(f"{DSIG}DigestValue")]
    assert values == [b64encode(sha512(raw).digest()).decode(), b64encode(sha384(raw).digest()).decode()]


def test_refusal_evidence_says_why(post: Post) -> None:
    done = post.send(COMPANY, MINISTRY, flaw="revoked")
    root = ET.fromstring(post.kep.evidence(done.evidence_id))
    assert root.tag == f"{REM}SubmissionAcceptanceRejection"
    assert said(root, "EventCode") == "http:uri.etsi.org/02640/Event#Rejection"
    assert said(root, "EventReasons/EventReason/Code") == "urn:hes-sandbox:kep:reason:bad-signature"
    assert said(root, "EventReasons/EventReason/Details") == (
        "İletinin elektronik imzası geçersiz; geçerli bir sertifika ile yeniden imzalayınız. "
        "The letter's signature does not count; sign again with a valid qualified certificate. Twin: revoked."
    )


def test_it_is_signed_once_as_of_its_own_moment(post: Post) -> None:
    """Read a year later it bears the moment at which it came about; the archive keeps the bytes."""
    done = post.send(COMPANY, OTHER)
    assert post.store.archived(done.evidence_id) is None
    post.wait(days=365)
    first = post.kep.evidence(done.evidence_id)
    assert first.endswith(b"<!-- signed by hs01 at 2021-10-04T06:00:00+00:00 -->")
    assert post.store.archived(done.evidence_id) == first
    post.wait(days=365)
    assert post.kep.evidence(done.evidence_id) == first


def test_the_same_story_gives_the_same_bytes() -> None:
    """Whenever it is read, and in whatever order."""

    def story(order: tuple[int, ...], days: int) -> dict[int, bytes]:
        post = Post().open_three()
        post.send(COMPANY, OTHER)
        post.wait(days=3 + days)
        return {number: post.kep.evidence(number) for number in order}

    assert story((1, 2, 3, 4), 0) == story((4, 2, 1, 3), 50)


def test_each_piece_has_an_identifier_of_its_own(post: Post) -> None:
    post.send(COMPANY, MINISTRY, OTHER)
    post.wait(days=3)
    roots = [ET.fromstring(post.kep.evidence(row.evidence_id)) for row in post.kep.evidence_of(1)]
    assert len({said(root, "EvidenceIdentifier") for root in roots}) == 6
    assert all(root.get("Id") == f"d{said(root, 'EvidenceIdentifier')}" for root in roots)


def test_after_twenty_years_there_is_none(post: Post) -> None:
    done = post.send(COMPANY, MINISTRY)
    post.kep.download(MINISTRY, 1)
    post.clock.move_to(post.clock.now().replace(year=2041) - timedelta(microseconds=1))
    assert post.kep.evidence(done.evidence_id)
    post.clock.move_to(post.clock.now() + timedelta(microseconds=1))
    with pytest.raises(UnknownEvidence):
        post.kep.evidence(done.evidence_id)


@pytest.mark.parametrize("subject", ["<&>\"'", "\0\x01\ud800", "x" * 5000, "İı ğ \uffff", "]]>"])
def test_no_subject_breaks_the_xml(post: Post, subject: str) -> None:
    field = b"Subject: " + subject.encode("utf-8", "surrogatepass")
    raw = re.sub(rb"Subject: [^\r]*", lambda _: field, letter(COMPANY, MINISTRY))
    done = post.kep.deposit(DepositLetter(sender=COMPANY, message=raw))
    assert done.accepted
    assert done.letter.subject != "Erişim talebi"
    assert said(ET.fromstring(post.kep.evidence(done.evidence_id)), "SenderMessageDetails/MessageSubject") == (
        done.letter.subject
    )


def test_the_name_of_evidence_is_turkish() -> None:
    assert evidence_text(EvidenceType.SUBMISSION, positive=False) == (
        "İletinin KEPHS tarafından reddedildiğine dair delil"
    )


def test_a_refused_recipients_name_may_be_unknown(post: Post) -> None:
    done = post.send(COMPANY, KepAddress(account="yok", provider="hs02"))
    root = ET.fromstring(post.kep.evidence(done.evidence_id))
    assert said(root, "RecipientsDetails/EntityDetails/AttributedElectronicAddress") == "yok@hs02.kep.tr"
