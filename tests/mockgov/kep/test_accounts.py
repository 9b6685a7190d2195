"""Accounts: opening, signing in, looking up, closing."""

from datetime import timedelta

import pytest

from mockgov.kep.messages import AccountClosed, AccountOpened, AdjustKepAccount, KepAccountLocked, OpenKepAccount
from mockgov.kep.rules import (
    BadAmount,
    BadKepCredentials,
    KepAccountTaken,
    Quota,
    UnknownFate,
    UnknownKepAccount,
    UnknownProvider,
)
from mockgov.vocabulary.kep_address import InvalidKepAddress, KepAddress
from tests.mockgov.kep.post import COMPANY, MINISTRY, OTHER, Post


def test_an_account_opens_with_an_address_and_a_password() -> None:
    """The password is the world's: the same seed mints the same, and no store knows it."""
    post = Post()
    opened = post.kep.open_account(OpenKepAccount(institution_id=None, name="Sağlık Bakanlığı", account="SB"))
    assert opened.address == MINISTRY
    assert opened.password == post.kep.password(MINISTRY)
    assert len(opened.password) == 14
    assert opened.password.encode() not in post.store.account(MINISTRY).password_digest
    assert opened.password not in repr(post.store.account(MINISTRY))
    assert post.told == [AccountOpened(address=MINISTRY, institution_id=None)]
    assert Post().open(MINISTRY) == opened.password
    assert post.open(COMPANY) != opened.password


def test_defaults_are_the_worlds_quota_and_a_thousand_letters(post: Post) -> None:
    assert post.kep.quota(COMPANY) == Quota(limit_kib=1024, used_bytes=0, credit=1000)
    post.kep.open_account(OpenKepAccount(institution_id=1, name="Küçük", account="kucuk", quota_kib=5, credit=0))
    assert post.kep.quota(KepAddress(account="kucuk", provider="hs01")).limit_kib == 5


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"account": "sb"}, KepAccountTaken),
        ({"provider": "hs09"}, UnknownProvider),
        ({"fate": "explodes"}, UnknownFate),
        ({"quota_kib": -1}, BadAmount),
        ({"credit": 10**10}, BadAmount),
        ({"account": "a b"}, InvalidKepAddress),
        ({"account": "a@hs01.kep.tr"}, InvalidKepAddress),
        ({"account": ""}, InvalidKepAddress),
    ],
)
def test_what_cannot_be_opened(post: Post, more: dict[str, object], refusal: type[Exception]) -> None:
    """Refused, and nothing is half-written."""
    before = post.kep.accounts()
    with pytest.raises(refusal):
        post.kep.open_account(OpenKepAccount(**{"institution_id": 1, "name": "x", "account": "yeni", **more}))
    assert post.kep.accounts() == before


def test_signing_in(post: Post) -> None:
    assert post.kep.sign_in(COMPANY, post.kep.password(COMPANY)) == COMPANY
    for address, word in [
        (COMPANY, ""),
        (COMPANY, "ğ\udc80\0"),
        (COMPANY, post.kep.password(OTHER)),
        (OTHER, post.kep.password(COMPANY)),
        (KepAddress(account="yok", provider="hs01"), "x"),
    ]:
        with pytest.raises(BadKepCredentials) as refused:
            post.kep.sign_in(address, word)
        assert refused.value.key == "kepbadcredentials"


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(post: Post) -> None:
    """Also for the right one; a right one in between starts the count over."""
    right = post.kep.password(COMPANY)
    for _ in range(4):
        with pytest.raises(BadKepCredentials):
            post.kep.sign_in(COMPANY, "wrong")
    post.kep.sign_in(COMPANY, right)
    for _ in range(5):
        with pytest.raises(BadKepCredentials):
            post.kep.sign_in(COMPANY, "wrong")
    assert post.told[-1] == KepAccountLocked(address=COMPANY)
    post.clock.move_to(post.clock.now() + timedelta(minutes=15, microseconds=-1))
    with pytest.raises(BadKepCredentials):
        post.kep.sign_in(COMPANY, right)
    post.clock.move_to(post.clock.now() + timedelta(microseconds=1))
    assert post.kep.sign_in(COMPANY, right) == COMPANY
    assert [type(event) for event in post.told].count(KepAccountLocked) == 1


def test_a_closed_account_is_gone_for_everybody(post: Post) -> None:
    """It opens nothing, stands in no directory, and its address goes to nobody else."""
    post.kep.close_account(OTHER)
    assert post.told[-1] == AccountClosed(address=OTHER)
    with pytest.raises(BadKepCredentials):
        post.kep.sign_in(OTHER, post.kep.password(OTHER))
    for use in (post.kep.account, post.kep.quota, post.kep.inbox, post.kep.sent, post.kep.close_account):
        with pytest.raises(UnknownKepAccount):
            use(OTHER)
    with pytest.raises(KepAccountTaken):
        post.open(OTHER)
    assert [one.address for one in post.kep.directory("kurumu")] == [COMPANY, MINISTRY]


def test_the_directory_knows_turkish_letters() -> None:
    """I and ı, İ and i are pairs; an address is found by any part of it."""
    post = Post()
    for account, name in [("isik", "IŞIK İNŞAAT A.Ş."), ("cinar", "ÇINAR LOJİSTİK")]:
        post.kep.open_account(OpenKepAccount(institution_id=1, name=name, account=account))
    for text in ("ışık", "IŞIK", "isik", "isik@"):
        assert [one.address.account for one in post.kep.directory(text)] == ["isik"]
    assert [one.address.account for one in post.kep.directory(" inşaat ")] == ["isik"]
    assert [one.address.account for one in post.kep.directory("cinar@hs01")] == ["cinar"]
    assert [one.address.account for one in post.kep.directory("")] == ["cinar", "isik"]
    assert post.kep.directory("", limit=0) == []


def test_adjusting_changes_only_what_is_named(post: Post) -> None:
    post.kep.adjust(AdjustKepAccount(address=COMPANY, credit=3, fate="mailbox-full"))
    account = post.kep.adjust(AdjustKepAccount(address=COMPANY, quota_kib=7, wants_packages=True))
    assert (account.credit, account.quota_kib, account.fate, account.wants_packages) == (3, 7, "mailbox-full", True)
    assert post.kep.adjust(AdjustKepAccount(address=COMPANY, fate="")).fate is None
    with pytest.raises(BadAmount):
        post.kep.adjust(AdjustKepAccount(address=COMPANY, quota_kib=-5))
    with pytest.raises(UnknownFate):
        post.kep.adjust(AdjustKepAccount(address=COMPANY, fate="boom"))


def test_a_holders_name_keeps_to_one_line() -> None:
    """Whatever was typed, it fits into a database, a page and XML."""
    post = Post()
    post.kep.open_account(OpenKepAccount(institution_id=1, name="A\0B\n C\ud800\uffff", account="a"))
    assert post.kep.accounts()[0].name == "A B C"
