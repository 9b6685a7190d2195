"""What an official letter claims, read from its words: plain text, and the text of attached PDFs.

Only what step 2 of the rules asks for is read: which application is meant, who is named, and whether the letter says
that the person is authorised. Turkish case and line breaks do not matter.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from logging import CRITICAL, getLogger
from typing import TYPE_CHECKING, Any, Final

from mockgov.onboarding.form import is_form
from mockgov.onboarding.rules import application_numbers, folded
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.ykn import parse_identity

if TYPE_CHECKING:
    from pypdf import PageObject

MOST_PAGES: Final = 50
MOST_CONTENT: Final = 2_000_000
MOST_OPERATIONS: Final = 50_000
FORM_OPERATIONS: Final = 1_000
"""How much is read of an attached PDF: pages, bytes of what they show and of their fonts, unpacked, and operations, of
which a picture or form within a page counts as so many; more would keep everybody waiting (chosen here)."""
MOST_TEXT: Final = 200_000
"""Characters that are read of a letter and its attachments (chosen here)."""

_ELEVEN_DIGITS: Final = re.compile(r"(?<![0-9])[0-9]{11}(?![0-9])")
_PHONE: Final = re.compile(
    r"(?<![0-9])(?:(?:\+|00)?90[ -]?|0)?\(?(5[0-9]{2})\)?[ -]?([0-9]{3})[ -]?([0-9]{2})[ -]?([0-9]{2})(?![0-9])"
)
_MASKED: Final = "*" * 11

_SAYS_YES: Final = re.compile(
    r"\byetkili(?:dir|miz|mizdir|si|sidir)?\b"
    r"|\byetkilendiril(?:miş|miştir|di|en)\b"
    r"|\byetki(?:si)? veril(?:miş|miştir|di)\b"
)
_SAYS_NO: Final = re.compile(
    r"\byetkili (?:\w+ )?değil"
    r"|\byetkilendirilme(?:miş|di)"
    r"|\byetki(?:si)? verilme(?:miş|di)"
    r"|\byetkisi (?:yok|bulunma|kaldırıl|iptal)"
    r"|\byetkisiz"
)

_WORD: Final = r"[A-ZÂÇĞİÎÖŞÛÜ][a-zâçğıîöşûüA-ZÂÇĞİÎÖŞÛÜ]+(?!\w)(?! ?:)"
_NAME: Final = rf"({_WORD}(?: {_WORD}){{1,4}})"
_NAMINGS: Final = (
    re.compile(rf"kimlik (?:numaralı|no['’]?lu) {_NAME}"),
    re.compile(rf"[Aa]d[ıi](?: ve |, | )[Ss]oyad[ıi]\s*:?\s*{_NAME}"),
    re.compile(rf"{_NAME} \((?:T\.? ?C\.? ?)?(?:[Kk]imlik|TCKN)"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a letter says."""

    numbers: tuple[str, ...]
    """The application numbers that it names."""
    identity_numbers: tuple[str, ...] = field(repr=False)
    """Eleven digits each, with the right check digits."""
    name: str
    """The name that stands by an identity number or after *adı soyadı*; empty if none does."""
    authorises: bool
    """Whether it says that somebody is authorised, and nowhere that they are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A letter as it is held against a form: its words, and what lay in it."""

    text: str = field(repr=False)
    attached: tuple[str, ...]
    """SHA-256 of each attachment, in hexadecimal."""


def open_envelope(
    text: str, attachments: Sequence[tuple[str, bytes]], known: Callable[[str], bool] = lambda _number: True
) -> Envelope:
    """The letter's words with those of its attached PDFs, forms aside.

    An identity number or phone that is not `known` is blotted out: it may be a real person's.
    """
    texts = [text]
    for _name, content in attachments:
        if content.startswith(b"%PDF") and sum(map(len, texts)) < MOST_TEXT:
            read = pdf_text(content)
            if not is_form(read):
                texts.append(read)
    whole = "\n".join(texts)[:MOST_TEXT]
    return Envelope(text=redacted(whole, known), attached=tuple(digest(content) for _name, content in attachments))


def read_claims(text: str) -> Claims:
    """What a letter's words claim."""
    flat = " ".join(text.split())
    words = folded(text)
    return Claims(
        numbers=application_numbers(flat),
        identity_numbers=tuple(dict.fromkeys(n for n in _ELEVEN_DIGITS.findall(flat) if _is_identity(n))),
        name=next((found[1] for naming in _NAMINGS if (found := naming.search(flat))), ""),
        authorises=bool(_SAYS_YES.search(words)) and not _SAYS_NO.search(words),
    )


def names_person(text: str, name: str) -> bool:
    """Whether a name stands in the text, as whole words in any Turkish case."""
    return re.search(rf"(?<!\w){re.escape(folded(name))}(?!\w)", folded(text)) is not None


def redacted(text: str, known: Callable[[str], bool]) -> str:
    """The text with every identity number and mobile phone (its ten digits) blotted out that is not `known`."""

    def shown(found: re.Match[str]) -> str:
        return _MASKED if _is_identity(found[0]) and not known(found[0]) else found[0]

    def reached(found: re.Match[str]) -> str:
        return found[0] if known("".join(found.groups())) else _MASKED

    return _PHONE.sub(reached, _ELEVEN_DIGITS.sub(shown, text))


def pdf_text(content: bytes) -> str:
    """The text of a PDF, page by page; of one that is too much, or broken further on, as far as it was read."""
    from pypdf import PdfReader, apply_configuration  # noqa: PLC0415  heavy; wanted by few

    log = getLogger("pypdf")
    level = log.level
    log.setLevel(CRITICAL)  # what it says of a stranger's file quotes from it
    texts: list[str] = []
    budget = _Budget()
    try:
        with apply_configuration(
            array_based_stream_maximum_output_length=MOST_CONTENT,
            lzw_maximum_output_length=MOST_CONTENT,
            run_length_maximum_output_length=MOST_CONTENT,
            zlib_maximum_output_length=MOST_CONTENT,
        ):
            for page in PdfReader(BytesIO(content)).pages[:MOST_PAGES]:
                budget.weigh(page)
                texts.append(page.extract_text(visitor_operand_before=budget.spend))
    except Exception:  # noqa: BLE001  whatever a stranger's file does to the reader, it says nothing more
        return "\n".join(texts)
    finally:
        log.setLevel(level)
    return "\n".join(texts)


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal: two files with the same one are the same."""
    return sha256(content).hexdigest()


def _is_identity(number: str) -> bool:
    try:
        parse_identity(number)
    except InvalidWord:
        return False
    return True


class _TooMuchError(Exception):
    """A PDF is more than is read."""


class _Budget:
    """How much of a PDF may still be read."""

    def __init__(self) -> None:
        self._bytes = MOST_CONTENT
        self._operations = MOST_OPERATIONS

    def weigh(self, page: "PageObject") -> None:
        """Pay for what a page shows before it is parsed: its own content, forms within, its fonts' tables."""
        shown = page.get_contents()
        self._pay(0 if shown is None else len(shown.get_data()))
        waiting: list[Any] = [page]
        seen = set()
        while waiting:
            resources = waiting.pop().get("/Resources")
            for font in _values(resources, "/Font"):
                table = font.get("/ToUnicode")
                self._pay(0 if table is None else len(table.get_object().get_data()))
            for form in _values(resources, "/XObject"):
                if form.get("/Subtype") == "/Form" and id(form) not in seen:
                    seen.add(id(form))
                    self._pay(len(form.get_data()))
                    waiting.append(form)

    def spend(self, operator: bytes, *_: object) -> None:
        """Pay for an operation."""
        self._operations -= FORM_OPERATIONS if operator == b"Do" else 1
        if self._operations < 0:
            raise _TooMuchError

    def _pay(self, size: int) -> None:
        self._bytes -= size
        if self._bytes < 0:
            raise _TooMuchError


def _values(resources: Any, kind: str) -> list[Any]:
    """The objects of a kind among a page's resources."""
    found = None if resources is None else resources.get_object().get(kind)
    return [] if found is None else [one.get_object() for one in found.get_object().values()]
