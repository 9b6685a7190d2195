"""One client or sixty-four, threads or tasks, in process or over sockets: the same faults strike the same questions."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx2
import pytest

from mockgov.faults import Misstate, Refuse
from mockgov.testing.order import Order
from mockgov.testing.sandbox import Sandbox
from mockgov.testing.templates import templates

CODES, TIMES = 40, 3
Story = Mapping[str, Sequence[tuple[int, str]]]
"""What was answered about each code, in order."""


def told(world: Sandbox, code: str) -> list[tuple[int, str]]:
    """What one client is answered who asks a few times, one after the other."""
    pair = world.pair("İĞDIR-TURNİKE")
    body = {"hes_code": code}
    answers = [world.http.post(pair.base + "check-hes-code", json=body, auth=pair.auth) for _ in range(TIMES)]
    return [(answer.status, answer.text) for answer in answers]


def story(clients: int, *, server: bool = False) -> Story:
    """The answers to as many clients at a time."""
    with templates(server=server).sandbox(Order(seed=5, people=8)) as world:
        world.institution("İĞDIR-TURNİKE")
        codes = [world.code(world.people[nth % 8]).text for nth in range(CODES)]
        world.plan(Refuse(share=0.3, status=503, retry_after_s=1), Misstate(share=0.2))
        with ThreadPoolExecutor(clients) as threads:
            return dict(zip(codes, threads.map(partial(told, world), codes), strict=True))


def awaited_story() -> Story:
    """The same from sixty-four tasks of one loop, through httpx."""
    with templates().sandbox(Order(seed=5, people=8)) as world:
        world.institution("İĞDIR-TURNİKE")
        pair = world.pair("İĞDIR-TURNİKE")
        codes = [world.code(world.people[nth % 8]).text for nth in range(CODES)]
        world.plan(Refuse(share=0.3, status=503, retry_after_s=1), Misstate(share=0.2))
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)

        async def one(client: httpx2.AsyncClient, code: str) -> None:
            for _ in range(TIMES):
                answer = await client.post(pair.base + "check-hes-code", json={"hes_code": code}, auth=pair.auth)
                found[code].append((answer.status_code, answer.text))

        async def everybody() -> None:
            async with httpx2.AsyncClient(transport=world.transport, base_url=world.url) as client:
                await asyncio.gather(*(one(client, code) for code in codes))

        asyncio.run(everybody())
        return found


@pytest.fixture(scope="module")
def alone() -> Story:
    """What a single client is told."""
    return story(1)


def test_faults_strike_some(alone: Story) -> None:
    """Else nothing would be shown here."""
    statuses = [status for answers in alone.values() for status, _ in answers]
    assert 20 < statuses.count(503) < 60
    assert len(alone) == CODES


@pytest.mark.parametrize("clients", [7, 64])
def test_threads_change_nothing(alone: Story, clients: int) -> None:
    """Whoever comes first."""
    assert story(clients) == alone


def test_tasks_change_nothing(alone: Story) -> None:
    """In whichever batches questions are answered."""
    assert awaited_story() == alone


@pytest.mark.parametrize("clients", [1, 64])
def test_sockets_change_nothing(alone: Story, clients: int) -> None:
    """A real server answers as the application does in process."""
    assert story(clients, server=True) == alone
