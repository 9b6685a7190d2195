"""Who asks with an account: the integrated workplaces of the town, and what every town has beside them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.names import company_name
from mockgov.vocabulary.province import province_of
from mockgov.vocabulary.turkish import upper_tr
from sim.demand.parameters import DemandParameters, Role
from sim.streams import Stream, Streams

Flags = NDArray[np.bool_]
NOBODY = -1
"""In place of a workplace or of somebody who asks."""
KINDS = tuple(InstitutionKind)


class Town(Protocol):
    """What demand needs to know of a population: columns by person, and by workplace."""

    @property
    def province(self) -> NDArray[np.uint8]: ...  # noqa: D102 - said by the class
    @property
    def age(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def workplace(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def app_user(self) -> Flags: ...  # noqa: D102
    @property
    def workplace_province(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def workplace_size(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def workplace_kind(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def workplace_integrated(self) -> Flags: ...  # noqa: D102


class Place(NamedTuple):
    """Where an institution's door is, as a visitor's query tells it. Made up but for city and district."""

    city: str
    district: str
    explicit_address: str


class Caller(NamedTuple):
    """One institution that asks through the corporate service."""

    label: str
    """What its user names are built on: short, upper case, unique; some have Turkish letters or a `-`."""
    name: str
    kind: InstitutionKind
    role: Role
    province: int
    """Plate."""
    workplace: int
    """Index in the population, -1 for an institution whose staff live elsewhere."""
    staff_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """All institutions with an account, as columns; an asker of `Demand` is an index into them."""

    label: tuple[str, ...]
    name: tuple[str, ...]
    kind: tuple[InstitutionKind, ...]
    role: tuple[Role, ...]
    province: tuple[int, ...]
    workplace: tuple[int, ...]
    staff_count: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.label)

    def __getitem__(self, index: int) -> Caller:
        return Caller(*(getattr(self, field)[index] for field in Caller._fields))

    def place(self, index: int) -> Place:
        """Where its visitors are asked."""
        province = province_of(self.province[index])
        district = province.districts[index % len(province.districts)]
        return Place(province.name, district, f"Örnek Mahallesi {index + 1}. Sokak No: 1")


_HOME, _TOWN = "ÖRNEK", "{town} ÖRNEK"
_BODY, _FIRM = InstitutionKind.PUBLIC_BODY, InstitutionKind.WORKPLACE
_CARRIERS = (
    (Role.AIRLINE, "ORNEK-HAVA", f"{_HOME} HAVA YOLLARI A.Ş.", _FIRM, 9_000),
    (Role.COACHES, "ORNEK-OTOBUS", f"{_HOME} OTOBÜS A.Ş.", _FIRM, 2_500),
    (Role.RAILWAY, "ÖRNEK-DEMİRYOLU", f"{_HOME} DEMİRYOLLARI", _BODY, 6_000),
    (Role.HOTELS, "ORNEK-OTEL", f"{_HOME} OTELCİLİK A.Ş.", _FIRM, 1_500),
)
_LOCAL = (
    (Role.MALL, "AVM-{plate:02}", f"{_TOWN} ALIŞVERİŞ MERKEZİ A.Ş.", _FIRM, 800),
    (Role.OFFICE, "BELEDİYE-{plate:02}", f"{_TOWN} BELEDİYESİ", _BODY, 1_200),
    (Role.CITY_CARD, "KENTKART-{plate:02}", f"{_TOWN} KENT KARTI İŞLETMESİ", _BODY, 600),
    (Role.CAMPUS, "ÜNİVERSİTE-{plate:02}", f"{_TOWN} ÜNİVERSİTESİ", _BODY, 2_200),
    (Role.STAGE, "SİNEMA-{plate:02}", f"{_TOWN} SİNEMALARI A.Ş.", _FIRM, 520),
)
_SEATS = MappingProxyType(
    {
        InstitutionKind.MINISTRY: ("BAKANLIK", "ÖRNEK BAKANLIĞI"),
        InstitutionKind.PUBLIC_BODY: ("KURUM-{plate:02}", f"{_TOWN} KURUMU"),
        InstitutionKind.GOVERNORSHIP: ("VALİLİK-{plate:02}", f"{_TOWN} VALİLİĞİ"),
        InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE: ("İSM-{plate:02}", f"{_TOWN} İL SAĞLIK MÜDÜRLÜĞÜ"),
    }
)
_TO_ASCII = str.maketrans("ÇĞİÖŞÜ", "CGIOSU")


def callers(population: Town, parameters: DemandParameters, streams: Streams) -> Callers:
    """The institutions that ask with an account; the same seed gives the same ones.

    The national carriers, seated in the most populous province; then, the most populous province first, its
    integrated workplaces, a mall, the municipality, the city card's operator, a campus and a chain of cinemas:
    as many as `callers_at_most` allows. Takes the stream "demand/caller", so once per `Streams`.
    """
    chance = streams.stream("demand/caller")
    residents = np.bincount(population.province)
    plates = sorted(np.flatnonzero(residents).tolist(), key=lambda plate: (-residents[plate], plate))
    rows = [_venue(venue, plates[0]) for venue in _CARRIERS]
    for plate in plates:
        workplaces = np.flatnonzero(population.workplace_integrated & (population.workplace_province == plate))
        rows += [_employer(population, workplace, chance) for workplace in workplaces.tolist()]
        rows += [_venue(venue, plate) for venue in _LOCAL]
    rows = rows[: parameters.callers_at_most]
    columns = dict(zip(Caller._fields, zip(*rows, strict=True), strict=True))
    return Callers(**columns | {"label": _told_apart(columns["label"])})


def _venue(venue: tuple[Role, str, str, InstitutionKind, int], plate: int) -> Caller:
    role, label, name, kind, staff = venue
    town = upper_tr(province_of(plate).name)
    return Caller(label.format(plate=plate), name.format(town=town), kind, role, plate, -1, staff)


def _employer(population: Town, workplace: int, chance: Stream) -> Caller:
    plate, kind = int(population.workplace_province[workplace]), KINDS[population.workplace_kind[workplace]]
    if kind in _SEATS:
        label, name = (text.format(plate=plate, town=upper_tr(province_of(plate).name)) for text in _SEATS[kind])
    else:
        name = company_name(chance.draw(workplace))
        label = "-".join(name.split()[:2]).translate(_TO_ASCII)
    return Caller(label, name, kind, Role.EMPLOYER, plate, workplace, int(population.workplace_size[workplace]))


def _told_apart(labels: Iterable[str]) -> tuple[str, ...]:
    """The same labels, a repeated one with its number: `KURUM-06`, `KURUM-06-2`."""
    seen: Counter[str] = Counter()
    told = []
    for label in labels:
        seen[label] += 1
        told.append(label if seen[label] == 1 else f"{label}-{seen[label]}")
    return tuple(told)
