"""Why user name and password did not open the corporate counter, and what would have."""

from typing import Final

from mockgov.clock import TURKEY
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE, Account, UnknownAccount
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
    ("unlocked", ("locked",), "kilitsiz hesap", "an account that is not locked"),
    ("password", ("wrong-password", "wrong-password-locks"), "hesabın parolası", "the account's password"),
)
"""What is looked at, in this order, and the causes with which each fails."""


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
    return Explanation(
        verdict=exchange.refusal or exchange.cause,
        tr=tr if words is None else f"{tr} {words.tr}",
        en=en if words is None else f"{en} {words.en}",
        chain=[*before, Step(rule=f"credentials.{exchange.cause}", tr=tr, en=en, facts=facts)],
        checks=checks if exchange.status == 401 else [],
        nearest=_nearest(exchange, account),
    )


def _nearest(exchange: Exchange, account: Account | None) -> Nearest:
    path, body = exchange.path, asked_in(exchange)
    tr = "Aynı istek, GET /_lab/accounts içindeki kullanıcı adı ve parolayla."
    en = "The same request with a pair of GET /_lab/accounts."
    if exchange.cause == "other-environment":
        is_live = path.startswith(LIVE_BASE)
        path = path.replace(LIVE_BASE, TEST_BASE) if is_live else path.replace(TEST_BASE, LIVE_BASE)
        tr, en = "Aynı istek, hesabın kendi ortamının adresine.", "The same request to the account's own environment."
    elif exchange.cause in ("locked", "wrong-password-locks") and account is not None and account.locked_until:
        when = f"{account.locked_until.astimezone(TURKEY):%Y-%m-%d %H:%M:%S}"
        tr = f"Aynı istek, {when} anından sonra ve doğru parolayla."
        en = f"The same request after {when}, with the right password."
    elif exchange.cause == "unread":
        tr, en = (
            "POST ile, sınırın altında bir gövdeyle aynı istek.",
            "The same request as POST, with a body below the limit.",
        )
    return Nearest(tr=tr, en=en, method="POST", path=path, body=body)


def _account(credentials: Credentials, name: str) -> Account | None:
    try:
        return credentials.account(name)
    except UnknownAccount:
        return None
