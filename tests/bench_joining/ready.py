"""A data folder with what the bench needs: accounts, signed letters, and an autumn of applications on their way."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from mockgov.kep.content import Attachment
from mockgov.kep.writing import plain_letter, signed_letter
from mockgov.ministry import Ministry
from mockgov.sms.messages import OpenSmsAccount
from mockgov.world import DEFAULT
from mockgov.worlds import Worlds
from tests.mockgov.road import MINISTRY_KEP, Firm, firm

AUTUMN = "autumn"
"""The world in which many applications fall due together."""
FILE_BYTES = 20_000
"""What each letter encloses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A folder for `hes serve --data`, and who is who in its default world."""

    folder: Path
    sms_account: tuple[str, str]
    kep_account: tuple[str, str]
    letters: tuple[bytes, ...]
    """Signed, each with a Message-ID of its own."""


def ready(folder: Path, *, letters: int, applications: int) -> Ready:
    """Make the worlds, and close them."""
    worlds = Worlds(data=folder)
    try:
        autumn(worlds.make(AUTUMN), applications)
        ministry = worlds.make(DEFAULT)
        sms = ministry.sms.open_account(OpenSmsAccount(label="CINAR", senders=("CINAR",)))
        sender = firm(ministry)
        address = str(sender.address.address)
        return Ready(
            folder=folder,
            sms_account=(sms.system_id, ministry.sms.password(sms.system_id)),
            kep_account=(address, ministry.kep.password(sender.address)),
            letters=tuple(letter(sender, nth) for nth in range(letters)),
        )
    finally:
        worlds.close()


def letter(sender: Firm, nth: int) -> bytes:
    """A signed letter to the ministry."""
    ministry = sender.ministry
    enclosed = Attachment(name="ek.bin", content_type="application/octet-stream", data=bytes(FILE_BYTES))
    at = ministry.world.now()
    message = plain_letter(
        sender.address, [MINISTRY_KEP], f"Yazı {nth}", "Ektedir.", [enclosed], at, f"{nth}@hs02.kep.tr"
    )
    return signed_letter(message, lambda entity: ministry.signature.sign_smime(sender.certificate, entity))


def autumn(ministry: Ministry, applications: int) -> None:
    """Institutions whose letters have all arrived, and wait for their evaluation."""
    for nth in range(1, applications + 1):
        one = firm(ministry, nth)
        one.draw()
        one.submit()
        one.write()
    ministry.advance(ministry.world.now() + timedelta(minutes=5))
