"""Use-cases of the script: write a line, let it happen when it is due, note who plays a part."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from mockgov.bus import Tell
from mockgov.clock import Now, from_us, to_us
from mockgov.refusal import Refused
from mockgov.script.messages import CastPart, LinePlayed, LineRefused, PartCast, WriteLine
from mockgov.script.rules import Line, Part, PartTaken, UnknownDeed, check_moment
from mockgov.script.store import ScriptStore

Deed = Callable[[str], None]
"""Does what a line says; raises `Refused` where that is not possible any more."""


class Script:
    """The script of one world."""

    def __init__(
        self,
        *,
        store: ScriptStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        deeds: Mapping[str, Deed],
    ) -> None:
        self._store = store
        self._now = now
        self._tell = tell
        self._transaction = transaction
        self._deeds = deeds

    def write(self, order: WriteLine) -> Line:
        """Let something happen later. Raises `UnknownDeed`, `LineInThePast`."""
        if order.deed not in self._deeds:
            raise UnknownDeed(f"Nothing is called {order.deed} here; deeds are {', '.join(sorted(self._deeds))}.")
        check_moment(order.due_at, self._now())
        with self._transaction():
            return self._store.add(Line(number=0, due_at=order.due_at, deed=order.deed, what=order.what))

    def cast(self, order: CastPart) -> Part:
        """Note who plays a part. Raises `PartTaken`."""
        if order.scenario in self.parts():
            raise PartTaken(f"Somebody plays {order.scenario} already; GET /_lab/magic says who.")
        part = Part(scenario=order.scenario, cast_at=self._now(), props=order.props)
        with self._transaction():
            self._store.put_part(part)
            self._tell(PartCast(scenario=order.scenario))
        return part

    def parts(self) -> Mapping[str, Part]:
        """The parts that are played, by scenario, in the order of their casting."""
        return {part.scenario: part for part in self._store.parts()}

    def waiting(self) -> Sequence[Line]:
        """What is still to happen, in order."""
        return self._store.waiting()

    def next_due(self) -> datetime | None:
        """When the next line is due."""
        due_us = self._store.first_due_us()
        return None if due_us is None else from_us(due_us)

    def run_due(self) -> None:
        """Let every line happen that is due by now, in order, each with its striking off or not at all."""
        for line in self._store.waiting(until_us=to_us(self._now())):
            with self._transaction():
                self._store.drop(line.number)
                try:
                    self._deeds[line.deed](line.what)
                except Refused as refused:
                    self._tell(LineRefused(deed=line.deed, due_at=line.due_at, why=refused.key))
                else:
                    self._tell(LinePlayed(deed=line.deed, due_at=line.due_at))
