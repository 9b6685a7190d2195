"""A world in which every page of the console has something to show, and what its pages are."""

from datetime import timedelta

from mockgov.faults import Delay, Refuse
from mockgov.ministry import Ministry
from mockgov.queries.messages import Query
from mockgov.settings import Settings
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.worlds import Worlds
from tests.mockgov.road import QUICK, firm

BASE = "/console"
CONFIRMED, WAITING = "cinar1@hs02.kep.tr", "cinar2@hs02.kep.tr"
"""Registered addresses of two institutions: one has come through, one waits for the desk."""


def busy_worlds() -> Worlds:
    """Two worlds: a busy one, which is the default one, and another."""
    worlds = Worlds(settings=Settings(**QUICK))
    make_busy(worlds.make("default", seed=7, people=60))
    worlds.make("other", seed=8)
    return worlds


def make_busy(ministry: Ministry) -> None:
    """Letters, mail, text messages, applications, faults, and an hour of questions."""
    firm(ministry).to_confirmed()
    firm(ministry, 2, name="Atatürk İlkokulu ve Anadolu Lisesi Eğitim Kurumları A.Ş.").to_letter()
    firm(ministry, 3).report("Merhaba.", sender=EmailAddress.parse("soran@firma.example"))
    ministry.world.faults.replace((Refuse(share=0.05, retry_after_s=2), Delay(share=0.125, milliseconds=300)))
    codes = [ministry.codes.of(citizen.citizen_id)[0].text for citizen in ministry.registry.citizens(limit=60)]
    risky = [n for n in range(1, 61) if ministry.risky_now([n])]
    asked = [ministry.codes.of(n)[0].text for n in risky[:1]] + codes
    for nth in range(20):
        ministry.advance(ministry.world.now() + timedelta(minutes=1))
        who = ("ANADOLU-GIDA-G2G-HES", "ANADOLU-GIDA-TEST", "citizen:2", "institution:1/citizen:1")[nth % 4]
        questions = [Query(who, "single", code) for code in asked[: nth % 7 + 1]]
        ministry.queries.answer([*questions, Query(who, "single", "A0A0000010")])
