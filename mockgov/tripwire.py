"""The tripwire: no number of a living person's gets into a world.

Turkey publishes no identity numbers for tests, so any valid one that a world has not minted may be somebody's. Where a
text comes in, it is looked through (`mockgov.vocabulary.likeness`): with an identity number, a phone or a passport that
this world has not minted it is refused before anything is kept. What is kept of a refused request itself, such as in
the journal, has asterisks in the number's place.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from typing import Any, Final

from mockgov.refusal import Unminted
from mockgov.registry.rules import UnknownCitizen
from mockgov.registry.service import Registry
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.foreign_phone import ForeignPhone
from mockgov.vocabulary.likeness import Kind, Likeness, hidden, likenesses, may_tell
from mockgov.vocabulary.passport import MINTED, Passport
from mockgov.vocabulary.phone import UNALLOCATED_PREFIX, Phone
from mockgov.vocabulary.vkn import Vkn

DEEPEST: Final = 4
"""How deep letters within letters and archives within archives are looked into (chosen here)."""
WRITTEN_HEADS: Final = ("subject", "from", "to", "cc", "reply-to", "comments", "keywords")
"""Fields of a message's head that people write; in others digits stand beside one another by chance."""
MEMBER_LIMIT: Final = 8 << 20
"""Bytes of an archive's member that are looked through."""


class Tripwire:
    """Knows which numbers of people are this world's own."""

    def __init__(self, *, registry: Registry, own_prefix: str) -> None:
        """`own_prefix` begins the phones that this world mints."""
        self._registry = registry
        self._prefixes = (own_prefix, UNALLOCATED_PREFIX)

    def strange(self, text: str, *, grouped: bool = True) -> Iterator[Likeness]:
        """The parts of a text that may be a living person's number; not `grouped` for what is no text."""
        return (one for one in likenesses(text, grouped=grouped) if not self._is_ours(one))

    def masked(self, text: str) -> str:
        """The text as it may be kept: such numbers as asterisks."""
        return hidden(text, self.strange(text))

    def check(self, text: str, *, where: str = "The text", grouped: bool = True) -> None:
        """Raises `Unminted`, which says what was found `where`, and never repeats it."""
        for one in self.strange(text, grouped=grouped):
            if one.certain:
                raise Unminted(
                    f"{where} has an {_an(one.kind)} that this world has not minted, and a living person may have it; "
                    "nothing was kept. Use numbers of this sandbox's people (GET /_lab/people)."
                )

    def check_letter(self, raw: bytes, *, where: str = "The letter") -> None:
        """The same for a whole message, with its head, texts and attachments, archives among them."""
        for text, is_text in _texts(raw):
            self.check(text, where=where, grouped=is_text)

    def _is_ours(self, one: Likeness) -> bool:
        if one.kind is Kind.IDENTITY:
            return self._has(self._registry.by_identity, one.value)
        if one.kind is Kind.PASSPORT:
            state, _, number = one.value.rpartition(" ")
            if number.startswith(MINTED):
                return True
            try:
                return self._has(self._registry.by_passport, Passport(state, number))
            except InvalidWord:
                return False
        return self._is_our_phone(one.value)

    def _is_our_phone(self, value: str) -> bool:
        if value.startswith(self._prefixes):
            return True
        if self._is_tax_number(value):
            return True
        try:
            phone = ForeignPhone(value) if value.startswith("+") else Phone(value)
        except InvalidWord:
            return False
        return isinstance(phone, ForeignPhone) or self._registry.is_phone(phone)

    def _is_tax_number(self, value: str) -> bool:
        """Whether ten digits are an institution's of this world: they may look like a phone's."""
        try:
            return bool(self._registry.establishments(Vkn(value)))
        except InvalidWord:
            return False

    @staticmethod
    def _has(find: Callable[[Any], object], key: Any) -> bool:
        try:
            find(key)
        except UnknownCitizen:
            return False
        return True


def _an(kind: Kind) -> str:
    return {Kind.IDENTITY: "identity number", Kind.PHONE: "unknown phone number", Kind.PASSPORT: "unknown passport"}[
        kind
    ]


Read = Iterator[tuple[str, bool]]
"""Something readable, and whether it is meant to be read by people."""


def _texts(raw: bytes) -> Read:
    """Everything readable in a message, decoded."""
    try:
        message = message_from_bytes(raw, policy=compat32)
    except (ValueError, LookupError, RecursionError):
        yield raw.decode("utf-8", "replace"), True
        return
    yield from _parts(message, 0)


def _parts(message: Message, depth: int) -> Read:
    for name, value in message.items():
        yield f"{name}: {_header(value)}", name.lower() in WRITTEN_HEADS
    content = message.get_payload()
    if message.is_multipart():
        for part in content if isinstance(content, list) else ():
            if depth < DEEPEST and isinstance(part, Message):
                yield from _parts(part, depth + 1)
        return
    body = message.get_payload(decode=True)
    if isinstance(body, bytes):
        yield from _contents(body, depth, is_text=message.get_content_maintype() == "text")


def _contents(body: bytes, depth: int, *, is_text: bool) -> Read:
    """The texts in an attachment: in itself, and in the members of an archive."""
    if body[:4] == b"PK\x03\x04" and depth < DEEPEST:
        try:
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                for member in archive.infolist():
                    if member.file_size <= MEMBER_LIMIT:
                        yield member.filename, True
                        yield from _contents(archive.read(member), depth + 1, is_text=False)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError, LookupError):
            return
    elif may_tell(body):
        yield body.decode("utf-8", "replace"), is_text


def _header(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (HeaderParseError, LookupError, ValueError):
        return str(value)
