"""Whether form, signature, letter, notice and registers say the same: the rules as data, and the checks. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mockgov.onboarding.rules import (
    SOURCE,
    AccessForm,
    Application,
    Establishment,
    Finding,
    LetterChannel,
    Rule,
    SignatureForm,
    State,
    finding,
    same_name,
)
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.signed import Flaw, Verdict

SIGNATURE_LAW: Final = "5070 sayılı Elektronik İmza Kanunu, madde 4 ve 5"

_FLAWS_TR: Final[Mapping[Flaw, str]] = MappingProxyType(
    {
        Flaw.MISSING: "imza bulunamadı",
        Flaw.UNREADABLE: "imza okunamadı",
        Flaw.TAMPERED: "belge imzadan sonra değişmiş ya da imza bu belgeye ait değil",
        Flaw.UNKNOWN_ROOT: "sertifika tanınan bir kökten verilmemiş",
        Flaw.NOT_YET_VALID: "sertifika imza anında henüz geçerli değildi",
        Flaw.EXPIRED: "sertifikanın süresi dolmuştu",
        Flaw.REVOKED: "sertifika iptal edilmiş",
        Flaw.WRONG_KIND: "sertifika nitelikli bir kişi sertifikası değil",
    }
)
_FLAWS_EN: Final[Mapping[Flaw, str]] = MappingProxyType(
    {
        Flaw.MISSING: "there is none",
        Flaw.UNREADABLE: "it cannot be read",
        Flaw.TAMPERED: "the document was changed after signing, or the signature belongs to another one",
        Flaw.UNKNOWN_ROOT: "its certificate comes from no known root",
        Flaw.NOT_YET_VALID: "its certificate was not valid yet",
        Flaw.EXPIRED: "its certificate had expired",
        Flaw.REVOKED: "its certificate is revoked",
        Flaw.WRONG_KIND: "its certificate is no qualified one of a person",
    }
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "form.signature": Rule(
            source=f"{SOURCE}, adım 1; {SIGNATURE_LAW}",
            tr="Formun elektronik imzası geçerli değil: {flaw_tr}. Formu geçerli bir nitelikli sertifikayla yeniden "
            "imzalayıp gönderin.",
            en="The form's electronic signature does not count: {flaw_en}. Sign the form again with a valid "
            "qualified certificate and hand it in.",
        ),
        "form.document": Rule(
            source=f"{SOURCE}, adım 1",
            tr="İmzalanan belge bu başvurunun formu değil. Formu başvuru sayfasından indirip değiştirmeden imzalayın.",
            en="What is signed is not this application's form. Download the form and sign it unchanged.",
        ),
        "form.signer": Rule(
            source=f"{SOURCE}, adım 1 ve 2",
            tr="Formu imzalayan sertifikadaki kimlik numarası, formdaki yetkili kişinin numarası değil. Formu "
            "yetkili kişinin kendisi imzalamalıdır.",
            en="The identity number in the signer's certificate is not that of the form's authorised person. Let "
            "that person sign the form.",
        ),
        "form.certificate": Rule(
            source=f"{SOURCE}, adım 1 ve 3",
            tr="Formu imzalayan sertifika imzadan sonra iptal edilmiş. Formu geçerli bir nitelikli sertifikayla "
            "yeniden imzalayıp gönderin.",
            en="The certificate that signed the form has been revoked since. Sign the form again with a valid "
            "qualified certificate and hand it in.",
        ),
        "institution.kind": Rule(
            source=f"{SOURCE}, kapsam (1)-(4)",
            tr="Beyan edilen kurum türü ({declared}) sicildeki türle ({known}) aynı değil. Formu doğru türle "
            "yeniden düzenleyin.",
            en="The declared kind of institution ({declared}) is not the register's ({known}). Write the form anew "
            "with the right kind.",
        ),
        "institution.name": Rule(
            source=f"{SOURCE}, adım 1",
            tr="Formdaki kurum adı, vergi numarasının sicildeki adı değil. Formu sicildeki adla yeniden düzenleyin.",
            en="The form's institution name is not the one registered for the tax number. Write the form anew with "
            "the registered name.",
        ),
        "institution.kep-address": Rule(
            source=f"{SOURCE}, adım 1 ve 2",
            tr="Formdaki KEP adresi başka bir kurumundur. Formu kendi kurumunuzun KEP adresiyle yeniden düzenleyin.",
            en="The form's KEP address is another institution's. Write the form anew with your own institution's KEP "
            "address.",
        ),
        "letter.sender": Rule(
            source=f"{SOURCE}, adım 2",
            tr="Yazı, formda bildirilen KEP adresinden gelmedi. Yazıyı o adresten yeniden gönderin.",
            en="The letter did not come from the KEP address that the form gives. Send it again from there.",
        ),
        "letter.signature": Rule(
            source=f"{SOURCE}, adım 2; {SIGNATURE_LAW}",
            tr="Resmî yazının elektronik imzası geçerli değil: {flaw_tr}. Yazıyı imzalayıp yeniden gönderin.",
            en="The official letter's electronic signature does not count: {flaw_en}. Sign the letter and send it "
            "again.",
        ),
        "letter.form": Rule(
            source=f"{SOURCE}, adım 2",
            tr="Yazının ekinde, gönderilen imzalı formun aynısı yok. İmzalı formu değiştirmeden ekleyip yazıyı "
            "yeniden gönderin.",
            en="The signed form, just as it was handed in, is not attached to the letter. Attach it unchanged and "
            "send the letter again.",
        ),
        "letter.number": Rule(
            source=f"{SOURCE}, adım 2",
            tr="Yazıda bekleyen bir başvurunun numarası yok. Başvuru numarasını (ETF-yıl-sıra) yazıp yeniden gönderin.",
            en="The letter names no application. Name the application number (ETF-year-number) and send it again.",
        ),
        "letter.not-awaited": Rule(
            source=f"{SOURCE}, adım 1 ve 2",
            tr="{number} sayılı başvuru şu anda yazı beklemiyor ({state}). Başvurunun durumuna bakın; yazı, imzalı "
            "form gönderildikten sonra gönderilir.",
            en="Application {number} awaits no letter now ({state}). See where it stands; the letter follows the "
            "signed form.",
        ),
        "letter.person-number": Rule(
            source=f"{SOURCE}, adım 2",
            tr="Yazıda, formu imzalayan kişinin T.C. kimlik numarası yok. Yazıyı bu numarayla yeniden gönderin.",
            en="The letter does not give the identity number of the person who signed the form. Send it again with "
            "that number.",
        ),
        "letter.person-name": Rule(
            source=f"{SOURCE}, adım 2",
            tr="Yazıda, formu imzalayan kişinin adı ve soyadı yok. Yazıyı formdaki ad ve soyadla yeniden gönderin.",
            en="The letter does not give the name and surname of the person who signed the form. Send it again with "
            "them as in the form.",
        ),
        "letter.authorised": Rule(
            source=f"{SOURCE}, adım 2",
            tr="Yazı, formu dolduran kişinin kurumca yetkilendirildiğini söylemiyor. Bunu açıkça yazıp yeniden "
            "gönderin.",
            en="The letter does not say that the person who filled in the form is authorised by the institution. "
            "Say so and send it again.",
        ),
        "completion.number": Rule(
            source=f"{SOURCE}, adım 5",
            tr="İletide başvuru numarası yok. Başvuru numarasını (ETF-yıl-sıra) yazıp yeniden gönderin.",
            en="The message names no application. Name the application number (ETF-year-number) and send it again.",
        ),
        "completion.sender": Rule(
            source=f"{SOURCE}, adım 5",
            tr="Bildirim, yetkili kişinin formdaki e-posta adresinden gelmedi. O adresten yeniden gönderin.",
            en="The notice did not come from the authorised person's e-mail address. Send it again from there.",
        ),
        "completion.not-awaited": Rule(
            source=f"{SOURCE}, adım 4 ve 5",
            tr="Başvuru şu anda test aşamasında değil ({state}). Bildirim, test erişimi bilgileri ulaştıktan sonra "
            "bir kez gönderilir.",
            en="The application is not in its test phase ({state}). The notice is sent once, after the details of "
            "test access have arrived.",
        ),
        "completion.no-query": Rule(
            source=f"{SOURCE}, adım 5",
            tr="Test ortamında bu kuruma ait sorgu yok. Test bilgilerinizle en az bir HES kodu sorgulayıp yeniden "
            "bildirin.",
            en="The institution has made no query in the test environment. Query at least one code there with your "
            "test account, and report again.",
        ),
        "declaration.false": Rule(
            source=f"{SOURCE}, beyan",
            tr="Formdaki beyan gerçeğe aykırı bulundu: {statement} Test ve canlı erişim iptal edildi; doğru beyanla "
            "yeni bir başvuru açın.",
            en="The form's declaration was found to be false: {statement} Test and live access are cancelled; open a "
            "new application with a true declaration.",
            correctable=False,
        ),
        "desk.reason": Rule(source=f"{SOURCE}, adım 3", tr="{reason}", en="{reason}"),
    }
)

AWAITING_LETTER: Final = frozenset({State.SUBMITTED, State.RETURNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """What was found out about a letter before it is held against the form."""

    channel: LetterChannel
    sender: str
    signature: Verdict
    attached: Collection[str]
    """SHA-256 of each attachment, in hexadecimal."""
    names_number: bool
    """Whether it gives the authorised person's identity number."""
    names_person: bool
    """Whether it gives their first name and surname."""
    authorises: bool


def check_signature(verdict: Verdict, form: AccessForm) -> tuple[Finding, ...]:
    """What stands against a form's signature."""
    if verdict.flaw is not None:
        return (_flawed("form.signature", verdict.flaw),)
    if verdict.identity_number != form.person.identity_number:
        return (finding(RULES, "form.signer"),)
    return ()


def check_again(verdict: Verdict, form: AccessForm, *, revoked: bool) -> tuple[Finding, ...]:
    """What stands against a form's signature at evaluation, when its certificate may be `revoked` by now.

    A time-stamp proves that the form was signed before; the office asks for a new signature all the same.
    """
    found = check_signature(verdict, form)
    return found or ((finding(RULES, "form.certificate"),) if revoked else ())


def check_register(form: AccessForm, known: Establishment, *, address_is_anothers: bool) -> tuple[Finding, ...]:
    """What the form says of the institution against what the registers say, staff aside."""
    found = []
    if form.kind is not known.kind:
        found.append(finding(RULES, "institution.kind", declared=form.kind, known=known.kind))
    if not same_name(form.institution_name, known.name):
        found.append(finding(RULES, "institution.name"))
    if address_is_anothers:
        found.append(finding(RULES, "institution.kep-address"))
    return tuple(found)


def check_letter(letter: LetterFacts, application: Application, drawn_digest: str) -> tuple[Finding, ...]:
    """What the letter says and bears against the form that it is about."""
    found: list[Finding] = []
    if letter.channel is LetterChannel.KEP:
        kep_address = application.form.kep_address
        if kep_address is None or letter.sender.strip().lower() != kep_address.address:
            found.append(finding(RULES, "letter.sender"))
        if letter.signature.flaw is not None:
            found.append(_flawed("letter.signature", letter.signature.flaw))
        if not _form_attached(letter, application, drawn_digest):
            found.append(finding(RULES, "letter.form"))
    if not letter.names_number:
        found.append(finding(RULES, "letter.person-number"))
    if not letter.names_person:
        found.append(finding(RULES, "letter.person-name"))
    if not letter.authorises:
        found.append(finding(RULES, "letter.authorised"))
    return tuple(found)


def unplaced(application: Application | None) -> Finding:
    """Why a letter is put to no application: it means none, or one that awaits no letter."""
    if application is None:
        return finding(RULES, "letter.number")
    return finding(RULES, "letter.not-awaited", number=application.number, state=application.state)


def check_completion(
    application: Application, sender: EmailAddress, *, named: bool, queried: bool
) -> tuple[Finding, ...]:
    """What stands against a completion notice."""
    if application.state is not State.TESTING:
        return (finding(RULES, "completion.not-awaited", state=application.state),)
    found: list[Finding] = []
    if not named:
        found.append(finding(RULES, "completion.number"))
    if sender.folded != application.email.folded:
        found.append(finding(RULES, "completion.sender"))
    if not queried:
        found.append(finding(RULES, "completion.no-query"))
    return tuple(found)


def _form_attached(letter: LetterFacts, application: Application, drawn_digest: str) -> bool:
    submission = application.submission
    if submission is None or submission.digest not in letter.attached:
        return False
    return submission.form is not SignatureForm.CADES_DETACHED or drawn_digest in letter.attached


def _flawed(rule: str, flaw: Flaw) -> Finding:
    return finding(RULES, rule, flaw_tr=_FLAWS_TR[flaw], flaw_en=_FLAWS_EN[flaw])
