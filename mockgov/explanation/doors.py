"""Why user name and password did not open the corporate counter, and what would have."""

from typing import Final
from urllib.parse import quote

from mockgov.clock import TURKEY
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE, Account, AccountState, UnknownAccount
from mockgov.credentials.service import Credentials
from mockgov.explanation.answers import asked_in
from mockgov.explanation.chain import Check, Explanation, Nearest, Step
from mockgov.explanation.refusals import CAUSES, words_of
from mockgov.journal.messages import Exchange

ORDER: Final = (
    ("header", ("no-header", "unreadable-header"), "Authorization: Basic başlığı", "an Authorization: Basic header"),
    ("account", ("unknown-user",), "bu adla bir hesap", "an account of this name"),
    ("environment", ("other-environment",), "bu ortamın hesabı", "an account of this environment"),
    ("open", ("revoked",), "iptal edilmemiş hesap", "an account that is not revoked"),
    ("unlocked", ("locked", "locked-by-officer"), "kilitsiz hesap", "an account that is not locked"),
    ("password", ("wrong-password", "wrong-password-locks"), "hesabın parolası", "the account's password"),
)
"""What is looked at, in this order, and the causes with which each fails."""
LOCKED: Final = ("locked", "locked-by-officer", "wrong-password-locks")
"""Causes that leave an account locked."""


def door(exchange: Exchange, credentials: Credentials, before: list[Step]) -> Explanation:
    """The checks up to the one that failed."""
    tr, en = CAUSES.get(exchange.cause, (exchange.cause, exchange.cause))
    words = words_of(exchange.refusal)
    checks: list[Check] = []
    for rule, causes, tr_wanted, en_wanted in ORDER:
        failed = exchange.cause in causes
        checks.append(
            Check(
                rule=f"credentials.{rule}", passed=not failed, tr=f"Gereken: {tr_wanted}.", en=f"It takes {en_wanted}."
            )
        )
        if failed:
            break
    account = _account(credentials, exchange.asker)
    facts = {"cause": exchange.cause, "username": exchange.asker}
    if account is not None and account.locked_until is not None:
        facts["locked_until"] = account.locked_until.isoformat()
        facts["unlocked_by"] = f"POST {_rotation(account)}"
    return Explanation(
        verdict=exchange.refusal or exchange.cause,
        tr=tr if words is None else words.tr,
        en=en if words is None else words.en,
        chain=[*before, Step(rule=f"credentials.{exchange.cause}", tr=tr, en=en, facts=facts)],
        checks=checks if exchange.status == 401 else [],
        nearest=_nearest(exchange, account),
    )


def _nearest(exchange: Exchange, account: Account | None) -> Nearest:
    path, body = exchange.path, asked_in(exchange)
    tr = "Aynı istek, GET /_lab/accounts içindeki açık bir hesabın kullanıcı adı ve parolasıyla."
    en = "The same request with user name and password of an open account of GET /_lab/accounts."
    if exchange.cause == "other-environment":
        is_live = path.startswith(LIVE_BASE)
        path = path.replace(LIVE_BASE, TEST_BASE) if is_live else path.replace(TEST_BASE, LIVE_BASE)
        tr, en = "Aynı istek, hesabın kendi ortamının adresine.", "The same request to the account's own environment."
    elif exchange.cause in LOCKED and account is not None and account.state is AccountState.ACTIVE:
        tr, en = _after_lock(exchange, account)
    elif exchange.cause == "unread":
        tr, en = (
            "POST ile, sınırın altında bir gövdeyle aynı istek.",
            "The same request as POST, with a body below the limit.",
        )
    return Nearest(tr=tr, en=en, method="POST", path=path, body=body)


def _after_lock(exchange: Exchange, account: Account) -> tuple[str, str]:
    """What opens a locked account: a new password at once, or waiting where wrong passwords locked it."""
    until, by_officer = account.locked_until, exchange.cause == "locked-by-officer"
    if until is None:
        return (
            "Kilit o günden beri açıldı: aynı istek, GET /_lab/accounts içindeki şimdiki parolayla.",
            "The lock has been opened since: the same request with the present password of GET /_lab/accounts.",
        )
    rotation = f"POST {_rotation(account)}"
    when = f"{until.astimezone(TURKEY):%Y-%m-%d %H:%M:%S}"
    if by_officer:
        return (
            f"Önce yeni parola alın ({rotation}), sonra aynı isteği onunla yineleyin; kilit {when} anına dek sürer.",
            f"First get a new password ({rotation}), then send the same request with it; the lock lasts until {when}.",
        )
    return (
        f"Aynı istek, {when} anından sonra ve doğru parolayla; daha önce yalnızca yeni parolayla ({rotation}).",
        f"The same request after {when}, with the right password; before that only with a new one ({rotation}).",
    )


def _rotation(account: Account) -> str:
    return f"/_lab/accounts/{quote(account.username, safe='')}/rotate"


def _account(credentials: Credentials, name: str) -> Account | None:
    try:
        return credentials.account(name)
    except UnknownAccount:
        return None
