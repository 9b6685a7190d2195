"""Periods, applications and notices, on paper."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.clock import MICROSECOND, TURKEY
from mockgov.kvkk.notices import VERSIONS, Front, Part, notice_at
from mockgov.kvkk.rules import (
    Answer,
    IllegalTransition,
    NotLodged,
    Request,
    Right,
    State,
    answered,
    checked_text,
    erased_before,
    falls_due,
)
from mockgov.settings import Settings

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
PERIODS = {name: getattr(Settings(), name) for name in Settings.__dataclass_fields__ if name.startswith("keep_")}
REQUEST = Request(
    number=7,
    citizen_id=1,
    lodged_by=2,
    right=Right.ERASURE,
    text="",
    lodged_at=MONDAY,
    due_at=MONDAY + timedelta(days=10),
)


@pytest.mark.parametrize(
    ("kept", "due"),
    [
        ("2021-10-04T05:00:00+00:00", "2021-10-05T21:00:00+00:00"),
        ("2021-10-04T20:59:59+00:00", "2021-10-05T21:00:00+00:00"),
        ("2021-10-04T21:00:00+00:00", "2021-10-05T21:00:00+00:00"),
        ("2021-10-04T21:00:00.000001+00:00", "2021-10-06T21:00:00+00:00"),
    ],
)
def test_a_period_of_a_day_ends_with_a_midnight(kept: str, due: str) -> None:
    """The first one in Turkey, 21:00 UTC, at which 24 hours are over."""
    assert falls_due(datetime.fromisoformat(kept), 1) == datetime.fromisoformat(due)


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  in `timezones`


@given(kept=MOMENTS, now=MOMENTS, days=st.integers(1, 3000))
def test_what_is_due_is_what_is_erased(kept: datetime, now: datetime, days: int) -> None:
    """The two ways of asking agree at any moment, and nothing goes before its days are over."""
    due_at = falls_due(kept, days)
    assert (due_at <= now) == (kept < erased_before(now, days))
    assert timedelta(days=days) <= due_at - kept < timedelta(days=days + 1)
    assert due_at.astimezone(TURKEY).time() == datetime.min.time()
    assert not kept < erased_before(due_at - MICROSECOND, days)


def test_an_application_is_answered_once() -> None:
    """Granted or refused; what is over is over."""
    said = Answer(granted=True, tr="Silindi.", en="Erased.")
    done = answered(REQUEST, said, MONDAY)
    assert (done.state, done.answer, done.answered_at, done.due_at) == (State.GRANTED, said, MONDAY, None)
    assert answered(REQUEST, Answer(granted=False, tr="", en=""), MONDAY).state is State.REFUSED
    with pytest.raises(IllegalTransition, match="lodge a new one"):
        answered(done, said, MONDAY)


def test_an_application_has_a_number_and_a_last_day() -> None:
    """Thirty days, by article 13; the number bears the Turkish year."""
    assert REQUEST.reference == "KVKK-2021-000007"
    assert REQUEST.answer_by == MONDAY + timedelta(days=30)


@pytest.mark.parametrize("text", ["x" * 2001, "a\x00b"])
def test_words_that_cannot_be_kept(text: str) -> None:
    with pytest.raises(NotLodged, match="2000 characters and no NUL"):
        checked_text(text)


@pytest.mark.parametrize("front", Front)
def test_a_notice_says_what_article_10_asks_for(front: Front) -> None:
    """Every part, in both languages, with no period left open, and that it is a sandbox's."""
    notice = notice_at(front, date(2021, 10, 4), PERIODS)
    assert [section.part for section in notice.sections] == list(Part)
    for section in notice.sections:
        for text in (section.heading_tr, section.heading_en, section.tr, section.en):
            assert text.strip()
            assert "{" not in text
    assert "deneme ortamı" in notice.sections[0].tr
    assert "sandbox" in notice.sections[0].en
    assert any(str(PERIODS[name]) in notice.sections[6].tr for name in PERIODS)


def test_notices_have_versions() -> None:
    """2.0 is what the account object names; only it tells of vaccine and tests, and only where they are shown."""
    old, new = (notice_at(Front.MOBILE, day, PERIODS) for day in (date(2020, 12, 31), date(2021, 1, 1)))
    assert (old.version, new.version) == (1.0, 2.0)
    assert "aşı" not in old.sections[1].tr
    assert "aşı" in new.sections[1].tr
    assert "vaccine" not in notice_at(Front.SMS, date(2021, 1, 1), PERIODS).sections[1].en
    assert notice_at(Front.MOBILE, date(2019, 1, 1), PERIODS).version == VERSIONS[0][0]


def test_a_notice_names_the_periods_that_are_set() -> None:
    """Other settings, other words."""
    notice = notice_at(Front.SMS, date(2021, 10, 4), PERIODS | {"keep_texts_days": 77})
    assert notice.sections[6].tr == "Mesajlar 77 gün; süresi dolan veya silinen kodlar 365 gün."
    assert notice.sections[6].en == "Messages 77 days; codes 365 days after they end."
