"""Which numbers are a world's own, and what becomes of others."""

from collections.abc import Callable, Iterator
from typing import Any

from mockgov.refusal import Unminted
from mockgov.registry.rules import UnknownCitizen
from mockgov.registry.service import Registry
from mockgov.tripwire.letters import texts
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.foreign_phone import ForeignPhone
from mockgov.vocabulary.likeness import Kind, Likeness, hidden, likenesses
from mockgov.vocabulary.passport import MINTED, Passport
from mockgov.vocabulary.phone import UNALLOCATED_PREFIX, Phone
from mockgov.vocabulary.vkn import Vkn


class Tripwire:
    """Knows which numbers of people are this world's own."""

    def __init__(self, *, registry: Registry, own_prefix: str, official: Callable[[], str]) -> None:
        """`own_prefix` begins the phones that this world mints; `official` is who signs for the ministry."""
        self._registry = registry
        self._official = official
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
        for text, is_text in texts(raw):
            self.check(text, where=where, grouped=is_text)

    def _is_ours(self, one: Likeness) -> bool:
        if one.kind is Kind.IDENTITY:
            return one.value == self._official() or self._has(self._registry.by_identity, one.value)
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
