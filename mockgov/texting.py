"""What the short number asks of the other services: who somebody is, a code, and a text in reply."""

from collections.abc import Sequence
from datetime import timedelta

from mockgov.clock import Now, to_us
from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import INDEFINITE, ends_after_days
from mockgov.codes.service import Codes
from mockgov.registry.rules import Citizen, UnknownCitizen, is_minor
from mockgov.registry.service import Registry
from mockgov.short_number.rules import CHANNEL, Issued, Person
from mockgov.sms.messages import SendText
from mockgov.sms.service import Sms
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.passport import InvalidPassport, Passport
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.tckn import Tckn


class Texting:
    """The offices behind the short number of one world: `mockgov.short_number.service.Offices`."""

    def __init__(self, *, registry: Registry, codes: Codes, sms: Sms, now: Now) -> None:
        self._registry = registry
        self._codes = codes
        self._sms = sms
        self._now = now

    def by_number(self, number: str) -> Person | None:
        """Whoever has an identity number."""
        try:
            return self._person(self._registry.by_identity(number))
        except UnknownCitizen:
            return None

    def by_passport(self, nationality: str, number: str) -> Person | None:
        """Whoever has a passport."""
        try:
            return self._person(self._registry.by_passport(Passport(nationality, number)))
        except (InvalidPassport, UnknownCitizen):
            return None

    def issue(self, citizen_id: int, days: int | None) -> Issued:
        """Make a code for so many days, or without end."""
        ends_at = min(ends_after_days(self._now(), days), INDEFINITE)
        code = self._codes.issue(IssueCode(citizen_id=citizen_id, expires_at=ends_at, channel=CHANNEL))
        shown = None if code.expires_at == INDEFINITE else code.expires_at
        return Issued(text=code.text, dashed=HesCode(code.text).dashed, expires_at=shown)

    def valid(self, codes: Sequence[str]) -> int:
        """How many of these codes are valid now."""
        now_us = to_us(self._now())
        return sum(found.expires_us > now_us for found in self._codes.find_many(codes).values())

    def reply(self, phone: Phone, sender: str, text: str, after: timedelta) -> None:
        """Send a text from one of the ministry's numbers a while from now."""
        self._sms.send(SendText(phone=phone, text=text, sender=sender, after=after))

    def _person(self, citizen: Citizen) -> Person:
        has_card = isinstance(citizen.identity, Tckn) and not citizen.blue_card
        return Person(
            citizen_id=citizen.citizen_id,
            masked_name=f"{citizen.masked_firstname} {citizen.masked_lastname}".strip(),
            surname=citizen.lastname,
            birth_year=citizen.birth_date.year,
            serial=citizen.id_card.last_four if has_card else None,
            lines=self._family_lines(citizen) if is_minor(citizen, self._now()) else None,
        )

    def _family_lines(self, child: Citizen) -> frozenset[Phone]:
        family = [child, *(self._registry.citizen(parent) for parent in child.parents)]
        return frozenset(one.phone for one in family if one.phone is not None)
