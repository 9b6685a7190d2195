"""The code desk as the rest of the ministry meets it, over its plain twin."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.clock import ManualClock
from mockgov.codes.messages import CodeDeleted, CodeExpired, CodeIssued, CodeShared, CodeShortened, IssueCode
from mockgov.codes.rules import INDEFINITE, BadDuration, BadLabel, IllegalTransition, Share, UnknownCode
from mockgov.codes.service import Codes
from mockgov.codes.store import Found, InMemoryCodes
from mockgov.streams import KeyedDraw, Streams
from mockgov.vocabulary.hes_code import HesCode

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
DAY = timedelta(days=1)


class SameForAll(Streams):
    """Chance that mints the same code for everybody, and another only at another attempt."""

    def draw(self, purpose: str, *key: int | str) -> KeyedDraw:
        return super().draw(purpose, key[-1])


class Desk:
    """A code desk with a clock to move and the events that it told."""

    def __init__(self, streams: Streams | None = None) -> None:
        self.clock = ManualClock(MONDAY)
        self.told: list[object] = []
        self.codes = Codes(
            store=InMemoryCodes(),
            now=self.clock.now,
            streams=streams or Streams(1),
            tell=self.told.append,
            transaction=nullcontext,
        )


def order(citizen_id: int = 1, days: int | None = 7, **fields: str) -> IssueCode:
    ends = INDEFINITE if days is None else MONDAY + days * DAY
    return IssueCode(citizen_id=citizen_id, expires_at=ends, **fields)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_issuing(desk: Desk) -> None:
    """A new code has the published form, its channel and label, and a QR token; issuing is told."""
    code = desk.codes.issue(order(description="iş", channel="hes-edevlet"))
    assert HesCode.parse(code.text).text == code.text
    assert code.text[8] == "1"
    assert len(code.qr_token) == 32
    assert (code.citizen_id, code.created_at, code.expires_at) == (1, MONDAY, MONDAY + 7 * DAY)
    assert (code.description, code.created_by) == ("iş", "hes-edevlet")
    assert desk.told == [CodeIssued(text=code.text, citizen_id=1, expires_at=MONDAY + 7 * DAY)]


def test_any_number_of_codes_for_a_person(desk: Desk) -> None:
    """All differ, and are listed in the order of making."""
    made = [*desk.codes.issue_many([order(), order(2), order()]), desk.codes.issue(order())]
    assert len({code.text for code in made}) == 4
    assert desk.codes.of(1) == [made[0], made[2], made[3]]
    assert desk.codes.of(2) == [made[1]]


def test_the_same_seed_issues_the_same_codes() -> None:
    """Together or one after the other, and whoever else got codes in between."""
    together, apart = Desk(), Desk()
    texts = [code.text for code in together.codes.issue_many([order(1), order(1), order(2)])]
    assert [apart.codes.issue(order(n)).text for n in (1, 2, 1)] == [texts[0], texts[2], texts[1]]
    assert Desk(Streams(2)).codes.issue(order()).text != texts[0]


def test_a_text_is_never_used_twice() -> None:
    """However chance repeats itself, and also after deletion."""
    desk = Desk(SameForAll(1))
    first = desk.codes.issue(order())
    desk.codes.delete(first)
    texts = [code.text for code in (*desk.codes.issue_many([order(), order(2)]), desk.codes.issue(order(3)))]
    assert len({first.text, *texts}) == 4


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (IssueCode(citizen_id=1, expires_at=MONDAY), BadDuration),
        (IssueCode(citizen_id=1, expires_at=INDEFINITE + timedelta(microseconds=1)), BadDuration),
        (order(description="x" * 101), BadLabel),
    ],
)
def test_all_or_none(desk: Desk, bad: IssueCode, error: type[Exception]) -> None:
    """One impossible order refuses the whole call."""
    with pytest.raises(error):
        desk.codes.issue_many([order(), bad])
    assert desk.codes.of(1) == []
    assert desk.told == []


def test_finding_a_code(desk: Desk) -> None:
    """A code is found while it is not deleted, expired ones too."""
    code = desk.codes.issue(order())
    desk.clock.move_to(MONDAY + 8 * DAY)
    assert desk.codes.get(HesCode.parse(code.text.lower())) == code
    desk.codes.delete(code)
    with pytest.raises(UnknownCode, match="Ask the holder for a valid code") as refusal:
        desk.codes.get(HesCode(code.text))
    assert refusal.value.key == "hescodenotfound"
    assert desk.codes.of(1) == []


def test_somebody_elses_code_is_not_there(desk: Desk) -> None:
    """Owners see their own codes; to others a code reads as unknown."""
    code = desk.codes.issue(order(1))
    assert desk.codes.owned(HesCode(code.text), [3, 1]) == code
    for owners in ([2], []):
        with pytest.raises(UnknownCode):
            desk.codes.owned(HesCode(code.text), owners)


def test_sharing(desk: Desk) -> None:
    """A note of sharing is kept with its moment, oldest first, and told; a label that cannot be kept is refused."""
    code = desk.codes.issue(order())
    desk.codes.share(code, "Anadolu Gıda")
    desk.clock.move_to(MONDAY + DAY)
    desk.codes.share(code, "Anadolu Gıda")
    assert desk.codes.shares_of(code) == [
        Share(text=code.text, label="Anadolu Gıda", shared_at=MONDAY),
        Share(text=code.text, label="Anadolu Gıda", shared_at=MONDAY + DAY),
    ]
    assert desk.told[1:] == [CodeShared(text=code.text, label="Anadolu Gıda")] * 2
    with pytest.raises(BadLabel):
        desk.codes.share(code, "x" * 101)
    assert len(desk.codes.shares_of(code)) == 2


def test_shortening(desk: Desk) -> None:
    """A shorter end counts for everybody who asks; lengthening is refused and changes nothing."""
    code = desk.codes.issue(order())
    shorter = desk.codes.shorten(code, MONDAY + DAY)
    assert desk.codes.get(HesCode(code.text)) == shorter
    assert desk.told[1:] == [CodeShortened(text=code.text, expires_at=MONDAY + DAY)]
    with pytest.raises(BadDuration):
        desk.codes.shorten(shorter, MONDAY + 7 * DAY)
    assert desk.codes.get(HesCode(code.text)).expires_at == MONDAY + DAY


def test_deleting(desk: Desk) -> None:
    """Deletion is told once; a deleted code cannot be deleted again."""
    code = desk.codes.issue(order())
    desk.codes.delete(code)
    assert desk.told[1:] == [CodeDeleted(text=code.text, citizen_id=1)]
    with pytest.raises(IllegalTransition):
        desk.codes.shorten(
            desk.codes._store.get(code.text),  # the desk itself no longer gives it out
            MONDAY + DAY,
        )


def test_the_query_path_sees_undeleted_codes(desk: Desk) -> None:
    """Holder and end of each, expired ones included; deleted and unknown ones are missing."""
    kept, deleted = desk.codes.issue_many([order(), order(2)])
    desk.codes.delete(deleted)
    desk.clock.move_to(MONDAY + 8 * DAY)
    found = desk.codes.find_many([kept.text, deleted.text, "A1B2345617"])
    assert found == {kept.text: Found(1, 1_633_928_400_000_000)}


def test_expiry_is_told_once_in_order(desk: Desk) -> None:
    """Every code that ended since, by the moment of its end; deleted ones are silent."""
    late, early, gone, future = desk.codes.issue_many([order(1, 3), order(2, 1), order(3, 2), order(4, 9)])
    desk.codes.delete(gone)
    del desk.told[:]
    desk.codes.tell_expired(MONDAY, MONDAY + 3 * DAY)
    desk.codes.tell_expired(MONDAY + 3 * DAY, MONDAY + 4 * DAY)
    assert desk.told == [
        CodeExpired(text=early.text, citizen_id=2, expires_at=MONDAY + DAY),
        CodeExpired(text=late.text, citizen_id=1, expires_at=MONDAY + 3 * DAY),
    ]
    assert future.text not in {event.text for event in desk.told}


def test_a_code_with_a_past(desk: Desk) -> None:
    """It was made when the order says, and is over if it has ended since; it never ends before it was made."""
    past = IssueCode(citizen_id=1, expires_at=MONDAY - DAY, made_at=MONDAY - 8 * DAY)
    code = desk.codes.issue(past)
    assert (code.created_at, code.expires_at) == (MONDAY - 8 * DAY, MONDAY - DAY)
    with pytest.raises(BadDuration):
        desk.codes.issue(IssueCode(citizen_id=1, expires_at=MONDAY - 8 * DAY, made_at=MONDAY - DAY))
    assert desk.codes.issue(IssueCode(citizen_id=1, expires_at=INDEFINITE, made_at=MONDAY + DAY)).created_at == MONDAY


def test_a_code_that_is_minted_by_a_name_is_the_same_for_everybody(desk: Desk) -> None:
    """Whoever holds it; a second one of the same holder is another, and so is one that is taken."""
    named = [Desk().codes.issue(order(citizen_id=n, minted_as="magic/x")).text for n in (1, 2, 77)]
    assert len(set(named)) == 1
    both = [desk.codes.issue(order(citizen_id=n, minted_as="magic/x")).text for n in (1, 1, 2)]
    assert len(set(both)) == 3
    assert both[0] == named[0]
