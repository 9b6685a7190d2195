"""Which institution knows whose code: from its groups, from holders' notes, and from what it has asked."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from mockgov.codes.service import Codes
from mockgov.credentials.service import Credentials
from mockgov.groups.service import Groups
from mockgov.queries.service import Queries
from mockgov.registry.service import Registry

MANAGER = "institution"
"""How the asker of a manager at e-Devlet begins: `institution:<number>/citizen:<number>`."""


class Known(NamedTuple):
    """An institution knows a valid code of somebody's."""

    institution_id: int
    citizen_id: int
    code: str


class Acquaintance:
    """Who knows which codes, in one world; what was asked is read from the audit trail as it grows."""

    def __init__(
        self, *, registry: Registry, codes: Codes, groups: Groups, credentials: Credentials, queries: Queries
    ) -> None:
        self._registry = registry
        self._codes = codes
        self._groups = groups
        self._credentials = credentials
        self._queries = queries
        self._institutions: frozenset[int] = frozenset()
        self._asked: dict[str, set[int]] = {}
        self._read_to = 0

    def of(self, institutions: Collection[int], citizen_ids: Sequence[int]) -> Sequence[Known]:
        """Which of the institutions know which valid codes of these people: by person, code, institution."""
        codes = self._codes.valid_of(citizen_ids)
        if not codes:
            return []
        self._read(frozenset(institutions))
        texts = list(codes)
        known = {(institution, text) for text in texts for institution in self._asked.get(text, ())}
        known.update(self._groups.holders(texts))
        by_label = {self._registry.institution(number).label: number for number in institutions}
        known.update((by_label[label], text) for text, label in self._codes.labels_of(texts) if label in by_label)
        return sorted(
            (Known(institution, codes[text], text) for institution, text in known if institution in institutions),
            key=lambda one: (one.citizen_id, one.code, one.institution_id),
        )

    def _read(self, institutions: frozenset[int]) -> None:
        """Enter what has been asked since the last time; from the beginning for other institutions than before."""
        if institutions != self._institutions:
            self._institutions, self._asked, self._read_to = institutions, {}, 0
        accounts = {
            account.username: account.institution_id
            for account in self._credentials.accounts()
            if account.institution_id in institutions
        }
        self._read_to, asked = self._queries.asked_after(self._read_to, askers=list(accounts), prefix=f"{MANAGER}:")
        for asker, code in asked:
            institution = accounts.get(asker) or _managed(asker)
            if institution in institutions:
                self._asked.setdefault(code, set()).add(institution)


def _managed(asker: str) -> int:
    """The institution for which a manager asks; 0 for any other asker."""
    number = asker.partition("/")[0].removeprefix(f"{MANAGER}:")
    return int(number) if number.isdigit() else 0
