"""Ready plans by name: what integrators meet on the bad days."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mockgov.faults.kinds import (
    Channel,
    ClockSkew,
    Cut,
    Delay,
    Disorder,
    Drip,
    Duplicate,
    ExpiredCertificate,
    Fault,
    Greylist,
    Half,
    Law,
    Misstate,
    Refuse,
    Stage,
    WrongType,
)
from mockgov.faults.written import FaultError, nearest

WEB: Final = (Channel.HTTP, Channel.KEP_SOAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPlan:
    """A plan with a name."""

    meaning: str
    """What happens under it, in a sentence."""
    teaches: str
    """What a client must be able to do."""
    faults: tuple[Fault, ...]


CATALOGUE: Final[Mapping[str, ReadyPlan]] = MappingProxyType(
    {
        "flaky-monday": ReadyPlan(
            meaning="2 % are refused for a second, 5 % answered late, and of 0.5 % the answer is lost.",
            teaches="Retry after 503 and after a broken connection, with patience and an end.",
            faults=(
                Refuse(share=0.02, retry_after_s=1),
                Delay(share=0.05, law=Law.LOGNORMAL, median_ms=200, p95_ms=2_000, stage=Stage.ANSWER),
                Cut(share=0.005),
            ),
        ),
        "rush-hour": ReadyPlan(
            meaning="Everything is slow (median 150 ms), and a tenth is told to come back in 2 seconds (429).",
            teaches="Slow down when told to; do not wait for ever.",
            faults=(
                Delay(law=Law.LOGNORMAL, median_ms=150, p95_ms=900),
                Refuse(share=0.1, status=429, retry_after_s=2),
            ),
        ),
        "throttled": ReadyPlan(
            meaning="A quarter of the requests is answered 429 with Retry-After of 2 seconds.",
            teaches="Honour Retry-After.",
            faults=(Refuse(share=0.25, status=429, retry_after_s=2),),
        ),
        "outages": ReadyPlan(
            meaning="Once in each half hour of the world's time nothing but 503 for two minutes, its end told.",
            teaches="Wait for the end that Retry-After tells; do not give the day up.",
            faults=(Refuse(on_s=120, off_s=1_680, tell_end=True),),
        ),
        "lost-answers": ReadyPlan(
            meaning="A tenth of what was asked is done and kept, and the answer is lost or breaks off.",
            teaches="Know that a request without an answer may have been done; ask again without harm.",
            faults=(Cut(share=0.05), Half(share=0.05)),
        ),
        "cut-lines": ReadyPlan(
            meaning="A tenth of the connections is reset before anything was done.",
            teaches="Open a new connection, and ask again.",
            faults=(Cut(share=0.1, stage=Stage.COUNTER, reset=True),),
        ),
        "slow-drip": ReadyPlan(
            meaning="A fifth of the answers comes 16 bytes at a time, ten times a second.",
            teaches="Time out by the whole answer, not by the next byte.",
            faults=(Drip(share=0.2),),
        ),
        "gateway-pages": ReadyPlan(
            meaning="A tenth is called text/html, and 5 % are refused with 502.",
            teaches="Look at the status and the content type before reading JSON.",
            faults=(WrongType(share=0.1, channel=WEB), Refuse(share=0.05, status=502, channel=WEB)),
        ),
        "double-receipts": ReadyPlan(
            meaning="Three in ten receipts, pieces of evidence and callbacks come twice, three in ten out of order.",
            teaches="Take what is told by its number and moment, not by the order in which it comes.",
            faults=(Duplicate(share=0.3), Disorder(share=0.3)),
        ),
        "greylisting": ReadyPlan(
            meaning="Mail is put off with 451 until five minutes after the first knock.",
            teaches="Keep a queue, and try again.",
            faults=(Greylist(),),
        ),
        "clock-ahead": ReadyPlan(
            meaning="The service's clock is seven minutes fast.",
            teaches="Trust neither clock to the second; renew a token that is refused.",
            faults=(ClockSkew(seconds=420),),
        ),
        "clock-behind": ReadyPlan(
            meaning="The service's clock is seven minutes slow.",
            teaches="The same from the other side: what was just issued may lie in the past.",
            faults=(ClockSkew(seconds=-420),),
        ),
        "expired-certificates": ReadyPlan(
            meaning="Evidence and OCSP answers are signed with certificates that have ended.",
            teaches="Check signatures, and refuse these.",
            faults=(ExpiredCertificate(),),
        ),
        "wrong-answers": ReadyPlan(
            meaning="One answer in a hundred says the opposite risk status.",
            teaches="Nothing that a client can do: it is there to see whether an oracle notices.",
            faults=(Misstate(share=0.01),),
        ),
        "everything": ReadyPlan(
            meaning="A little of each: refusals, delays, cut, halved, dripping and misnamed answers, odd receipts.",
            teaches="All of it at once.",
            faults=(
                Refuse(share=0.03, retry_after_s=1),
                Refuse(share=0.02, status=429, retry_after_s=1),
                Delay(share=0.05, law=Law.EXPONENTIAL, mean_ms=300),
                Cut(share=0.01),
                Half(share=0.01),
                Drip(share=0.01),
                WrongType(share=0.01),
                Duplicate(share=0.1),
                Disorder(share=0.1),
                Greylist(share=0.5),
            ),
        ),
    }
)


def ready(name: str) -> tuple[Fault, ...]:
    """The faults of a plan of the catalogue. Raises `FaultError`."""
    found = CATALOGUE.get(name)
    if found is None:
        hint = nearest(name, CATALOGUE)
        raise FaultError([f"there is no ready plan {name[:60]!r}{hint}"])
    return found.faults
