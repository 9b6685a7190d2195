"""A town on disk for the bench: 1,000,000 people with a code each, in a world as `hes serve --data` keeps it.

People and codes go through the stores, in chunks, and not through the services: numbers come from permutations
instead of a million hashed draws, which takes half a minute instead of some. Institution, accounts and reports go
the ordinary way. Of a hundred people one is positive and two are contacts; five have two doses. Of six codes four
are indefinite, the others end at moments of their own.

The finished town is kept in the system's temporary folder. Its name holds a digest of the tables, so that a change
of a table makes a new town and never reads an old one by mistake.
"""

import gc
import shutil
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from mockgov.codes.rules import INDEFINITE, Code
from mockgov.codes.store import SqlCodes
from mockgov.credentials.messages import ProvisionAccount
from mockgov.credentials.rules import Environment
from mockgov.ministry import Ministry
from mockgov.registry.messages import RegisterInstitution
from mockgov.registry.rules import Citizen
from mockgov.registry.store import SqlRegistry
from mockgov.risk_index.messages import ContactReport, PcrReport, Report, VaccineReport
from mockgov.vocabulary.hes_code import LETTERS
from mockgov.vocabulary.id_card import IdCardSerial
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.names import SURNAMES, given_names
from mockgov.vocabulary.person import Sex
from mockgov.vocabulary.phone import UNALLOCATED_PREFIX, Phone
from mockgov.vocabulary.province import PROVINCES
from mockgov.vocabulary.tckn import Tckn, check_digits
from mockgov.world import DEFAULT, FILE, FORMAT, make_world
from mockgov.worlds import Worlds

VERSION = 2
"""Of this recipe; a change of it makes a new town."""
PEOPLE = 1_000_000
CHUNK = 50_000
STEP = 611_953
"""A prime that divides none of the ranges below, so that n·STEP mod range visits each number once."""
STEMS = 870_000_000
"""TCKN stems from 100,000,000 up to where foreigners' numbers begin."""
CODES = len(LETTERS) ** 2 * 10**7
LABEL = "BENCH-HOLDING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Where the town lies, and how to knock at its ministry."""

    folder: Path
    """What `hes serve --data` takes."""
    authorization: str
    """The value of the header of an account of the live environment."""


def ready_town() -> Town:
    """The town; made if there is none of these tables yet."""
    folder = Path(tempfile.gettempdir()) / f"hes-bench-{VERSION}-{FORMAT}-{_tables()}-{PEOPLE}"
    if not (folder / DEFAULT / FILE).exists():
        making = folder.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        gc.disable()  # millions of objects and no cycles: a fifth of the time
        _make(making)
        gc.enable()
        shutil.rmtree(folder, ignore_errors=True)
        making.replace(folder)
    with closing(Worlds(data=folder)) as worlds:
        ministry = worlds.get(DEFAULT)
        account = next(a for a in ministry.credentials.accounts() if a.environment is Environment.LIVE)
        password = ministry.credentials.password(account.username, account.rotation)
    pair = b64encode(f"{account.username}:{password}".encode()).decode()
    return Town(folder=folder, authorization=f"Basic {pair}")


def code_text(n: int) -> str:
    """The code of the n-th person, counted from 0: different for each, and in no order."""
    rest, serial = divmod(n * STEP % CODES, 10**7)
    first, second = divmod(rest, len(LETTERS))
    digits = f"{serial:07d}"
    return f"{LETTERS[first]}{digits[0]}{LETTERS[second]}{digits[1:6]}1{digits[6]}"


def audit_rows(folder: Path) -> int:
    """How many queries the ministry in a folder has kept; no server may be working on it."""
    with closing(Worlds(data=folder)) as worlds:
        return worlds.get(DEFAULT).queries.count()


def _tables() -> str:
    with closing(Ministry(make_world())) as empty:
        rows = empty.world.database.connection.exec_driver_sql("SELECT sql FROM sqlite_master ORDER BY name").all()
    return sha256(repr(rows).encode()).hexdigest()[:12]


def _make(folder: Path) -> None:
    with closing(Worlds(data=folder, running=True)) as worlds:
        ministry = worlds.make(DEFAULT)
        people, codes = SqlRegistry(ministry.world.database), SqlCodes(ministry.world.database)
        now = ministry.world.now()
        for first in range(0, PEOPLE, CHUNK):
            chunk = range(first, min(first + CHUNK, PEOPLE))
            with ministry.world.database.transaction():
                people.put_citizens([_citizen(n) for n in chunk])
                codes.put([_code(n, now) for n in chunk])
                ministry.risk_index.file([report for n in chunk for report in _reports(n, now)])
        _institution(ministry)
        ministry.world.database.connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _citizen(n: int) -> Citizen:
    stem = str(100_000_000 + n * STEP % STEMS)
    sex = Sex.FEMALE if n % 2 else Sex.MALE
    names = given_names(sex)
    return Citizen(
        citizen_id=n + 1,
        identity=Tckn(stem + check_digits(stem)),
        firstname=names[n // 2 % len(names)],
        lastname=SURNAMES[n // 3 % len(SURNAMES)],
        sex=sex,
        birth_date=date(1940, 1, 1) + timedelta(days=n * 7 % 25_000),
        province=PROVINCES[n % len(PROVINCES)].plate,
        phone=Phone(f"{UNALLOCATED_PREFIX}{n * STEP % 10**7:07d}"),
        id_card=IdCardSerial(f"A{n % 100:02d}B{n // 100 % 10**5:05d}"),
    )


def _code(n: int, now: datetime) -> Code:
    ends = INDEFINITE if n % 6 < 4 else now + timedelta(days=730 + n % 2900, microseconds=n * STEP % 86_400_000_000)
    return Code(
        text=code_text(n),
        citizen_id=n + 1,
        created_at=now,
        expires_at=ends,
        created_by="hes-edevlet",
        qr_token=f"{n:032x}",
    )


def _reports(n: int, now: datetime) -> Iterator[Report]:
    if n % 100 == 7:
        yield PcrReport(citizen_id=n + 1, sampled_at=now - timedelta(minutes=1 + n % 9_000), positive=True)
    elif n % 100 in (23, 61):
        yield ContactReport(citizen_id=n + 1, last_contact_at=now - timedelta(minutes=1 + n % 9_000))
    elif n % 20 == 3:
        for dose, days_ago in ((1, 60), (2, 32)):
            yield VaccineReport(citizen_id=n + 1, given_at=now - timedelta(days=days_ago), dose=dose)


def _institution(ministry: Ministry) -> None:
    workplace = RegisterInstitution(
        kind=InstitutionKind.WORKPLACE,
        name="Bench Holding A.Ş. (sandbox)",
        label=LABEL,
        province=34,
        staff_count=100_000,
    )
    made = ministry.registry.found(workplace)
    orders = [
        ProvisionAccount(institution_id=made.institution_id, label=LABEL, environment=environment)
        for environment in Environment
    ]
    ministry.credentials.provision_many(orders)
