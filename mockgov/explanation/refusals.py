"""From an error key to the check that failed, in Turkish and English; the words stand in `refusals.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from mockgov.kep.grounds import Reason, english, turkish

FILE: Final = Path(__file__).parent / "refusals.toml"
CAUSES: Final = {
    "no-header": ("Authorization başlığı gönderilmedi.", "No Authorization header was sent."),
    "unreadable-header": (
        "Authorization başlığı HTTP Basic olarak okunamadı.",
        "The Authorization header cannot be read as HTTP Basic.",
    ),
    "unknown-user": ("Bu kullanıcı adıyla hesap yok.", "No account has this user name."),
    "other-environment": (
        "Hesap öteki ortamın hesabı: test hesabı yalnız test adresinde, canlı hesap yalnız canlı adreste geçer.",
        "The account is the other environment's: test pairs open the test address only, live pairs the live one.",
    ),
    "revoked": ("Hesap iptal edilmiş.", "The account has been revoked."),
    "locked": (
        "Hesap art arda yanlış parolalar yüzünden kilitli.",
        "The account is locked after wrong passwords in a row.",
    ),
    "locked-by-officer": (
        "Hesabı bir görevli kilitledi; doğru parola da açmaz, yeni parola açar.",
        "An officer locked the account; the right password does not open it, a new one does.",
    ),
    "wrong-password": ("Parola hesabın parolası değil.", "The password is not the account's."),
    "wrong-password-locks": (
        "Parola hesabın parolası değil; bu denemeyle hesap kilitlendi.",
        "The password is not the account's, and with this try the account was locked.",
    ),
    "unread": ("İstek okunmadan geri çevrildi.", "The request was turned away before it was read."),
}
"""What a refusal at the corporate counter does not tell."""


class Words(NamedTuple):
    """What a check asks for."""

    tr: str
    en: str

    @property
    def demand(self) -> "Words":
        """What must hold, in one sentence."""
        return Words(*(text.partition(". ")[0].removesuffix(".") + "." for text in self))

    @property
    def remedy(self) -> "Words":
        """What to do about it; empty where nothing is said of it in one of the languages."""
        parts = [text.partition(". ")[2] for text in self]
        return Words(*parts) if all(parts) else Words("", "")


@cache
def table() -> Mapping[str, Words]:
    """Every error key's."""
    with FILE.open("rb") as file:
        return {key: Words(*said) for key, said in tomllib.load(file).items()}


def words_of(key: str) -> Words | None:
    """What the check behind an error key asks for; of a letter's reason, the providers' own words."""
    if key in set(Reason):
        return Words(turkish(Reason(key)), english(Reason(key)))
    return table().get(key)
