"""The onboarding road under hard conditions: kill -9, any database, leaps of the clock, forks, poison, strangers."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from mockgov.clock import LAST
from mockgov.credentials.rules import Environment
from mockgov.database import Database, sqlite
from mockgov.kep.content import Attachment
from mockgov.ministry import Ministry
from mockgov.onboarding.messages import CorrectContact, DeclareFalse, Evaluate, PostLetter, RedrawForm
from mockgov.onboarding.reading import pdf_text, redacted
from mockgov.onboarding.rules import Branch, Decision, RefusedByRule
from mockgov.refusal import Unminted
from mockgov.settings import Settings
from mockgov.streams import Streams
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.tckn import Tckn
from mockgov.vocabulary.vkn import Vkn
from mockgov.world import FILE, fork_world, make_world, open_world
from tests.mockgov.road import DAY, QUICK, Firm, firm, quick_ministry

ROOT = Path(__file__).parents[2]
END = datetime(2021, 12, 1, tzinfo=UTC)

DRIVER = """
import os, signal, sys
from pathlib import Path
from typing import Any
from datetime import UTC, datetime
from mockgov.bus import Bus
from mockgov.ministry import Ministry
from mockgov.settings import Settings
from mockgov.world import open_world
told, tell = 0, Bus.tell
def counted(bus, event):
    global told
    tell(bus, event)
    told += 1
    if told == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
Bus.tell = counted
ministry = Ministry(open_world(Path(sys.argv[1]), settings=Settings(argon2_memory_kib=8, argon2_passes=1)))
ministry.advance(datetime(2021, 12, 1, tzinfo=UTC))
ministry.close()
print(told)
"""
"""Advances a world on disk to its end, or until so many events have been told."""

WALKER = """
import sys
from pathlib import Path
from typing import Any
from tests.journeys.test_onboarding_hard import walk
walk(Path(sys.argv[1]))
"""


def walk(folder: Path) -> None:
    """The whole road of two institutions in a world on disk: by registered mail and by post, one revoked at the end."""
    ministry = quick_ministry(sqlite(folder / FILE))
    one, two = firm(ministry).to_test(), firm(ministry, 2)
    two.draw(kep_address=None)
    two.submit()
    two.post()
    one.query()
    one.report()
    one.wait(20 * DAY)
    order = DeclareFalse(application_id=one.application_id, statement="Beyan gerçeğe aykırı.", officer="denetçi")
    ministry.onboarding.declare_false(order)
    assert (one.state, two.state) == ("revoked", "testing")
    ministry.close()


def half_way(folder: Path) -> None:
    """A world on disk in which a road is half walked: six weeks of it happen by themselves."""
    folder.mkdir()
    ministry = quick_ministry(sqlite(folder / FILE))
    live = firm(ministry).to_test(email=EmailAddress.parse("bir+late@firma.example"))
    live.query()
    live.report()
    posted = firm(ministry, 2)
    posted.draw(kep_address=None)
    posted.submit()
    posted.post()
    wrong = firm(ministry, 3)
    wrong.draw()
    wrong.submit()
    wrong.write(authorises=False)
    wrong.deposit("Bir yazı")
    ministry.close()


def rows_in(folder: Path) -> list[str]:
    """All rows of a sound world in SQLite, table by table."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [line for line in database.iterdump() if line.startswith("INSERT")]


def run(code: str, *arguments: object, seed: str = "0") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_killed_at_any_event_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """However often it dies while time passes, the world ends up with the rows of one that never did."""
    begun, whole = tmp_path / "begun", tmp_path / "whole"
    half_way(begun)
    shutil.copytree(begun, whole)
    finished = run(DRIVER, whole, 0)
    assert finished.returncode == 0, finished.stderr
    total = int(finished.stdout)
    assert total > 40
    killed = tmp_path / "killed"
    shutil.copytree(begun, killed)
    for events in (1, 2, total // 5, total // 3, total // 2):
        assert run(DRIVER, killed, events).returncode == -signal.SIGKILL
    assert run(DRIVER, killed, 0).returncode == 0
    assert rows_in(killed) == rows_in(whole)


def test_the_same_road_twice_is_the_same_to_the_byte(tmp_path: Path) -> None:
    """In two processes whose hashes differ, down to signatures, letters and passwords' salts."""
    folders = [tmp_path / seed for seed in ("1", "2")]
    for folder in folders:
        folder.mkdir()
        done = run(WALKER, folder, seed=folder.name)
        assert done.returncode == 0, done.stderr
    assert rows_in(folders[0]) == rows_in(folders[1])


def test_small_steps_and_one_leap_come_to_the_same(tmp_path: Path) -> None:
    """What falls due happens at its own moment, whatever the clock is moved by."""
    leap, steps = tmp_path / "leap", tmp_path / "steps"
    half_way(leap)
    shutil.copytree(leap, steps)
    for folder, length in ((leap, END - datetime(2021, 10, 1, tzinfo=UTC)), (steps, timedelta(hours=7))):
        ministry = Ministry(open_world(folder, settings=Settings(**QUICK)))
        while ministry.world.now() < END:
            ministry.advance(min(END, ministry.world.now() + length))
        ministry.close()
    assert rows_in(leap) == rows_in(steps)


def test_the_road_in_any_database(database: Database) -> None:
    """SQLite in memory and on disk, PostgreSQL."""
    ministry = Ministry(make_world(settings=Settings(**QUICK), database=database))
    applicant = firm(ministry).to_confirmed()
    assert applicant.open_accounts == ["CINAR-1-TEST", "CINAR-1-G2G-HES"]
    order = DeclareFalse(application_id=1, statement="a\x00b \ud800", officer="\x00")
    ministry.onboarding.declare_false(order)
    ministry.onboarding.post_letter(PostLetter(sender="\x00\ud800", reference="\x00", text="ETF-2021-000001\x00\ud800"))
    applicant.deposit("ETF-2021-000001", subject="Nokta \U0001f600 ve İğne")
    applicant.wait(10 * DAY)
    assert (applicant.state, applicant.open_accounts) == ("revoked", [])


def test_a_fork_goes_its_own_way() -> None:
    """Revoked here, live there; neither hears of the other."""
    applicant = firm(quick_ministry()).to_test()
    applicant.query()
    applicant.report()
    copy = Ministry(fork_world(applicant.ministry.world, name="copy"))
    twin = Firm(copy, applicant.institution, applicant.citizen, applicant.address, applicant.certificate, 1)
    order = DeclareFalse(application_id=1, statement="Yalan.", officer="denetçi")
    applicant.ministry.onboarding.declare_false(order)
    twin.wait(12 * DAY)
    applicant.wait(12 * DAY)
    assert (applicant.state, applicant.open_accounts) == ("revoked", [])
    assert (twin.state, twin.open_accounts) == ("confirmed", ["CINAR-1-TEST", "CINAR-1-G2G-HES"])


def test_to_the_end_of_all_clocks() -> None:
    """A road that is begun goes to its end though the clock leaps as far as clocks go."""
    ministry = quick_ministry()
    live, posted = firm(ministry).to_live(), firm(ministry, 2)
    posted.draw(kep_address=None)
    posted.submit()
    posted.post()
    silent = firm(ministry, 3).to_test()
    ministry.advance(LAST)
    assert (live.state, posted.state, silent.state) == ("confirmed", "testing", "testing")
    applicant = firm(ministry, 4)
    with pytest.raises(RefusedByRule):
        applicant.to_letter()
    silent.report()
    assert silent.subjects[-1] == "Test entegrasyonu bildiriminiz işleme alınmadı"


@pytest.mark.parametrize("decision", [Decision.RETURN, Decision.REFUSE])
@pytest.mark.parametrize("evaluation", ["rules", "desk"])
def test_what_the_desk_has_decided_the_rules_do_not_undo(evaluation: str, decision: Decision) -> None:
    """An officer's word before the rules' own moment is the last one, whatever time goes by."""
    applicant = firm(quick_ministry(evaluation=evaluation)).to_letter()
    order = Evaluate(application_id=1, decision=decision, reasons=("Ek belge gerekli.",), officer="memur")
    applicant.ministry.onboarding.evaluate(order)
    applicant.wait(60 * DAY)
    assert (applicant.state, applicant.open_accounts) == (
        order.decision.value + {"return": "ed"}.get(decision, "d"),
        [],
    )


def poisonous_pdf(content: bytes) -> bytes:
    """A small PDF with one page that shows a lot."""
    body = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(body), body),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made, offsets = b"%PDF-1.4\n", []
    for nth, one in enumerate(objects, start=1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (nth, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return made + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(made),
    )


SHOWN = b"BT /F1 12 Tf 10 10 Td (Merhaba) Tj ET\n"


def test_how_much_of_a_pdf_is_read() -> None:
    """Twelve kilobytes can hold hours of reading; those are not begun."""
    assert pdf_text(poisonous_pdf(SHOWN * 3)).count("Merhaba") == 3
    assert pdf_text(poisonous_pdf(SHOWN * 100_000)) == ""
    assert pdf_text(poisonous_pdf(SHOWN * 12_000)) == ""


def test_poisonous_letters_hurt_nobody_else() -> None:
    """Bombs, broken files, megabytes of numbers: each is taken in, and the road of others is the usual one."""
    ministry = quick_ministry()
    poisoner, applicant = firm(ministry), firm(ministry, 2).to_letter()
    strangers = [Tckn.mint(Streams(1).draw("stranger", nth)).digits for nth in range(5_000)]
    with pytest.raises(Unminted):
        poisoner.deposit(strangers[0], [])
    numbers = " ".join(f"{one[:-1]}{(int(one[-1]) + 1) % 10}" for one in strangers)
    for text, data in (
        ("bomba", poisonous_pdf(SHOWN * 1_000_000)),
        ("bozuk", b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 1 0 R>> endobj trailer <</Root 1 0 R>>"),
        (numbers, b"PK\x03\x04"),
        ("ETF-0000-000000000 ETF-9999-999999999 etf/2021/000002", b""),
    ):
        sent = poisoner.deposit(text, [Attachment(name="e\u202ek.pdf", content_type="application/pdf", data=data)])
        assert sent.accepted
    applicant.wait(10 * DAY)
    assert applicant.state == "testing"
    assert len(ministry.kep.inbox(poisoner.address)) == 4


class TestStrangers:
    """Numbers that the world has not minted may be real people's; none is kept in the ministry's own tables."""

    stranger = "10000000146"
    phone = "5321112233"

    @pytest.mark.parametrize("field", ["purpose", "institution_name", "parent"])
    @pytest.mark.parametrize("number", [stranger, f"0{phone}", "+90 532 111 22 33", f"({phone[:3]}) 111 22 33"])
    def test_in_a_forms_texts(self, tmp_path: Path, field: str, number: str) -> None:
        applicant = firm(quick_ministry(sqlite(tmp_path / FILE)))
        with pytest.raises(RefusedByRule) as refusal:
            applicant.draw(**{field: f"Bilgi: {number}"})
        assert [found.rule for found in refusal.value.findings] == ["form.stranger"]
        assert number not in str(refusal.value)
        applicant.ministry.close()
        assert number.encode() not in b"".join(one.read_bytes() for one in tmp_path.iterdir())

    def test_those_of_the_world_may_stand_there(self) -> None:
        applicant = firm(quick_ministry())
        own = f"{applicant.citizen.identity.digits}, {applicant.citizen.phone.e164}, {applicant.institution.vkn.digits}"
        assert applicant.draw(purpose=own).form.purpose == own

    def test_nowhere_in_the_file(self, tmp_path: Path) -> None:
        """Whatever is typed where: forms, contacts, letters by post, officers' words."""
        ministry = quick_ministry(sqlite(tmp_path / FILE))
        applicant = firm(ministry)
        both = f"{self.stranger} 0{self.phone}"
        mailbox = EmailAddress.parse(f"{self.stranger}@firma.example")
        unknown = Branch(name="Şube", vkn=Vkn.mint(Streams(9).draw("nobody")), staff=1)
        for changes in ({"purpose": both}, {"branches": (Branch(name=both, vkn=unknown.vkn, staff=1),)}):
            with pytest.raises(RefusedByRule):
                applicant.draw(**changes)
            applicant.changes.clear()
        with pytest.raises(RefusedByRule):
            applicant.draw(email=mailbox)
        applicant.changes.clear()
        applicant.draw(kep_address=None)
        applicant.submit()
        text = applicant.letter_text() + both
        ministry.onboarding.post_letter(PostLetter(sender=both, reference=both, text=text))
        applicant.wait(DAY)
        applicant.wait(20 * DAY)
        assert applicant.state == "testing"
        number = applicant.citizen.identity.digits
        with pytest.raises(RefusedByRule):
            ministry.onboarding.correct_contact(CorrectContact(application_id=1, identity_number=number, email=mailbox))
        order = DeclareFalse(application_id=1, statement=f"Yalan: {both}", officer=both)
        ministry.onboarding.declare_false(order)
        second = firm(ministry, 2).to_letter()
        ministry.onboarding.evaluate(
            Evaluate(application_id=2, decision=Decision.RETURN, reasons=(f"Sorun: {both}",), officer=both)
        )
        assert second.state == "returned"
        ministry.close()
        kept = b"".join(one.read_bytes() for one in tmp_path.iterdir())
        assert self.stranger.encode() not in kept
        assert self.phone.encode() not in kept

    def test_what_is_blotted_out(self) -> None:
        text = "10000000146, 0532 111 22 33; ETF-2021-000001, 1234567890 ve 05321112233x"
        assert (
            redacted(text, lambda _: False) == "***********, ***********; ETF-2021-000001, 1234567890 ve ***********x"
        )


def test_nobody_joins_in_the_name_of_another_institution() -> None:
    """A form with the victim's tax number and one's own registered address comes back; with the right one it goes."""
    ministry = quick_ministry()
    victim, thief = firm(ministry), firm(ministry, 2)
    forged = Firm(ministry, victim.institution, thief.citizen, thief.address, thief.certificate).to_test()
    assert (forged.state, forged.rules, victim.open_accounts) == ("returned", ["institution.kep-address"], [])
    redrawn = RedrawForm(application_id=forged.application_id, form=victim.form())
    ministry.onboarding.redraw(redrawn)
    victim.application_id = forged.application_id
    victim.submit()
    victim.write()
    victim.wait(8 * DAY)
    assert (victim.state, victim.open_accounts) == ("testing", ["CINAR-1-TEST"])


def test_an_open_test_account_is_not_live() -> None:
    """At no moment of the road does anybody have more than the step that was reached."""
    applicant = firm(quick_ministry())
    seen = []
    applicant.draw()
    seen.append(applicant.open_accounts)
    applicant.submit()
    applicant.write()
    for _ in range(6):
        applicant.wait(DAY)
        seen.append(applicant.open_accounts)
    applicant.query()
    applicant.report()
    for _ in range(3):
        applicant.wait(DAY)
        seen.append(applicant.open_accounts)
    test, live = ["CINAR-1-TEST"], ["CINAR-1-TEST", "CINAR-1-G2G-HES"]
    assert seen == [[], [], [], [], [], test, test, test, test, live]
    assert [one.environment for one in applicant.accounts(Environment.LIVE)] == [Environment.LIVE]


@pytest.mark.parametrize("settings", [{"signature_keys": "ec"}, {"signature_keys": "rsa"}])
def test_a_copy_of_the_world_goes_on_with_what_was_signed(settings: dict[str, Any]) -> None:
    """Under another name the same authorities stand behind it; a certificate of the copy's own names the copy."""
    applicant = firm(quick_ministry(**settings)).to_letter()
    there = Ministry(fork_world(applicant.ministry.world, name="copy"))
    again = Ministry(fork_world(there.world, name="copy-of-it"))
    for ministry in (applicant.ministry, there, again):
        ministry.advance(ministry.world.now() + 10 * DAY)
        assert ministry.onboarding.application(applicant.application_id).state == "testing"
    fresh = firm(again, 2).to_letter()
    certificate = x509.load_der_x509_certificate(again.signature.certificate(fresh.certificate).der)
    (point,) = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert point.full_name is not None
    assert point.full_name[0].value == "http://127.0.0.1:8080/w/copy-of-it/pki/qualified.crl"
    assert again.signature.chain() == applicant.ministry.signature.chain()
