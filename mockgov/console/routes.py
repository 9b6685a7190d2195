"""All pages of the console, but for the evaluation desk and the phones, which were there before it."""

from fastapi import APIRouter

from mockgov.console.scripts import router as scripts
from mockgov.console.today import router as today
from mockgov.console.today import streams

router = APIRouter()
for part in (today, streams, scripts):
    router.include_router(part)
