"""The words of the replies."""

from datetime import UTC, datetime

from mockgov.short_number.replies import REFUSALS, acknowledgement, code_message, refusal
from mockgov.short_number.rules import Issued, Limits, Mistake
from mockgov.sms.encoding import parts

LIMITS = Limits(codes=2, texts_a_day=10, most_days=999)
PAGE = "http://127.0.0.1:8080/qr/abcdefghijkm"


def test_the_acknowledgement_begins_with_a_masked_name() -> None:
    said = acknowledgement("AY**** NU**** YI****")
    assert said == ("AY**** NU**** YI**** adına HES kodu isteğiniz alındı, kodunuz birazdan gönderilecektir. (SANDBOX)")
    assert "*" in said.split()[0]


def test_the_code_is_the_first_word_and_the_address_the_seventh() -> None:
    """By Turkish days; a code without end says so."""
    late = datetime(2021, 11, 3, 22, 30, tzinfo=UTC)
    said = code_message(Issued(text="A1B2345617", dashed="A1B2-3456-17", expires_at=late), PAGE)
    assert said == (
        "A1B2-3456-17 HES kodunuz oluşturuldu. Geçerlilik: 04.11.2021 http://127.0.0.1:8080/qr/abcdefghijkm "
        "adresinde QR kodu vardır. (SANDBOX)"
    )
    assert (said.split()[0], said.split()[6]) == ("A1B2-3456-17", PAGE)
    endless = code_message(Issued(text="A1B2345617", dashed="A1B2-3456-17", expires_at=None), PAGE).split()
    assert (endless[0], endless[5], endless[6]) == ("A1B2-3456-17", "süresiz", PAGE)


def test_every_mistake_has_a_reply_of_its_own() -> None:
    """None could be taken for a code's message or an acknowledgement; none says more than two short messages."""
    assert set(REFUSALS) == set(Mistake)
    said = {mistake: refusal(mistake, LIMITS) for mistake in Mistake}
    assert len(set(said.values())) == len(Mistake)
    for words in said.values():
        assert words.endswith(" (SANDBOX)")
        assert "*" not in words
        assert "://" not in words
        assert not any(letter.isdigit() for letter in words.split()[0])
        assert len(parts(words)) <= 2
    assert said[Mistake.TOO_LONG] == ("Gün sayısı çok büyük. En çok 999 gün ya da SÜRESİZ yazın. (SANDBOX)")
    assert "2 geçerli HES kodu" in said[Mistake.TOO_MANY_CODES]
    assert "(10)" in said[Mistake.TOO_MANY_TEXTS]
