"""The page of a phone: its messages, and writing from it."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from mockgov.sms.encoding import parts
from mockgov.sms.messages import OpenSmsAccount, SendText, SubmitText
from mockgov.vocabulary.phone import Phone
from tests.mockgov.counters.town import Town

PAGE = "/telefon/905991234567"


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def shown(answer: Any) -> str:
    """What a person reads."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def token(town: Town, page: str = PAGE) -> str:
    return re.findall(r'name="form_token" value="([0-9a-f]+)"', town.client.get(page).text)[0]


def write(town: Town, text: str, to: str = "2023", page: str = PAGE, **fields: str) -> Any:
    sent = {"form_token": token(town, page), "to": to, "text": text} | fields
    return town.client.post(page, data=sent)


def test_an_empty_phone(town: Town) -> None:
    """A person's, one of the sandbox's own prefix, or one abroad, whose texts go to another number."""
    assert town.mother.phone is not None
    for number in (PAGE, f"/telefon/{town.mother.phone.e164}", "/telefon/0599 123 45 67"):
        page = town.client.get(number)
        assert page.status_code == 200
        assert "Bu telefonda mesaj yok." in shown(page)
        assert 'name="to" type="text" value="2023"' in page.text
    abroad = town.client.get("/telefon/+9991234567890", params={"lang": "en"})
    assert 'name="to" type="text" value="+903120002023"' in abroad.text
    assert "There is no message on this phone." in shown(abroad)


def test_a_code_by_hand(town: Town) -> None:
    """Written, waited for, read; the address of the QR's page is a link in this world. No script anywhere."""
    mother = town.mother
    assert mother.phone is not None
    page = f"/telefon/{mother.phone.wire}"
    text = f"hes {mother.identity.digits}  {mother.id_card.last_four} süresiz"
    sent = write(town, text, page=page)
    assert (sent.status_code, sent.url.path) == (200, page)
    assert f"Giden: 2023 , 4 Ekim 2021, 08:00 {' '.join(text.split())}" in shown(sent)
    later = town.client.post(f"{page}/saat", data={"form_token": token(town, page)})
    assert "Saat: 4 Ekim 2021, 08:00" in shown(later)
    first, second, own = re.findall(r'<p class="text" lang="tr">(.*?)</p>', later.text)
    assert own == text
    assert "HES kodunuz oluşturuldu" in first
    assert second.startswith("AY**** NU**** YI**** adına")
    (link,) = re.findall(r'href="(/qr/[a-z0-9]+)"', later.text)
    assert town.client.get(link).status_code == 200
    assert "<script" not in later.text


def test_a_text_to_an_account(town: Town) -> None:
    """Any number that is reached here."""
    town.ministry.sms.open_account(OpenSmsAccount(label="Firma", senders=(), number="4567"))
    assert "Giden: 4567" in shown(write(town, "merhaba", "4567"))
    assert [one.message.text for one in town.ministry.sms.pending("FIRMA")] == ["merhaba"]


def test_what_cannot_be_sent(town: Town) -> None:
    """The page says what is wrong at the field where it is, in the reader's language; what was typed is still there."""
    refused = write(town, "merhaba <b>", "2024")
    assert refused.status_code == 400
    assert 'id="to-wrong">Bu telefondan bu numaraya ulaşılmıyor.' in refused.text
    assert "merhaba &lt;b&gt;</textarea>" in refused.text
    for text in (" ", "x" * 1601, "a\0b"):
        assert 'id="text-wrong">Bu metin gönderilemez.' in write(town, text).text
    english = town.client.post(f"{PAGE}?lang=en", data={"form_token": token(town), "to": "2024", "text": "x"})
    assert 'id="to-wrong">Nobody is reached at this number' in english.text
    assert "Bu telefonda mesaj yok." in shown(town.client.get(PAGE))


def test_another_site_sends_nothing(town: Town) -> None:
    """Without the page's token, with another origin, or from another site."""
    good = {"form_token": token(town), "to": "2023", "text": "HES"}
    for data, headers in (
        (good | {"form_token": "0" * 32}, {}),
        (good, {"origin": "http://elsewhere.example"}),
        (good, {"sec-fetch-site": "cross-site"}),
    ):
        for path in (PAGE, f"{PAGE}/saat"):
            assert town.client.post(path, data=data, headers=headers).status_code == 403
    assert town.ministry.sms.sent_from(Phone("5991234567")) == []


def test_a_stranger_s_phone(town: Town) -> None:
    """A number that may be a real person's has no page, and is not repeated; neither has what is no number."""
    for path, status in (("/telefon/905321234567", 404), ("/telefon/x", 400), ("/telefon?number=abc", 400)):
        page = town.client.get(path)
        assert page.status_code == status
        assert "Bu ortamda böyle bir telefon yok" in shown(page)
        assert "1234567" not in shown(page)
    assert town.client.post("/telefon/905321234567", data={}).status_code == 404


def test_the_first_page(town: Town) -> None:
    """A form that leads to a phone, and people's phones under their masked names."""
    page = town.client.get("/telefon")
    assert "AY**** NU**** YI****" in shown(page)
    assert "Yılmaz" not in shown(page)
    led = town.client.get("/telefon", params={"number": "0599 123 45 67", "lang": "en"})
    assert led.url.path == PAGE
    assert "Messages" in shown(led)


def test_a_running_clock_has_no_button(town: Town) -> None:
    """Whoever waits looks again."""
    town.ministry.world.run()
    page = town.client.get(PAGE)
    assert 'id="again"' in page.text
    assert 'id="wait"' not in page.text


def test_a_long_text_in_pieces(town: Town) -> None:
    """What has not arrived is told; words of others are never taken for markup."""
    sms = town.ministry.sms
    sms.open_account(OpenSmsAccount(label="Firma", senders=("FIRMA",)))
    phone = Phone("5991234567")
    sms.submit("FIRMA", SubmitText(sender="FIRMA", phone=phone, text="", segment=parts("b" * 161, reference=7)[0]))
    sms.send(SendText(phone=phone, text="<script>alert(1)</script> http://127.0.0.1:8080/qr/x<b>"))
    page = town.client.get(PAGE)
    assert "1 parçası gelmedi" in shown(page)
    assert "<script" not in page.text
    assert '<a href="/qr/x">http://127.0.0.1:8080/qr/x</a>&lt;b&gt;' in page.text
