"""What is required of an integration, and what is said of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple

from mockgov.refusal import Refused


class NothingRehearsed(Refused):
    """Nobody of that name has asked anything that the journal still has."""

    key = "nothingrehearsed"


class Level(IntEnum):
    """How far an integration has come."""

    NONE = 0
    ASKS = 1
    """It asks as the service is meant, and understands the four ordinary answers."""
    BEARS = 2
    """It asks about many at once, and bears refusals, overload and a changed password."""
    CARES = 3
    """It is careful with dates, letters and people's data."""


LEVEL_WORDS: Final = {
    Level.NONE: ("Henüz hiçbir düzeye ulaşılmadı", "No level is reached yet"),
    Level.ASKS: ("1: doğru sorar", "1: asks rightly"),
    Level.BEARS: ("2: aksaklığa dayanır", "2: bears trouble"),
    Level.CARES: ("3: özenle sorar", "3: asks with care"),
}


class Outcome(StrEnum):
    """What the journal tells of a behaviour."""

    PASSED = "passed"
    FAILED = "failed"
    MISSING = "missing"
    """Its situation has not come up."""


class Words(NamedTuple):
    """The same in two languages."""

    tr: str
    en: str


class Told(NamedTuple):
    """What is seen of one behaviour."""

    outcome: Outcome
    exchanges: tuple[int, ...] = ()
    """The numbers of exchanges that show it."""
    words: Words = Words("", "")
    """What went wrong; empty where nothing did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Something that an integration has to do."""

    key: str
    level: Level
    title: Words
    situation: Words
    """How it is brought about."""


class Verdict(NamedTuple):
    """A behaviour and what was seen of it."""

    behaviour: Behaviour
    told: Told


def reached(verdicts: Sequence[Verdict]) -> Level:
    """The highest level of which, and below which, everything is passed."""
    below = Level.NONE
    for level in (Level.ASKS, Level.BEARS, Level.CARES):
        if any(one.told.outcome is not Outcome.PASSED for one in verdicts if one.behaviour.level is level):
            return below
        below = level
    return below


CATALOGUE: Final[Sequence[Behaviour]] = (
    Behaviour(
        key="riskless",
        level=Level.ASKS,
        title=Words("Riskli olmayan kişiyi sorar", "Asks about somebody who is not risky"),
        situation=Words("Riskli olmayan birinin koduyla sorun.", "Ask with the code of somebody who is not risky."),
    ),
    Behaviour(
        key="risky",
        level=Level.ASKS,
        title=Words("Riskli kişiyi sorar", "Asks about somebody risky"),
        situation=Words(
            "Riskli birinin koduyla sorun: hes person --risk risky.",
            "Ask with the code of somebody risky: hes person --risk risky.",
        ),
    ),
    Behaviour(
        key="expired",
        level=Level.ASKS,
        title=Words("Süresi dolmuş kodu sorar", "Asks with an expired code"),
        situation=Words("Süresi dolmuş bir kodla sorun.", "Ask with a code whose time is over."),
    ),
    Behaviour(
        key="unknown",
        level=Level.ASKS,
        title=Words("Bilinmeyen kodu sorar", "Asks with an unknown code"),
        situation=Words("Kimseye ait olmayan A0A0-0000-10 ile sorun.", "Ask with A0A0-0000-10, which is nobody's."),
    ),
    Behaviour(
        key="purpose-given",
        level=Level.ASKS,
        title=Words("Sorgunun amacını söyler", "Says what a query is for"),
        situation=Words(
            "Ziyaretçiyi C1 ile (il, ilçe, adres), çalışanı C2 ile sorun.",
            "Ask about visitors by C1, with city, district and address, and about employees by C2.",
        ),
    ),
    Behaviour(
        key="masked-data-only",
        level=Level.ASKS,
        title=Words("Koddan başka veri göndermez", "Sends nothing of a person but the code"),
        situation=Words("Herhangi bir kod sorun.", "Ask about any code."),
    ),
    Behaviour(
        key="bulk-of-500",
        level=Level.BEARS,
        title=Words("Bir çağrıda 500 kod sorar", "Asks about 500 codes in one call"),
        situation=Words("Tam 500 kodluk bir liste sorun.", "Ask about a list of exactly 500 codes."),
    ),
    Behaviour(
        key="501-refused",
        level=Level.BEARS,
        title=Words("500'den uzun listeyi böler", "Divides a list of more than 500"),
        situation=Words(
            "501 kodluk bir liste sorun; yazılım onu bölmeli ya da reddedilince bölüp sormalıdır.",
            "Ask about a list of 501 codes; the software divides it at once, or once it is refused.",
        ),
    ),
    Behaviour(
        key="unsuccessful-told",
        level=Level.BEARS,
        title=Words("Listedeki geçersiz kodları ayırır", "Tells bad codes of a list apart"),
        situation=Words(
            "İçinde bilinmeyen kod olan bir liste sorun; o kod bir dakika içinde yeniden sorulmamalıdır.",
            "Ask about a list with an unknown code in it; that code must not be asked again within a minute.",
        ),
    ),
    Behaviour(
        key="retry-after-503",
        level=Level.BEARS,
        title=Words("503 ve 429'dan sonra yeniden dener", "Tries again after 503 and 429"),
        situation=Words(
            'Bir ret planlayın: PUT /_lab/faults [{"kind": "refuse", "share": 0.2, "status": 503}]; sonra sorun.',
            'Plan a refusal: PUT /_lab/faults [{"kind": "refuse", "share": 0.2, "status": 503}]; then ask.',
        ),
    ),
    Behaviour(
        key="no-retry-after-400",
        level=Level.BEARS,
        title=Words("400'den sonra aynısını göndermez", "Does not repeat what got a 400"),
        situation=Words("Bilinmeyen bir kodu tek başına sorun.", "Ask about an unknown code by itself."),
    ),
    Behaviour(
        key="credential-renewal",
        level=Level.BEARS,
        title=Words("Yenilenen parolayla sürdürür", "Goes on with a renewed password"),
        situation=Words(
            "Hesabın parolasını yenileyin (POST /_lab/accounts/{username}/rotate), eskisiyle bir kez sorun, "
            "yenisini verin.",
            "Rotate the account's password (POST /_lab/accounts/{username}/rotate), ask once with the old one, "
            "then hand over the new one.",
        ),
    ),
    Behaviour(
        key="utc-dates",
        level=Level.CARES,
        title=Words("Bitişi UTC olarak okur", "Reads the end of a code as UTC"),
        situation=Words(
            "Bitişine üç saatten az kalmış geçerli bir kodla sorun: yerel saat sanan yazılım onu artık sormaz.",
            "Ask with a valid code in the last three hours before its end: software that takes it for local time "
            "does not ask any more.",
        ),
    ),
    Behaviour(
        key="turkish-letters",
        level=Level.CARES,
        title=Words("Türkçe harfleri bozmadan gönderir", "Sends Turkish letters unharmed"),
        situation=Words("C1'i İ, ı, ş veya ğ geçen bir adresle sorun.", "Ask by C1 at an address with İ, ı, ş or ğ."),
    ),
    Behaviour(
        key="no-repeated-look-ups",
        level=Level.CARES,
        title=Words("Yanıtlanan kodu yeniden sormaz", "Does not ask again what was answered"),
        situation=Words(
            "En az on kod sorun; yanıtlanan kod on dakika içinde yeniden sorulmamalıdır.",
            "Ask about ten codes at least; none that was answered may be asked again within ten minutes.",
        ),
    ),
)
"""In the order in which they are told."""
