"""Reads an exchange's answer: what was said of which code, which findings a refusal names, and its own words."""

import json
import re
from typing import Any

from mockgov.explanation.chain import Step
from mockgov.journal.messages import Exchange

_TEXT = re.compile(r"<hataaciklama[^>]*>([^<]+)<")


def asked_in(exchange: Exchange) -> Any:
    """The body that was sent, where it was JSON; else None."""
    return _loaded(exchange.request.body)


def answers_in(exchange: Exchange) -> dict[str, str]:
    """RISKY, RISKLESS or an error key by code; empty for an answer about no code."""
    read = _read(exchange)
    if not isinstance(read, dict):
        return {}
    if "success_map" in read and "unsuccess_map" in read:
        good = {text: str(one.get("current_health_status", "")) for text, one in read["success_map"].items()}
        return good | {text: str(key) for text, key in read["unsuccess_map"].items()}
    status = read.get("current_health_status")
    return {exchange.subjects[0]: str(status)} if status and exchange.subjects else {}


def said_in(exchange: Exchange) -> str:
    """What the answer itself says of a refusal, in quotation marks: the wire has one language of its own."""
    return " ".join(f"“{part.strip()}”" for part in _said_in(exchange) if part.strip())


def _said_in(exchange: Exchange) -> list[str]:
    read = _read(exchange)
    if isinstance(read, dict):
        return [str(read[name]) for name in ("title", "detail") if read.get(name)]
    told = _TEXT.search(exchange.response.body)
    if told:
        return [told[1]]
    return [exchange.response.body[:300]] if exchange.protocol.endswith("smtp") else []


def findings_in(exchange: Exchange) -> list[Step]:
    """The rules by which an application or letter was refused, with their sources."""
    read = _read(exchange)
    findings = read.get("findings") if isinstance(read, dict) else None
    return [
        Step(rule=str(one["rule"]), tr=str(one["tr"]), en=str(one["en"]), source=str(one["source"]))
        for one in findings or ()
        if isinstance(one, dict) and {"rule", "tr", "en", "source"} <= set(one)
    ]


def _read(exchange: Exchange) -> Any:
    return _loaded(exchange.response.body)


def _loaded(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
