"""What a certificate is, and the ways to be wrong."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.signature.rules import (
    BROKEN,
    REASONS,
    TAMPERED,
    TRANSITIONS,
    CertificateFlaw,
    CertificateState,
    IllegalTransition,
    NotSignable,
    revoke,
    spoilt,
    subject_name,
    validity,
)
from tests.mockgov.signature.test_store import FIRST

NOW = datetime(2021, 10, 4, 5, 0, 0, 999_999, tzinfo=UTC)


def day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("flaw", "begins", "ends"),
    [
        (None, day(2021, 10, 4), day(2022, 10, 4)),
        (CertificateFlaw.REVOKED, day(2021, 10, 4), day(2022, 10, 4)),
        (CertificateFlaw.EXPIRED, day(2020, 10, 3), day(2021, 10, 3)),
        (CertificateFlaw.NOT_YET_VALID, day(2021, 10, 5), day(2022, 10, 5)),
    ],
)
def test_validity(flaw: CertificateFlaw | None, begins: datetime, ends: datetime) -> None:
    """A year in whole seconds; the wrong ones miss now by a day."""
    assert validity(flaw, NOW) == (begins, ends)


def test_revoking_once() -> None:
    """A revoked certificate stays so, with its first moment and reason."""
    revoked = revoke(FIRST, NOW, "superseded")
    assert revoked == replace(FIRST, revoked_at=NOW, reason="superseded")
    with pytest.raises(IllegalTransition):
        revoke(revoked, NOW, "unspecified")
    assert TRANSITIONS[CertificateState.REVOKED] == frozenset()
    assert "certificate-hold" not in REASONS


def test_every_flaw_is_in_the_table() -> None:
    """Whoever asks for a list is told of all of them, in both languages."""
    assert set(BROKEN) == {*CertificateFlaw, TAMPERED}
    assert all(one.en.endswith(".") and one.tr.endswith(".") for one in BROKEN.values())
    assert {name for name, one in BROKEN.items() if one.verdict is None} == {"wrong-tckn"}


def test_names_in_turkish_capitals() -> None:
    assert subject_name(" ayşe  nur", "ışık ") == "AYŞE NUR IŞIK"
    assert subject_name("ilker", "İlgi") == "İLKER İLGİ"


@pytest.mark.parametrize(("document", "other"), [(b"belge 9.", b"belge 0."), (b"form", b"forM"), (b"\x00", b"\x01")])
def test_spoiling(document: bytes, other: bytes) -> None:
    assert spoilt(document) == other


def test_nothing_to_spoil() -> None:
    with pytest.raises(NotSignable):
        spoilt(b"")


@given(st.binary(min_size=1, max_size=40))
def test_spoiling_changes_one_byte(document: bytes) -> None:
    """As long as before, and different in exactly one place."""
    changed = spoilt(document)
    assert len(changed) == len(document)
    assert sum(a != b for a, b in zip(document, changed, strict=True)) == 1
