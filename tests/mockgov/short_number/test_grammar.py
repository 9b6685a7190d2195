"""A grammar of texts, valid ones and mutated ones: the first make a code, the others nothing, and each is answered.

What counts as valid is said a second time here, as a pattern over the text without case and marks, and looser than the
service: no text outside it may ever make a code.
"""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any
from unicodedata import category, normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy, composite

from mockgov.refusal import Refused
from mockgov.registry.rules import Citizen
from mockgov.short_number.replies import REFUSALS, refusal
from mockgov.short_number.rules import Limits, Mistake
from mockgov.sms.rules import SHORT_NUMBER
from mockgov.vocabulary.foreign_phone import ForeignPhone
from mockgov.vocabulary.phone import Phone
from tests.mockgov.counters.town import Town
from tests.mockgov.short_number.post import ABROAD, BLUE, CITIZEN, MINE, NUMBER, RESIDENT, Post

MOST = 999
BLANKS = (" ", "  ", "\t", "\u00a0", "\u202f", "\u3000", " \u2003 ", "\r\n", "\u200b ")
CASES = {
    "h": "hH",
    "e": "eE",
    "s": "sSşŞ",
    "u": "uUüÜ",
    "r": "rR",
    "i": "iIıİ",
    "z": "zZ",
    "d": "dD",
    "t": "tT",
    "m": "mM",
    "l": "lL",
    "c": "cC",
}
REPLIES = frozenset(refusal(mistake, Limits(codes=2, texts_a_day=10, most_days=MOST)) for mistake in Mistake)
ACKNOWLEDGED = re.compile(r"\S*\*\S* .*adına HES kodu isteğiniz alındı, kodunuz birazdan gönderilecektir\. \(SANDBOX\)")
MADE = re.compile(
    r"[A-Z][0-9][A-Z][0-9]-[0-9]{4}-[0-9]{2} HES kodunuz oluşturuldu\. Geçerlilik: "
    r"(süresiz|[0-9]{2}\.[0-9]{2}\.[0-9]{4}) http://[^ ]+/qr/[a-z2-9]{12} adresinde QR kodu vardır\. \(SANDBOX\)"
)


def written(word: str) -> SearchStrategy[str]:
    """A word in any mixture of case and Turkish letters."""
    return st.tuples(*(st.sampled_from(CASES.get(letter, letter)) for letter in word)).map("".join)


@composite
def valid_texts(draw: DrawFn, people: dict[str, str], passport: str, surname: str) -> tuple[str, int | None]:
    """A valid text and its days; `people` are proofs by number."""
    if draw(st.booleans()):
        number, proof = draw(st.sampled_from(sorted(people.items())))
        words = [number, proof]
    else:
        nationality, number, year = passport.split()
        words = [draw(written(nationality)), draw(written(number)), year, *draw(written(surname)).split()]
    days = draw(st.none() | st.integers(1, MOST) | st.just("suresiz"))
    if days == "suresiz":
        words.append(draw(written("suresiz")))
    elif days is not None:
        words.append(f"{days:0{draw(st.integers(1, 5))}d}")
    parts = [draw(written("hes")), *words]
    text = draw(st.sampled_from(("", *BLANKS)))
    for part in parts:
        text += part + draw(st.sampled_from(BLANKS))
    return text, None if days == "suresiz" else int(days or 365)


@composite
def mutated_texts(draw: DrawFn, texts: SearchStrategy[tuple[str, int | None]]) -> str:
    """A valid text with letters and words put in, taken out, changed and moved."""
    text, _ = draw(texts)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(text) - 1)))
        letter = draw(
            st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from("0123456789 ")
        )
        words = text.split(" ")
        nth = draw(st.integers(0, len(words) - 1))
        text = draw(
            st.sampled_from(
                [
                    text[:at] + text[at + 1 :],
                    text[:at] + letter + text[at:],
                    text[:at] + letter + text[at + 1 :],
                    text[:at],
                    " ".join(words[:nth] + words[nth + 1 :]),
                    " ".join([*words, words[nth]]),
                    " ".join(reversed(words)),
                    f"{text} {text}",
                ]
            )
        )
    return text


def may_make_a_code(text: str, people: dict[str, str], passport: str, surname: str) -> bool:
    """Whether any reading could take a text for valid."""
    marked = normalize("NFKD", normalize("NFKC", text).replace("ı", "i"))
    plain = "".join(letter for letter in marked if category(letter) not in ("Mn", "Cf")).upper()
    plain = re.sub(r"[-'’‘`´‐‑–—]", " ", plain)
    proofs = "|".join(rf"{number}\s+{proof}" for number, proof in people.items())
    name = r"\s*".join(surname.upper().split())
    paper = r"\s+".join(passport.upper().split())
    pattern = rf"\s*HES\s+({proofs}|{paper}\s+{name})(\s+(0*[1-9][0-9]{{0,2}}|SURESIZ))?\s*"
    return re.fullmatch(pattern, plain) is not None


PEOPLE = {CITIZEN: "0421", BLUE: "1955", RESIDENT: "1990"}
PAPERS: tuple[dict[str, str], str, str] = (PEOPLE, "deu tst012345 1990", "muller schmidt")
SENT_TO = st.sampled_from([(MINE, SHORT_NUMBER), (ABROAD, NUMBER)])


@given(valid_texts(*PAPERS))
def test_every_valid_text_makes_a_code(asked: tuple[str, int | None]) -> None:
    """For as many days as it says, with an acknowledgement and a code's message."""
    text, days = asked
    post = Post(most_days=MOST)
    assert post.send(text).mistake is None
    assert post.days() == [days]
    first, second = post.replies()
    assert ACKNOWLEDGED.fullmatch(first)
    assert MADE.fullmatch(second)


@settings(max_examples=400)
@given(mutated_texts(valid_texts(*PAPERS)) | st.text(), SENT_TO)
def test_no_invalid_text_makes_a_code(text: str, sent: tuple[Phone, str]) -> None:
    """It makes nothing and has one of the documented replies; a text that is valid all the same has two."""
    post = Post(most_days=MOST)
    read = post.send(text, *sent)
    if read.mistake is None:
        assert may_make_a_code(text, *PAPERS)
        assert len(post.issued) == 1
        first, second = post.replies()
        assert ACKNOWLEDGED.fullmatch(first)
        assert MADE.fullmatch(second)
    else:
        assert post.issued == {}
        (reply,) = post.replies()
        assert reply == refusal(read.mistake, Limits(codes=2, texts_a_day=10, most_days=MOST))


def test_the_pattern_knows_what_is_invalid() -> None:
    """Or the test above could not fail."""
    assert may_make_a_code(f"hes {CITIZEN} 0421 süresiz", *PAPERS)
    for text in (f"hes {CITIZEN} 0422", f"hes {CITIZEN} 0421 1000", f"hes {CITIZEN} 0421 0", "hes", f"{CITIZEN} 0421"):
        assert not may_make_a_code(text, *PAPERS)


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """A ministry with known people, for all examples; each comes from a line of its own."""
    made = Town()
    yield made
    made.close()


def papers(mother: Citizen, stranger: Citizen) -> tuple[dict[str, str], str, str]:
    people = {mother.identity.digits: mother.id_card.last_four, stranger.identity.digits: "1990"}
    assert stranger.passport is not None
    return people, f"{stranger.passport.text.lower()} 1990", "oz"


LINES = count(1000)  # not among the numbers that stand for mishaps


@settings(max_examples=120)
@given(data=st.data(), from_abroad=st.booleans())
@example(data=None, from_abroad=False)
def test_through_the_whole_ministry(town: Town, data: Any, from_abroad: bool) -> None:
    """Every text that a phone sends is answered on that phone with the documented replies, and nothing else is made."""
    known = papers(town.mother, town.stranger)
    text = (
        "merhaba" if data is None else data.draw(mutated_texts(valid_texts(*known)) | valid_texts(*known).map(first_of))
    )
    line: Phone = Phone(f"599{next(LINES):07d}")
    to = SHORT_NUMBER
    if from_abroad:
        line, to = ForeignPhone(f"+9991{line.subscriber}"), town.ministry.world.settings.short_number_abroad
    before = town.counts()["code"]
    try:
        town.ministry.sms.from_handset(line, to, text)
    except Refused as refused:
        assert refused.key == "badtext"  # noqa: PT017  a text that no phone can send
        return
    town.advance(seconds=25)
    said = [received.text for received in town.ministry.sms.received(line)]
    made = town.counts()["code"] - before
    if made:
        assert may_make_a_code(text, *known)
        assert made == 1
        assert [bool(ACKNOWLEDGED.fullmatch(said[0])), bool(MADE.fullmatch(said[1])), len(said)] == [True, True, 2]
    else:
        assert len(said) == 1
        assert said[0] in REPLIES
    assert len(REPLIES) == len(REFUSALS)


def first_of(asked: tuple[str, int | None]) -> str:
    return asked[0]
