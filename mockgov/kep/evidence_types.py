"""Evidence (*delil*): its types, their names and numbers, and one row of it. Pure.

Types and event codes are those of ETSI TS 102 640-2 V2.1.1, annex B; `http:uri…` without slashes is how it is printed
there. The numbers are PTT's `DelilTurId`: 10, 11, 20, 21, 31, 40, 41 and 60 as public clients of the service have them,
50, 51, 61, 70 and 71 chosen here in the same manner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from mockgov.kep.grounds import Reason
from mockgov.kep.rules import State
from mockgov.vocabulary.kep_address import KepAddress


class EvidenceType(StrEnum):
    """The seven that a provider issues."""

    SUBMISSION = "SubmissionAcceptanceRejection"
    RELAY = "RelayREMMDAcceptanceRejection"
    RELAY_FAILURE = "RelayREMMDFailure"
    DELIVERY = "DeliveryNonDeliveryToRecipient"
    DOWNLOAD = "DownloadNonDownloadByRecipient"
    RETRIEVAL = "RetrievalNonRetrievalByRecipient"
    ACCEPTANCE = "AcceptanceRejectionByRecipient"


class Kind(NamedTuple):
    """One of the two faces of a type."""

    number: int
    """PTT's `DelilTurId`."""
    event: str
    """What stands behind `Event#` in the event code."""
    turkish: str


KINDS: Mapping[tuple[EvidenceType, bool], Kind] = MappingProxyType(
    {
        (EvidenceType.SUBMISSION, True): Kind(
            10, "Acceptance", "İletinin KEPHS tarafından kabul edildiğine dair delil"
        ),
        (EvidenceType.SUBMISSION, False): Kind(11, "Rejection", "İletinin KEPHS tarafından reddedildiğine dair delil"),
        (EvidenceType.RELAY, True): Kind(
            20, "Acceptance", "İletinin alıcının KEPHS'si tarafından kabul edildiğine dair delil"
        ),
        (EvidenceType.RELAY, False): Kind(
            21, "Rejection", "İletinin alıcının KEPHS'si tarafından reddedildiğine dair delil"
        ),
        (EvidenceType.RELAY_FAILURE, False): Kind(
            31, "DeliveryExpiration", "İletinin alıcının KEPHS'sine gönderilemediğine dair delil"
        ),
        (EvidenceType.DELIVERY, True): Kind(
            40, "Delivery", "İletinin alıcının KEP hesabına teslim edildiğine dair delil"
        ),
        (EvidenceType.DELIVERY, False): Kind(
            41, "NonDelivery", "İletinin alıcının KEP hesabına teslim edilemediğine dair delil"
        ),
        (EvidenceType.DOWNLOAD, True): Kind(50, "Download", "İletinin alıcı tarafından indirildiğine dair delil"),
        (EvidenceType.DOWNLOAD, False): Kind(
            51, "NonDownload", "İletinin alıcı tarafından süresi içinde indirilmediğine dair delil"
        ),
        (EvidenceType.RETRIEVAL, True): Kind(60, "Retrieval", "İletinin alıcı tarafından okunduğuna dair delil"),
        (EvidenceType.RETRIEVAL, False): Kind(61, "NonRetrieval", "İletinin alıcı tarafından okunmadığına dair delil"),
        (EvidenceType.ACCEPTANCE, True): Kind(
            70, "Acceptance", "İletinin alındığının alıcı tarafından onaylandığına dair delil"
        ),
        (EvidenceType.ACCEPTANCE, False): Kind(71, "Rejection", "İletinin alıcı tarafından reddedildiğine dair delil"),
    }
)

UPON: Mapping[State, tuple[EvidenceType, bool]] = MappingProxyType(
    {
        State.REFUSED: (EvidenceType.SUBMISSION, False),
        State.SUBMITTED: (EvidenceType.SUBMISSION, True),
        State.RELAYED: (EvidenceType.RELAY, True),
        State.RELAY_REFUSED: (EvidenceType.RELAY, False),
        State.RELAY_FAILED: (EvidenceType.RELAY_FAILURE, False),
        State.DELIVERED: (EvidenceType.DELIVERY, True),
        State.NOT_DELIVERED: (EvidenceType.DELIVERY, False),
        State.DOWNLOADED: (EvidenceType.DOWNLOAD, True),
        State.NOT_DOWNLOADED: (EvidenceType.DOWNLOAD, False),
        State.RETRIEVED: (EvidenceType.RETRIEVAL, True),
        State.ACCEPTED: (EvidenceType.ACCEPTANCE, True),
        State.REJECTED: (EvidenceType.ACCEPTANCE, False),
    }
)
"""The evidence that a letter's coming into a state is recorded by."""

BY_RECIPIENTS_PROVIDER = frozenset(
    {EvidenceType.RELAY, EvidenceType.DELIVERY, EvidenceType.DOWNLOAD, EvidenceType.RETRIEVAL, EvidenceType.ACCEPTANCE}
)
"""Types that the recipient's provider issues; the rest are the sender's provider's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece of evidence, as the row that its signed XML is made from."""

    evidence_id: int
    letter_id: int
    type: EvidenceType
    positive: bool
    """The first of the type's two faces: acceptance, delivery, download…"""
    at: datetime
    provider: str
    """The number of the provider that issues it, `hs01`."""
    recipient: KepAddress | None
    """Whom it is about; None for the letter as a whole."""
    nth: int
    """The recipient's place in the letter, from 1; 0 for none."""
    reason: Reason | None = None

    @property
    def text(self) -> str:
        """Its Turkish name."""
        return evidence_text(self.type, positive=self.positive)

    @property
    def number(self) -> int:
        """PTT's `DelilTurId`."""
        return KINDS[self.type, self.positive].number


def evidence_text(evidence_type: EvidenceType, *, positive: bool) -> str:
    """The Turkish name of a piece of evidence."""
    return KINDS[evidence_type, positive].turkish


def event_code(evidence_type: EvidenceType, *, positive: bool) -> str:
    """The event code as ETSI TS 102 640-2, annex B.1.1, prints it."""
    return f"http:uri.etsi.org/02640/Event#{KINDS[evidence_type, positive].event}"
