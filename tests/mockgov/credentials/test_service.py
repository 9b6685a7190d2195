"""The credentials desk as the rest of the ministry meets it, over its plain twin."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.clock import ManualClock
from mockgov.credentials.messages import (
    AccountLocked,
    AccountProvisioned,
    AccountRevoked,
    PasswordRotated,
    ProvisionAccount,
)
from mockgov.credentials.rules import (
    AccountTaken,
    BadCredentials,
    Environment,
    IllegalTransition,
    UnknownAccount,
)
from mockgov.credentials.service import Credentials, Issued, Limits
from mockgov.credentials.store import InMemoryAccounts
from mockgov.streams import Streams

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
TEST, LIVE = Environment.TEST, Environment.LIVE


class Desk:
    """A credentials desk with a clock to move and the events that it told."""

    def __init__(self, seed: int = 1) -> None:
        self.clock = ManualClock(MONDAY)
        self.told: list[object] = []
        self.credentials = Credentials(
            store=InMemoryAccounts(),
            now=self.clock.now,
            streams=Streams(seed),
            tell=self.told.append,
            transaction=nullcontext,
            limits=Limits(lock_after_failures=5, lock_minutes=15, remember_s=60, argon2_memory_kib=8, argon2_passes=1),
        )

    def provision(self, environment: Environment = TEST, label: str = "ÇINAR") -> Issued:
        return self.credentials.provision(ProvisionAccount(institution_id=1, label=label, environment=environment))

    def fail(self, times: int, name: str = "ÇINAR-TEST") -> None:
        for _ in range(times):
            with pytest.raises(BadCredentials):
                self.credentials.check(name, "wrong", TEST)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_provisioning(desk: Desk) -> None:
    """A pair per environment, with different passwords, of which only a hash is kept."""
    test, live = desk.provision(), desk.provision(LIVE)
    assert (test.account.username, live.account.username) == ("ÇINAR-TEST", "ÇINAR-G2G-HES")
    assert test.password != live.password
    assert test.account.password_hash.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert test.password not in test.account.password_hash
    assert desk.credentials.accounts() == [live.account, test.account]
    assert desk.told == [
        AccountProvisioned(username="ÇINAR-TEST", institution_id=1),
        AccountProvisioned(username="ÇINAR-G2G-HES", institution_id=1),
    ]


def test_the_same_seed_mints_the_same_passwords() -> None:
    assert Desk().provision().password == Desk().provision().password
    assert Desk().provision().password != Desk(2).provision().password


def test_no_user_name_twice(desk: Desk) -> None:
    """Neither later nor in one call; the refused call makes nobody an account."""
    first = desk.provision()
    order = ProvisionAccount(institution_id=2, label="YENİ", environment=TEST)
    again = ProvisionAccount(institution_id=2, label="ÇINAR", environment=TEST)
    for orders in ([order, again], [order, order]):
        with pytest.raises(AccountTaken, match="exists already; rotate its password instead"):
            desk.credentials.provision_many(orders)
    assert desk.credentials.accounts() == [first.account]


def test_only_the_pair_of_the_environment_opens_it(desk: Desk) -> None:
    """A right pair opens its own door; wrong password, wrong door and unknown name read alike."""
    test, live = desk.provision(), desk.provision(LIVE)
    assert desk.credentials.check("ÇINAR-TEST", test.password, TEST).institution_id == 1
    assert desk.credentials.check("ÇINAR-G2G-HES", live.password, LIVE).institution_id == 1
    for name, password, environment in (
        ("ÇINAR-TEST", test.password, LIVE),
        ("ÇINAR-G2G-HES", live.password, TEST),
        ("ÇINAR-TEST", live.password, TEST),
        ("ÇINAR-TEST", "", TEST),
        ("CINAR-TEST", test.password, TEST),
        ("çınar-test", test.password, TEST),
        ("", "", TEST),
    ):
        with pytest.raises(BadCredentials, match="do not open this environment") as refusal:
            desk.credentials.check(name, password, environment)
        assert refusal.value.key == "badcredentials"


def test_five_wrong_passwords_lock_the_door(desk: Desk) -> None:
    """Then the right one opens nothing for fifteen minutes, and everything after them."""
    password = desk.provision().password
    desk.fail(5)
    assert desk.told[1:] == [AccountLocked(username="ÇINAR-TEST")]
    desk.clock.move_to(MONDAY + timedelta(minutes=15, microseconds=-1))
    with pytest.raises(BadCredentials):
        desk.credentials.check("ÇINAR-TEST", password, TEST)
    desk.clock.move_to(MONDAY + timedelta(minutes=15))
    assert desk.credentials.check("ÇINAR-TEST", password, TEST).username == "ÇINAR-TEST"


def test_tries_at_a_locked_door_do_not_prolong_it(desk: Desk) -> None:
    password = desk.provision().password
    desk.fail(5)
    desk.clock.move_to(MONDAY + timedelta(minutes=14))
    desk.fail(9)
    desk.clock.move_to(MONDAY + timedelta(minutes=15))
    assert desk.credentials.check("ÇINAR-TEST", password, TEST)


def test_a_right_password_in_between_starts_the_count_over(desk: Desk) -> None:
    password = desk.provision().password
    desk.fail(4)
    desk.credentials.check("ÇINAR-TEST", password, TEST)
    desk.fail(4)
    assert desk.credentials.check("ÇINAR-TEST", password, TEST)


def test_rotation(desk: Desk) -> None:
    """The new password opens, the old one fails from the next call on, and a lock is lifted."""
    old = desk.provision().password
    desk.fail(5)
    new = desk.credentials.rotate("ÇINAR-TEST")
    assert desk.told[-1] == PasswordRotated(username="ÇINAR-TEST")
    assert new.account.rotation == 1
    assert desk.credentials.check("ÇINAR-TEST", new.password, TEST)
    with pytest.raises(BadCredentials):
        desk.credentials.check("ÇINAR-TEST", old, TEST)


def test_revocation(desk: Desk) -> None:
    """Nothing opens a revoked account, not even a new password: there is none."""
    password = desk.provision().password
    desk.credentials.revoke("ÇINAR-TEST")
    assert desk.told[-1] == AccountRevoked(username="ÇINAR-TEST")
    with pytest.raises(BadCredentials):
        desk.credentials.check("ÇINAR-TEST", password, TEST)
    for act in (desk.credentials.revoke, desk.credentials.rotate):
        with pytest.raises(IllegalTransition, match="is revoked"):
            act("ÇINAR-TEST")
    with pytest.raises(AccountTaken, match="was revoked, and stays so; provision an account with another label"):
        desk.provision()


@pytest.mark.parametrize("act", ["rotate", "revoke", "account"])
def test_an_unknown_account(desk: Desk, act: str) -> None:
    with pytest.raises(UnknownAccount, match="No account has this user name"):
        getattr(desk.credentials, act)("YOK-TEST")


def test_a_remembered_credential(desk: Desk) -> None:
    """Opens its own environment without hashing, for sixty seconds of the world."""
    account = desk.provision().account
    desk.credentials.remember(TEST, b"Basic abc", account)
    assert desk.credentials.recall(TEST, b"Basic abc") == "ÇINAR-TEST"
    assert desk.credentials.recall(LIVE, b"Basic abc") is None
    assert desk.credentials.recall(TEST, b"Basic abd") is None
    desk.clock.move_to(MONDAY + timedelta(seconds=60, microseconds=-1))
    assert desk.credentials.recall(TEST, b"Basic abc") == "ÇINAR-TEST"
    desk.clock.move_to(MONDAY + timedelta(seconds=60))
    assert desk.credentials.recall(TEST, b"Basic abc") is None


@pytest.mark.parametrize("act", ["rotate", "revoke", "lock"])
def test_a_remembered_credential_is_forgotten_at_once(desk: Desk, act: str) -> None:
    """Upon rotation, revocation and locking; other accounts' credentials stay."""
    account, other = desk.provision().account, desk.provision(label="ÖTEKİ").account
    desk.credentials.remember(TEST, b"Basic abc", account)
    desk.credentials.remember(TEST, b"Basic xyz", other)
    if act == "lock":
        desk.fail(5)
    else:
        getattr(desk.credentials, act)("ÇINAR-TEST")
    assert desk.credentials.recall(TEST, b"Basic abc") is None
    assert desk.credentials.recall(TEST, b"Basic xyz") == "ÖTEKİ-TEST"


@pytest.mark.parametrize("act", ["rotate", "revoke"])
def test_a_change_while_the_password_is_hashed(desk: Desk, act: str) -> None:
    """Whoever was let in on the old terms is refused when the hash is done."""
    password = desk.provision().password
    account = desk.credentials.candidate("ÇINAR-TEST", TEST)
    matches = desk.credentials.matches(account, password)
    assert matches
    getattr(desk.credentials, act)("ÇINAR-TEST")
    with pytest.raises(BadCredentials):
        desk.credentials.conclude(account, matches=matches)


def test_an_officer_shuts_an_account_until_a_moment_or_a_new_password(desk: Desk) -> None:
    """The right password opens nothing meanwhile, remembered or not; a revoked account cannot be locked."""
    issued = desk.provision()
    name = issued.account.username
    desk.credentials.remember(TEST, b"x", issued.account)
    locked = desk.credentials.lock(name, MONDAY + timedelta(days=2))
    assert locked.locked_until == MONDAY + timedelta(days=2)
    assert desk.told[-1] == AccountLocked(username=name)
    assert desk.credentials.recall(TEST, b"x") is None
    desk.clock.move_to(MONDAY + timedelta(days=1))
    with pytest.raises(BadCredentials):
        desk.credentials.check(name, issued.password, TEST)
    again = desk.credentials.rotate(name)
    assert desk.credentials.check(name, again.password, TEST).username == name
    desk.credentials.revoke(name)
    with pytest.raises(IllegalTransition):
        desk.credentials.lock(name, MONDAY + timedelta(days=9))
