"""Whether a person may come in by the rules of a day, and the sentence that says so (M7).

Before 6 September 2021 a code says who is risky, and nothing else is asked. From then on, by the circular of
20 August 2021, concerts, cinemas and journeys between cities ask the unvaccinated for a negative PCR. From
2 March 2022 no institution may ask at all. The days are those of `mockgov.vocabulary.obligation`.
"""

from datetime import date

from mockgov.vocabulary.obligation import ABOLISHED, Obligation

RISKY = "Kişi risklidir, etkinliğe veya seyahate katılamaz."
RISKLESS = "Kişi riskli değildir, etkinliğe veya seyahate katılabilir."
NOT_ASKED = "HES kodu uygulaması sona ermiştir, kurumlar HES kodu soramaz; kişi riskli değildir."
PROTECTED = "Kişi aşılı veya hastalığı geçirmiş olduğundan uygundur."
TESTED = "Kişinin geçerli negatif PCR testi bulunduğundan uygundur."
WITHHELD = "Kişi aşı, geçirilmiş hastalık ve test bilgilerini paylaşmadığından uygun olduğu söylenemez."
UNTESTED = "Kişinin aşı, geçirilmiş hastalık veya geçerli negatif PCR testi bilgisi bulunmamaktadır."


def eligibility(
    *, day: date, risky: bool, vaccinated: bool | None, immune: bool | None, tested: bool | None
) -> tuple[bool, str]:
    """Whether a person may come in on a Turkish day, and why; None stands for what the person does not share."""
    if risky:
        return False, RISKY
    if not Obligation.TESTED.holds_on(day):
        return True, NOT_ASKED if day >= ABOLISHED else RISKLESS
    if vaccinated or immune:
        return True, PROTECTED
    if tested:
        return True, TESTED
    return False, WITHHELD if vaccinated is immune is tested is None else UNTESTED
