"""What the check of a signature says."""

from mockgov.vocabulary.signed import Flaw, Verdict


def test_a_signature_without_a_flaw_counts() -> None:
    """And any flaw spoils it."""
    assert Verdict(flaw=None).counts
    assert not any(Verdict(flaw=flaw).counts for flaw in Flaw)


def test_nothing_signed() -> None:
    """Has no signer."""
    verdict = Verdict.missing()
    assert (verdict.flaw, verdict.name, verdict.identity_number, verdict.signed_at) == (Flaw.MISSING, "", "", None)


def test_the_names_of_flaws() -> None:
    """In the order of the checks; commands and reports use them."""
    assert [str(flaw) for flaw in Flaw] == [
        "missing",
        "unreadable",
        "tampered",
        "unknown-root",
        "not-yet-valid",
        "expired",
        "revoked",
        "wrong-kind",
    ]
