"""All pages of the console, but for the evaluation desk and the phones, which were there before it."""

from fastapi import APIRouter

from mockgov.console.check import router as check
from mockgov.console.people import router as people
from mockgov.console.scripts import router as scripts
from mockgov.console.today import router as today
from mockgov.console.today import streams

router = APIRouter()
for part in (today, streams, people, check, scripts):
    router.include_router(part)
