"""What a report states, written so that any changed byte is seen, and its check without a network.

The file is canonical JSON (sorted keys, no blanks, UTF-8, one line feed at the end) with the statement and a detached
CAdES signature over it, by the seal of the world's authority. That authority follows from the seed, so whoever has the
file can make it again; what is compared is the signature, the canonical form, and the page's digest.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from mockgov.conformance.catalogue import LEVEL_WORDS, Verdict, reached
from mockgov.refusal import Refused
from mockgov.signature.service import Signature
from mockgov.signature.store import InMemoryCertificates
from mockgov.streams import Streams

SEAL: Final = "HES KABUL MERKEZİ"
"""The name in the seal's certificate."""
KIND: Final = "hes-sandbox-conformance"
VERSION: Final = 1
STAMP: Final = "SANDBOX: no legal force"
LARGEST: Final = 4 << 20


class NotVerified(Refused):
    """A report that is not as it was signed, or none at all."""

    key = "reportnotverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Where a rehearsal took place."""

    world: str
    seed: int
    founded: datetime
    keys: str
    address: str
    founded_at: str
    """The address of the world of which it may be a copy, and whose authority it has."""
    now: datetime
    regulation: str
    spec_digest: str
    """SHA-256 of the corporate service's OpenAPI document."""
    asker: str
    institution: str
    transcript: dict[str, Any]


def stated(where: Circumstances, verdicts: Sequence[Verdict], page: bytes) -> dict[str, Any]:
    """Everything that is signed."""
    level = reached(verdicts)
    return {
        "kind": KIND,
        "version": VERSION,
        "stamp": STAMP,
        "world": where.world,
        "seed": where.seed,
        "founded": where.founded.isoformat(),
        "signature_keys": where.keys,
        "address": where.address,
        "founded_at": where.founded_at,
        "rules_date": where.now.isoformat(),
        "regulation": where.regulation,
        "spec_digest": where.spec_digest,
        "asker": where.asker,
        "institution": where.institution,
        "transcript": where.transcript,
        "level": int(level),
        "level_words": LEVEL_WORDS[level][1],
        "behaviours": [
            {
                "key": one.behaviour.key,
                "level": int(one.behaviour.level),
                "outcome": one.told.outcome.value,
                "exchanges": list(one.told.exchanges),
                "title": one.behaviour.title._asdict(),
                "why": one.told.words._asdict(),
                "situation": one.behaviour.situation._asdict(),
            }
            for one in verdicts
        ],
        "page_digest": sha256(page).hexdigest(),
    }


def canonical(value: Any) -> bytes:
    """The one way to write it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sealed(statement: dict[str, Any], seal: Callable[[str, bytes], bytes]) -> bytes:
    """The file: the statement and its signature."""
    signature = b64encode(seal(SEAL, canonical(statement))).decode()
    return canonical({"signature": signature, "statement": statement}) + b"\n"


def verified(file: bytes, page: bytes | None = None) -> dict[str, Any]:
    """The statement of a file that is as it was signed, and of its page if that is given. Raises `NotVerified`."""
    from mockgov.signature.authority import MARK  # noqa: PLC0415  heavy; wanted by few

    statement, signature = _parts(file)
    verdict = _authority_of(statement).verify_seal(signature, canonical(statement))
    if verdict.flaw is not None or verdict.name != SEAL + MARK:
        raise NotVerified(f"The signature does not count: {verdict.detail or 'it is not the seal of rehearsals.'}")
    if page is not None and sha256(page).hexdigest() != statement["page_digest"]:
        raise NotVerified("The page is not the one that belongs to this report, or it was changed.")
    return statement


def _parts(file: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        read: Any = json.loads(file) if len(file) <= LARGEST else None
        statement, text = read["statement"], read["signature"]
        signature = b64decode(text, validate=True)
        rewritten = canonical({"signature": b64encode(signature).decode(), "statement": statement}) + b"\n"
    except (ValueError, TypeError, KeyError, RecursionError, Base64Error):
        raise NotVerified("This is no report of a rehearsal; give the .json file that hes conform wrote.") from None
    if rewritten != file or not isinstance(statement, dict) or statement.get("kind") != KIND:
        raise NotVerified("The file is not written as hes conform writes it; something in it was changed.")
    return statement, signature


def _authority_of(statement: dict[str, Any]) -> Signature:
    """The world's authority, made again from its seed."""
    try:
        founded, made = (datetime.fromisoformat(statement[name]) for name in ("founded", "rules_date"))
        return Signature(
            store=InMemoryCertificates(),
            now=lambda: made,
            tell=lambda _: None,
            transaction=nullcontext,
            streams=Streams(int(statement["seed"])),
            founded=founded,
            keys=str(statement["signature_keys"]),
            base=str(statement["address"]),
            founded_at=str(statement["founded_at"]),
        )
    except (KeyError, TypeError, ValueError):
        raise NotVerified("The statement lacks what its authority is made from; something in it was changed.") from None
