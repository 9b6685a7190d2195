"""One citizen asks about another's code."""

from mockgov.counters.reading import read_code
from mockgov.ministry import Ministry
from mockgov.queries.messages import Answer, Query
from mockgov.queries.rules import CodeProblem, Purpose
from mockgov.refusal import Unavailable
from mockgov.registry.rules import Citizen

ASKER = "citizen:"
"""What stands before the number of a citizen who asks."""


async def checked(text: str, citizen: Citizen, ministry: Ministry, purpose: Purpose, *, plus: bool) -> Answer:
    """What the ministry says of a code. Raises `CodeProblem`, and `Unavailable` where no trail can be kept."""
    code = read_code(text, lenient=ministry.world.settings.lenient_codes)
    query = Query(f"{ASKER}{citizen.citizen_id}", purpose, code, plus)
    try:
        answer = (await ministry.batch.ask([query]))[0]
    except Exception as error:
        raise Unavailable("The question could not be kept, and is not answered; ask again later.") from error
    if answer.error is not None:
        raise CodeProblem(answer.error, expires_us=answer.expires_us or None)
    return answer
