"""A town on disk for the bench: 1,000,000 people with a code each, in a world as `hes serve --data` keeps it.

People and codes go through the stores, in chunks, and not through the services: numbers come from permutations
instead of a million hashed draws, which takes half a minute instead of some. Institution, accounts and reports go
the ordinary way. Of a hundred people one is positive and two are contacts; five have two doses. Of six codes four
are indefinite, the others end at moments of their own.

The finished town is kept in the system's temporary folder. Its name holds a digest of the tables, so that a change
of a table makes a new town and never reads an old one by mistake.
"""

import shutil
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Sequence
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
from mockgov.world import FILE, FORMAT, make_world
from mockgov.worlds import DEFAULT, Worlds

VERSION = 1
"""Of this recipe; a change of it makes a new town."""
PEOPLE = 1_000_000
CHUNK = 50_000
STEP = 611_953
"""A prime that divides none of the ranges below, so that n·STEP mod range visits each number once."""
STEMS = 870_000_000
"""TCKN stems from 100,000,000 up to where foreigners' numbers begin."""
CODES = len(LETTERS) ** 2 * 10**7
LABEL = "BENCH-HOLDİNG"


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
        _make(making)
        shutil.rmtree(folder, ignore_errors=True)
        making.replace(folder)
    with _opened(folder) as ministry:
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
    with _opened(folder) as ministry:
        return ministry.queries.count()
