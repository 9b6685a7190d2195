"""Letters that a provider does not take: refused with evidence, never with an exception, and nothing is lost."""

from collections.abc import Callable

import pytest

from mockgov.kep.examination import seals_by
from mockgov.kep.grounds import Reason
from mockgov.kep.messages import AdjustKepAccount, DepositLetter, LetterRefused, Submission
from mockgov.kep.reading import PACKAGE_TYPE, Attachment
from mockgov.kep.rules import MAX_BYTES
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.signed import Flaw, Verdict
from tests.mockgov.kep.packages import order, package
from tests.mockgov.kep.post import COMPANY, MINISTRY, OTHER, Post, letter, twin_sign, twin_sign_cades

UNKNOWN = KepAddress(account="yok", provider="hs01")


def deposit(post: Post, message: bytes, recipients: tuple[str, ...] | None = None) -> Submission:
    return post.kep.deposit(DepositLetter(sender=COMPANY, message=message, recipients=recipients))


def refused(post: Post, done: Submission) -> Reason:
    """The reason, after a look at everything else that a refusal has to be."""
    number = done.letter.letter_id
    assert not done.accepted
    assert all(one.state == "refused" for one in done.deliveries)
    assert [row.number for row in post.kep.evidence_of(number)] == [11]
    assert post.kep.evidence_row(done.evidence_id).reason is done.letter.reason
    assert post.told[-1] == LetterRefused(letter_id=number, sender=COMPANY, reason=done.letter.reason)
    assert post.kep.sent(COMPANY)[0].letter == done.letter
    assert post.kep.quota(COMPANY).used_bytes == 0
    assert post.kep.quota(COMPANY).credit == post.kep.account(COMPANY).credit
    assert post.kep.next_due() is None
    assert post.kep.inbox(MINISTRY) == []
    post.kep.evidence(done.evidence_id, of=COMPANY)
    return done.letter.reason


def field(name: bytes, value: bytes) -> bytes:
    """A good letter with one header field replaced; an empty value takes it away."""
    lines = letter(COMPANY, MINISTRY).split(b"\r\n")
    nth = next(n for n, line in enumerate(lines) if line.lower().startswith(name.lower() + b":"))
    lines[nth : nth + 1] = [name + b": " + value] if value else []
    return b"\r\n".join(lines)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", Reason.UNREADABLE),
        (b"\0\xff\xfe", Reason.UNREADABLE),
        (b"\r\n\r\nno head at all", Reason.UNREADABLE),
        (b"Subject: x\r\n\r\nno sender", Reason.NO_SENDER),
        (field(b"From", b"sb@hs01.kep.tr"), Reason.SENDER_MISMATCH),
        (field(b"From", b"cinar@hs01.kep.tr, sb@hs01.kep.tr"), Reason.SENDER_MISMATCH),
        (field(b"From", b""), Reason.NO_SENDER),
        (field(b"To", b""), Reason.NO_RECIPIENT),
        (field(b"To", b"ayse@kurum.example"), Reason.WRONG_RECIPIENT),
        (field(b"To", b"sb@hs01.kep.tr, ayse@kurum.example"), Reason.WRONG_RECIPIENT),
        (field(b"To", b"sb@hs01.kep.tr.example"), Reason.WRONG_RECIPIENT),
        (field(b"To", b", ".join(b"a%d@hs01.kep.tr" % n for n in range(101))), Reason.TOO_MANY_RECIPIENTS),
        (letter(COMPANY, UNKNOWN), Reason.UNKNOWN_RECIPIENT),
        (letter(COMPANY, KepAddress(account="sb", provider="hs77")), Reason.UNKNOWN_RECIPIENT),
        (b"From: cinar@hs01.kep.tr\r\nTo: sb@hs01.kep.tr\r\n\r\nunsigned", Reason.UNSIGNED),
        (b"x" * (MAX_BYTES + 1), Reason.TOO_LARGE),
    ],
)
def test_what_is_refused_and_why(post: Post, message: bytes, reason: Reason) -> None:
    assert refused(post, deposit(post, message)) is reason


@pytest.mark.parametrize("flaw", [flaw for flaw in Flaw if flaw is not Flaw.MISSING])
def test_each_flaw_of_a_signature(post: Post, flaw: Flaw) -> None:
    """The letter keeps which it was, and evidence says it."""
    done = deposit(post, letter(COMPANY, MINISTRY, flaw=flaw.value))
    assert refused(post, done) is Reason.BAD_SIGNATURE
    assert done.letter.signature.flaw is flaw
    assert flaw.value in done.letter.detail


def test_one_changed_letter_after_signing(post: Post) -> None:
    message = letter(COMPANY, MINISTRY)
    at = message.index(b"base64\r\n\r\n") + 12
    done = deposit(post, message[:at] + bytes([message[at] ^ 1]) + message[at + 1 :])
    assert refused(post, done) is Reason.BAD_SIGNATURE
    assert done.letter.signature.flaw is Flaw.TAMPERED


def test_the_sender_may_be_written_in_capitals_and_with_a_name(post: Post) -> None:
    assert deposit(post, field(b"From", "Çınar Lojistik <CINAR@HS01.KEP.TR>".encode())).accepted
    assert deposit(post, field(b"To", b"=?utf-8?b?xLBzdGFuYnVs?= <Sb@hs01.kep.tr>")).accepted


@pytest.mark.parametrize(
    ("envelope", "accepted"),
    [
        (("sb@hs01.kep.tr",), True),
        (("SB@HS01.kep.tr", "sb@hs01.kep.tr"), True),
        (("nar@hs02.kep.tr",), False),
        (("sb@hs01.kep.tr", "nar@hs02.kep.tr"), False),
        (("sb@hs01.kep.tr", "not an address"), False),
        ((), False),
    ],
)
def test_the_envelope_must_be_the_heads(post: Post, envelope: tuple[str, ...], accepted: bool) -> None:
    done = deposit(post, letter(COMPANY, MINISTRY), envelope)
    assert done.accepted is accepted
    assert accepted or refused(post, done) is Reason.ENVELOPE_MISMATCH


def test_no_credit_is_left(post: Post) -> None:
    post.kep.adjust(AdjustKepAccount(address=COMPANY, credit=1))
    assert post.send(COMPANY, OTHER).accepted
    post.kep.delete(COMPANY, 1)
    post.wait(days=2)
    assert refused(post, post.send(COMPANY, MINISTRY)) is Reason.NO_CREDIT


def test_the_senders_quota_to_the_byte(post: Post) -> None:
    """A letter that just fits is taken; the next is not, until something is deleted."""
    size = len(letter(COMPANY, OTHER))
    text = "x" * 300
    post.kep.adjust(AdjustKepAccount(address=COMPANY, quota_kib=1))
    assert size < 1024
    assert post.send(COMPANY, OTHER).accepted
    done = post.send(COMPANY, OTHER, text=text)
    assert done.letter.reason is Reason.SENDER_OVER_QUOTA
    post.kep.delete(COMPANY, 1)
    assert post.send(COMPANY, OTHER, text=text).accepted is (len(letter(COMPANY, OTHER, text=text)) <= 1024)


def test_the_recipients_quota(post: Post) -> None:
    post.kep.adjust(AdjustKepAccount(address=MINISTRY, quota_kib=0))
    assert refused(post, post.send(COMPANY, MINISTRY)) is Reason.RECIPIENT_OVER_QUOTA


def test_a_letter_too_large_is_not_even_kept(post: Post) -> None:
    """Its size and digest are, so that the evidence says which it was."""
    done = deposit(post, b"x" * (MAX_BYTES + 1))
    assert done.letter.size == MAX_BYTES + 1
    assert post.kep.raw(done.letter.letter_id, of=COMPANY) == b""
    assert len(done.letter.sha512) == 128


def test_a_refused_letter_is_kept_until_its_sender_deletes_it(post: Post) -> None:
    message = letter(COMPANY, UNKNOWN)
    number = deposit(post, message).letter.letter_id
    assert post.kep.raw(number, of=COMPANY) == message
    post.kep.delete(COMPANY, number)
    assert post.store.raw(number) == b""
    assert [row.number for row in post.kep.evidence_of(number, of=COMPANY)] == [11]


def _packed(*packages: bytes, kind: str = PACKAGE_TYPE, name: str = "belge.eyp") -> bytes:
    attachments = tuple(Attachment(name=name, content_type=kind, data=one) for one in packages)
    return letter(COMPANY, MINISTRY, attachments=attachments)


def test_a_good_package_is_taken(post: Post) -> None:
    """It is recognised by its type or by its name."""
    for message in (_packed(package()), _packed(package(), kind="application/octet-stream", name="X.EYP")):
        done = deposit(post, message)
        assert done.accepted
        assert done.letter.is_package
        assert done.letter.package_signature.counts
    assert post.kep.content(1).eyp.document_number == "E-24301050-010.07-4711"


@pytest.mark.parametrize(
    ("make", "detail"),
    [
        (lambda: _packed(b"PK no zip"), "not-a-zip"),
        (lambda: _packed(package().replace(b"%PDF-1.4 letter", b"%PDF-1.4 LETTER")), "not-a-zip"),
        (lambda: _packed(package(sign=lambda _: b"CADES of something else")), "The signature does not count"),
        (lambda: _packed(package(seal=lambda _: b"CADES of something else")), "The seal does not count"),
        (lambda: _packed(package(), package()), "more than one package"),
    ],
)
def test_a_bad_package_is_refused_by_name(post: Post, make: Callable[[], bytes], detail: str) -> None:
    done = deposit(post, make())
    assert refused(post, done) is Reason.BAD_PACKAGE
    assert detail in done.letter.detail


def test_a_body_that_wants_packages_takes_one(post: Post) -> None:
    post.kep.adjust(AdjustKepAccount(address=MINISTRY, wants_packages=True))
    assert [one.state for one in deposit(post, _packed(package())).deliveries] == ["delivered"]


def test_twins_make_packages_that_count() -> None:
    """The tests above would prove nothing with a package that nobody takes."""
    assert order().document_number == "E-24301050-010.07-4711"
    assert twin_sign_cades(b"a") != twin_sign_cades(b"b")


@pytest.mark.parametrize(
    ("flaw", "counts"), [(None, True), (Flaw.WRONG_KIND, False), (Flaw.EXPIRED, False), (Flaw.TAMPERED, False)]
)
def test_seals_are_judged_by_who_knows_seals(flaw: Flaw | None, counts: bool) -> None:
    """Where there is such a judge, its word counts."""
    post = Post(verify_seal=lambda *_: Verdict(flaw=flaw, detail="A seal.")).open_three()
    assert deposit(post, _packed(package())).accepted is counts


@pytest.mark.parametrize(("flaw", "counts"), [(None, True), (Flaw.WRONG_KIND, True), (Flaw.EXPIRED, False)])
def test_without_one_a_seal_is_of_the_wrong_kind_and_that_is_right(flaw: Flaw | None, counts: bool) -> None:
    verify_seal = seals_by(lambda *_: Verdict(flaw=flaw))
    assert verify_seal(b"", b"").counts is counts


def test_a_closed_account_takes_no_letters(post: Post) -> None:
    post.kep.close_account(MINISTRY)
    done = post.send(COMPANY, MINISTRY, OTHER)
    assert [(one.state, one.reason) for one in done.deliveries] == [
        ("refused", Reason.ACCOUNT_CLOSED),
        ("submitted", None),
    ]
    assert post.send(COMPANY, MINISTRY).letter.reason is Reason.ACCOUNT_CLOSED


def test_what_is_signed_must_be_readable_too(post: Post) -> None:
    """A good signature upon a book of a thousand and one parts, or upon signatures without end."""
    entity = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 1_001 + b"--b--\r\n"
    deep = b"Content-Type: text/plain\r\n\r\nx"
    for n in range(6):
        deep = b"Content-Type: multipart/signed; boundary=c%d\r\n\r\n--c%d\r\n%s\r\n--c%d--\r\n" % (n, n, deep, n)
    for inside in (entity, deep):
        head = b"From: cinar@hs01.kep.tr\r\nTo: sb@hs01.kep.tr\r\n"
        assert refused(post, deposit(post, head + twin_sign(inside))) is Reason.UNREADABLE
