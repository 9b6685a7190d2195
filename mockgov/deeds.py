"""What the script can let happen later, by name: a report reaches the ministry, a password changes."""

from collections.abc import Mapping
from typing import Final

import msgspec

from mockgov.credentials.service import Credentials
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
)
from mockgov.risk_index.service import RiskIndex

REPORT = "report"
"""A report is filed; `what` is made by `written`."""
ROTATE = "rotate"
"""An account gets a new password; `what` is its user name."""

_ALL: Final = (PcrReport, ContactReport, VaccineReport, ClinicalReport, IsolationReport)
_KINDS: Final[Mapping[str, type[Report]]] = {kind.__name__: kind for kind in _ALL}


class Deeds:
    """The deeds of one world: `mockgov.script.service.Deed` by name."""

    def __init__(self, *, risk_index: RiskIndex, credentials: Credentials) -> None:
        self._risk_index = risk_index
        self._credentials = credentials
        self.by_name = {REPORT: self._report, ROTATE: self._rotate}

    def _report(self, what: str) -> None:
        self._risk_index.file([read(what)])

    def _rotate(self, what: str) -> None:
        self._credentials.rotate(what)


def written(report: Report) -> str:
    """A report as a line of the script has it."""
    return msgspec.json.encode([type(report).__name__, report]).decode()


def read(what: str) -> Report:
    """The report that a line has."""
    kind, fields = msgspec.json.decode(what)
    report: Report = msgspec.convert(fields, _KINDS[kind])
    return report
