"""What stands on the wire of the mobile application's service."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Annotated

from pydantic import BaseModel, StrictBool, StringConstraints
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.clock import TURKEY
from mockgov.codes.rules import Code
from mockgov.counters.mobile_app.eligibility import eligibility
from mockgov.counters.reading import wire_moment, wire_us
from mockgov.queries.messages import Answer
from mockgov.registry.rules import Citizen
from mockgov.signin.rules import AppUser

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
"""A short text without NUL."""


class PhoneBody(BaseModel):
    """M1."""

    phone: Text


class LoginBody(BaseModel):
    """M2; `password` is the code from the SMS."""

    password: Text
    phone: Text
    rememberMe: StrictBool = False  # noqa: N815  the wire's name


class NewCodeBody(BaseModel):
    """M5; a null or missing `expiration_date` makes an indefinite code."""

    child_tckn: Text | None = None
    description: Text | None = None
    expiration_date: date | datetime | None = None


class CheckBody(BaseModel):
    """M6, M7."""

    hes_code: Text


class AccountObject(TypedDict):
    """M3; the field names are the wire's, the misspelt one too."""

    userId: str
    phone: str
    firstname: str
    lastname: str
    gender: str
    dob: str | None
    identityNumberHash: str
    healthStatus: str
    mernisChecked: bool
    homeInfoSubmitted: bool
    isolationStatus: bool
    inTemporaryIsolation: bool
    homeIsolated: bool
    wristbandActive: bool
    speechValidationActive: bool
    faceValidationActive: bool
    mutant: bool
    mutantText: str | None
    isolationBeginDate: str | None
    isolationEndDate: str | None
    isolationBeginTime: str | None
    isolationEndTime: str | None
    numberOfDaysInIsolation: int
    numberOfMinutesInIsolation: int
    lastQATime: str | None
    remainingQATime: int
    clarificationTextVersion: float
    riskInfoSubmitted: bool
    ristInfoSubmitted: bool


class SignedInObject(AccountObject):
    """M2."""

    id_token: str
    refresh_token: str


class OwnCodeObject(TypedDict):
    """M4, M5."""

    hes_code: str
    description: str
    created_date: str
    expiration_date: str
    created_by: str
    is_blocked: bool
    block_info: str | None
    hes_code_barcode: str
    current_health_status: str
    masked_identity_number: str
    masked_firstname: str
    masked_lastname: str


class ResultObject(TypedDict):
    """M6."""

    expiration_date: str
    current_health_status: str
    masked_identity_number: str
    masked_firstname: str
    masked_lastname: str


class EligibilityObject(ResultObject):
    """M7."""

    is_vaccinated: bool | None
    is_immune: bool | None
    is_tested: bool | None
    is_eligible: bool
    eligible_text: str


def account_object(
    citizen: Citizen,
    user: AppUser,
    isolation: tuple[datetime, datetime] | None,
    now: datetime,
    text_version: float,
) -> AccountObject:
    """The account object of M2 and M3; isolation and clarification text (facts, section 1) are those in force."""
    left = None if isolation is None else isolation[1] - now
    return {
        "userId": user.user_id,
        "phone": citizen.phone.wire if citizen.phone else "",
        "firstname": citizen.firstname,
        "lastname": citizen.lastname,
        "gender": citizen.sex.value,
        "dob": citizen.birth_date.isoformat(),
        "identityNumberHash": sha256(citizen.identity.digits.encode()).hexdigest(),
        "healthStatus": "RISKLESS" if isolation is None else "RISKY",
        "mernisChecked": True,
        "homeInfoSubmitted": False,
        "isolationStatus": isolation is not None,
        "inTemporaryIsolation": False,
        "homeIsolated": isolation is not None,
        "wristbandActive": False,
        "speechValidationActive": False,
        "faceValidationActive": False,
        "mutant": False,
        "mutantText": None,
        "isolationBeginDate": _local_day(isolation, 0),
        "isolationEndDate": _local_day(isolation, 1),
        "isolationBeginTime": _local_time(isolation, 0),
        "isolationEndTime": _local_time(isolation, 1),
        "numberOfDaysInIsolation": -1 if left is None else days_left(left),
        "numberOfMinutesInIsolation": -1 if left is None else left // MINUTE,
        "lastQATime": None,
        "remainingQATime": 0,
        "clarificationTextVersion": text_version,
        "riskInfoSubmitted": True,
        "ristInfoSubmitted": True,
    }


def unchecked_object(citizen: Citizen, user: AppUser, now: datetime, text_version: float) -> AccountObject:
    """The account object of who has yet to register: the phone is known, the person is not."""
    known = account_object(citizen, user, None, now, text_version)
    nothing: AccountObject = {
        **known,
        "firstname": "",
        "lastname": "",
        "gender": "",
        "dob": None,
        "identityNumberHash": "",
        "mernisChecked": False,
        "riskInfoSubmitted": False,
        "ristInfoSubmitted": False,
    }
    return nothing


def days_left(left: timedelta) -> int:
    """Days of an isolation that are still to be spent, the one that runs included."""
    return -(-left // DAY)


def own_code_object(code: Code, holder: Citizen, *, risky: bool) -> OwnCodeObject:
    """The own-code object of M4 and M5."""
    return {
        "hes_code": code.text,
        "description": code.description,
        "created_date": wire_moment(code.created_at),
        "expiration_date": wire_moment(code.expires_at),
        "created_by": code.created_by,
        "is_blocked": False,
        "block_info": None,
        "hes_code_barcode": f"{code.qr_token}|{code.text}",
        "current_health_status": "RISKY" if risky else "RISKLESS",
        "masked_identity_number": holder.identity.masked,
        "masked_firstname": holder.masked_firstname,
        "masked_lastname": holder.masked_lastname,
    }


def result_object(answer: Answer) -> ResultObject:
    """The result object of M6."""
    return {
        "expiration_date": wire_us(answer.expires_us),
        "current_health_status": "RISKY" if answer.risky else "RISKLESS",
        "masked_identity_number": answer.identity_number,
        "masked_firstname": answer.firstname,
        "masked_lastname": answer.lastname,
    }


def eligibility_object(answer: Answer, day: date) -> EligibilityObject:
    """The result object of M7, of a plus answer, by the rules of a Turkish day."""
    assert answer.clinical is not None
    vaccinated, immune, shared, negative_us = answer.clinical
    tested = (negative_us is not None) if shared else None
    eligible, text = eligibility(day=day, risky=answer.risky, vaccinated=vaccinated, immune=immune, tested=tested)
    return {
        **result_object(answer),
        "is_vaccinated": vaccinated,
        "is_immune": immune,
        "is_tested": tested,
        "is_eligible": eligible,
        "eligible_text": text,
    }


def _local_day(isolation: tuple[datetime, datetime] | None, which: int) -> str | None:
    return None if isolation is None else isolation[which].astimezone(TURKEY).date().isoformat()


def _local_time(isolation: tuple[datetime, datetime] | None, which: int) -> str | None:
    """`YYYY-MM-DDTHH:MM:SS.mmm` without a zone, in Turkish time."""
    if isolation is None:
        return None
    return isolation[which].astimezone(TURKEY).replace(tzinfo=None).isoformat(timespec="milliseconds")


def last_day(expiration: date | datetime | None) -> date | None:
    """The last day that M5 asks for; a moment counts as its day in Turkey (without zone: it is in UTC)."""
    if not isinstance(expiration, datetime):
        return expiration
    zoned = expiration if expiration.tzinfo else expiration.replace(tzinfo=UTC)
    try:
        return zoned.astimezone(TURKEY).date()
    except OverflowError:  # the calendar's first and last day, which no code can have anyway
        return expiration.date()
