"""The lab's routes to read mail: inboxes, the ministry's outbox, whole messages, their files."""

from typing import Annotated, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.counters.reading import wire_moment
from mockgov.mail.rules import SCENARIOS, Message
from mockgov.vocabulary.email_address import EmailAddress

Number = Annotated[int, Path(ge=1, lt=1 << 62)]
Limit = Annotated[int, Query(ge=1, le=10_000)]

BOXES: Final = (
    "The `inbox` has what was delivered to an address (to all, if none is given), the last delivery first. The "
    "`outbox` has what the ministry has written (to that address, if one is given), the newest first, however it "
    "stands.\n\nAddresses with these labels have scripted fates, written `anybody+<label>@any.domain` or "
    "`anybody+hes-<label>@any.domain`. Behind the ministry's own address, `hesdestek+hes-<label>@saglik.gov.tr`, "
    "they script what its SMTP door answers.\n\n| label | what becomes of mail |\n|---|---|\n"
) + "".join(f"| `{label}` | {scenario.meaning} |\n" for label, scenario in SCENARIOS.items())


class MailShown(TypedDict):
    """A mail and where it stands."""

    number: int
    box: str
    state: str
    sender: str | None
    recipient: str
    subject: str
    size: int
    queued_at: str
    attempts: int
    due_at: str | None
    settled_at: str | None
    reply: str


class AttachmentShown(TypedDict):
    """A file in a mail; `n` is its number."""

    n: int
    name: str
    content_type: str
    size: int


class WholeMailShown(MailShown):
    """A mail, taken apart."""

    text: str
    is_automatic: bool
    is_readable: bool
    attachments: list[AttachmentShown]


BINARY = {"schema": {"type": "string", "format": "binary"}}

router = APIRouter(prefix="/_lab", tags=["Lab (the sandbox's own controls)"])


@router.get("/mail", summary="Mail in an inbox, or in the ministry's outbox", description=BOXES)
async def mail(
    ministry: Here, address: str | None = None, box: Literal["inbox", "outbox"] = "inbox", limit: Limit = 100
) -> list[MailShown]:
    """Lists mail."""
    whose = None if address is None else EmailAddress.parse(address)
    read = ministry.mail.inbox if box == "inbox" else ministry.mail.outbox
    return [mail_shown(message) for message in read(whose, limit=limit)]


@router.get("/mail/{number}", responses=refusals(404), summary="One mail, taken apart")
async def one_mail(number: Number, ministry: Here) -> WholeMailShown:
    """The text is the first plain one, else the first HTML without its tags; every other part is an attachment."""
    content = ministry.mail.content(number)
    return {
        **mail_shown(ministry.mail.message(number)),
        "text": content.text,
        "is_automatic": content.is_automatic,
        "is_readable": content.is_readable,
        "attachments": [
            {"n": n, "name": one.name, "content_type": one.content_type, "size": len(one.data)}
            for n, one in enumerate(content.attachments, start=1)
        ],
    }


@router.get(
    "/mail/{number}/raw",
    response_class=Response,
    responses={200: {"content": {"message/rfc822": BINARY}}, **refusals(404)},
    summary="One mail, byte for byte",
)
async def raw_mail(number: Number, ministry: Here) -> Response:
    """As it was written or came in."""
    return _file(ministry.mail.raw(number), "message/rfc822", f"{number}.eml")


@router.get(
    "/mail/{number}/attachments/{n}",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}},
        **refusals(404),
    },
    summary="A file in a mail",
)
async def mail_attachment(number: Number, n: Number, ministry: Here) -> Response:
    """Its bytes, to be kept and not shown: whoever sent it chose its name and type."""
    attachment = ministry.mail.attachment(number, n)
    return _file(attachment.data, "application/octet-stream", attachment.name)


def mail_shown(message: Message) -> MailShown:
    """A mail and where it stands."""
    return {
        "number": message.number,
        "box": message.box.value,
        "state": message.state.value,
        "sender": None if message.sender is None else message.sender.address,
        "recipient": message.recipient.address,
        "subject": message.subject,
        "size": message.size,
        "queued_at": wire_moment(message.queued_at),
        "attempts": message.attempts,
        "due_at": None if message.due_at is None else wire_moment(message.due_at),
        "settled_at": None if message.settled_at is None else wire_moment(message.settled_at),
        "reply": message.reply,
    }


def _file(data: bytes, content_type: str, name: str) -> Response:
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "x-content-type-options": "nosniff",
    }
    return Response(data, media_type=content_type, headers=headers)
