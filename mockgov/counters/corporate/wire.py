"""What stands on the wire of the corporate service: bodies, answers, operations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from mockgov.counters.reading import wire_us
from mockgov.queries.messages import Answer
from mockgov.queries.rules import Purpose


class Location(msgspec.Struct, frozen=True):
    """Where a visitor stood, in decimal degrees."""

    latitude: float
    longitude: float


class CodeBody(msgspec.Struct, frozen=True):
    """C2, C3, C5: one code."""

    hes_code: str


class VisitorBody(msgspec.Struct, frozen=True):
    """C1: one code and where it is asked."""

    city: str
    district: str
    explicit_address: str
    hes_code: str
    location: Location | None = None


class Single(msgspec.Struct, frozen=True):
    """Answer about one code."""

    expiration_date: str
    current_health_status: str
    masked_identity_number: str
    masked_firstname: str
    masked_lastname: str


class SinglePlus(msgspec.Struct, frozen=True):
    """Answer about one code, with vaccine, immunity and PCR; null where the person does not share it."""

    expiration_date: str
    current_health_status: str
    masked_identity_number: str
    masked_firstname: str
    masked_lastname: str
    is_vaccinated: bool | None
    is_immune: bool | None
    is_test_data_shared: bool
    last_negative_test_date: str | None


class Bulk(msgspec.Struct, frozen=True):
    """Answer to a bulk call."""

    success_map: dict[str, Single]
    unsuccess_map: dict[str, str]


class BulkPlus(msgspec.Struct, frozen=True):
    """Answer to a bulk plus call."""

    success_map: dict[str, SinglePlus]
    unsuccess_map: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One of C1 to C6."""

    name: str
    suffix: str
    purpose: Purpose
    body: Any
    bulk: bool = False
    plus: bool = False
    summary: str = ""


OPERATIONS: Sequence[Operation] = (
    Operation(
        name="C1",
        suffix="check-visitor-hes-code",
        purpose=Purpose.VISITOR,
        body=VisitorBody,
        summary="A visitor; the place of the query is recorded",
    ),
    Operation(
        name="C2", suffix="check-employee-hes-code", purpose=Purpose.EMPLOYEE, body=CodeBody, summary="An employee"
    ),
    Operation(name="C3", suffix="check-hes-code", purpose=Purpose.SINGLE, body=CodeBody, summary="One code, plainly"),
    Operation(
        name="C4",
        suffix="check-hes-codes",
        purpose=Purpose.BULK,
        body=list[CodeBody],
        bulk=True,
        summary="Up to 500 codes",
    ),
    Operation(
        name="C5",
        suffix="check-hes-code-plus",
        purpose=Purpose.SINGLE_PLUS,
        body=CodeBody,
        plus=True,
        summary="One code, with vaccine, immunity and PCR",
    ),
    Operation(
        name="C6",
        suffix="check-hes-codes-plus",
        purpose=Purpose.BULK_PLUS,
        body=list[CodeBody],
        bulk=True,
        plus=True,
        summary="Up to 500 codes, with vaccine, immunity and PCR",
    ),
)


def single(answer: Answer, expires: str) -> Single | SinglePlus:
    """An answer without error, as the wire has it; `expires` is the end of its code, written."""
    status = "RISKY" if answer.risky else "RISKLESS"
    if answer.clinical is None:
        return Single(expires, status, answer.identity_number, answer.firstname, answer.lastname)
    vaccinated, immune, shared, negative_us = answer.clinical
    return SinglePlus(
        expires,
        status,
        answer.identity_number,
        answer.firstname,
        answer.lastname,
        vaccinated,
        immune,
        shared,
        None if negative_us is None else wire_us(negative_us),
    )
