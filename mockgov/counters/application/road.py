"""The road of an application as people read it: the steps behind and before it, and what to do now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from mockgov.onboarding.rules import OVER, WITH_LIVE_ACCESS, Application, Delivery, Entry, State

Words = tuple[str, str]
"""The same in Turkish and in English."""

ROAD: Final = (
    State.DRAWN,
    State.SUBMITTED,
    State.LETTER_RECEIVED,
    State.UNDER_EVALUATION,
    State.APPROVED_FOR_TEST,
    State.TESTING,
    State.COMPLETION_REPORTED,
    State.LIVE,
    State.CONFIRMED,
)
"""The states of an application that goes well, in order."""

NAMES: Final[Mapping[State, Words]] = {
    State.DRAWN: ("Form hazırlandı", "Form drawn up"),
    State.SUBMITTED: ("İmzalı form alındı", "Signed form received"),
    State.LETTER_RECEIVED: ("Resmî yazı alındı", "Official letter received"),
    State.UNDER_EVALUATION: ("Değerlendiriliyor", "Under evaluation"),
    State.RETURNED: ("Düzeltilmek üzere iade edildi", "Returned to be corrected"),
    State.REFUSED: ("Reddedildi", "Refused"),
    State.APPROVED_FOR_TEST: ("Test ortamı için onaylandı", "Approved for the test environment"),
    State.TESTING: ("Test entegrasyonu sürüyor", "Test integration under way"),
    State.COMPLETION_REPORTED: ("Testlerin bittiği bildirildi", "Completion reported"),
    State.LIVE: ("Canlı ortama geçildi", "Live"),
    State.CONFIRMED: ("Entegrasyon resmî yazıyla teyit edildi", "Confirmed by official letter"),
    State.REVOKED: ("Erişim iptal edildi", "Access revoked"),
}

NEXT: Final[Mapping[State, Words]] = {
    State.DRAWN: (
        "Formu indirin, e-imzanızla imzalayıp bu sayfadan yükleyin.",
        "Download the form, sign it with your e-signature and upload it on this page.",
    ),
    State.SUBMITTED: (
        (
            "İmzalı form ekli resmî yazıyı KEP ile sb@hs01.kep.tr adresine veya ıslak imzayla postayla gönderin. "
            "Yazıda, formu dolduran kişinin yetkili olduğu, T.C. kimlik numarası, adı ve soyadı ile başvuru numarası "
            "yer almalıdır."
        ),
        (
            "Send the official letter with the signed form attached, by KEP to sb@hs01.kep.tr or on paper with a wet "
            "signature. It says that the person who filled in the form is authorised, and gives that person's identity "
            "number, name and surname, and the application number."
        ),
    ),
    State.LETTER_RECEIVED: (
        "Yazınız ulaştı; değerlendirmeye alınacak. Şu anda yapmanız gereken bir şey yok.",
        "Your letter has arrived and will be taken up. There is nothing to do now.",
    ),
    State.UNDER_EVALUATION: (
        "Başvurunuz değerlendiriliyor. Şu anda yapmanız gereken bir şey yok.",
        "Your application is being evaluated. There is nothing to do now.",
    ),
    State.RETURNED: (
        (
            "Gerekçede yazılanları düzeltin: formu yeniden yazabilir, yeniden imzalayabilir veya yeni bir resmî yazı "
            "gönderebilirsiniz."
        ),
        "Put right what the reasons say: you may write the form anew, sign it again or send another official letter.",
    ),
    State.REFUSED: (
        "Bu başvuru sonuçlandı. Koşullar değişirse yeni bir başvuru yapabilirsiniz.",
        "This application is closed. If circumstances change you may apply anew.",
    ),
    State.APPROVED_FOR_TEST: (
        "Test ortamının kullanıcı bilgileri ve servis dokümanı e-posta ile gönderiliyor.",
        "The details of the test environment and the service document are on their way by e-mail.",
    ),
    State.TESTING: (
        (
            "Entegrasyonunuzu test ortamında tamamlayın, sonra başvuru numarası ile birlikte hesdestek@saglik.gov.tr "
            "adresine yazın."
        ),
        (
            "Finish your integration in the test environment, then write to hesdestek@saglik.gov.tr, giving the "
            "application number."
        ),
    ),
    State.COMPLETION_REPORTED: (
        "Bildiriminiz alındı; canlı ortam hesabınız hazırlanıyor.",
        "Your notice has arrived; live access is being prepared.",
    ),
    State.LIVE: (
        (
            "Canlı ortamı kullanabilirsiniz: kullanıcı adı e-posta ile, parola SMS ile gönderildi. Teyit yazısı "
            "hazırlanıyor."
        ),
        (
            "You may use the live environment: the user name was sent by e-mail, the password by SMS. The confirming "
            "letter is being prepared."
        ),
    ),
    State.CONFIRMED: (
        "Entegrasyonunuz tamamlandı. Sorgu sonuçlarını gizli tutun ve üçüncü kişilerle paylaşmayın.",
        "Your integration is complete. Keep the results of queries secret and share them with no third party.",
    ),
    State.REVOKED: (
        "Test ve canlı ortam erişiminiz kapatıldı.",
        "Your access to the test and the live environment is closed.",
    ),
}
"""What somebody who applies does now, where all that was sent arrives."""

TEST_FAILED: Final[Words] = (
    (
        "Test ortamının kullanıcı bilgileri {email} adresine ulaşmadı, e-posta geri döndü. E-posta adresini düzeltin, "
        "sonra bilgilerin yeniden gönderilmesini isteyin."
    ),
    (
        "The details of the test environment did not arrive: the mail to {email} came back. Correct the e-mail "
        "address, then have the details sent again."
    ),
)
USER_NAME_FAILED: Final[Words] = (
    (
        "Canlı ortamın kullanıcı adı {email} adresine ulaşmadı, e-posta geri döndü. E-posta adresini düzeltin, sonra "
        "kullanıcı adının yeniden gönderilmesini isteyin."
    ),
    (
        "The live user name did not arrive: the mail to {email} came back. Correct the e-mail address, then have the "
        "user name sent again."
    ),
)
PASSWORD_FAILED: Final[Words] = (
    (
        "Canlı ortamın parolası {phone} numarasına SMS ile ulaşmadı. Telefonun açık olduğundan emin olun veya numarayı "
        "düzeltin, sonra yeni bir parola gönderilmesini isteyin."
    ),
    (
        "The live password did not arrive by text message at {phone}. See that the phone is on, or correct the number, "
        "then have a new password sent."
    ),
)
"""What to do where something did not arrive; the addresses are filled in masked."""


def onward(application: Application) -> Words:
    """What somebody who applies does now: first of all about what was sent and did not arrive."""
    failed = _failed(application)
    if not failed:
        return NEXT[application.state]
    if application.state is State.TESTING:  # the details came before: they were asked for once more, in vain
        failed.append(NEXT[State.TESTING])
    known = {"email": application.email.masked, "phone": application.phone.masked}
    turkish, english = (" ".join(words).format_map(known) for words in zip(*failed, strict=True))
    return turkish, english


def _failed(application: Application) -> list[Words]:
    """What did not arrive of what belongs to the step."""
    if application.state in (State.APPROVED_FOR_TEST, State.TESTING):
        return [TEST_FAILED] if application.test_details is Delivery.FAILED else []
    if application.state not in WITH_LIVE_ACCESS:
        return []
    parts = ((application.user_name, USER_NAME_FAILED), (application.password, PASSWORD_FAILED))
    return [words for became, words in parts if became is Delivery.FAILED]


class Step(NamedTuple):
    """One step as the page lists it."""

    state: State
    words: Words
    mark: str
    """`done`, `here`, `stopped` or `to-come`."""
    at: datetime | None
    """When the application last came there."""


def steps(application: Application, history: Sequence[Entry]) -> Sequence[Step]:
    """The steps of an application: those it has taken, where it stands, those that are to come."""
    reached = _reached(history)
    here = application.state
    if here in ROAD:
        stands = ROAD.index(here)
        return [_on_road(state, n, stands, reached) for n, state in enumerate(ROAD)]
    behind = max((n for n, state in enumerate(ROAD) if state in reached), default=0)
    taken = [Step(state, NAMES[state], "done", reached.get(state)) for state in ROAD[: behind + 1]]
    stop = Step(here, NAMES[here], "stopped", reached.get(here))
    ahead = () if here in OVER else ROAD[behind + 1 :]
    return [*taken, stop, *(Step(state, NAMES[state], "to-come", None) for state in ahead)]


def _reached(history: Sequence[Entry]) -> Mapping[State, datetime]:
    """When each state was last entered; what is noted while it lasts does not count."""
    before = (None, *(entry.state for entry in history))
    return {entry.state: entry.moment for entry, last in zip(history, before, strict=False) if entry.state is not last}


def tone(state: State) -> str:
    """How a state is shown: `good`, `bad`, `wait` while the ministry has to move, `mark` while the applicant has."""
    if state in (State.LIVE, State.CONFIRMED):
        return "good"
    if state in (State.REFUSED, State.REVOKED, State.RETURNED):
        return "bad"
    return "mark" if state in (State.DRAWN, State.SUBMITTED, State.TESTING) else "wait"


def _on_road(state: State, n: int, stands: int, reached: Mapping[State, datetime]) -> Step:
    mark = "done" if n < stands or state is State.CONFIRMED is ROAD[stands] else "here" if n == stands else "to-come"
    return Step(state, NAMES[state], mark, reached.get(state) if n <= stands else None)
