from datetime import date

import pytest

from mockgov.vocabulary.institution import InstitutionKind
from sim.demand.habit import Habit
from sim.demand.making import MakingParameters
from sim.demand.parameters import CUSTOMS, PUBLIC_KINDS, Channel, DemandParameters, Errand

DAILY = (1.0,) * 24


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("callers_at_most", 3),
        ("presence", 1.1),
        ("late_shift_share", -0.1),
        ("staff_check_share", 2.0),
        ("counter_share", float("nan")),
        ("card_share", -1.0),
        ("employer_run_hour", 23),
        ("card_run_hour", -1),
        ("flight_run_hour", 24),
        ("coach_run_hour", -1),
        ("train_run_hour", 23),
        ("bulk_gap_s", 0),
        ("bulk_hours", 25),
        ("card_share_elsewhere", 1.1),
        ("risky_stays_away", -0.1),
        ("risky_stays_from_work", 1.1),
        ("finals_weight", 11),
        ("exam_days", ((date(2021, 6, 26), -1.0),)),
        ("mistyped_share", 1.5),
        ("private_week", (1.0,) * 6),
        ("public_week", (1.0,) * 6 + (1.5,)),
        ("shift_starts", ()),
        ("shift_starts", ((39, 1),)),
        ("booking_days", ()),
        ("booking_days", (1, -1, 1)),
        ("booking_hours", (0.0,) * 24),
        ("list_hours", (1.0,) * 23),
        ("edevlet_counter_share", 1.1),
        ("edevlet_list_share", -0.1),
        ("qr_share", 2.0),
        ("check_in_minutes", (90, 30)),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(field, value):
    """The error names the field first, and its value."""
    with pytest.raises(ValueError, match=rf"^{field} = "):
        DemandParameters(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("per_person", 10.5),
        ("per_person", float("nan")),
        ("hours", (1.0,) * 23),
        ("hours", (0.0,) * 24),
        ("hours", (*DAILY[1:], float("nan"))),
        ("week", (1.0,) * 8),
        ("week", (-1.0,) * 7),
    ],
)
def test_a_habit_without_sense_is_refused(field, value):
    """A rate, 24 hours and seven days, all within their ranges."""
    with pytest.raises(ValueError, match=rf"^{field} = "):
        Habit(**{"per_person": 1.0, "hours": DAILY, field: value})


def test_all_mistakes_are_told_at_once():
    """Whoever writes a scenario sees every mistake in one go."""
    with pytest.raises(ValueError, match=r"presence = 3 is outside 0 to 1; deleted_share is too much: .* exceed 1"):
        DemandParameters(presence=3, mistyped_share=1.0, expired_share=0.5, deleted_share=0.5)


def test_every_errand_has_a_habit_and_a_custom():
    """Nothing is asked of which it is not said how often, and since when."""
    assert [type(DemandParameters().habit(errand)) for errand in Errand] == [Habit] * 13
    assert set(CUSTOMS) == set(Errand)


def test_nobody_under_six_is_asked():
    """On no errand."""
    assert min(custom.youngest for custom in CUSTOMS.values()) == 6


@pytest.mark.parametrize(
    ("channel", "before"),
    [
        (Channel.PLUS, Channel.SINGLE),
        (Channel.BULK_PLUS, Channel.BULK),
        (Channel.PERSON_PLUS, Channel.PERSON),
        (Channel.VISITOR, Channel.VISITOR),
    ],
)
def test_vaccine_and_test_are_asked_from_september_2021(channel, before):
    """The day before, the same doors asked without them."""
    assert channel.on(date(2021, 9, 6)) is channel
    assert channel.on(date(2021, 9, 5)) is before


def test_who_asks_by_application():
    """Six channels are an institution's, those after them a citizen's; the last three make codes."""
    assert [channel.name for channel in Channel if not channel.by_person] == [
        *("EMPLOYEE", "VISITOR", "SINGLE", "BULK", "PLUS", "BULK_PLUS")
    ]
    assert [channel.name for channel in Channel if channel.makes] == ["MAKE_APP", "MAKE_SMS", "MAKE_EDEVLET"]
    assert [channel.name for channel in Channel if channel.asks_many] == ["BULK", "BULK_PLUS", "EDEVLET_BULK"]


def test_what_is_read_is_not_mistyped():
    """Of codes that are all read as QR none is mistyped; of those all typed, as many as are said."""
    assert DemandParameters(qr_share=1.0).spoiled_shares == (0.0, 0.006, 0.002)
    assert DemandParameters(qr_share=0.0, mistyped_share=0.02).spoiled_shares == (0.02, 0.006, 0.002)
    assert DemandParameters().spoiled_shares[0] == pytest.approx(0.004)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_days", 0),
        ("youngest", 101),
        ("sms_share", -0.1),
        ("household_share", 1.1),
        ("app_from", date(2019, 12, 31)),
        ("app_lives", ()),
        ("sms_lives", ((1, 1.0),)),
        ("sms_lives", ((901, 1.0),)),
        ("edevlet_lives", ((30, 0.0),)),
        ("edevlet_lives", ((30, 1.0),) * 9),
        ("app_hours", (0.0,) * 24),
    ],
)
def test_a_making_without_sense_is_refused(field, value):
    """Days, shares, lives and hours, each by its name."""
    with pytest.raises(ValueError, match=rf"^{field} = "):
        MakingParameters(**{field: value})


def test_a_private_employer_is_the_only_kind_that_is_not_public():
    """Public kinds receive visits to public counters."""
    assert set(InstitutionKind) - PUBLIC_KINDS == {InstitutionKind.WORKPLACE}
