"""Doors that are built when they open."""

import asyncio
import socket

import pytest

from mockgov.counters.doors import all_doors
from mockgov.counters.smpp.door import SmppDoor
from mockgov.counters.smtp.kep import KepDoor
from mockgov.counters.smtp.mail import SmtpDoor
from tests.doors import Opened, Twins


def test_they_go_by_the_names_of_the_doors_that_they_become() -> None:
    assert [door.name for door in all_doors()] == [SmtpDoor.name, KepDoor.name, SmppDoor.name]
    assert [door.name for door in all_doors()] == ["smtp", "kep-smtp", "smpp"]


@pytest.mark.parametrize("nth", [0, 1])
def test_a_mail_door_opens(nth: int) -> None:
    """Who knocks at an opened one is greeted, and whoever is there is told when it closes."""
    with Opened(all_doors()[nth], Twins()) as opened:
        client = socket.create_connection(opened.address, timeout=5)
        assert client.recv(100).startswith(b"220 localhost ESMTP")
    assert client.recv(100).startswith(b"421 4.3.2")
    client.close()


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_one_that_never_opened_closes(nth: int) -> None:
    """A server that ends before its doors are open ends in order."""
    asyncio.run(all_doors()[nth].close())
