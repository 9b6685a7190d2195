"""Use-cases of the registry: enter people and institutions, find them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

from mockgov.bus import Tell
from mockgov.clock import TURKEY, Now
from mockgov.registry.messages import (
    CitizenDied,
    CitizensRegistered,
    InstitutionRegistered,
    RegisterCitizen,
    RegisterInstitution,
)
from mockgov.registry.rules import (
    Citizen,
    Institution,
    MaskedName,
    NotRegistrable,
    UnknownCitizen,
    UnknownInstitution,
    checked_label,
    may_act_for,
    speaks_for,
)
from mockgov.registry.store import RegistryStore
from mockgov.streams import Streams
from mockgov.vocabulary.chance import pick
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.id_card import IdCardSerial
from mockgov.vocabulary.passport import NATIONALITIES, InvalidPassport, Passport
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.province import PROVINCES
from mockgov.vocabulary.tckn import Tckn
from mockgov.vocabulary.turkish import upper_tr
from mockgov.vocabulary.vkn import Vkn
from mockgov.vocabulary.ykn import Ykn, parse_identity

Transaction = Callable[[], AbstractContextManager[None]]


class Registry:
    """The register of one world."""

    def __init__(
        self,
        *,
        store: RegistryStore,
        now: Now,
        streams: Streams,
        tell: Tell,
        transaction: Transaction,
        phone_prefix: str,
    ) -> None:
        self._store = store
        self._now = now
        self._streams = streams
        self._tell = tell
        self._transaction = transaction
        self._phone_prefix = phone_prefix

    def register(self, orders: Sequence[RegisterCitizen]) -> Sequence[Citizen]:
        """Enter people, in order, all or none. Raises `NotRegistrable`."""
        with self._transaction():
            first = self._store.count_citizens() + 1
            citizens = [self._made(order, first, at) for at, order in enumerate(orders)]
            citizens = self._with_free_numbers(citizens, [order.minted_as for order in orders])
            self._store.put_citizens(citizens)
            self._tell(CitizensRegistered(citizen_ids=[citizen.citizen_id for citizen in citizens]))
        return citizens

    def found(self, order: RegisterInstitution) -> Institution:
        """Enter an institution or a branch of one.

        Raises `NotRegistrable` where its label is taken, or its staff or head office unknown.
        """
        with self._transaction():
            if self._store.by_label(checked_label(order.label)):
                raise NotRegistrable(f"The label {order.label} is taken; choose another.")
            self._check_staff(order)
            number = len(self._store.institutions()) + 1
            institution = Institution(
                institution_id=number,
                vkn=self._vkn(order.minted_as or number)
                if order.headquarters is None
                else self._head(order.headquarters).vkn,
                kind=order.kind,
                name=order.name,
                label=order.label,
                province=_plate(order.province),
                staff_count=order.staff_count,
                staff=tuple(order.staff),
                headquarters=order.headquarters,
            )
            self._store.put_institution(institution)
            self._tell(InstitutionRegistered(institution_id=number))
        return institution

    def citizen(self, citizen_id: int) -> Citizen:
        """The citizen of that number. Raises `UnknownCitizen`."""
        return _known(self._store.citizen(citizen_id))

    def by_identity(self, text: str) -> Citizen:
        """The citizen of an identity number. Raises `UnknownCitizen`, without repeating the number."""
        try:
            identity = parse_identity(text)
        except InvalidWord:
            return _known(None)
        return self._alive(self._store.by_identity(identity.digits))

    def by_passport(self, passport: Passport) -> Citizen:
        """The holder of a passport. Raises `UnknownCitizen`, without repeating the number."""
        return self._alive(self._store.by_passport(passport))

    def by_phone(self, phone: Phone) -> Citizen:
        """The citizen of a phone number. Raises `UnknownCitizen`."""
        return self._alive(self._store.by_phone(phone.subscriber))

    def record_death(self, citizen_id: int) -> None:
        """Enter a death: from now on nobody is found by this person's numbers. Raises `UnknownCitizen`.

        A second time changes nothing.
        """
        citizen = self.citizen(citizen_id)
        if self._store.died_on(citizen_id) is None:
            with self._transaction():
                self._store.put_death(citizen_id, self._now().astimezone(TURKEY).date())
                self._tell(CitizenDied(citizen_id=citizen.citizen_id))

    def died_on(self, citizen_id: int) -> date | None:
        """The day of somebody's death, if it has been entered."""
        return self._store.died_on(citizen_id)

    def is_phone(self, phone: Phone) -> bool:
        """Whether the number is somebody's in this world."""
        return self._store.by_phone(phone.subscriber) is not None

    def children_of(self, citizen: Citizen) -> Sequence[Citizen]:
        """The children for whom the citizen may act now."""
        now = self._now()
        children = self._store.children_of(citizen.citizen_id)
        return [child for child in children if may_act_for(citizen, child, now)]

    def citizens(self, *, after: int = 0, limit: int = 100) -> Sequence[Citizen]:
        """A page of citizens by number."""
        return self._store.citizens(after=after, limit=limit)

    def count(self) -> int:
        """How many citizens there are."""
        return self._store.count_citizens()

    def masked_many(self, citizen_ids: Sequence[int]) -> Mapping[int, MaskedName]:
        """What an institution may see of each; part of the query path."""
        return self._store.masked_many(citizen_ids)

    def provinces_of(self, citizen_ids: Sequence[int]) -> Mapping[int, int]:
        """Plate of each one's province."""
        return self._store.provinces_of(citizen_ids)

    def populations(self) -> Mapping[int, int]:
        """Residents of each province that has any, by plate."""
        return self._store.populations()

    def institution(self, institution_id: int) -> Institution:
        """The institution of that number. Raises `UnknownInstitution`."""
        institution = self._store.institution(institution_id)
        if institution is None:
            raise UnknownInstitution("This world has no institution of this number; GET /_lab/institutions lists them.")
        return institution

    def institutions(self) -> Sequence[Institution]:
        """All institutions, by number."""
        return self._store.institutions()

    def managed_by(self, citizen_id: int) -> Sequence[Institution]:
        """The institutions for which a citizen speaks, by number: those whose named staff they lead."""
        return [one for one in self._store.institutions() if speaks_for(citizen_id, one)]

    def establishments(self, vkn: Vkn) -> Sequence[Institution]:
        """The head office of a tax number and its branches, by number; none for an unknown tax number."""
        return self._store.by_vkn(vkn)

    def _alive(self, citizen: Citizen | None) -> Citizen:
        known = _known(citizen)
        return _known(None) if self._store.died_on(known.citizen_id) is not None else known

    def _vkn(self, number: int | str) -> Vkn:
        """A tax number that nobody has."""
        vkn, attempt = Vkn.mint(self._streams.draw("registry.vkn", number)), 0
        while self._store.by_vkn(vkn):
            attempt += 1
            vkn = Vkn.mint(self._streams.draw("registry.vkn", number, attempt))
        return vkn

    def _head(self, institution_id: int) -> Institution:
        head = self._store.institution(institution_id)
        if head is None or head.headquarters is not None:
            raise NotRegistrable("headquarters must be the number of a head office that is registered already.")
        return head

    def _check_staff(self, order: RegisterInstitution) -> None:
        if order.staff_count < len(order.staff):
            raise NotRegistrable("staff_count is smaller than the list of staff; correct one of them.")
        if len(set(order.staff)) < len(order.staff):
            raise NotRegistrable("Somebody stands twice in the list of staff; name everybody once.")
        last = self._store.count_citizens()
        unknown = sum(not 1 <= number <= last for number in order.staff)
        if unknown:
            raise NotRegistrable(f"Of the staff, {unknown} is not registered; register people first.")

    def _made(self, order: RegisterCitizen, first: int, at: int) -> Citizen:
        number, key = first + at, order.minted_as or first + at
        parents = tuple(_parent(parent, first, at) for parent in order.parents)
        if len(parents) > 2:
            raise NotRegistrable("A citizen has at most two parents; name no more.")
        if order.birth_date > self._now().astimezone(TURKEY).date():
            raise NotRegistrable(f"A birth on {order.birth_date} lies in the future; choose an earlier day.")
        _check_papers(order)
        return Citizen(
            citizen_id=number,
            identity=self._identity(key, foreign=order.foreign, temporary=order.temporary, attempt=0),
            firstname=_name(order.firstname, "firstname"),
            lastname=_name(order.lastname, "lastname"),
            sex=order.sex,
            birth_date=order.birth_date,
            province=_plate(order.province),
            phone=self._phone(key, 0) if order.has_phone else None,
            id_card=IdCardSerial.mint(self._streams.draw("registry.id_card", key)),
            parents=parents,
            blue_card=order.blue_card,
            passport=self._passport(key, order.nationality, 0) if order.foreign else None,
        )

    def _identity(self, number: int | str, *, foreign: bool, temporary: bool, attempt: int) -> Tckn | Ykn:
        draw = self._streams.draw("registry.identity", number, attempt)
        return Ykn.mint(draw, temporary=temporary) if foreign else Tckn.mint(draw)

    def _passport(self, number: int | str, nationality: str | None, attempt: int) -> Passport:
        if nationality is None:
            nationality = pick(self._streams.draw("registry.nationality", number), NATIONALITIES)
        try:
            return Passport.mint(self._streams.draw("registry.passport", number, attempt), nationality)
        except InvalidPassport as refused:
            raise NotRegistrable(str(refused)) from None

    def _phone(self, number: int | str, attempt: int) -> Phone:
        return Phone.mint(self._streams.draw("registry.phone", number, attempt), self._phone_prefix)

    def _with_free_numbers(self, citizens: list[Citizen], minted_as: Sequence[str]) -> list[Citizen]:
        """Mint again, for each citizen in turn, what somebody has already."""
        taken = self._store.taken(
            identities=[citizen.identity.digits for citizen in citizens],
            phones=[citizen.phone.subscriber for citizen in citizens if citizen.phone],
            passports=[citizen.passport.text for citizen in citizens if citizen.passport],
        )
        used = set(taken)
        return [self._freed(one, key or one.citizen_id, used) for one, key in zip(citizens, minted_as, strict=True)]

    def _freed(self, citizen: Citizen, key: int | str, used: set[str]) -> Citizen:
        identity, phone, passport, attempt = citizen.identity, citizen.phone, citizen.passport, 0
        while identity.digits in used:
            attempt += 1
            foreign, temporary = isinstance(identity, Ykn), isinstance(identity, Ykn) and identity.temporary
            identity = self._identity(key, foreign=foreign, temporary=temporary, attempt=attempt)
            used |= self._store.taken(identities=[identity.digits])
        attempt = 0
        while phone is not None and phone.subscriber in used:
            attempt += 1
            phone = self._phone(key, attempt)
            used |= self._store.taken(phones=[phone.subscriber])
        attempt = 0
        while passport is not None and passport.text in used:
            attempt += 1
            passport = self._passport(key, passport.nationality, attempt)
            used |= self._store.taken(passports=[passport.text])
        used.add(identity.digits)
        if phone is not None:
            used.add(phone.subscriber)
        if passport is not None:
            used.add(passport.text)
        if (identity, phone, passport) == (citizen.identity, citizen.phone, citizen.passport):
            return citizen
        return replace(citizen, identity=identity, phone=phone, passport=passport)


def _known(citizen: Citizen | None) -> Citizen:
    if citizen is None:
        raise UnknownCitizen(
            "This world has minted no such person. Use a number from this sandbox (see /_lab/people); "
            "real identity and phone numbers do not belong here, and none is kept."
        )
    return citizen


def _check_papers(order: RegisterCitizen) -> None:
    if order.foreign and order.blue_card:
        raise NotRegistrable("A blue card belongs to somebody who was a citizen; leave `foreign` out.")
    if not order.foreign and (order.temporary or order.nationality is not None):
        raise NotRegistrable("`temporary` and `nationality` belong to a foreigner; set `foreign`, or leave them out.")
    if order.nationality == "TUR":
        raise NotRegistrable("A foreigner's nationality is another one than TUR.")


def _name(text: str, field: str) -> str:
    name = " ".join(upper_tr(text).split())
    if not name or "\x00" in name:
        raise NotRegistrable(f"{field} is empty; give a name.")
    return name


def _plate(province: int) -> int:
    if not 1 <= province <= len(PROVINCES):
        raise NotRegistrable(f"There is no province {province}; give a plate from 1 to 81.")
    return province


def _parent(parent: int, first: int, at: int) -> int:
    number = first + (-parent - 1) if parent < 0 else parent
    if not 1 <= number < first + at:
        raise NotRegistrable(f"Parent {parent} is not registered before the child; put parents first.")
    return number
