"""Acting as somebody through the routes that the person's own phone would use."""

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from mockgov.cli.calling import CommandError, call
from mockgov.codes.rules import LONGEST_DAYS

POLL_S: Final = 0.2
PROXY: Final = "/services/hescodeproxy/api"


class AppDeed(StrEnum):
    """What somebody does in the application."""

    CODES = "codes"
    NEW = "new"
    CHECK = "check"
    WHO_ASKED = "who-asked"


def send_text(url: str, number: int, text: str, *, to: str, wait_s: int, advance: bool) -> Iterator[str]:
    """Send a text from a person's phone; yields what comes back. Raises `CommandError`."""
    phone = _phone(url, number)
    seen = len(_inbox(url, phone))
    call(url, "POST", f"/_lab/people/{number}/sms", {"text": text, "to": to})
    stands = call(url, "GET", "/_lab/world")["clock"] == "manual"
    yield f"to {to}: {text}"
    came: list[Any] = []
    for _ in _waiting(url, wait_s, stands=stands, advance=advance):
        for message in _inbox(url, phone)[seen + len(came) :]:
            came.append(message)
            yield f"from {message['sender']}, {message['at']}: {message['text']}"
        if came and not _is_acknowledgement(came[-1]["text"]):
            return
    if not came and stands and not advance:
        yield "Nothing came back: this world's clock stands still. Use --advance to move it on while waiting."
    elif not came:
        yield f"Nothing came back within {wait_s} seconds."


def _is_acknowledgement(text: str) -> bool:
    """Whether more is to come: the first of two replies begins with a masked name (facts, section 5)."""
    return "*" in text.partition(" ")[0]


def _waiting(url: str, wait_s: int, *, stands: bool, advance: bool) -> Iterator[None]:
    """Look now and again: by the world's clock if that is moved here, else by this machine's."""
    yield
    if stands:
        for _ in range(wait_s if advance else 0):
            call(url, "POST", "/_lab/clock", {"advance_s": 1})
            yield
        return
    end = time.monotonic() + wait_s
    while time.monotonic() < end:
        time.sleep(POLL_S)
        yield


def act_in_app(url: str, number: int, deed: AppDeed, what: str | None = None) -> Iterator[str]:
    """Sign in by M1, the code on the phone, and M2; then do something; yields what is seen. Raises `CommandError`."""
    if (deed is AppDeed.CHECK) != (what is not None) and deed is not AppDeed.NEW:
        raise CommandError("Write `app check CODE` with a code, and the others without.")
    days = _days(what) if deed is AppDeed.NEW else None
    token = sign_in(url, number)
    match deed:
        case AppDeed.CODES:
            found = call(url, "POST", f"{PROXY}/hes-codes", bearer=token)
            yield from (_code(one) for one in found) if found else ("No codes.",)
        case AppDeed.NEW:
            body = {} if days is None else {"expiration_date": _last_day(url, days)}
            yield _code(call(url, "POST", f"{PROXY}/hes-codes-tr", body, bearer=token))
        case AppDeed.CHECK:
            got = call(url, "POST", f"{PROXY}/check-hes-code-plus", {"hes_code": what}, bearer=token)
            yield f"{got['masked_firstname']} {got['masked_lastname'].strip()}  {got['masked_identity_number']}"
            yield f"{got['current_health_status']}, until {got['expiration_date']}"
            yield got["eligible_text"]
        case AppDeed.WHO_ASKED:
            rows = call(url, "POST", "/services/kvkkservice/api/who-asked?lang=en", {}, bearer=token)["rows"]
            yield from (
                (
                    f"{row['date']}  {row['asker']}: {row['purpose_text']}, {row['hes_code']}, {row['answer']}"
                    for row in rows
                )
                if rows
                else ("Nobody has asked.",)
            )


def sign_in(url: str, number: int) -> str:
    """The token that a person's phone gets from M2. Raises `CommandError`."""
    phone = _phone(url, number)
    call(url, "POST", "/api/send-code-to-login", {"phone": f"+{phone}"})
    texts = _inbox(url, phone)
    digits = re.findall(r"\b\d{5,6}\b", texts[-1]["text"]) if texts else []
    if not digits:
        raise CommandError("The login code has not arrived on the phone; is its fate scripted, or the transit long?")
    body = {"phone": f"+{phone}", "password": digits[0], "rememberMe": False}
    return str(call(url, "POST", "/api/authenticate-with-code", body)["id_token"])


def edevlet_password(url: str, number: int) -> str:
    """A person's e-Devlet password, as the lab tells it. Raises `CommandError`."""
    call(url, "GET", f"/_lab/people/{number}/card")
    try:
        shown = call(url, "GET", f"/_lab/people/{number}/edevlet")
    except CommandError as error:
        if "[http404," in str(error):
            raise CommandError("This ministry has no e-Devlet counter, so nobody has a password there.") from None
        raise
    if shown["password"] is None:
        raise CommandError(f"Person {number} has no minted e-Devlet password: a minor, or one who has chosen another.")
    return str(shown["password"])


def _phone(url: str, number: int) -> str:
    card = call(url, "GET", f"/_lab/people/{number}/card?unmask=true")
    if card["phone"] is None:
        parents = [f"{one['citizen_id']}" for one in card["family"] if one["relation"] == "parent"]
        others = f"act as a parent, {' or '.join(parents)}" if parents else "look for another with --min-age 18"
        raise CommandError(f"Person {number} has no phone; {others}.")
    return str(card["phone"])


def _inbox(url: str, phone: str) -> Any:
    return call(url, "GET", f"/_lab/handsets/{phone}?limit=10000")["inbox"]


def _days(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST_DAYS):
        raise CommandError(f"`app new` takes 1 to {LONGEST_DAYS} days, or nothing for a code without end.")
    return int(text)


def _last_day(url: str, days: int) -> str:
    """The day on which a code of so many days ends, by the world's clock."""
    now = datetime.fromisoformat(call(url, "GET", "/_lab/world")["now"])
    return (now + timedelta(days=days)).isoformat()


def _code(one: Any) -> str:
    code = one["hes_code"]
    label = f"  “{one['description']}”" if one["description"] else ""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}  until {one['expiration_date']}  {one['created_by']}{label}"
