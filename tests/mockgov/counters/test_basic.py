"""HTTP Basic at the corporate counter: odd alphabets, odd bytes, wrong doors, locks, rotation, revocation."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.counters.corporate.basic import read_basic
from mockgov.credentials.messages import ProvisionAccount
from tests.mockgov.counters.town import LABEL, LIVE, SUFFIXES, TEST, Town, basic

ODD_HEADERS = [
    "",
    "Basic",
    "Basic ",
    "Bearer abc",
    "Basic !!!!",
    "Basic YQ",  # broken padding
    "Basic YWJj",  # abc: no colon
    "Basic Og==",  # : alone
    basic(f"{LABEL}-G2G-HES", "wrong"),
    "Basic " + b64encode(b"\xff\xfe:\xff").decode(),
    "Basic " + b64encode(b"\xc3:\x28").decode(),
    "Basic " + b64encode(b"a\x00b:c").decode(),
    "Basic " + b64encode(b"a:b\n").decode(),
    "Basic " + b64encode(b"\xed\xa0\x80:x").decode(),  # a lone surrogate in UTF-8's form
    "Basic " + b64encode(bytes(range(256))).decode(),
    "Basic " + b64encode(b"x" * 6000 + b":y").decode(),
]


def test_every_meaning_of_a_header() -> None:
    """UTF-8 where it is UTF-8; else Latin-1, then Turkish Latin, where İ is 0xDD and Ý in the other."""
    assert read_basic(basic("ÇINAR-İŞ", "pässword").encode()) == [("ÇINAR-İŞ", "pässword")]
    assert read_basic(basic("ÇINAR-İŞ", "pw", "iso-8859-9").encode()) == [("ÇINAR-ÝÞ", "pw"), ("ÇINAR-İŞ", "pw")]
    assert read_basic(basic("ÇINAR", "pw", "latin-1").encode()) == [("ÇINAR", "pw")]
    assert read_basic(b"bAsIc  " + b64encode(b"A:b:c")) == [("A", "b:c")]
    assert read_basic(basic("", "").encode()) == [("", "")]


@given(st.binary(max_size=60))
def test_no_bytes_are_too_odd(raw: bytes) -> None:
    """Whatever stands in a header, reading it gives pairs without control characters."""
    for header in (raw, b"Basic " + raw, b"Basic " + b64encode(raw)):
        for name, password in read_basic(header):
            assert ":" not in name
            assert all(32 <= ord(letter) != 127 for letter in name + password)


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-9"])
@pytest.mark.parametrize("environment", [LIVE, TEST])
def test_turkish_letters_open_in_every_alphabet_that_has_them(town: Town, charset: str, environment: object) -> None:
    """ÇINAR-LOJİSTİK, as UTF-8 and as ISO-8859-9."""
    name = LABEL + ("-G2G-HES" if environment is LIVE else "-TEST")
    header = basic(name, town.passwords[name], charset)
    answer = town.ask("C3", {"hes_code": town.issue().text}, environment=environment, authorization=header)
    assert answer.status_code == 200
    assert town.ministry.queries.by(name)


def test_latin_1_opens_where_it_can_write_the_name(town: Town) -> None:
    """ÇÖÜ are in Latin-1; such an account opens with it."""
    issued = town.ministry.credentials.provision(
        ProvisionAccount(institution_id=1, label="ÇÖÜ-KURUMU", environment=LIVE)
    )
    for charset in ("utf-8", "latin-1", "iso-8859-9"):
        header = basic("ÇÖÜ-KURUMU-G2G-HES", issued.password, charset)
        assert town.ask("C3", {"hes_code": town.issue().text}, authorization=header).status_code == 200


@pytest.mark.parametrize("header", ODD_HEADERS)
@pytest.mark.parametrize("operation", ["C3", "C4"])
def test_odd_credentials_are_a_401(town: Town, operation: str, header: str) -> None:
    """With a challenge and a problem, whatever the bytes; nobody is asked about."""
    answer = town.ask(operation, town.body_of(operation, [town.issue().text]), authorization=header)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Basic realm="HES", charset="UTF-8"'
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["errorKey"], answer.json()["status"]) == ("badcredentials", 401)
    assert town.ministry.queries.count() == 0


def test_no_header_at_all(town: Town) -> None:
    answer = town.client.post("/services/g2g/saglik/hes/check-hes-code", json={"hes_code": "A1B2345617"})
    assert answer.status_code == 401


@pytest.mark.parametrize("operation", list(SUFFIXES))
def test_test_credentials_never_open_live_nor_live_ones_test(town: Town, operation: str) -> None:
    """In either direction, with either password, before and after a right use of the pair."""
    body = town.body_of(operation, [town.issue().text])
    live, test = f"{LABEL}-G2G-HES", f"{LABEL}-TEST"
    for _ in range(2):
        for environment, name in ((LIVE, test), (TEST, live)):
            for password in town.passwords[live], town.passwords[test]:
                answer = town.ask(operation, body, environment=environment, username=name, password=password)
                assert answer.status_code == 401
        for environment, name in ((LIVE, live), (TEST, test)):
            assert town.ask(operation, body, environment=environment, username=name).status_code == 200


def test_five_wrong_passwords_lock_for_fifteen_minutes(town: Town) -> None:
    """The right password opens nothing then, even one that was remembered; after the time it does."""
    body = {"hes_code": town.issue().text}
    assert town.ask("C3", body).status_code == 200
    for _ in range(5):
        assert town.ask("C3", body, password="wrong").status_code == 401
    assert town.ask("C3", body).status_code == 401
    assert town.ask("C3", body, environment=TEST).status_code == 200
    town.advance(minutes=14, seconds=59)
    assert town.ask("C3", body).status_code == 401
    town.advance(seconds=1)
    assert town.ask("C3", body).status_code == 200


def test_four_wrong_passwords_do_not_lock(town: Town) -> None:
    body = {"hes_code": town.issue().text}
    for _ in range(3):
        for _ in range(4):
            assert town.ask("C3", body, password="wrong").status_code == 401
        assert town.ask("C3", body).status_code == 200


def test_rotation_counts_from_the_next_call(town: Town) -> None:
    """The old password fails although it was remembered; the new one opens."""
    body, name = {"hes_code": town.issue().text}, f"{LABEL}-G2G-HES"
    assert town.ask("C3", body).status_code == 200
    rotated = town.client.post(f"/_lab/accounts/{name}/rotate")
    assert rotated.status_code == 200
    assert town.ask("C3", body).status_code == 401
    assert town.ask("C3", body, password=rotated.json()["password"]).status_code == 200
    assert town.ask("C3", body, environment=TEST).status_code == 200


def test_revocation_counts_from_the_next_call(town: Town) -> None:
    """Even for a remembered credential; the other environment's pair and other institutions are not touched."""
    body, name = {"hes_code": town.issue().text}, f"{LABEL}-G2G-HES"
    assert town.ask("C3", body).status_code == 200
    revoked = town.client.post(f"/_lab/accounts/{name}/revoke")
    assert (revoked.json()["state"], revoked.json()["password"]) == ("revoked", None)
    assert town.ask("C3", body).status_code == 401
    assert town.ask("C3", body, environment=TEST).status_code == 200
    assert town.ask("C3", body, username="KURUM-G2G-HES").status_code == 200
    assert town.client.post(f"/_lab/accounts/{name}/revoke").json()["errorKey"] == "illegaltransition"
    assert town.client.post(f"/_lab/accounts/{name}/rotate").json()["errorKey"] == "illegaltransition"


def test_a_refusal_repeats_nothing_of_what_was_sent(town: Town) -> None:
    """Neither the name nor the password, which may be somebody's for another service."""
    answer = town.ask("C3", {}, username="BIRISI-G2G-HES", password="hunter2hunter2")
    assert "BIRISI" not in answer.text
    assert "hunter2" not in answer.text


def test_the_credentials_come_first(town: Town) -> None:
    """A stranger learns nothing about codes, not even whether the body could be read."""
    for body in (b"{", {"hes_code": town.issue().text}, {"hes_code": "A1B2345617"}):
        assert town.ask("C3", body, password="wrong").status_code == 401
