"""All pages under `/uygulama`."""

from fastapi import APIRouter

from mockgov.counters.web_app import check, codes, entry, look, people, shell

router = APIRouter(include_in_schema=False)
for part in (shell, entry, codes, people, look, check):
    router.include_router(part.router)
