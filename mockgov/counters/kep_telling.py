"""The evidence of a letter in the order in which an account gets to see it, as well as the plan of faults lets it."""

from collections.abc import Mapping, Sequence

from mockgov.counters.misbehaving import HEADER
from mockgov.faults.kinds import Channel
from mockgov.faults.plan import FaultPlan
from mockgov.kep.evidence_types import Evidence
from mockgov.kep.service import Kep
from mockgov.vocabulary.kep_address import KepAddress


def evidence_told(
    kep: Kep, faults: FaultPlan, letter_id: int, of: KepAddress
) -> tuple[Sequence[Evidence], Mapping[str, str]]:
    """A letter's evidence by time; what a fault strikes is in it twice, or behind the next. Raises `UnknownLetter`.

    With it come the headers of the answer: the replay tokens of what was struck.
    """
    found = kep.evidence_of(letter_id, of=of)
    if not faults.faults:
        return found, {}
    letter = kep.letter(letter_id).letter
    line: list[tuple[float, Evidence]] = []
    tokens: list[str] = []
    for nth, one in enumerate(found):
        about = f"{letter.sender.address} {letter.message_id} {one.type} {one.positive} {one.nth}"
        visit = faults.told(Channel.KEP, of.address, about)
        tokens += [strike.token for strike in visit.strikes]
        line += [(nth + 1.5 if visit.hold_s else nth, one)] * (1 + visit.copies)
    headers = {HEADER.decode(): ", ".join(tokens)} if tokens else {}
    return [one for _, one in sorted(line, key=lambda entry: entry[0])], headers
