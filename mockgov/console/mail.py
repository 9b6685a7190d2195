# ruff: noqa: D103  a route's name and address say what it is
"""Mail: every inbox, what the ministry has written and where it stands, and writing to the ministry."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response

from mockgov.clock import TURKEY, to_us
from mockgov.console.frame import BASE, FRAME, ROUTE, Form, text, to
from mockgov.console.words import MAIL_STATES, in_words
from mockgov.counters.context import Here
from mockgov.mail.messages import ReceiveMail
from mockgov.mail.rules import MailRefused
from mockgov.ministry import Ministry
from mockgov.pages.language import language_of
from mockgov.refusal import Refused
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.errors import InvalidWord

MAIL: Final = f"{BASE}/mail"
SHOWN: Final = 100
LONGEST: Final = 4_000
"""Characters of a mail written here (chosen here)."""

Number = Annotated[int, Path(ge=1, lt=1 << 62)]
router = APIRouter(include_in_schema=False, route_class=ROUTE)


@router.get(MAIL)
async def boxes(
    request: Request, ministry: Here, address: Annotated[str, Query(max_length=300)] = "", box: str = "inbox"
) -> Response:
    return _boxes(request, ministry, address=address, outgoing=box == "outbox")


@router.post(MAIL)
async def write(request: Request, ministry: Here, fields: Form) -> Response:
    sender, subject, words = text(fields, "sender"), text(fields, "subject", 200), text(fields, "text", LONGEST)
    try:
        number = _received(ministry, sender, subject, words.replace("\r\n", "\n"))
    except (Refused, InvalidWord) as error:
        refused = error if isinstance(error, Refused) else MailRefused(str(error))
        typed = {"sender": sender, "subject": subject, "text": words}
        return _boxes(request, ministry, outgoing=False, typed=typed, refused=refused)
    return to(request, f"{MAIL}/{number}", done=1)


@router.get(f"{MAIL}/{{number}}")
async def mail(number: Number, request: Request, ministry: Here) -> Response:
    return FRAME.page(
        request,
        "mail.html",
        one=ministry.mail.message(number),
        content=ministry.mail.content(number),
        here=f"{MAIL}/{number}",
        states=MAIL_STATES,
        done=request.query_params.get("done", ""),
    )


@router.get(f"{MAIL}/{{number}}/raw")
async def raw(number: Number, ministry: Here) -> Response:
    return kept(ministry.mail.raw(number), "message/rfc822", f"{number}.eml")


@router.get(f"{MAIL}/{{number}}/files/{{nth}}")
async def attached(number: Number, nth: Number, ministry: Here) -> Response:
    """Its bytes, to be kept and not shown: whoever sent it chose its name and type."""
    file = ministry.mail.attachment(number, nth)
    return kept(file.data, "application/octet-stream", file.name)


def kept(data: bytes, content_type: str, name: str) -> Response:
    """A file to be kept, never shown by the browser itself."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(data, media_type=content_type, headers=headers)


def _boxes(
    request: Request,
    ministry: Ministry,
    *,
    outgoing: bool,
    address: str = "",
    typed: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> Response:
    whose = EmailAddress.parse(address) if address else None
    read = ministry.mail.outbox if outgoing else ministry.mail.inbox
    language = language_of(request.query_params)
    return FRAME.page(
        request,
        "mails.html",
        status=200 if refused is None else 400,
        path=MAIL,
        mails=read(whose, limit=SHOWN),
        outgoing=outgoing,
        address=address,
        support=ministry.mail.sender.address,
        states=MAIL_STATES,
        typed=typed or {"sender": "", "subject": "", "text": ""},
        refused=None if refused is None else in_words(refused, language),
    )


def _received(ministry: Ministry, sender: str, subject: str, words: str) -> int:
    """Hand a mail to the ministry's support desk as if it had come from outside; its number."""
    who = EmailAddress.parse(sender)
    if not subject or not words:
        raise MailRefused("Write a subject and a text.")
    now = ministry.world.now()
    token = ministry.world.streams.secret("console.mail", who.folded, subject, words, to_us(now), size=16).hex()
    message = EmailMessage(policy=SMTP)
    message["From"] = who.address
    message["To"] = ministry.mail.sender.address
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(now.astimezone(TURKEY))
    message["Message-ID"] = f"<{token}@{who.domain}>"
    message.set_content(words.replace("\x00", ""), charset="utf-8", cte="base64")
    order = ReceiveMail(sender=who, recipients=(ministry.mail.sender,), message=message.as_bytes())
    (received,) = ministry.mail.receive(order)
    return received.number
