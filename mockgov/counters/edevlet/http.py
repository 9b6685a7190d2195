"""All pages of the counter."""

from fastapi import APIRouter

from mockgov.counters.edevlet import codes, entrance, groups, single

router = APIRouter()
for pages in (entrance, single, codes, groups):
    router.include_router(pages.router)
