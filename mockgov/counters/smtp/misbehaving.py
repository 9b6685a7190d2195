"""How a mail door misbehaves when a plan says so: it puts off, waits, hangs up, or stammers."""

import asyncio
from typing import Final, NamedTuple

from mockgov.counters.smtp.connection import Connection
from mockgov.faults.course import Course
from mockgov.faults.kinds import Greylist, Stage
from mockgov.faults.plan import FaultPlan, Visit

TOO_FAST: Final = "451 4.7.1 Too much at a time; try again later"
NOT_NOW: Final = "451 4.3.2 Not taking mail just now; try again later"


def tokened(answer: str, tokens: str) -> str:
    """An answer with the replay tokens of what made it so."""
    return f"{answer} (X-HES-Fault: {tokens})"


async def before_work(connection: Connection, visit: Visit) -> str | None:
    """Wait and refuse as the faults upon a command have it; None: go on. Raises ConnectionResetError for a cut."""
    course = visit.course(Stage.COUNTER)
    await asyncio.sleep(course.wait_ms / 1000)
    if course.is_cut:
        connection.hang_up(resets=course.resets, tokens=visit.tokens(Stage.COUNTER))
    return _refusal(course, visit.tokens(Stage.COUNTER))


async def after_work(connection: Connection, visit: Visit, answer: str) -> str:
    """The answer to a command that has been carried out, as the faults upon it have it.

    What is to leave otherwise than in one piece is left with the connection. Raises ConnectionResetError for a cut.
    """
    course = visit.course(Stage.ANSWER)
    await asyncio.sleep(course.wait_ms / 1000)
    if course.is_cut:
        connection.hang_up(resets=course.resets, tokens=visit.tokens())
    if course.is_crooked:
        connection.course = course
    return _refusal(course, visit.tokens()) or (tokened(answer, visit.tokens()) if visit.strikes else answer)


class PutOff(NamedTuple):
    """How a pair of sender and recipient is greylisted."""

    seconds: int
    """From its first knock on; 0 if it is not."""
    is_again: bool
    """Whether this knock is to be put off as the first one was."""
    token: str


def greylisting(faults: FaultPlan, sender: str, recipient: str) -> PutOff:
    """How the plan greylists a pair of sender and recipient."""
    visit = faults.greylisted(sender, recipient)
    seconds = max((one.fault.wait_s for one in visit.strikes if isinstance(one.fault, Greylist)), default=0)
    return PutOff(seconds, visit.is_again, visit.tokens())


def _refusal(course: Course, tokens: str) -> str | None:
    if course.refusal is None:
        return None
    return tokened(TOO_FAST if course.refusal.status == 429 else NOT_NOW, tokens)
