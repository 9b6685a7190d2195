"""A plan of faults as JSON Schema describes it, made from the kinds themselves."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from mockgov.faults.catalogue import CATALOGUE
from mockgov.faults.kinds import KINDS, Channel, Fault, Law, Stage

TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 200}
WHOLE: Final = {"type": "integer"}
SCHEMAS: Final[Mapping[object, Mapping[str, Any]]] = MappingProxyType(
    {
        float: {"type": "number", "minimum": 0, "maximum": 1},
        int: WHOLE,
        int | None: WHOLE,
        bool: {"type": "boolean"},
        str: TEXT,
        datetime | None: {"type": "string", "format": "date-time"},
        Law: {"type": "string", "enum": [*Law]},
        tuple[str, ...]: {"anyOf": [TEXT, {"type": "array", "items": TEXT}]},
    }
)
"""How the value of a field is described, by the field's type."""


def plan_schema() -> dict[str, Any]:
    """What `PUT /_lab/faults` takes."""
    faults = {"type": "array", "items": {"oneOf": [_fault(kind) for kind in KINDS.values()]}, "maxItems": 100}
    named = {
        "type": "object",
        "properties": {"plan": {"type": "string", "enum": list(CATALOGUE)}, "faults": faults},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [faults, named]}


def _fault(kind: type[Fault]) -> dict[str, Any]:
    properties = {field.name: _field(kind, field.type) for field in fields(kind)}
    says = " ".join((kind.__doc__ or "").split())
    return {
        "title": kind.kind,
        "description": says,
        "type": "object",
        "properties": {"kind": {"const": kind.kind}, **properties},
        "required": ["kind"],
        "additionalProperties": False,
    }


def _field(kind: type[Fault], of_type: object) -> Mapping[str, Any]:
    if of_type == Stage | None:
        return {"type": "string", "enum": [*kind.strikes_at]}
    if of_type == tuple[Channel, ...]:
        one = {"type": "string", "enum": sorted(kind.strikes_by)}
        return {"anyOf": [one, {"type": "array", "items": one}]}
    return SCHEMAS[of_type]
