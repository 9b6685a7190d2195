"""Reads the page's form: every field at once, with what is wrong with each in Turkish and English.

What was typed stays, so that nobody types it twice; the page itself decides what it may repeat.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from mockgov.onboarding.drawing import MOST_STAFF, NAME_LENGTH, PURPOSE_LENGTH
from mockgov.onboarding.rules import AccessForm, AuthorisedPerson, Branch
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.province import province_of
from mockgov.vocabulary.vkn import Vkn
from mockgov.vocabulary.ykn import parse_identity

T = TypeVar("T")

FIELDS: Final = (
    "vkn",
    "institution_name",
    "kind",
    "parent",
    "province",
    "declared_staff",
    "kep_address",
    "identity_number",
    "firstname",
    "lastname",
    "title",
    "email",
    "phone",
    "purpose",
)
BRANCH_FIELDS: Final = ("branch_name", "branch_vkn", "branch_staff")
MOST_BRANCHES: Final = 50

Words = tuple[str, str]
"""The same in Turkish and in English."""

ADVICE: Final[Mapping[str, str]] = {
    "vkn.ten-digits": "Vergi kimlik numarasını on rakam olarak yazın.",
    "vkn.check-digit": "Vergi kimlik numarasını kontrol edin: son hane tutmuyor.",
    "tckn.eleven-digits": "Kimlik numarasını on bir rakam olarak yazın.",
    "tckn.first-digit": "Kimlik numarasının ilk hanesini kontrol edin: sıfır olamaz.",
    "tckn.check-digits": "Kimlik numarasını kontrol edin: son iki hane tutmuyor.",
    "ykn.eleven-digits": "Yabancı kimlik numarasını on bir rakam olarak yazın.",
    "ykn.check-digits": "Yabancı kimlik numarasını kontrol edin: son iki hane tutmuyor.",
    "email.local": "E-posta adresinin @ işaretinden önceki bölümünü kontrol edin.",
    "email.domain": "E-posta adresinin @ işaretinden sonraki bölümünü kontrol edin: kurum.example gibi.",
    "kep.account": "KEP adresinin @ işaretinden önceki bölümünü kontrol edin: küçük harf, rakam ve . _ -",
    "kep.provider": "KEP adresinin @ işaretinden sonraki bölümünü kontrol edin: hs01.kep.tr gibi.",
    "phone.mobile": "Cep telefonunu +90 ve 5 ile başlayan on hane olarak yazın.",
}
"""What to do about a word that is none, in Turkish; the English stands with the word's own rule."""


class Texts(dict[str, str]):
    """What stands in each field; nothing in those that are not named."""

    def __missing__(self, key: str) -> str:
        """An empty text, which is not kept."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as somebody filled it in."""

    values: Texts
    wrong: Mapping[str, Words]
    """What is wrong, by field, in the order of the page."""
    form: AccessForm | None
    """None while anything is wrong."""


def typed(fields: Mapping[str, object]) -> Texts:
    """The known fields as they were typed, blanks around them taken off."""
    names = [*FIELDS, *(f"{name}_{n}" for n in range(branch_count(fields)) for name in BRANCH_FIELDS)]
    return Texts({name: text.strip() for name in names if isinstance(text := fields.get(name), str)})


def branch_count(fields: Mapping[str, object]) -> int:
    """How many rows of branches the page has, with the one that is asked for."""
    said = fields.get("branches")
    rows = int(said) if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 4 else 1
    return max(1, min(rows + ("more" in fields), MOST_BRANCHES))


def read_form(values: Texts, branches: int) -> Filled:
    """The application form that was filled in, or everything that is wrong with it."""
    reader = _Reader(values)
    vkn = reader.word("vkn", Vkn.parse)
    name = reader.text("institution_name")
    kind = reader.one_of("kind", InstitutionKind)
    parent = reader.text("parent", needed=False)
    province = reader.number("province", 1, 81)
    staff = reader.number("declared_staff", 0, MOST_STAFF)
    kep = reader.word("kep_address", KepAddress.parse) if values["kep_address"] else None
    found = [branch for n in range(branches) if (branch := reader.branch(n)) is not None]
    identity = reader.word("identity_number", parse_identity)
    person = [reader.text(field) for field in ("firstname", "lastname", "title")]
    email = reader.word("email", EmailAddress.parse)
    phone = reader.word("phone", Phone.parse)
    purpose = reader.text("purpose", longest=PURPOSE_LENGTH)
    if reader.wrong or vkn is None or kind is None or identity is None or email is None or phone is None:
        return Filled(values=values, wrong=reader.wrong, form=None)
    form = AccessForm(
        vkn=vkn,
        institution_name=name,
        kind=kind,
        province=province_of(province).plate,
        declared_staff=staff,
        branches=tuple(found),
        parent=parent,
        kep_address=kep,
        person=AuthorisedPerson(
            identity_number=identity.digits,
            firstname=person[0],
            lastname=person[1],
            title=person[2],
            email=email,
            phone=phone,
        ),
        purpose=purpose,
    )
    return Filled(values=values, wrong={}, form=form)


class _Reader:
    """Takes the fields one by one and collects what is wrong."""

    def __init__(self, values: Texts) -> None:
        self._values = values
        self.wrong: dict[str, Words] = {}

    def word(self, name: str, parse: Callable[[str], T]) -> T | None:
        """A word of the vocabulary."""
        if not self._values[name]:
            self.wrong[name] = EMPTY[name]
            return None
        try:
            return parse(self._values[name])
        except InvalidWord as word:
            self.wrong[name] = (ADVICE[word.rule], word.advice)
            return None

    def text(self, name: str, *, needed: bool = True, longest: int = NAME_LENGTH) -> str:
        """A text of one or more words."""
        text = self._values[name]
        if needed and not text:
            self.wrong[name] = EMPTY[name]
        elif len(text) > longest:
            self.wrong[name] = (f"En fazla {longest} karakter yazın.", f"Write {longest} characters at most.")
        elif not all(sign.isprintable() or sign in "\r\n\t" for sign in text):
            self.wrong[name] = ("Okunamayan işaretleri silin.", "Remove the signs that cannot be shown.")
        return text

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number; points and blanks between thousands do no harm."""
        text = self._values[name].replace(".", "").replace(" ", "")
        if not text:
            self.wrong[name] = EMPTY[name.rpartition("_")[0] if name[-1].isdigit() else name]
            return 0
        if not (text.isascii() and text.isdigit() and len(text) < 9 and least <= int(text) <= most):
            self.wrong[name] = (f"{least} ile {most} arasında bir sayı yazın.", f"Give a number, {least} to {most}.")
            return 0
        return int(text)

    def one_of(self, name: str, kind: type[InstitutionKind]) -> InstitutionKind | None:
        """One of the kinds."""
        try:
            return kind(self._values[name])
        except ValueError:
            self.wrong[name] = EMPTY[name]
            return None

    def branch(self, n: int) -> Branch | None:
        """A row of the branches; None for one that is empty."""
        names = [f"{name}_{n}" for name in BRANCH_FIELDS]
        if not any(self._values[name] for name in names):
            return None
        name, vkn, staff = names
        title = self._values[name]
        if not title:
            self.wrong[name] = EMPTY["branch_name"]
        if not self._values[vkn]:
            self.wrong[vkn] = EMPTY["branch_vkn"]
            return None
        number = self.word(vkn, Vkn.parse)
        count = self.number(staff, 0, MOST_STAFF)
        return None if number is None else Branch(name=title, vkn=number, staff=count)


EMPTY: Final[Mapping[str, Words]] = {
    "vkn": ("Kurumun vergi kimlik numarasını yazın.", "Give the institution's tax number."),
    "institution_name": ("Kurumun adını yazın.", "Give the institution's name."),
    "kind": ("Kurumun türünü seçin.", "Choose the kind of institution."),
    "province": ("Kurumun bulunduğu ili seçin.", "Choose the institution's province."),
    "declared_staff": ("Çalışan sayısını yazın.", "Give the number of staff."),
    "identity_number": ("Yetkili kişinin kimlik numarasını yazın.", "Give the authorised person's identity number."),
    "firstname": ("Yetkili kişinin adını yazın.", "Give the authorised person's first name."),
    "lastname": ("Yetkili kişinin soyadını yazın.", "Give the authorised person's surname."),
    "title": ("Yetkili kişinin unvanını yazın.", "Give the authorised person's position."),
    "email": ("Yetkili kişinin e-posta adresini yazın.", "Give the authorised person's e-mail address."),
    "phone": ("Yetkili kişinin cep telefonunu yazın.", "Give the authorised person's mobile phone."),
    "purpose": ("HES kodlarının neden sorgulanacağını yazın.", "Say why HES codes are to be queried."),
    "branch_name": ("Şubenin adını yazın.", "Give the branch's name."),
    "branch_vkn": ("Şubenin vergi kimlik numarasını yazın.", "Give the branch's tax number."),
    "branch_staff": ("Şubenin çalışan sayısını yazın.", "Give the branch's number of staff."),
}
"""What to do about a field that must not stay empty."""


def values_of(form: AccessForm) -> Texts:
    """The fields as the page shows a form that was read before."""
    person = form.person
    values = Texts(
        vkn=form.vkn.digits,
        institution_name=form.institution_name,
        kind=form.kind.value,
        parent=form.parent,
        province=str(form.province),
        declared_staff=str(form.declared_staff),
        kep_address=form.kep_address.address if form.kep_address else "",
        identity_number=person.identity_number,
        firstname=person.firstname,
        lastname=person.lastname,
        title=person.title,
        email=person.email.address,
        phone=person.phone.e164,
        purpose=form.purpose,
    )
    for n, branch in enumerate(form.branches):
        row = (branch.name, branch.vkn.digits, str(branch.staff))
        values.update(zip((f"{name}_{n}" for name in BRANCH_FIELDS), row, strict=True))
    return values
