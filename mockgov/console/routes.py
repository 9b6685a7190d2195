"""All pages of the console, but for the evaluation desk and the phones, which were there before it."""

from fastapi import APIRouter

from mockgov.console.check import router as check
from mockgov.console.clock import router as clock
from mockgov.console.faults import router as faults
from mockgov.console.institutions import router as institutions
from mockgov.console.journal import router as journal
from mockgov.console.kep import router as kep
from mockgov.console.mail import router as mail
from mockgov.console.people import router as people
from mockgov.console.scripts import router as scripts
from mockgov.console.today import router as today
from mockgov.console.today import streams
from mockgov.console.worlds import router as worlds

router = APIRouter()
for part in (today, streams, people, check, mail, kep, institutions, clock, faults, journal, worlds, scripts):
    router.include_router(part)
