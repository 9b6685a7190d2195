"""What each operation does at the KEP service."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from mockgov.counters.kep_soap.answers import fine, lists, refused
from mockgov.counters.kep_soap.contract import Binary, Values
from mockgov.counters.kep_soap.durum import SUCCESS_TEXT, Durum, NotDone, said, said_of
from mockgov.counters.kep_soap.signing_in import SigningIn
from mockgov.counters.kep_telling import evidence_told
from mockgov.faults import FaultPlan
from mockgov.kep.messages import DepositLetter
from mockgov.kep.rules import Mailed, UnknownEvidence, UnknownLetter
from mockgov.kep.service import Kep
from mockgov.refusal import Refused
from mockgov.vocabulary.kep_address import KepAddress

INBOX: Final = "INBOX"
SENT: Final = "INBOX.Sent"
PACKAGE: Final = "eyazisma"
PLAIN: Final = "standart"
CREDIT_UNIT: Final = "Kontör"
PAGE: Final = 500
"""Letters that are read at once."""
MESSAGE_TYPE: Final = "message/rfc822"
EVIDENCE_TYPE: Final = "application/xml"

_KEP_ID = re.compile(r"<?EYWS([0-9]{8,18})\.kep\.sandbox\.invalid>?")
_EVIDENCE_ID = re.compile(r"[0-9]{1,18}")


def kep_id(letter_id: int) -> str:
    """A letter's `kepId`."""
    return f"<EYWS{letter_id:08d}.kep.sandbox.invalid>"


class Desk:
    """The operations for one world."""

    def __init__(self, *, kep: Kep, signing_in: SigningIn, faults: FaultPlan) -> None:
        self._kep = kep
        self._faults = faults
        self.headers: Mapping[str, str] = {}
        """Of the answer, beside what every answer has."""
        self._signing_in = signing_in
        self.refusal = ""
        """The key of the rule, or the reason, for which the latest operation was refused."""

    def do(self, operation: str, values: Values) -> Any:
        """What `return` holds. A rule's refusal is an answer too."""
        try:
            return DOES[operation](self, values)
        except Refused as refusal:
            self.refusal = refusal.key
            return refused(operation, *said(refusal))

    def giris(self, values: Values) -> Values:
        """Sign in, or begin to."""
        return self._signing_in.begin(values)

    def guvenli_giris(self, values: Values) -> Values:
        """Finish a sign-in by signature or SMS."""
        return self._signing_in.finish(values)

    def yukle(self, values: Values) -> Values:
        """Deposit a letter; its recipients stand in its head."""
        address = self._signing_in.holder(values.get("kepHesap"))
        package = values.get("ePaket")
        if package is None or not package.data:
            raise NotDone(Durum.PARAMETER, "ePaket boş olamaz. İmzalı S/MIME iletisini gönderiniz.")
        kind = values.get("ePaketTur") or "Standart"
        if kind == "ETEbligat":
            raise NotDone(Durum.NOT_OFFERED, "e-Tebligat bu ortamda yok. Standart veya EYazisma gönderiniz.")
        if kind == "EYazisma" and not _carries_package(package.data):
            raise NotDone(Durum.WRONG_KIND, "İletide e-Yazışma paketi yok. Paketi ekleyiniz veya Standart gönderiniz.")
        submission = self._kep.deposit(DepositLetter(sender=address, message=package.data))
        letter = submission.letter
        self.refusal = letter.reason or ""
        durum, text = (Durum.SUCCESS, SUCCESS_TEXT) if letter.reason is None else said_of(letter.reason)
        return {"durum": int(durum), "kepId": kep_id(letter.letter_id), "hataaciklama": text}

    def indir(self, values: Values) -> Values:
        """Take a letter's content; its state becomes *downloaded*."""
        address = self._signing_in.holder(values.get("kepHesap"))
        self._signing_in.check_session(address, values.get("eGuvenlikId"))
        number = self._letter(address, values)
        is_sent = _folder(values) == SENT
        raw = self._kep.raw(number, of=address) if is_sent else self._kep.download(address, number)
        if values.get("ePart") == "ORGMATTACH":
            packages = _attachments(raw)
        else:
            packages = [Binary(data=raw, content_type=MESSAGE_TYPE, file_name=f"{number:08d}.eml")]
        return {"durum": int(Durum.SUCCESS), "ePaket": packages, "hataaciklama": SUCCESS_TEXT}

    def paket_sorgula(self, values: Values) -> Values:
        """The letters of a folder, the newest first; within a span of time if one is given."""
        address = self._signing_in.holder(values.get("kepHesap"))
        folder = _folder(values)
        begin, end = values.get("ilktarih"), values.get("sontarih")
        if begin is not None and end is not None and begin > end:
            raise NotDone(Durum.PARAMETER, "ilktarih, sontarih değerinden sonra olamaz. Tarihleri düzeltiniz.")
        found = [mailed for mailed in self._all(address, folder) if _within(_moment(mailed, folder), begin, end)]
        letters = [mailed.letter for mailed in found]
        return lists(
            len(letters),
            {
                "kepId": [kep_id(letter.letter_id) for letter in letters],
                "OrgMesajId": [letter.message_id for letter in letters],
                "kepSiraNo": [letter.letter_id for letter in letters],
                "from": [letter.sender.address for letter in letters],
                "fromKep": [letter.sender.address for letter in letters],
                "konu": [letter.subject for letter in letters],
                "tur": [PACKAGE if letter.is_package else PLAIN for letter in letters],
                "turId": [None] * len(letters),
            },
        )

    def paket_delil_sorgula(self, values: Values) -> Values:
        """The evidence of a letter, by time."""
        address = self._signing_in.holder(values.get("kepHesap"))
        found, self.headers = evidence_told(self._kep, self._faults, self._number(address, values), address)
        return lists(
            len(found),
            {
                "delilId": [str(evidence.evidence_id) for evidence in found],
                "delilTurId": [evidence.number for evidence in found],
                "delilaciklama": [evidence.text for evidence in found],
                "tarih": [evidence.at for evidence in found],
                "kephs": [evidence.provider for evidence in found],
            },
        )

    def paket_delil_indir(self, values: Values) -> Values:
        """The signed XML of a piece of evidence."""
        address = self._signing_in.holder(values.get("kepHesap"))
        number = (values.get("delilId") or "").strip()
        if _EVIDENCE_ID.fullmatch(number) is None:
            raise UnknownEvidence("An evidence id is a number.")
        xml = self._kep.evidence(int(number), of=address)
        return {
            "durum": int(Durum.SUCCESS),
            "eDelil": Binary(data=xml, content_type=EVIDENCE_TYPE, file_name=f"Delil-{number}.xml"),
            "hataaciklama": SUCCESS_TEXT,
        }

    def alindi_onay(self, values: Values) -> Values:
        """Confirm the receipt of a letter."""
        address = self._signing_in.holder(values.get("kepHesap"))
        self._kep.accept(address, self._letter(address, values))
        return fine()

    def paket_sil(self, values: Values) -> Values:
        """Take a letter out of its folder."""
        address = self._signing_in.holder(values.get("kepHesap"))
        self._kep.delete(address, self._letter(address, values))
        return fine()

    def dizin_sorgula(self, values: Values) -> list[str]:
        """The folders of a mailbox."""
        self._signing_in.holder(values)
        return [INBOX, SENT]

    def kota_sorgula(self, values: Values) -> int:
        """The room that is left, in KiB."""
        return self._kep.quota(self._signing_in.holder(values)).free_bytes // 1024

    def kontor_sorgula(self, values: Values) -> Values:
        """How many letters may still be deposited."""
        return {"cins": CREDIT_UNIT, "miktar": self._kep.quota(self._signing_in.holder(values)).credit}

    def rehber_tuzel_kisi_sorgula(self, values: Values) -> Values:
        """Accounts whose holder's name holds a text."""
        self._signing_in.holder(values.get("kepHesap"))
        found = self._kep.directory((values.get("unvan") or "").strip())
        return lists(
            len(found),
            {"kepHesap": [account.address.address for account in found], "unvan": [account.name for account in found]},
        )

    def _number(self, address: KepAddress, values: Values) -> int:
        """Which letter is meant: by `kepId`, by the letter's own Message-ID, or by `kepSiraNo`."""
        name = (values.get("kepId") or "").strip()
        found = _KEP_ID.fullmatch(name)
        if found is not None:
            return int(found[1])
        if name:
            return self._kep.find(address, name).letter.letter_id
        number: int | None = values.get("kepSiraNo")
        if number is None:
            raise NotDone(Durum.PARAMETER, "kepId veya kepSiraNo boş olamaz. PaketSorgula ile öğreniniz.")
        return number

    def _letter(self, address: KepAddress, values: Values) -> int:
        """The same; it has to lie in the folder `dizin`."""
        folder = _folder(values)
        mailed = self._kep.letter(self._number(address, values), of=address)
        has_it = any(delivery.recipient == address and delivery.in_mailbox for delivery in mailed.deliveries)
        if not (has_it if folder == INBOX else mailed.letter.sender == address):
            raise UnknownLetter("The letter is not in this folder.")
        return mailed.letter.letter_id

    def _all(self, address: KepAddress, folder: str) -> Iterator[Mailed]:
        listed = self._kep.inbox if folder == INBOX else self._kep.sent
        offset = 0
        while page := listed(address, limit=PAGE, offset=offset):
            yield from page
            offset += len(page)


def _folder(values: Values) -> str:
    """The folder's name as it is written here; clients write it in any case."""
    asked = (values.get("dizin") or INBOX).strip().lower()
    for folder in (INBOX, SENT):
        if folder.lower() == asked:
            return folder
    raise NotDone(Durum.PARAMETER, "Böyle bir dizin yok. DizinSorgula ile dizinleri öğreniniz.")


def _moment(mailed: Mailed, folder: str) -> datetime:
    """When a letter came into its folder."""
    delivered = mailed.deliveries[0].delivered_at if folder == INBOX else None
    return delivered or mailed.letter.submitted_at


def _within(moment: datetime, begin: datetime | None, end: datetime | None) -> bool:
    return (begin is None or begin <= moment) and (end is None or moment <= end)


def _carries_package(raw: bytes) -> bool:
    """Whether a letter has an e-Yazışma package; one that cannot be read is left to the provider to refuse."""
    from mockgov.kep.reading import UnreadableLetter, is_package, read_content  # noqa: PLC0415  wanted by few

    try:
        return any(is_package(one) for one in read_content(raw).attachments)
    except UnreadableLetter:
        return True


def _attachments(raw: bytes) -> list[Binary]:
    from mockgov.kep.reading import read_content  # noqa: PLC0415  wanted by few

    return [
        Binary(data=one.data, content_type=one.content_type, file_name=one.name)
        for one in read_content(raw).attachments
    ]


DOES: Final[Mapping[str, Callable[[Desk, Values], Any]]] = MappingProxyType(
    {
        "Giris": Desk.giris,
        "GuvenliGiris": Desk.guvenli_giris,
        "Yukle": Desk.yukle,
        "Indir": Desk.indir,
        "PaketSorgula": Desk.paket_sorgula,
        "PaketDelilSorgula": Desk.paket_delil_sorgula,
        "PaketDelilIndir": Desk.paket_delil_indir,
        "AlindiOnay": Desk.alindi_onay,
        "PaketSil": Desk.paket_sil,
        "DizinSorgula": Desk.dizin_sorgula,
        "KotaSorgula": Desk.kota_sorgula,
        "KontorSorgula": Desk.kontor_sorgula,
        "RehberTuzelKisiSorgula": Desk.rehber_tuzel_kisi_sorgula,
    }
)
