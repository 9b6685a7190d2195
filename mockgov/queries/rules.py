"""What may be asked, and what the answers are called. Pure."""

from enum import StrEnum

from mockgov.refusal import Refused

NOT_FOUND = "hescodenotfound"
"""The wire's word for an unknown or deleted code (facts section 2)."""

EXPIRED = "hescodehasbeenexpired"
"""The wire's word for an expired code (facts section 2)."""

ERROR_TITLES = {
    NOT_FOUND: "Girilen HES kodu bulunamadı.",
    EXPIRED: "Girilen HES kodunun geçerlilik süresi dolmuştur.",
}
"""What a client shows its user (wording chosen here)."""


class Purpose(StrEnum):
    """Why a code is asked; each operation of a counter has one. KVKK, article 4: purpose limitation."""

    VISITOR = "visitor"
    EMPLOYEE = "employee"
    SINGLE = "single"
    SINGLE_PLUS = "single-plus"
    BULK = "bulk"
    BULK_PLUS = "bulk-plus"
    PERSON = "person"
    PERSON_PLUS = "person-plus"


class Outcome(StrEnum):
    """What was answered."""

    RISKLESS = "RISKLESS"
    RISKY = "RISKY"
    NOT_FOUND = NOT_FOUND
    EXPIRED = EXPIRED


class Channel(StrEnum):
    """By which way a question came, told from the name of who asks."""

    LIVE = "live"
    """An institution's account in the live environment."""
    TEST = "test"
    """An institution's account in the test environment."""
    MANAGER = "manager"
    """An institution's manager at e-Devlet."""
    PERSON = "person"
    """A citizen with the application or at e-Devlet."""


TEST_ENDS = "-TEST"
"""How the user names of the test environment end (facts section 2)."""
BEGINS = {Channel.PERSON: "citizen:", Channel.MANAGER: "institution:"}
"""How the names of those begin who ask without an account; no user name has a colon."""


def channel_of(asker: str) -> Channel:
    """The channel of who asks under that name."""
    for channel, begin in BEGINS.items():
        if asker.startswith(begin):
            return channel
    return Channel.TEST if asker.endswith(TEST_ENDS) else Channel.LIVE


class CodeProblem(Refused):
    """A code that cannot be answered for: `key` says why, `expires_us` when it ended, if it ended."""

    def __init__(self, key: str, *, expires_us: int | None = None) -> None:
        super().__init__(ERROR_TITLES[key], key=key)
        self.expires_us = expires_us
