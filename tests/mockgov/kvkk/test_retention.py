"""What is kept goes when the clock passes its end: at its midnight, all or nothing, and no answer changes."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from mockgov.codes.messages import IssueCode
from mockgov.credentials.messages import ProvisionAccount
from mockgov.credentials.rules import Environment
from mockgov.groups.messages import MakeGroup, RecordRun
from mockgov.groups.rules import Kind, Outcome
from mockgov.kvkk.rules import falls_due
from mockgov.ministry import Ministry
from mockgov.queries.messages import Query
from mockgov.registry.messages import RegisterCitizen, RegisterInstitution
from mockgov.risk_index.messages import ContactReport, PcrReport, VaccineReport
from mockgov.settings import Settings
from mockgov.signin.messages import SendLoginCode
from mockgov.sms.messages import SendText
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.person import Sex
from mockgov.world import make_world

SHORT = {name: 1 for name in Settings.__dataclass_fields__ if name.startswith("keep_")}
LONG = dict.fromkeys(SHORT, 10_000)
DAY = timedelta(days=1)
PEOPLE = 3


def ministry(**changes: int) -> Ministry:
    """A ministry with three people and one institution."""
    plain = {"argon2_memory_kib": 8, "argon2_passes": 1, "kvkk_answer_days": 2}
    made = Ministry(make_world(settings=Settings(**plain | changes)))
    made.registry.register(
        [
            RegisterCitizen(firstname="Ada", lastname="Öz", sex=Sex.FEMALE, birth_date=date(1990, 1, 1), province=6)
            for _ in range(PEOPLE)
        ]
    )
    order = {"kind": InstitutionKind.WORKPLACE, "name": "Ö", "label": "OZ", "province": 6, "staff_count": 600}
    founded = made.registry.found(RegisterInstitution(**order))
    made.credentials.provision(
        ProvisionAccount(institution_id=founded.institution_id, label="OZ", environment=Environment.TEST)
    )
    return made


@pytest.fixture
def short() -> Iterator[Ministry]:
    made = ministry(**SHORT)
    yield made
    made.close()


def rows(of: Ministry, table: str, where: str = "1 = 1") -> int:
    return of.world.database.value(f"SELECT count(*) FROM {table} WHERE {where}")


def issue(of: Ministry, citizen_id: int, days: int) -> str:
    ends = of.world.now() + days * DAY
    return of.codes.issue(IssueCode(citizen_id=citizen_id, expires_at=ends, description="iş")).text


def use_everything(of: Ministry) -> None:
    """Something of each kind that is kept for a time."""
    code = issue(of, 1, 1)
    of.queries.answer([Query("OZ-TEST", "single", code)])
    of.sms.send(SendText(phone=of.registry.citizen(1).phone, text="merhaba"))
    of.signin.send_code(SendLoginCode(citizen_id=1, phone=of.registry.citizen(1).phone))
    of.risk_index.file([PcrReport(citizen_id=1, sampled_at=of.world.now(), positive=True)])
    of.sms.from_handset(of.registry.citizen(1).phone, "2023", "merhaba")
    of.edevlet.ask(of.edevlet.session(of.edevlet.sign_in(1, of.edevlet.password(1))), code)
    group = of.groups.make(MakeGroup(institution_id=1, name="Çalışanlar")).group_id
    of.groups.record(RecordRun(group_id=group, asked_by=2, outcomes=[Outcome(code, Kind.RISKY, "********472", 1)]))


def kept(of: Ministry) -> dict[str, int]:
    return {
        "asked": rows(of, "asked"),
        "code": rows(of, "code", "citizen_id > 0"),
        "sms_message": rows(of, "sms_message"),
        "login_code": rows(of, "login_code", "code <> ''"),
        "risk_report": rows(of, "risk_report"),
        "short_number_text": rows(of, "short_number_text"),
        "edevlet_session": rows(of, "edevlet_session") + rows(of, "edevlet_inquiry"),
        "code_group_run": rows(of, "code_group_run") + rows(of, "code_group_problem"),
    }


def test_each_thing_goes_at_its_own_midnight(short: Ministry) -> None:
    """Not a microsecond earlier; the record tells when and how much, and nobody's name."""
    use_everything(short)
    now = short.world.now()
    ends = {
        "asked": falls_due(now, 1),
        "sms_message": falls_due(now, 1),
        "login_code": falls_due(now + timedelta(minutes=3), 1),
        "code": falls_due(now + DAY, 1),
        "risk_report": falls_due(now, short.risk_index.keep_days),
        "short_number_text": falls_due(now, 1),
        "edevlet_session": falls_due(now + timedelta(minutes=60), 1),
        "code_group_run": falls_due(now, 1),
    }
    for moment in sorted(set(ends.values())):
        short.advance(moment - timedelta(microseconds=1))
        assert {name for name, left in kept(short).items() if left} == {n for n, end in ends.items() if end >= moment}
        short.advance(moment)
        assert {name for name, left in kept(short).items() if left} == {n for n, end in ends.items() if end > moment}
    assert short.kvkk.next_due() is None
    record = {line.what: (line.at, line.rows) for line in short.kvkk.erasures()}
    assert record["code"] == (ends["code"], 1)
    assert {what: at for what, (at, _) in record.items()} == ends


def test_a_long_jump_stops_at_every_end(short: Ministry) -> None:
    """One move of the clock over years erases each thing at its own moment."""
    use_everything(short)
    now = short.world.now()
    short.advance(now + 4000 * DAY)
    moments = [line.at for line in short.kvkk.erasures()]
    assert sorted(set(moments)) == [
        falls_due(now, 1),
        falls_due(now + DAY, 1),
        falls_due(now, short.risk_index.keep_days),
    ]


def test_all_or_nothing(short: Ministry) -> None:
    """What fails half-way leaves everything as it was, and is done the next time."""
    use_everything(short)
    before, due_at = kept(short), short.kvkk.next_due()
    (shelf,) = (one for one in short.kvkk._retention.shelves if one.name == "sms_message")
    erase = shelf.erase
    object.__setattr__(shelf, "erase", fail)
    with pytest.raises(OSError, match="disk"):
        short.advance(due_at)
    assert kept(short) == before
    assert list(short.kvkk.erasures()) == []
    object.__setattr__(shelf, "erase", erase)
    short.advance(due_at)
    assert {line.what for line in short.kvkk.erasures()} == {
        "asked",
        "login_code",
        "sms_message",
        "short_number_text",
        "edevlet_session",
        "code_group_run",
    }


def fail(_: datetime) -> int:
    raise OSError("the disk is full")


def test_what_a_text_made_is_kept_as_long_as_its_code(short: Ministry) -> None:
    """The two codes of a line are still counted, and the page still opens, on the code's last day."""
    person = short.registry.citizen(1)
    short.sms.from_handset(person.phone, "2023", f"HES {person.identity.digits} {person.id_card.last_four} 30")
    ends_at = short.world.now() + 30 * DAY
    short.advance(falls_due(ends_at, 1) - timedelta(microseconds=1))
    assert rows(short, "short_number_text") == 1
    short.advance(falls_due(ends_at, 1))
    assert rows(short, "short_number_text") == 0


def test_an_institution_that_asked_long_ago_has_asked(short: Ministry) -> None:
    """The step of onboarding that needs a query in the test environment still finds it when its row has gone."""
    short.queries.answer([Query("OZ-TEST", "single", "A1B2345617")])
    short.advance(short.world.now() + 9 * DAY)
    assert short.queries.by("OZ-TEST") == []
    assert short.queries.has_asked("OZ-TEST")
    assert short.queries.count() == 1


def test_applications_to_the_controller_go_too(short: Ministry) -> None:
    """Counted from their answer; open ones stay."""
    from mockgov.kvkk.messages import Lodge  # noqa: PLC0415  one test's
    from mockgov.kvkk.rules import Right  # noqa: PLC0415  the same

    made = short.kvkk.lodge(Lodge(citizen_id=1, lodged_by=1, right=Right.INFORMATION))
    short.advance(made.due_at)
    assert len(short.kvkk.requests_of(1)) == 1
    short.advance(falls_due(made.due_at, 1))
    assert short.kvkk.requests_of(1) == []


class Twins:
    """The same ministry twice: one keeps nothing longer than it must, the other everything."""

    def __init__(self) -> None:
        self.both = ministry(**SHORT), ministry(**LONG)
        self.codes: tuple[list[str], list[str]] = [], []
        """What each has issued; the texts may differ, since erased codes count no more when one is drawn."""

    def do(self, what: str, citizen_id: int, days: int) -> None:
        for one, codes in zip(self.both, self.codes, strict=True):
            now = one.world.now()
            match what:
                case "code":
                    codes.append(issue(one, citizen_id, days))
                case "delete":
                    alive = [code for code in one.codes.of(citizen_id) if code.expires_at > now]
                    for code in alive[:1]:
                        one.codes.delete(code)
                case "positive" | "negative":
                    sampled = now - timedelta(days=min(days, 9))
                    one.risk_index.file(
                        [PcrReport(citizen_id=citizen_id, sampled_at=sampled, positive=what == "positive")]
                    )
                case "contact":
                    one.risk_index.file([ContactReport(citizen_id=citizen_id, last_contact_at=now - DAY)])
                case "dose":
                    one.risk_index.file([VaccineReport(citizen_id=citizen_id, given_at=now - DAY, dose=1 + days % 3)])
                case "login":
                    one.signin.send_code(
                        SendLoginCode(citizen_id=citizen_id, phone=one.registry.citizen(citizen_id).phone)
                    )

    def answers(self, which: int) -> Sequence[Any]:
        """Everything that is said about a code, a person, or the country; codes by their place."""
        one, codes = self.both[which], self.codes[which]
        found, _ = one.queries.look_up([Query("OZ-TEST", "single-plus", code, plus=True) for code in codes])
        said = [answer._replace(code="") for answer in found]
        now = one.world.now()
        alive = [[codes.index(c.text) for c in one.codes.of(n + 1) if c.expires_at > now] for n in range(PEOPLE)]
        return [said, alive, one.national_statistics(), one.queries.count()]


DEEDS = st.tuples(
    st.sampled_from(["code", "delete", "positive", "negative", "contact", "dose", "login"]),
    st.integers(1, PEOPLE),
    st.sampled_from([1, 2, 7, 30, 400]),
)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.lists(DEEDS, max_size=4), st.sampled_from([0, 1, 2, 30, 181, 363, 800])), max_size=6))
def test_no_answer_changes(story: Sequence[tuple[Sequence[tuple[str, int, int]], int]]) -> None:
    """Whatever happens, a ministry that lets everything go at its earliest end says what one that keeps all says."""
    twins = Twins()
    for deeds, days in story:
        for deed in deeds:
            twins.do(*deed)
        for one, codes in zip(twins.both, twins.codes, strict=True):
            one.queries.answer([Query("OZ-TEST", "single", code) for code in codes[-1:]])
        assert twins.answers(0) == twins.answers(1)
        for one in twins.both:
            one.advance(one.world.now() + days * DAY)
        assert twins.answers(0) == twins.answers(1)
    event(f"erased {bool(twins.both[0].kvkk.erasures())}")
    assert list(twins.both[1].kvkk.erasures()) == []
    oldest = twins.both[0].queries.oldest()
    assert oldest is None or falls_due(oldest, 1) > twins.both[0].world.now()
    for one in twins.both:
        one.close()
