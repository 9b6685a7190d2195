"""The lab's routes to read mail, over a mail service at a manual clock."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.testclient import TestClient

from mockgov.counters.context import ministry_of
from mockgov.lab.mail import router
from mockgov.mail.messages import ReceiveMail
from mockgov.mail.rules import Attachment, UnknownMail
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.errors import InvalidWord
from tests.mockgov.mail.post import HOME, Post

FOOT = "\n\n-- \nSANDBOX — hukuki geçerliliği yoktur\n"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def client(post: Post) -> Iterator[TestClient]:
    api = FastAPI()
    api.include_router(router)
    api.dependency_overrides[ministry_of] = lambda: SimpleNamespace(mail=post.mail)
    api.add_exception_handler(UnknownMail, lambda _, error: JSONResponse(error.message, 404))
    api.add_exception_handler(InvalidWord, lambda _, error: JSONResponse(str(error), 400))
    with TestClient(api) as made:
        yield made


def test_boxes(client: TestClient, post: Post) -> None:
    """Of everybody, or of one address in any case of letters; a label has an inbox of its own."""
    post.send("ayse@kurum.example", "Kullanıcı adınız")
    post.send("mehmet+late@kurum.example")
    post.mail.receive(
        ReceiveMail(sender=EmailAddress("ayse", "kurum.example"), recipients=(HOME,), message=b"Subject: Bitti\r\n\r\n")
    )

    def numbers(**query: object) -> list[int]:
        answer = client.get("/_lab/mail", params=query)
        assert answer.status_code == 200
        return [one["number"] for one in answer.json()]

    assert numbers() == [3, 1]
    assert numbers(limit=1) == [3]
    assert numbers(address="AYSE@kurum.example") == [1]
    assert numbers(address="hesdestek@saglik.gov.tr") == [3]
    assert numbers(box="outbox") == [2, 1]
    assert numbers(box="outbox", address="mehmet+late@kurum.example") == [2]
    assert numbers(address="mehmet+late@kurum.example") == []
    post.advance(hours=1)
    assert numbers(address="mehmet+late@kurum.example") == [2]


def test_a_mail_as_it_is_shown(client: TestClient, post: Post) -> None:
    """Nothing masked; and with its text and files on its own page."""
    pdf = Attachment(name="servis dokümanı.pdf", content_type="application/pdf", data=b"%PDF")
    post.send("ayse+greylist@kurum.example", "Kullanıcı adınız", "Sayın Işık", pdf)
    shown = {
        "number": 1,
        "box": "out",
        "state": "deferred",
        "sender": "hesdestek@saglik.gov.tr",
        "recipient": "ayse+greylist@kurum.example",
        "subject": "Kullanıcı adınız",
        "size": len(post.mail.raw(1)),
        "queued_at": "2021-10-04T05:00:00.000Z",
        "attempts": 1,
        "due_at": "2021-10-04T05:05:00.000Z",
        "settled_at": None,
        "reply": "451 4.7.1 Greylisted; try again in five minutes",
    }
    assert client.get("/_lab/mail", params={"box": "outbox"}).json() == [shown]
    assert client.get("/_lab/mail/1").json() == shown | {
        "text": "Sayın Işık" + FOOT,
        "is_automatic": True,
        "is_readable": True,
        "attachments": [{"n": 1, "name": "servis dokümanı.pdf", "content_type": "application/pdf", "size": 4}],
    }
    post.advance(minutes=5)
    assert client.get("/_lab/mail/1").json()["settled_at"] == "2021-10-04T05:05:00.000Z"


def test_bytes(client: TestClient, post: Post) -> None:
    """Of a message, and of a file, which a browser keeps and does not show, whatever it claims to be."""
    page = Attachment(name="a\"b';ş.html", content_type="text/html", data=b"<script>1</script>")
    post.send("ayse@kurum.example", "Konu", "metin", page)
    raw = client.get("/_lab/mail/1/raw")
    assert (raw.content, raw.headers["content-type"]) == (post.mail.raw(1), "message/rfc822")
    file = client.get("/_lab/mail/1/attachments/1")
    assert (file.content, file.headers["content-type"]) == (b"<script>1</script>", "application/octet-stream")
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''a%22b%27%3B%C5%9F.html"
    assert file.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("mail/2", 404),
        ("mail/2/raw", 404),
        ("mail/1/attachments/1", 404),
        ("mail/2/attachments/1", 404),
        ("mail?address=x", 400),
        ("mail?address=a%00b@x.example", 400),
        ("mail/0", 422),
        ("mail/x", 422),
        ("mail?box=drafts", 422),
        ("mail?limit=0", 422),
    ],
)
def test_what_there_is_not(client: TestClient, post: Post, path: str, status: int) -> None:
    """Numbers, addresses, boxes."""
    post.send("ayse@kurum.example")
    assert client.get(f"/_lab/{path}").status_code == status


def test_the_scenarios_stand_beside_the_route(client: TestClient) -> None:
    """So that whoever reads the routes finds the addresses to try."""
    description = client.get("/openapi.json").json()["paths"]["/_lab/mail"]["get"]["description"]
    for label in ("bounce", "full", "greylist", "late", "deferred"):
        assert f"\n| `{label}` | " in description


def test_any_message_can_be_shown(client: TestClient, post: Post) -> None:
    """Also one that is none."""
    for raw in (b"", b"\xff\x00\xfe", b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n\xff\r\n--b--"):
        (made,) = post.mail.receive(ReceiveMail(sender=None, recipients=(HOME,), message=raw))
        assert client.get(f"/_lab/mail/{made.number}").status_code == 200
        assert client.get(f"/_lab/mail/{made.number}/raw").content == raw
