# ruff: noqa: D103  a route's name and address say what it is
"""Today in this world: figures, charts, and what is due; live where scripts run."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple, cast

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from markupsafe import Markup

from mockgov.clock import TURKEY
from mockgov.console import chart
from mockgov.console.figures import MOST_CODES, Figures, Minute
from mockgov.console.frame import BASE, FRAME, ROUTE
from mockgov.console.live import ENDLESS_KEY, LIVE_KEY, Live, TooManyWatchersError
from mockgov.counters.context import Here
from mockgov.pages.language import Language, language_of

OUTCOMES: Final = (
    ("Riskli değil", "Not risky"),
    ("Riskli", "Risky"),
    ("Bulunamadı", "Not found"),
    ("Süresi dolmuş", "Expired"),
)
"""In the order of `Outcome`."""
CHANNELS: Final = (
    ("Kurum, canlı", "Institution, live"),
    ("Kurum, test", "Institution, test"),
    ("Kurum yetkilisi, e-Devlet", "Manager, e-Devlet"),
    ("Kişi", "Person"),
)
"""In the order of `Channel`."""
SERVICES: Final[Mapping[str, tuple[str, str]]] = {
    "kep": ("KEP iletileri", "Registered letters"),
    "mail": ("E-postalar", "Mail"),
    "sms": ("SMS", "Text messages"),
    "onboarding": ("Kurum başvuruları", "Institutions' applications"),
    "kvkk": ("KVKK başvuruları ve silme süreleri", "Data protection: answers and erasure"),
    "informing": ("Geri çağrılarla bildirilecek değişiklikler", "Changes to be told by callbacks"),
    "callbacks": ("Geri çağrılar", "Callbacks"),
    "script": ("Sihirli kişilere olacaklar", "What happens to magic people"),
}
"""What waits in each service, by its name."""
RETRY_MS: Final = 1_000
"""How long a browser waits before it asks for a stream that has ended again."""

router = APIRouter(include_in_schema=False, route_class=ROUTE)
streams = APIRouter(include_in_schema=False)


class Drawn(NamedTuple):
    """A chart with what stands beside it."""

    name: str
    title: str
    svg: Markup
    top: int
    legend: Sequence[tuple[str, int]]


async def live_of(request: Request) -> Any:
    """The watchers of this server."""
    return request.scope[LIVE_KEY]


Watchers = Annotated[Any, Depends(live_of)]


@router.get(BASE)
async def today(request: Request, ministry: Here, live: Watchers) -> Response:
    figures = cast("Live", live).read(ministry)
    return FRAME.page(request, "today.html", **_words(figures, language_of(request.query_params)))


async def watching(request: Request, ministry: Here, live: Watchers) -> AsyncIterator[AsyncIterator[Figures]]:
    """The readings of this world for as long as the request is open."""
    try:
        with cast("Live", live).watching(ministry.world.name) as readings:
            request.scope[ENDLESS_KEY] = True
            yield readings
    except TooManyWatchersError:
        detail = "Too many pages are live on this server. Close some, or load this one again by hand."
        raise HTTPException(503, detail, {"retry-after": "10"}) from None


@streams.get(f"{BASE}/live", response_class=EventSourceResponse)
async def live_figures(
    request: Request, readings: Annotated[AsyncIterator[Figures], Depends(watching)]
) -> AsyncIterator[ServerSentEvent]:
    language = language_of(request.query_params)
    shown: dict[str, str] = {}
    yield ServerSentEvent(retry=RETRY_MS, comment="today")
    async for figures in readings:
        for name, html in parts(figures, language):
            if shown.get(name) != html:
                shown[name] = html
                yield ServerSentEvent(event=name, raw_data=html)


def parts(figures: Figures, language: Language) -> Iterator[tuple[str, str]]:
    """Each part of the page that changes, as HTML: the events of the stream."""
    words = _words(figures, language)
    for name in ("figures", "charts", "due", "minutes"):
        yield name, FRAME.part(f"today_{name}.html", language, **words)


def _words(figures: Figures, language: Language) -> Mapping[str, Any]:
    minutes = figures.minutes
    return {
        "figures": figures,
        "codes_end": figures.stock.codes >= MOST_CODES,
        "charts": [
            _drawn(
                "outcome",
                language.say("Yanıta göre dakikada sorgu", "Queries a minute by answer"),
                [minute.outcomes for minute in minutes],
                [language.say(*words) for words in OUTCOMES],
                figures.by_outcome(),
            ),
            _drawn(
                "channel",
                language.say("Kanala göre dakikada sorgu", "Queries a minute by channel"),
                [minute.channels for minute in minutes],
                [language.say(*words) for words in CHANNELS],
                figures.by_channel(),
            ),
        ],
        "begins": _clock(minutes[0]),
        "middle": _clock(minutes[len(minutes) // 2]),
        "ends": _clock(minutes[-1]),
        "outcomes": [language.say(*words) for words in OUTCOMES],
        "channels": [language.say(*words) for words in CHANNELS],
        "busy": [(_clock(minute), minute) for minute in reversed(minutes) if minute.questions],
        "due": [(language.say(*SERVICES.get(name, (name, name))), moment) for name, moment in figures.due],
        "now": figures.now,
        "silent": figures.callbacks,
    }


def _drawn(name: str, title: str, stacks: Sequence[Sequence[int]], labels: Sequence[str], sums: Sequence[int]) -> Drawn:
    legend = list(zip(labels, sums, strict=True))
    said = ", ".join(f"{label} {count}" for label, count in legend)
    top = chart.ceiling(max(sum(stack) for stack in stacks))
    return Drawn(name, title, chart.columns(stacks, f"{title}: {said}"), top, legend)


def _clock(minute: Minute) -> str:
    return f"{minute.at.astimezone(TURKEY):%H:%M}"
