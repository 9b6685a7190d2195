"""How faithful the sandbox is: the tables of every service's and counter's docstring, as JSON and as a page.

Nothing is said here that a package does not say of itself: a package is found by its table, and read from its
docstring when somebody asks.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final

from fastapi import APIRouter, Request, Response
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

import mockgov
import mockgov.counters
from mockgov.lab.fidelity_names import NAMES
from mockgov.pages.frame import Frame

HEAD: Final = "| part | fidelity |\n|---|---|\n"
LEVELS: Final[Mapping[str, tuple[str, str]]] = {
    "faithful": ("aslına uygun", "as the real service is, or its sources say"),
    "simplified": ("sadeleştirilmiş", "the same in substance, with less in it"),
    "chosen here": ("burada seçildi", "the sources are silent, so the sandbox decides"),
    "absent": ("burada yok", "what the row names does not exist here"),
}
"""The four words with their Turkish, and what each means."""
LEVELS_IN_TURKISH: Final[Mapping[str, str]] = {
    "faithful": "gerçek servis ya da kaynakları nasılsa öyle",
    "simplified": "özü aynı, ayrıntısı az",
    "chosen here": "kaynaklar susuyor, kararı deneme ortamı verdi",
    "absent": "satırda adı geçen, bu deneme ortamında bulunmaz",
}
_CELL: Final = re.compile(r"(?<!\\)\|")
PAGE: Final = "/_lab/fidelity.html"
FRAME: Final = Frame(Path(__file__).parent, PAGE, style="fidelity.css")

router = APIRouter(prefix="/_lab", tags=["Lab (the sandbox's own controls)"])


class PartShown(TypedDict):
    """A part of a service or counter."""

    part: str
    fidelity: str
    """`faithful`, `simplified`, `chosen here` or `absent`."""
    note: str
    """What else its table says: the source, or what exactly."""


class PackageShown(TypedDict):
    """A service or counter."""

    package: str
    kind: str
    """`service` or `counter`."""
    mimics: str
    """The first sentence of its docstring."""
    parts: list[PartShown]


class FidelityShown(TypedDict):
    """All tables, and how many parts have each word."""

    counts: dict[str, int]
    packages: list[PackageShown]


@router.get("/fidelity", summary="How faithful each service and counter is: all their tables")
async def fidelity() -> FidelityShown:
    """Tell it as JSON; the same as a page is `/_lab/fidelity.html`."""
    return {"counts": counts(), "packages": list(tables())}


@router.get("/fidelity.html", include_in_schema=False)
async def fidelity_page(request: Request) -> Response:
    """Tell it as a page, in Turkish or with `?lang=en`."""
    return FRAME.page(
        request,
        "fidelity.html",
        packages=tables(),
        counts=counts(),
        levels=LEVELS,
        levels_tr=LEVELS_IN_TURKISH,
        names=NAMES,
        json="/_lab/fidelity",
    )


def counts() -> dict[str, int]:
    """How many parts have each of the four words."""
    found = Counter(part["fidelity"] for one in tables() for part in one["parts"])
    return {level: found[level] for level in LEVELS}


@cache
def tables() -> Sequence[PackageShown]:
    """Every package that has a table, services first, by name."""
    return tuple(_found())


def _found() -> Iterator[PackageShown]:
    for kind, parent in (("service", mockgov), ("counter", mockgov.counters)):
        for module in iter_modules(parent.__path__):
            docstring = import_module(f"{parent.__name__}.{module.name}").__doc__ or "" if module.ispkg else ""
            if HEAD in docstring:
                yield {
                    "package": module.name,
                    "kind": kind,
                    "mimics": " ".join(docstring.split("\n\n")[0].split()),
                    "parts": list(_parts(docstring)),
                }


def _parts(docstring: str) -> Iterator[PartShown]:
    """The rows of a docstring's table."""
    for row in docstring.partition(HEAD)[2].split("\n\n")[0].splitlines():
        _, part, told, _ = (cell.strip().replace(r"\|", "|") for cell in _CELL.split(row))
        level = next(level for level in LEVELS if told.startswith(level))
        note = told.removeprefix(level).strip(" ,:;")
        yield {
            "part": part,
            "fidelity": level,
            "note": note.removeprefix("(").removesuffix(")") if note[:1] == "(" else note,
        }
