"""A road without chance, on which every moment can be told by hand; and moments as people write them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from mockgov.clock import TURKEY
from mockgov.onboarding.rules import LetterChannel
from mockgov.vocabulary.institution import InstitutionKind
from sim.admissions.model import DAY_US, Chance, Hours, Institution
from sim.admissions.parameters import AdmissionsParameters, Days, Defect, DeskParameters, Flaw, Minutes
from sim.admissions.process import walk
from sim.admissions.record import AdmissionsRun
from sim.streams import Streams

FIRST = date(2020, 10, 19)
"""A Monday, ten days before the holiday of 29 October 2020, a Thursday."""
NOTHING = Days(mean_days=0, cv2=0)
CERTAIN = AdmissionsParameters(
    form=Minutes(mean_minutes=120, cv2=0),
    signature_at_hand=1.0,
    signature=Days(mean_days=4, cv2=0),
    letter=Days(mean_days=2, cv2=0),
    kep=Minutes(mean_minutes=30, cv2=0),
    post=Days(mean_days=3, cv2=0),
    integration=Days(mean_days=10, cv2=0),
    another_question=0.0,
    incomplete=0.0,
    rework=Days(mean_days=1, cv2=0),
    no_statement=Defect(share=0.0, correction=Days(mean_days=1, cv2=0)),
    wrong_signer=Defect(share=0.0, correction=Days(mean_days=1, cv2=0)),
    certificate=Defect(share=0.0, correction=Days(mean_days=1, cv2=0)),
    missing_attachment=Defect(share=0.0, correction=Days(mean_days=1, cv2=0)),
    gives_up=0.0,
    letters=DeskParameters(clerks=1),
    evaluation=DeskParameters(clerks=1),
    access=DeskParameters(clerks=1),
    support=DeskParameters(clerks=1),
    registering_kep=Minutes(mean_minutes=6, cv2=0),
    registering_wet=Minutes(mean_minutes=15, cv2=0),
    evaluating=Minutes(mean_minutes=60, cv2=0),
    evaluating_again=Minutes(mean_minutes=30, cv2=0),
    test_access=Minutes(mean_minutes=25, cv2=0),
    answering=Minutes(mean_minutes=50, cv2=0),
    checking=Minutes(mean_minutes=40, cv2=0),
    live_access=Minutes(mean_minutes=30, cv2=0),
    confirming=Minutes(mean_minutes=15, cv2=0),
)
"""Every length is its mean, nothing goes wrong, and each desk has one clerk."""


def at(text: str) -> int:
    """A Turkish moment such as "2020-10-23 16:00", in microseconds from the first midnight."""
    zero = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=TURKEY)
    return (datetime.fromisoformat(text).replace(tzinfo=TURKEY) - zero) // timedelta(microseconds=1)


def told(moment_us: int) -> str:
    """The same the other way round."""
    zero = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=TURKEY)
    return f"{zero + timedelta(microseconds=moment_us):%Y-%m-%d %H:%M}"


def institution(begins: str, number: int = 0, **changes: Any) -> Institution:
    """A workplace of 900 with a KEP address."""
    plain = Institution(
        number=number,
        kind=InstitutionKind.WORKPLACE,
        nth=number,
        begins_us=at(begins),
        channel=LetterChannel.KEP,
        staff=900,
    )
    return replace(plain, **changes)


def walked(who: Sequence[Institution], parameters: AdmissionsParameters = CERTAIN, days: int = 120) -> AdmissionsRun:
    """What becomes of them."""
    hours = Hours.of_offices(FIRST, days + 100)
    return walk(list(who), parameters, Chance(parameters, Streams(1), who), FIRST, hours, days * DAY_US)


def always(flaw: Flaw, **changes: Any) -> AdmissionsParameters:
    """Every first letter has this flaw, and no other."""
    defect = replace(CERTAIN.defect(flaw), share=1.0)
    return replace(CERTAIN, **{flaw.name.lower(): defect, "again": 0.0, **changes})
