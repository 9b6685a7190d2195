"""What is printed of a failed test: which world it was, when, and what was said in it. Masked as everywhere."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from mockgov.clock import TURKEY

if TYPE_CHECKING:
    from mockgov.testing.exchange import Exchange
    from mockgov.testing.sandbox import Sandbox

SHOWN: Final = 20
"""Exchanges that are printed, the last ones."""
_CODE = re.compile(r"(?<![A-Z0-9])([A-Z][0-9])[A-Z][0-9]-?[0-9]{4}-?[0-9]{2}(?![A-Z0-9])")
_NUMBER = re.compile(r"\d{7,}(?=\d{3})")


def described(sandbox: "Sandbox") -> str:
    """A world in a few lines, with what makes it again."""
    world = sandbox.ministry.world
    return "\n".join(
        [
            f"world      {world.name} at {sandbox.url}, {sandbox.run(sandbox.ministry.registry.count)} people",
            f"the same   {sandbox.order}",
            f"clock      {_moment(sandbox.clock.start)}, moved to {_moment(world.now())}",
            *_faults(sandbox),
            *(_journal(sandbox) or lines(sandbox.exchanges)),
        ]
    )


def lines(exchanges: Sequence["Exchange"]) -> Iterator[str]:
    """The last exchanges, one a line."""
    left_out = max(0, len(exchanges) - SHOWN)
    yield f"exchanges  {len(exchanges)}" + (f", of which the last {SHOWN}:" if left_out else ":" if exchanges else "")
    for number, one in enumerate(exchanges[left_out:], start=left_out + 1):
        refusal = f" {one.refusal}" if one.refusal else ""
        wait = f" retry-after {one.answer.headers['retry-after']}" if "retry-after" in one.answer.headers else ""
        asked = f"{one.request.method} {masked(unquote(one.request.path))}"
        yield f"{number:9}  {one.at:%Y-%m-%dT%H:%M:%S}Z  {asked} -> {one.answer.status}{refusal}{wait}"


def masked(text: str) -> str:
    """The text without whole codes, and of long numbers the last three digits only."""
    return _NUMBER.sub(lambda found: "*" * len(found[0]), _CODE.sub(r"\1**-****-**", text))


def _journal(sandbox: "Sandbox") -> list[str]:
    """The same from the ministry's own journal, which has seen every protocol; nothing where it keeps none."""
    journal = getattr(sandbox.ministry, "journal", None)
    if journal is None:
        return []
    search = import_module("mockgov.journal.messages").Search()
    newest: Sequence[Any] = sandbox.run(lambda: journal.search(search, limit=SHOWN))
    return [
        f"{one.number:9}  {one.at:%Y-%m-%dT%H:%M:%S}Z  {one.protocol} {one.method} {masked(unquote(one.path))}"
        f" by {one.asker or 'nobody'} -> {one.status} {one.refusal} {one.fault}".rstrip()
        for one in sorted(newest, key=lambda one: one.number)
    ]


def _faults(sandbox: "Sandbox") -> Iterator[str]:
    faults = sandbox.ministry.world.faults.faults
    if faults:
        yield f"faults     {', '.join(map(repr, faults))}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(TURKEY):%Y-%m-%d %H:%M:%S} in Turkey"
