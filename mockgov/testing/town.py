"""Who lives in a test's world, what they hold, and what is reported about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import Code, ends_after_days
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE, Environment
from mockgov.ministry import Ministry
from mockgov.registry.messages import RegisterCitizen, RegisterInstitution
from mockgov.registry.rules import Citizen, Institution
from mockgov.risk_index.messages import ContactReport, PcrReport, Report, VaccineReport
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.person import Sex

PROVINCE = 26
RECENTLY = timedelta(hours=1)
FIRM: Final = "ÇINAR-LOJİSTİK"
"""The label of the kit's own firm, which is made when it is first asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What opens the corporate counter in one environment."""

    username: str
    password: str
    base: str
    """The path under which this environment's operations are."""

    @property
    def auth(self) -> tuple[str, str]:
        """As most clients want it."""
        return self.username, self.password


class Town:
    """The verbs of a test, each done at once and wholly."""

    def __init__(self, ministry: Ministry, run: Callable[[Callable[[], Any]], Any]) -> None:
        self._ministry = ministry
        self.run = run
        """Does something where the world lives, a server's thread perhaps, and gives what comes of it."""

    @property
    def people(self) -> Sequence[Citizen]:
        """Everybody (at most the first 10,000), by number."""
        found: Sequence[Citizen] = self.run(lambda: self._ministry.registry.citizens(limit=10_000))
        return found

    def citizen(self, nth: int = 1) -> Citizen:
        """A citizen by number. Raises `UnknownCitizen`."""
        found: Citizen = self.run(lambda: self._ministry.registry.citizen(nth))
        return found

    def adult(self) -> Citizen:
        """The first one of age who has a phone and was never reported. Raises LookupError."""
        found: Citizen | None = self.run(self._adult)
        if found is not None:
            return found
        raise LookupError("Nobody like that lives here; ask for more people in the marker hes.")

    def register(self, firstname: str = "İpek Nur", lastname: str = "Çağlayan", **more: Any) -> Citizen:
        """A new citizen; further fields are those of `RegisterCitizen`."""
        fields: dict[str, Any] = {"sex": Sex.FEMALE, "birth_date": date(1985, 5, 19), "province": PROVINCE} | more
        order = RegisterCitizen(firstname=firstname, lastname=lastname, **fields)
        made: Citizen = self.run(lambda: self._ministry.registry.register([order])[0])
        return made

    def code(self, holder: Citizen | None = None, *, days: int | None = 7, label: str = "") -> HesCode:
        """A new code, of the first citizen if nobody is named; `days` None for one without end."""
        number = 1 if holder is None else holder.citizen_id
        ends_at = ends_after_days(self._ministry.world.now(), days)
        order = IssueCode(citizen_id=number, expires_at=ends_at, description=label, channel="hes-lab")
        return HesCode(self.run(lambda: self._ministry.codes.issue(order)).text)

    def codes(self, holder: Citizen) -> Sequence[HesCode]:
        """A citizen's codes that are not deleted, in the order of making."""
        return [HesCode(code.text) for code in self.run(lambda: self._ministry.codes.of(holder.citizen_id))]

    def known(self, code: HesCode) -> Code:
        """All that the ministry knows of a code. Raises `UnknownCode`."""
        found: Code = self.run(lambda: self._ministry.codes.get(code))
        return found

    def shorten(self, code: HesCode, to: datetime) -> None:
        """Let a code end earlier. Raises `BadDuration`, `IllegalTransition`, `UnknownCode`."""
        self.run(lambda: self._ministry.codes.shorten(self._ministry.codes.get(code), to))

    def delete(self, code: HesCode) -> None:
        """Make a code unfindable. Raises `UnknownCode`."""
        self.run(lambda: self._ministry.codes.delete(self._ministry.codes.get(code)))

    def share(self, code: HesCode, label: str) -> None:
        """Let its holder note that an institution has a code. Raises `UnknownCode`, `BadLabel`."""
        self.run(lambda: self._ministry.codes.share(self._ministry.codes.get(code), label))

    def file(self, *reports: Report) -> None:
        """File reports, all or none. Raises `ReportRefused`."""
        self.run(lambda: self._ministry.risk_index.file(reports))

    def positive(self, citizen: Citizen, *, ago: timedelta = RECENTLY) -> None:
        """A positive PCR, by default sampled an hour ago: the citizen is risky from the sample on."""
        self.file(PcrReport(citizen_id=citizen.citizen_id, sampled_at=self._ago(ago), positive=True))

    def negative(self, citizen: Citizen, *, ago: timedelta = RECENTLY) -> None:
        """A negative PCR."""
        self.file(PcrReport(citizen_id=citizen.citizen_id, sampled_at=self._ago(ago), positive=False))

    def contact(self, citizen: Citizen, *, ago: timedelta = RECENTLY) -> None:
        """A close contact with a case."""
        self.file(ContactReport(citizen_id=citizen.citizen_id, last_contact_at=self._ago(ago)))

    def vaccinate(self, citizen: Citizen, doses: int = 2, *, ago: timedelta = timedelta(days=60)) -> None:
        """Doses 1 to `doses`, four weeks apart, the last one so long ago."""
        number = citizen.citizen_id
        given = [(dose, self._ago(ago + (doses - dose) * timedelta(days=28))) for dose in range(1, doses + 1)]
        self.file(*(VaccineReport(citizen_id=number, given_at=at, dose=dose) for dose, at in given))

    def institution(self, label: str = FIRM) -> Institution:
        """The institution of a label; entered, with both accounts, if there is none yet.

        The label may have Turkish letters.
        """
        found: Institution = self.run(lambda: self._institution(label))
        return found

    def pair(self, label: str = FIRM, *, live: bool = True) -> Pair:
        """The user name and present password of an institution that is here; only the kit's own firm is made for it.

        Any other is made by `institution(label)`. Raises LookupError for a label of nobody's, or without such an
        account.
        """
        environment = Environment.LIVE if live else Environment.TEST
        labels = [one.label for one in self.run(self._ministry.registry.institutions)]
        if label not in (FIRM, *labels):
            raise LookupError(
                f"No institution has the label {label!r}; there are {', '.join(dict.fromkeys((FIRM, *labels)))}. "
                f"world.institution({label!r}) makes one."
            )
        institution = self.institution(label)
        accounts = self.run(lambda: self._ministry.credentials.accounts_of(institution.institution_id))
        account = next((one for one in accounts if one.environment is environment), None)
        if account is None:
            raise LookupError(
                f"{label} has no {environment} account, only {', '.join(one.username for one in accounts)}."
            )
        password = self._ministry.credentials.password(account.username, account.rotation)
        return Pair(username=account.username, password=password, base=LIVE_BASE if live else TEST_BASE)

    def rotate(self, pair: Pair) -> Pair:
        """A new password for the same account; the old one fails from now on."""
        password = self.run(lambda: self._ministry.credentials.rotate(pair.username).password)
        return Pair(username=pair.username, password=password, base=pair.base)

    def _ago(self, ago: timedelta) -> datetime:
        return self._ministry.world.now() - ago

    def _adult(self) -> Citizen | None:
        today = self._ministry.world.now().date()
        for one in self._ministry.registry.citizens(limit=10_000):
            of_age = (today - one.birth_date).days > 19 * 366
            if of_age and one.phone is not None and not self._ministry.risk_index.history(one.citizen_id).reports:
                return one
        return None

    def _institution(self, label: str) -> Institution:
        from mockgov.credentials.messages import ProvisionAccount  # noqa: PLC0415  wanted by few

        ministry = self._ministry
        found = next((one for one in ministry.registry.institutions() if one.label == label), None)
        with ministry.world.database.transaction():
            if found is None:
                order = RegisterInstitution(
                    kind=InstitutionKind.WORKPLACE,
                    name=f"{label} A.Ş. (sandbox)",
                    label=label,
                    province=PROVINCE,
                    staff_count=640,
                )
                found = ministry.registry.found(order)
            if not ministry.credentials.accounts_of(found.institution_id):
                ministry.credentials.provision_many(
                    [
                        ProvisionAccount(institution_id=found.institution_id, label=label, environment=environment)
                        for environment in Environment
                    ]
                )
        return found
