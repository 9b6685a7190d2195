"""Assertions on whole answers, kept as files beside the tests.

What differs from world to world is named instead of shown: the second code in an answer is `<code 2>` wherever it
stands, a moment is told from the world's clock (`<now+7d>`), passwords and tokens are never written down. So a
snapshot holds for every seed, and nothing in it can be taken for a person's.
"""

import difflib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from mockgov.clock import TURKEY
from mockgov.codes.rules import INDEFINITE
from mockgov.testing.exchange import Answer

HEADERS: Final = ("content-type", "location", "retry-after", "www-authenticate", "x-hes-fault")
"""Headers that belong to an answer; the others are the carrier's."""
FOLDER: Final = "snapshots"
NEAR: Final = timedelta(days=400)
"""Days further off than this are a person's own, such as a birth."""

NUMBERLESS: Final = frozenset({"masked phone", "masked number", "masked name", "day"})
"""What two people may have in common by chance, in one world and not in another."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?")
_DAY = re.compile(r"(?<![\d-])\d{4}-\d\d-\d\d(?![\dT-])")
_WORLD = re.compile(r"(?<=/w/)t\d+")
_NAMED: Final[Sequence[tuple[str, re.Pattern[str]]]] = (
    ("fault", re.compile(r"\bhes1(?:\.\w+){7,}")),
    ("token", re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")),
    ("uuid", re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")),
    ("digest", re.compile(r"\b[0-9a-f]{64,128}\b")),
    ("qr", re.compile(r"\b[0-9a-f]{32}\b")),
    ("masked phone", re.compile(r"\+90 5\*\* \*\*\* \*\* \d\d")),
    ("masked number", re.compile(r"\*{7,8}\d{3}")),
    ("masked name", re.compile(r"\b\w{1,2}\*{4}(?: \w{1,2}\*{4})*")),
    ("code", re.compile(r"(?<![A-Z0-9])[A-Z][0-9][A-Z][0-9]-?[0-9]{4}-?[0-9]{2}(?![A-Z0-9])")),
    ("phone", re.compile(r"(?<!\d)(?:\+?90|0)?5\d{9}(?!\d)")),
    ("identity number", re.compile(r"(?<!\d)[1-9]\d{10}(?!\d)")),
    ("tax number", re.compile(r"(?<!\d)\d{10}(?!\d)")),
)


class SnapshotError(AssertionError):
    """An answer that is not what was kept, or of which nothing was kept yet."""


class Names:
    """Gives what is one world's own a name, the same for the same thing; in the order in which things come."""

    def __init__(self, now: datetime, secrets: Iterable[str] = (), url: str = "") -> None:
        """`secrets` and the world's `url` are not shown at all."""
        self._now = now
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)
        self._url = url
        self._known: dict[tuple[str, str], str] = {}

    def plain(self, value: Any) -> Any:
        """A JSON value, every text in it named."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.plain(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(one) for one in value]
        return value

    def text(self, text: str) -> str:
        """A text, named."""
        for secret in self._secrets:
            text = text.replace(secret, "<secret>")
        if self._url:
            text = text.replace(self._url, "<ministry>")
        text = _MOMENT.sub(self._moment, _WORLD.sub("<world>", text))
        text = _DAY.sub(self._day, text)
        for kind, pattern in _NAMED:
            text = pattern.sub(lambda found, kind=kind: self._name(kind, found[0]), text)  # type: ignore[misc]
        return text

    def _name(self, kind: str, what: str) -> str:
        if kind in NUMBERLESS:
            return f"<{kind}>"
        same = what.replace("-", "") if kind == "code" else what[-10:] if kind == "phone" else what
        count = sum(known == kind for known, _ in self._known)
        return self._known.setdefault((kind, same), f"<{kind} {count + 1}>")

    def _moment(self, found: re.Match[str]) -> str:
        try:
            moment = datetime.fromisoformat(found[0])
        except ValueError:
            return found[0]
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        if moment == INDEFINITE:
            return "<indefinite>"
        return f"<now{_apart(moment - self._now)}>"

    def _day(self, found: re.Match[str]) -> str:
        try:
            day = date.fromisoformat(found[0])
        except ValueError:
            return found[0]
        apart = day - self._now.astimezone(TURKEY).date()
        return f"<today{_apart(apart)}>" if abs(apart) < NEAR else self._name("day", found[0])


def written(value: Any, names: Names) -> str:
    """What is kept of a value: JSON with sorted keys, or the text."""
    if isinstance(value, Answer):
        kept = {name: text for name, text in value.headers.items() if name in HEADERS}
        value = {"status": value.status, "headers": kept, "body": _body(value.body)}
    elif isinstance(value, bytes):
        value = _body(value)
    if isinstance(value, str):
        return names.text(value).rstrip("\n") + "\n"
    plain = json.loads(json.dumps(value, ensure_ascii=False, default=str))
    return json.dumps(names.plain(plain), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


class Snapshot:
    """What a test calls with an answer, a JSON value or a text."""

    def __init__(self, folder: Path, test: str, *, names: Callable[[], Names], update: bool) -> None:
        self._folder = folder
        self._test = re.sub(r"[^\w.-]+", "-", test).strip("-")
        self._names = names
        self._update = update

    def __call__(self, value: Any, name: str = "") -> None:
        """Compare with what was kept under `name`. Raises `SnapshotError`."""
        path = self._folder / f"{self._test}{name and '.'}{name}.snap"
        text = written(value, self._names())
        if self._update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            return
        where = f"{path.parent.name}/{path.name}"
        if not path.exists():
            raise SnapshotError(f"There is no snapshot {where} yet. Look at this, then run with --hes-update:\n{text}")
        kept = path.read_text(encoding="utf-8")
        if kept != text:
            apart = difflib.unified_diff(kept.splitlines(), text.splitlines(), "kept", "now", lineterm="")
            raise SnapshotError(f"{where} says otherwise; --hes-update keeps what is now:\n" + "\n".join(apart))


def _body(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _apart(apart: timedelta) -> str:
    """`+7d`, `-1d 02:30:00`, `+00:00:08.500`, or nothing."""
    if not apart:
        return ""
    sign, size = ("-", -apart) if apart < timedelta() else ("+", apart)
    rest = size - timedelta(days=size.days)
    clock = ""
    if rest:
        milliseconds = rest // timedelta(milliseconds=1)
        clock = f"{milliseconds // 3_600_000:02}:{milliseconds // 60_000 % 60:02}:{milliseconds // 1000 % 60:02}"
        clock += f".{milliseconds % 1000:03}" if milliseconds % 1000 else ""
    return sign + " ".join(part for part in (f"{size.days}d" if size.days else "", clock) if part)
