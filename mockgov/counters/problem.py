"""Errors as the real gateway sends them: JHipster's problem JSON (facts, section 1)."""

from typing import Any

import msgspec

ENTITY = "hesCode"
CONSTRAINT = "constraintviolation"
"""errorKey of a request that cannot be read (chosen here)."""

TYPE = "https://www.jhipster.tech/problem/problem-with-message"
"""The type that a JHipster gateway puts into its problems."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One error answer; the field names are the wire's."""

    entityName: str  # noqa: N815  the wire's name
    errorKey: str  # noqa: N815  the wire's name
    type: str
    title: str
    status: int
    message: str
    params: str
    detail: str | None = None


_encoder = msgspec.json.Encoder()


def problem(
    status: int, key: str, title: str, *, detail: str | None = None, entity: str = ENTITY, **extra: Any
) -> bytes:
    """The body of an error answer; `detail` tells the developer what to do, `extra` adds top-level fields."""
    body = Problem(
        entityName=entity,
        errorKey=key,
        type=TYPE,
        title=title,
        status=status,
        message=f"error.{key}",
        params=entity,
        detail=detail,
    )
    fields = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not None}
    return _encoder.encode(fields | extra)
