"""The institutions with an account, as a compact table: the country has thousands of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.names import company_name
from mockgov.vocabulary.province import province_of
from mockgov.vocabulary.turkish import upper_tr
from sim.demand.ground import KINDS, NOBODY, Ground
from sim.demand.parameters import DemandParameters, Role
from sim.streams import Stream

ROLES = tuple(Role)
_HOME, _TOWN = "ÖRNEK", "{town} ÖRNEK"
_BODY, _FIRM = InstitutionKind.PUBLIC_BODY, InstitutionKind.WORKPLACE
_MILLION = 1_000_000
# Role, label, name, kind, staff, and for how many residents there is one; the last is chosen here, so that the
# country has some 450 malls, as many municipalities as provinces and large districts, and 200 campuses.
_CARRIERS = (
    (Role.AIRLINE, "ORNEK-HAVA", f"{_HOME} HAVA YOLLARI A.Ş.", _FIRM, 9_000, 20 * _MILLION),
    (Role.COACHES, "ORNEK-OTOBUS", f"{_HOME} OTOBÜS A.Ş.", _FIRM, 2_500, 3 * _MILLION),
    (Role.RAILWAY, "ÖRNEK-DEMİRYOLU", f"{_HOME} DEMİRYOLLARI", _BODY, 6_000, 1_000 * _MILLION),
    (Role.HOTELS, "ORNEK-OTEL", f"{_HOME} OTELCİLİK A.Ş.", _FIRM, 1_500, 2 * _MILLION),
    (Role.EXAMS, "ORNEK-SINAV", f"{_HOME} SINAV MERKEZİ", _BODY, 900, 1_000 * _MILLION),
)
_LOCAL = (
    (Role.MALL, "AVM-{plate:02}", f"{_TOWN} ALIŞVERİŞ MERKEZİ A.Ş.", _FIRM, 800, 200_000),
    (Role.OFFICE, "BELEDİYE-{plate:02}", f"{_TOWN} BELEDİYESİ", _BODY, 1_200, 250_000),
    (Role.CITY_CARD, "KENTKART-{plate:02}", f"{_TOWN} KENT KARTI İŞLETMESİ", _BODY, 600, 1_000 * _MILLION),
    (Role.CAMPUS, "ÜNİVERSİTE-{plate:02}", f"{_TOWN} ÜNİVERSİTESİ", _BODY, 2_200, 500_000),
    (Role.STAGE, "SİNEMA-{plate:02}", f"{_TOWN} SİNEMALARI A.Ş.", _FIRM, 520, 300_000),
)
_SEATS = {
    InstitutionKind.MINISTRY: ("BAKANLIK", "ÖRNEK BAKANLIĞI"),
    InstitutionKind.PUBLIC_BODY: ("KURUM-{plate:02}", f"{_TOWN} KURUMU"),
    InstitutionKind.GOVERNORSHIP: ("VALİLİK-{plate:02}", f"{_TOWN} VALİLİĞİ"),
    InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE: ("İSM-{plate:02}", f"{_TOWN} İL SAĞLIK MÜDÜRLÜĞÜ"),
}
_VENUES = {venue[0]: venue for venue in (*_CARRIERS, *_LOCAL)}
_TO_ASCII = str.maketrans("ÇĞİÖŞÜ", "CGIOSU")


@dataclass(frozen=True, slots=True, kw_only=True)
class Institutions:
    """All institutions with an account, one entry each; whoever asks in an institution's channel is an index here."""

    role: NDArray[np.uint8]
    """Index into `ROLES`."""
    kind: NDArray[np.uint8]
    """Index into `tuple(InstitutionKind)`."""
    province: NDArray[np.uint8]
    """Plate."""
    workplace: NDArray[np.int32]
    """Index in the population, -1 for an institution whose staff live elsewhere."""
    staff_count: NDArray[np.int64]

    def __len__(self) -> int:
        return self.role.size

    def having(self, role: Role) -> NDArray[np.int64]:
        """Those with this role."""
        return np.flatnonzero(self.role == ROLES.index(role))

    def label(self, index: int, chance: Stream) -> str:
        """What user names are built on: short, upper case; some have Turkish letters or a `-`, and some are equal."""
        kind = KINDS[self.kind[index]]
        if ROLES[self.role[index]] is Role.EMPLOYER and kind not in _SEATS:
            return "-".join(self.name(index, chance).split()[:2]).translate(_TO_ASCII)
        return self._told(index, 0)

    def name(self, index: int, chance: Stream) -> str:
        """The institution's name; a private employer's is drawn."""
        if ROLES[self.role[index]] is Role.EMPLOYER and KINDS[self.kind[index]] not in _SEATS:
            return company_name(chance.draw(int(self.workplace[index])))
        return self._told(index, 1)

    def _told(self, index: int, what: int) -> str:
        role, plate = ROLES[self.role[index]], int(self.province[index])
        texts = _SEATS[KINDS[self.kind[index]]] if role is Role.EMPLOYER else _VENUES[role][1:3]
        return texts[what].format(plate=plate, town=upper_tr(province_of(plate).name))


def institutions(ground: Ground, parameters: DemandParameters) -> Institutions:
    """The national ones, seated in the most populous province; then, the most populous province first, its others.

    A province has its integrated workplaces, and malls, municipalities, the city card's operator, campuses and
    chains of cinemas, at least one of each: as many in all as `callers_at_most` allows.
    """
    residents = ground.residents
    plates = sorted(np.flatnonzero(residents).tolist(), key=lambda plate: (-residents[plate], plate))
    rows = [row for venue in _CARRIERS for row in _venues(venue, plates[0], int(residents.sum()))]
    for plate in plates:
        if len(rows) >= parameters.callers_at_most:
            break
        here = np.flatnonzero(ground.workplace_integrated & (ground.workplace_province == plate)).tolist()
        employer = ROLES.index(Role.EMPLOYER)
        rows += [
            (employer, int(ground.workplace_kind[place]), plate, place, int(ground.workplace_size[place]))
            for place in here
        ]
        rows += [row for venue in _LOCAL for row in _venues(venue, plate, int(residents[plate]))]
    columns = np.array(rows[: parameters.callers_at_most], np.int64).T
    return Institutions(
        role=columns[0].astype(np.uint8),
        kind=columns[1].astype(np.uint8),
        province=columns[2].astype(np.uint8),
        workplace=columns[3].astype(np.int32),
        staff_count=columns[4],
    )


def _venues(
    venue: tuple[Role, str, str, InstitutionKind, int, int], plate: int, residents: int
) -> list[tuple[int, int, int, int, int]]:
    role, _, _, kind, staff, each = venue
    return [(ROLES.index(role), KINDS.index(kind), plate, NOBODY, staff)] * (1 + residents // each)
