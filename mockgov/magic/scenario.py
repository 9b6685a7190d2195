"""A scenario: its name, what it means, by which rule, and what each channel answers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from mockgov.clock import TURKEY
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE
from mockgov.magic.roles import Body, Role
from mockgov.refusal import Refused

Operations = tuple[tuple[str, str], ...]
"""Methods and paths."""
APPLICATION: Final = "/kurumsal-entegrasyon/api/applications"
PROXY: Final = "/services/hescodeproxy/api/"


class UnknownScenario(Refused):
    """No scenario has that name."""

    key = "unknownscenario"


class NotInThisTime(Refused):
    """The rules of the world's day do not let a scenario be what it says."""

    key = "scenarionotnow"


class Channel(StrEnum):
    """By which door somebody is asked about, or comes in."""

    CODE = "code"
    """The person's code is checked, by an institution or in the application."""
    CODE_PLUS = "code-plus"
    """The same with vaccine, immunity and test."""
    BULK = "bulk"
    """The code stands among others in a bulk call, and lies in `success_map` or `unsuccess_map`."""
    APP = "app"
    """The person asks for a login code on their phone."""
    SHORT_NUMBER = "2023"
    """A text to 2023 from the person's phone, with their number and proof, asks for a code."""
    HANDSET = "handset"
    """A text is sent to the person's phone by an account of the gateway."""
    EDEVLET = "e-devlet"
    """The person signs in at e-Devlet with number and password: 302 to the services, 200 with the form once more."""
    LIVE = "live-account"
    """The institution asks in the live environment."""
    TEST = "test-account"
    """The institution asks in the test environment."""
    FORM = "application-form"
    """The institution's form for integration is drawn up, and assessed for who may integrate."""
    SIGNATURE = "signature"
    """A document signed with the manager's certificate is checked."""
    KEP = "kep"
    """The institution's registered-mail account writes to another."""
    KEP_INBOX = "kep-inbox"
    """Somebody writes to the institution's registered-mail account."""


CORPORATE: Final = tuple(
    ("post", base + name)
    for base in (LIVE_BASE, TEST_BASE)
    for name in ("check-visitor-hes-code", "check-employee-hes-code", "check-hes-code")
)
OPERATIONS: Final[Mapping[Channel, Operations]] = MappingProxyType(
    {
        Channel.CODE: (*CORPORATE, ("post", f"{PROXY}check-hes-code")),
        Channel.CODE_PLUS: tuple(("post", f"{base}check-hes-code-plus") for base in (LIVE_BASE, TEST_BASE)),
        Channel.BULK: tuple(("post", f"{base}check-hes-codes") for base in (LIVE_BASE, TEST_BASE)),
        Channel.APP: (("post", "/api/send-code-to-login"),),
        Channel.SHORT_NUMBER: (
            ("post", "/_lab/people/{citizen_id}/sms"),
            ("post", "/_lab/handsets/{phone}/send"),
        ),
        Channel.HANDSET: (("get", "/sms/api/messages/{message_id}"), ("get", "/sms/api/receipts")),
        Channel.EDEVLET: (("get", "/_lab/people/{citizen_id}/edevlet"),),
        Channel.LIVE: (("post", f"{LIVE_BASE}check-hes-code"), ("get", "/_lab/accounts")),
        Channel.TEST: (("post", f"{TEST_BASE}check-hes-code"), ("get", "/_lab/accounts")),
        Channel.FORM: (("post", APPLICATION), ("get", "/_lab/applications/{number}")),
        Channel.SIGNATURE: (("post", "/_lab/verify"), ("put", f"{APPLICATION}/{{number}}/signed-form")),
        Channel.KEP: (("post", "/kep/api/letters"),),
        Channel.KEP_INBOX: (("post", "/kep/api/letters"),),
    }
)
"""Beside which operations of the OpenAPI a channel's answers stand."""


class When(StrEnum):
    """At which moment something is answered, counted from the casting."""

    NOW = "now"
    IN_AN_HOUR = "in-an-hour"
    TOMORROW = "tomorrow"
    """24 hours later."""
    TOMORROW_AT_NOON = "tomorrow-at-noon"
    """At 12:00 of the next day in Turkey."""
    IN_THREE_DAYS = "in-three-days"

    def of(self, cast_at: datetime) -> datetime:
        """The moment itself."""
        if self is When.TOMORROW_AT_NOON:
            return noon_after(cast_at)
        return cast_at + _AFTER[self]


_AFTER: Final = {
    When.NOW: timedelta(0),
    When.IN_AN_HOUR: timedelta(hours=1),
    When.TOMORROW: timedelta(days=1),
    When.IN_THREE_DAYS: timedelta(days=3),
}


def noon_after(moment: datetime) -> datetime:
    """Noon of the next day in Turkey."""
    return datetime.combine(moment.astimezone(TURKEY).date() + timedelta(days=1), time(12), TURKEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """What a channel answers."""

    channel: Channel
    status: int
    """HTTP status of the answer, or of the one that a page gives."""
    shows: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the answer, among others; `errorKey` of a refusal."""
    when: When = When.NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One line of the table."""

    name: str
    tr: str
    """What it means."""
    en: str
    rule_tr: str
    """By which rule it answers so."""
    rule_en: str
    plays: Role | Body
    says: tuple[Says, ...]
    """What it answers otherwise than an ordinary person or institution does, or what one would look for."""

    @property
    def is_person(self) -> bool:
        """Whether it is about a person rather than an institution."""
        return isinstance(self.plays, Role)


def code(status: str, when: When = When.NOW) -> tuple[Says, ...]:
    """What every check of a code answers, single and in bulk."""
    shows = {"current_health_status": status}
    return tuple(Says(channel=channel, status=200, shows=shows, when=when) for channel in (Channel.CODE, Channel.BULK))


def no_code(key: str, when: When = When.NOW) -> tuple[Says, ...]:
    """How every check refuses a code; in bulk the key stands in `unsuccess_map`."""
    return (
        Says(channel=Channel.CODE, status=400, shows={"errorKey": key}, when=when),
        Says(channel=Channel.BULK, status=200, shows={"errorKey": key}, when=when),
    )


def plus(when: When = When.NOW, **shows: object) -> tuple[Says, ...]:
    """What a plus answer shows."""
    return (Says(channel=Channel.CODE_PLUS, status=200, shows=shows, when=when),)
