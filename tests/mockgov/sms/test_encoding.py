"""Encodings and parts against literal tables, an independent library's tables, and a count written separately."""

import pytest
from gsmcodecs.charmaps import GSMCHARMAPS
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.sms.alphabet import DEFAULT, DEFAULT_EXTENSION, ESCAPE, TURKISH_LOCKING, TURKISH_SINGLE
from mockgov.sms.encoding import (
    Encoding,
    EncodingError,
    Place,
    Segment,
    header,
    join,
    one_part,
    parts,
    read_header,
    room,
)

SEVEN_BIT = [encoding for encoding in Encoding if encoding is not Encoding.UCS2]
LETTERS = (
    "abcçdefgğhıijklmnoöprsştuüvyzABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZâîû"
    "@£$¥èéùìòØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ ¤%&'()*+,-./0123456789:;<=>?¡¿ñà§_\n\r"
    "^{}\\[~]|€\f"
    "жあ漢👍🏢🇹🇷👨‍👩‍👧"
)
TURKISH_TEXT = "".join(letter for letter in LETTERS if letter in TURKISH_LOCKING + "".join(TURKISH_SINGLE.values()))
texts = st.one_of(
    st.text(LETTERS, max_size=400),
    st.text(TURKISH_TEXT, max_size=700),
    st.text("aı€", min_size=140, max_size=320),
    st.text(DEFAULT.replace("\x1b", "") + "[]€", min_size=150, max_size=480),
    st.text("aж👍", min_size=60, max_size=300),
)


def test_the_tables_are_those_of_the_standard() -> None:
    """Letter by letter those of TS 23.038 Release 18 as an independent library has them; 0x1B is the escape."""
    for language, locking, single in ((0, DEFAULT, DEFAULT_EXTENSION), (1, TURKISH_LOCKING, TURKISH_SINGLE)):
        theirs = GSMCHARMAPS[language]
        table = {septet: chr(letter) for septet, letter in theirs["locking"]["decode"].items() if septet != ESCAPE}
        assert table == {septet: letter for septet, letter in enumerate(locking) if septet != ESCAPE}
        shift = {s: chr(letter) for s, letter in theirs["singleShift"]["decode"].items() if s != ESCAPE}
        assert shift == dict(single)


def test_the_turkish_letters_have_the_standard_s_septets() -> None:
    """Annex A.3.1 and A.2.1, read by hand."""
    locking = {"€": 0x04, "ı": 0x07, "Ğ": 0x0B, "ğ": 0x0C, "Ş": 0x1C, "ş": 0x1D, "İ": 0x40, "ç": 0x60}
    single = {"Ğ": 0x47, "İ": 0x49, "Ş": 0x53, "ç": 0x63, "€": 0x65, "ğ": 0x67, "ı": 0x69, "ş": 0x73}
    assert {letter: TURKISH_LOCKING.index(letter) for letter in locking} == locking
    assert {letter: septet for septet, letter in TURKISH_SINGLE.items() if letter in single} == single


@pytest.mark.parametrize(
    ("text", "encoding", "count", "octets"),
    [
        ("", Encoding.GSM7, 1, 0),
        ("a" * 160, Encoding.GSM7, 1, 140),
        ("a" * 161, Encoding.GSM7, 2, 140 + 14),
        ("a" * 306, Encoding.GSM7, 2, 280),
        ("a" * 307, Encoding.GSM7, 3, 280 + 7),
        ("[" * 80, Encoding.GSM7, 1, 140),
        ("[" * 152, Encoding.GSM7, 2, 280),
        ("[" * 153, Encoding.GSM7, 3, 280 + 8),
        ("ğ", Encoding.UCS2, 1, 2),
        ("ğ" * 5, Encoding.GSM7_LOCKING, 1, 9),
        ("ğ" + "è" * 100, Encoding.GSM7_SINGLE, 1, 94),
        ("a" * 153 + "ğ", Encoding.GSM7_SINGLE, 1, 140),
        ("a" * 154 + "ğ", Encoding.GSM7_LOCKING, 1, 140),
        ("ğ" * 155, Encoding.GSM7_LOCKING, 1, 140),
        ("ğ" * 156, Encoding.GSM7_LOCKING, 2, 140 + 16),
        ("ğ" * 298, Encoding.GSM7_LOCKING, 2, 280),
        ("ğ" * 299, Encoding.GSM7_LOCKING, 3, 280 + 11),
        ("ж" * 70, Encoding.UCS2, 1, 140),
        ("ж" * 71, Encoding.UCS2, 2, 140 + 14),
        ("ж" * 134, Encoding.UCS2, 2, 280),
        ("ж" * 135, Encoding.UCS2, 3, 280 + 8),
        ("👍" * 35, Encoding.UCS2, 1, 140),
        ("👍" * 66, Encoding.UCS2, 2, 276),
        ("👍" * 67, Encoding.UCS2, 3, 276 + 10),
    ],
)
def test_literal_counts(text: str, encoding: Encoding, count: int, octets: int) -> None:
    """160/153, 155/149 and 70/67 units; a pair that would be divided moves to the next part whole."""
    segments = parts(text)
    assert {segment.encoding for segment in segments} == {encoding}
    assert len(segments) == count
    assert sum(segment.octets for segment in segments) == octets


@pytest.mark.parametrize(
    ("encoding", "alone", "of_many"),
    [
        (Encoding.GSM7, 160, 153),
        (Encoding.GSM7_SINGLE, 155, 149),
        (Encoding.GSM7_LOCKING, 155, 149),
        (Encoding.GSM7_BOTH, 152, 146),
        (Encoding.UCS2, 140, 134),
    ],
)
def test_room(encoding: Encoding, alone: int, of_many: int) -> None:
    """Septets, or octets of UCS-2, that are left beside the headers."""
    assert len(parts("a" * 70, encoding)[0].udh) == len(header(encoding.elements))
    assert room(encoding, len(header(encoding.elements))) == alone
    assert room(encoding, len(header(Place(1, 2, 1).element + encoding.elements))) == of_many
    assert len(parts("a" * 600, encoding)[0].payload) == of_many


def test_a_header_by_hand() -> None:
    """Length, concatenation with reference 7, second of two, then the locking shift table of language 1."""
    first, second = parts("ğ" * 156, reference=7)
    assert first.udh == bytes.fromhex("08 00 03 07 02 01 25 01 01")
    assert second.udh == bytes.fromhex("08 00 03 07 02 02 25 01 01")
    assert second.payload == bytes([0x0C]) * 7
    assert parts("İ|", Encoding.GSM7_SINGLE)[0] == Segment(
        Encoding.GSM7_SINGLE, bytes.fromhex("03 24 01 01"), bytes.fromhex("1b49 1b40")
    )


@given(texts)
@settings(max_examples=400)
def test_every_text_comes_back(text: str) -> None:
    """Byte for byte, from every encoding that can say it; no part is too long, and none begins within a letter."""
    for encoding in (None, *Encoding):
        try:
            segments = parts(text, encoding, reference=200)
        except EncodingError:
            assert encoding is not None
            assert encoding is not Encoding.UCS2
            continue
        assert join(segments) == text
        assert "".join(segment.text for segment in segments) == text
        assert all(segment.fits and segment.octets <= 140 for segment in segments)
        if len(segments) > 1:
            places = [segment.place for segment in segments]
            assert places == [Place(200, len(segments), nth + 1) for nth in range(len(segments))]


@given(texts)
@settings(max_examples=400)
def test_counts_agree_with_an_independent_count(text: str) -> None:
    """Parts and octets of the cheapest encoding, counted apart from the code under test."""
    segments = parts(text)
    assert (len(segments), sum(segment.octets for segment in segments)) == counted(text)


def counted(text: str) -> tuple[int, int]:
    """Parts and octets of the cheapest of five ways, by counting units."""
    extension = set("\f^{}\\[~]|€")
    plain = set(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
    )
    turkish = (plain - set("èìØøÆæ¡¿")) | set("€ıĞğŞşİç")
    single = extension | set("ĞİŞçğış")
    ways = [
        (plain, extension, 0),
        (plain, single, 3),
        (turkish, extension, 3),
        (turkish, single, 6),
    ]
    found = [
        seven_bit([1 if letter in once else 2 for letter in text], shifts)
        for once, twice, shifts in ways
        if set(text) <= once | twice
    ]
    found.append(sixteen_bit([1 if ord(letter) < 0x10000 else 2 for letter in text]))
    return min(found)


def seven_bit(units: list[int], shifts: int) -> tuple[int, int]:
    alone, of_many = {0: (160, 153), 3: (155, 149), 6: (152, 146)}[shifts]
    if sum(units) <= alone:
        head = 0 if not shifts else -(-(shifts + 1) * 8 // 7)
        bits = 7 * (head + sum(units))
        return 1, -(-bits // 8) if units else (shifts + 1 if shifts else 0)
    head = {0: 7, 3: 11, 6: 14}[shifts]
    fills = filled(units, of_many)
    return len(fills), sum(-(-7 * (head + fill) // 8) for fill in fills)


def sixteen_bit(units: list[int]) -> tuple[int, int]:
    if sum(units) <= 70:
        return 1, 2 * sum(units)
    fills = filled(units, 67)
    return len(fills), sum(6 + 2 * fill for fill in fills)


def filled(units: list[int], most: int) -> list[int]:
    fills = [0]
    for unit in units:
        if fills[-1] + unit > most:
            fills.append(0)
        fills[-1] += unit
    return fills


def test_the_cheapest_may_be_a_national_table_for_a_text_that_needs_none() -> None:
    """Euro signs take two septets by default and one under the Turkish locking table."""
    assert len(parts("€" * 160, Encoding.GSM7)) == 3
    assert [segment.encoding for segment in parts("€" * 160)] == [Encoding.GSM7_LOCKING] * 2
    assert parts("€")[0].encoding is Encoding.GSM7


@pytest.mark.parametrize("text", ["a" * (153 * 255), "ж" * (67 * 255), "ğ" * (149 * 255)])
def test_a_text_has_at_most_255_parts(text: str) -> None:
    assert len(parts(text)) == 255
    with pytest.raises(EncodingError, match="at most 255 parts"):
        parts(text + text[0])


def test_what_no_encoding_says_is_refused() -> None:
    """Half a surrogate pair is no character, and 7-bit tables say only what stands in them."""
    with pytest.raises(EncodingError):
        parts("a\ud83d")
    with pytest.raises(EncodingError, match="gsm-7 cannot say this text"):
        parts("ğ", Encoding.GSM7)


def test_reading_as_the_standard_asks_of_a_receiver() -> None:
    """An unknown letter after an escape shows the locking table's; an escape at the end, a space (clause 6.2.1.1)."""
    assert Segment(Encoding.GSM7, b"", b"\x1b\x61").text == "a"
    assert Segment(Encoding.GSM7, b"", b"a\x1b").text == "a "
    assert Segment(Encoding.GSM7_SINGLE, b"", b"\x1b\x67\x1b\x41").text == "ğA"


def test_a_pair_that_its_sender_has_divided_is_whole_again() -> None:
    """Escape and letter, and the halves of an emoji, in two segments each."""
    euro = [Segment(Encoding.GSM7, header(Place(1, 2, n).element), part) for n, part in ((1, b"a\x1b"), (2, b"\x65b"))]
    assert join(euro) == "a€b"
    high, low = "👍".encode("utf-16-be")[:2], "👍".encode("utf-16-be")[2:]
    emoji = [Segment(Encoding.UCS2, header(Place(1, 2, n).element), part) for n, part in ((1, high), (2, low))]
    assert join(emoji) == "👍"
    assert emoji[0].text == "\ufffd"


def test_headers_are_read() -> None:
    """8- and 16-bit references, other elements skipped; what is cut off or says another language is refused."""
    assert read_header(b"") == (None, Encoding.GSM7)
    assert read_header(bytes.fromhex("05 00 03 aa 03 02")) == (Place(0xAA, 3, 2), Encoding.GSM7)
    assert read_header(bytes.fromhex("06 08 04 12 34 03 02")) == (Place(0x1234, 3, 2), Encoding.GSM7)
    both = bytes.fromhex("0a 24 01 01 70 02 ff ff 25 01 01")
    assert read_header(both) == (None, Encoding.GSM7_BOTH)
    for wrong in ("05 00 03 aa 03", "05 00 04 aa 03 02", "04 00 02 aa 03", "05 00 03 aa 00 00", "05 00 03 aa 02 03"):
        with pytest.raises(EncodingError):
            read_header(bytes.fromhex(wrong))
    with pytest.raises(EncodingError, match="only the Turkish ones"):
        read_header(bytes.fromhex("03 24 01 02"))


@given(st.binary(max_size=30))
def test_any_header_is_read_or_refused(udh: bytes) -> None:
    try:
        place, encoding = read_header(udh)
    except EncodingError:
        return
    assert place is None or 1 <= place.nth <= place.total
    assert encoding in SEVEN_BIT


def test_one_part_of_a_cut_text() -> None:
    """The simplest encoding that says it in one segment; too long is refused."""
    place = Place(9, 2, 2)
    assert one_part("abc", place) == Segment(Encoding.GSM7, bytes.fromhex("05 00 03 09 02 02"), b"abc")
    assert one_part("ş" * 100, place).encoding is Encoding.GSM7_LOCKING
    with pytest.raises(EncodingError):
        one_part("a" * 154, place)
