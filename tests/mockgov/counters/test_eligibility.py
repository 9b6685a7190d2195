"""Who may come in, by the rules of each time."""

from datetime import date

import pytest

from mockgov.counters.mobile_app.eligibility import eligibility

BEFORE, FIRST, LAST, ABOLISHED = date(2021, 9, 5), date(2021, 9, 6), date(2022, 3, 1), date(2022, 3, 2)
KINDS = {
    "risky": (True, True, True, True),
    "vaccinated": (False, True, False, False),
    "immune": (False, False, True, False),
    "tested": (False, False, False, True),
    "none": (False, False, False, False),
    "withheld": (False, None, None, None),
}
PROTECTED = "Kişi aşılı veya hastalığı geçirmiş olduğundan uygundur."
TESTED = "Kişinin geçerli negatif PCR testi bulunduğundan uygundur."
NONE = "Kişinin aşı, geçirilmiş hastalık veya geçerli negatif PCR testi bilgisi bulunmamaktadır."
WITHHELD = "Kişi aşı, geçirilmiş hastalık ve test bilgilerini paylaşmadığından uygun olduğu söylenemez."
RISKY = "Kişi risklidir, etkinliğe veya seyahate katılamaz."
RISKLESS = "Kişi riskli değildir, etkinliğe veya seyahate katılabilir."
OVER = "HES kodu uygulaması sona ermiştir, kurumlar HES kodu soramaz; kişi riskli değildir."
UNDER_THE_CIRCULAR = {
    "risky": (False, RISKY),
    "vaccinated": (True, PROTECTED),
    "immune": (True, PROTECTED),
    "tested": (True, TESTED),
    "none": (False, NONE),
    "withheld": (False, WITHHELD),
}


def judged(kind: str, day: date) -> tuple[bool, str]:
    risky, vaccinated, immune, tested = KINDS[kind]
    return eligibility(day=day, risky=risky, vaccinated=vaccinated, immune=immune, tested=tested)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("day", [FIRST, LAST])
def test_while_a_test_is_asked_for(kind: str, day: date) -> None:
    """Riskless, and vaccinated, immune or tested; each case has a sentence of its own."""
    assert judged(kind, day) == UNDER_THE_CIRCULAR[kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("day", "says"), [(BEFORE, RISKLESS), (ABOLISHED, OVER)])
def test_before_and_after(kind: str, day: date, says: str) -> None:
    """Whoever is not risky may come in, vaccinated or not."""
    assert judged(kind, day) == ((False, RISKY) if kind == "risky" else (True, says))


def test_one_datum_shared_is_not_withheld() -> None:
    """The sentence about sharing is for those who share nothing."""
    assert eligibility(day=FIRST, risky=False, vaccinated=False, immune=None, tested=None) == (False, NONE)
