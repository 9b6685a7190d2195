"""The replay token: which fault struck which logical request, in one line that a header can carry.

`hes1.<seed>.<plan>.<fault>.<stage>.<asker>.<subject>.<nth>.<seal>`. Who asked and about what are keyed digests: they
tell the world again whom it meant, and nobody else anything. The seal is keyed too, so that a mistyped token and one of
another world are told from a good one.
"""

import hmac
import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from mockgov.faults.kinds import Stage
from mockgov.refusal import Refused
from mockgov.streams import Streams

FORM: Final = re.compile(
    r"hes1\.(?P<seed>\d{1,19})\.(?P<plan>[0-9a-f]{12})\.(?P<number>\d{1,3})\.(?P<stage>[a-z]{1,10})"
    r"\.(?P<asker>[0-9a-f]{8})\.(?P<subject>[0-9a-f]{24})\.(?P<nth>\d{1,12})\.(?P<seal>[0-9a-f]{8})"
)
ASKER_BYTES: Final = 4
SUBJECT_BYTES: Final = 12


class BadReplay(Refused):
    """A token that cannot be replayed here."""

    key = "badreplaytoken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a token says."""

    seed: int
    plan: str
    """The plan's digest."""
    number: int
    """The fault's place in the plan, from 1 on."""
    stage: Stage
    asker: str
    subject: str
    """Keyed digests."""
    nth: int
    """How often the asker had asked the same before."""


class Mint:
    """Makes and reads the tokens of one world."""

    def __init__(self, streams: Streams) -> None:
        self._seed = streams.seed
        self._key = streams.secret("fault.token")

    def asker(self, asker: str) -> str:
        """The digest of who asks."""
        return self._digest(b"asker", asker.encode("utf-8", "surrogatepass"), ASKER_BYTES)

    def subject(self, channel: str, route: str, asker: str, about: bytes) -> str:
        """The digest of a logical request: by which way who asks what."""
        head = f"{channel}\x00{route}\x00{asker}".encode("utf-8", "surrogatepass")
        return self._digest(b"subject", b"%d\x00%b%b" % (len(head), head, about), SUBJECT_BYTES)

    def write(self, token: Token) -> str:
        """The token's text."""
        claim = f"hes1.{token.seed}.{token.plan}.{token.number}.{token.stage}.{token.asker}.{token.subject}.{token.nth}"
        return f"{claim}.{self._digest(b'seal', claim.encode(), 4)}"

    def read(self, text: str) -> Token:
        """What a text says. Raises `BadReplay`."""
        found = FORM.fullmatch(text.strip())
        if found is None or found["stage"] not in set(Stage):
            raise BadReplay("That is no replay token. Copy the whole X-HES-Fault of the answer: it begins with hes1.")
        if int(found["seed"]) != self._seed:
            raise BadReplay(
                f"The token is of a world with seed {found['seed']}; this one has {self._seed}. "
                "Make a world with that seed, and give it the same plan."
            )
        claim, _, seal = text.strip().rpartition(".")
        if not hmac.compare_digest(seal, self._digest(b"seal", claim.encode(), 4)):
            raise BadReplay("The token is mistyped. Copy the whole X-HES-Fault of the answer.")
        return Token(
            seed=self._seed,
            plan=found["plan"],
            number=int(found["number"]),
            stage=Stage(found["stage"]),
            asker=found["asker"],
            subject=found["subject"],
            nth=int(found["nth"]),
        )

    def _digest(self, purpose: bytes, text: bytes, size: int) -> str:
        return blake2b(text, digest_size=size, key=self._key, person=b"hes-" + purpose).hexdigest()
