"""What the rows of each table are about: which citizen, code, account, message a difference is a difference of."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple


class Subject(NamedTuple):
    """Something that a row is about."""

    kind: str
    which: str


class About(NamedTuple):
    """How a table's rows say what they are about."""

    kind: str
    column: str
    word: str = ""
    """What stands before the column's value where a kind has more than one table of its own."""
    is_main: bool = False
    """Whether the thing itself is the row; else the row only belongs to it."""


def _citizen(*tables: str) -> dict[str, About]:
    return {table: About("citizens", "citizen_id") for table in tables}


def _letter(*tables: str) -> dict[str, About]:
    return {table: About("messages", "letter_id", "letter") for table in tables}


ABOUT: Final[Mapping[str, About]] = MappingProxyType(
    {
        "citizen": About("citizens", "citizen_id", is_main=True),
        "parent": About("citizens", "child_id"),
        "family_member": About("citizens", "owner_id"),
        "code": About("codes", "text", is_main=True),
        "code_share": About("codes", "text"),
        "institution": About("institutions", "institution_id", is_main=True),
        "code_group": About("groups", "group_id", is_main=True),
        "code_group_member": About("groups", "group_id"),
        "code_group_problem": About("groups", "group_id"),
        "code_group_run": About("groups", "group_id"),
        "account": About("accounts", "username", "corporate", is_main=True),
        "sms_account": About("accounts", "system_id", "sms", is_main=True),
        "kep_account": About("accounts", "address", "kep", is_main=True),
        "sms_message": About("messages", "number", "sms", is_main=True),
        "sms_notice": About("messages", "message", "sms"),
        "short_number_text": About("messages", "number", "text to 2023", is_main=True),
        "mail": About("messages", "number", "mail", is_main=True),
        "kep_letter": About("messages", "letter_id", "letter", is_main=True),
        **_letter("kep_content", "kep_delivery", "kep_evidence"),
        "application": About("applications", "application_id", is_main=True),
        "application_document": About("applications", "application_id"),
        "application_entry": About("applications", "application_id"),
        "asked": About("queries", "number", is_main=True),
        "certificate": About("certificates", "serial", is_main=True),
        **_citizen("risk_report", "risk_interval", "risk_case", "risk_file", "risk_withheld"),
        **_citizen("login_code", "app_user", "app_registration", "edevlet_login", "edevlet_session", "kvkk_request"),
    }
)
"""Tables that are not here, such as counts and indexes, are about nothing in particular."""


def subject_of(table: str, row: Mapping[str, Any]) -> Subject | None:
    """What a row is about, if about anything; a table that is not known is about the citizen that it names."""
    about = ABOUT.get(table) or (About("citizens", "citizen_id") if "citizen_id" in row else None)
    if about is None or row[about.column] is None:
        return None
    return Subject(about.kind, f"{about.word} {row[about.column]}".strip())


def is_main(table: str) -> bool:
    """Whether a row of the table is the thing itself."""
    about = ABOUT.get(table)
    return about is not None and about.is_main
