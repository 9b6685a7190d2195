"""Why somebody is, or is not, RISKY: back to the regulation and to the reports. Pure.

A report counts if the status would be another one without it. That is asked of the risk index's own rules, once for
each report, so that nothing of them is told twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

from mockgov.clock import TURKEY
from mockgov.explanation.chain import Step
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
    happened_at,
)
from mockgov.risk_index.regulations import NO_REGULATION, Regulation, Term, in_force
from mockgov.risk_index.rules import RiskInterval, RiskReason, standing_at, timeline
from mockgov.vocabulary.risk_status import RiskStatus

REASONS: Final = {
    RiskReason.POSITIVE: ("pozitif PCR testi", "a positive PCR test"),
    RiskReason.CONTACT: ("bir vakayla yakın temas", "close contact with a case"),
    RiskReason.ORDERED: ("yetkili makamın izolasyon kararı", "an isolation that an authority ordered"),
}
TERMS: Final = {
    "severe": ("ağır hastalık veya bağışıklık yetmezliği", "intensive care or a weak immune system"),
    "variant": ("kaygı verici varyant", "a variant of concern"),
    "exempted": ("muaf temaslının pozitif testi", "the positive test of an exempted contact"),
    "positive": ("pozitif test", "a positive test"),
    "contact": ("yakın temas", "close contact"),
}
"""Each term of a regulation, those first that go before others."""


def why(reports: Sequence[Report], at: datetime, regulations: Sequence[Regulation]) -> tuple[RiskStatus, list[Step]]:
    """The status at a moment by these reports, and its causes."""
    intervals = timeline(reports, regulations)
    standing = standing_at(intervals, at)
    if standing.interval is not None:
        return standing.status, list(_risky(reports, at, regulations, standing.interval))
    return standing.status, list(_riskless(reports, at, regulations, intervals))


def _risky(
    reports: Sequence[Report], at: datetime, regulations: Sequence[Regulation], interval: RiskInterval
) -> Iterator[Step]:
    tr, en = REASONS[interval.reason]
    begin, end = _said(interval.begins_at), _said(interval.ends_at)
    yield Step(
        rule="risk.interval",
        tr=f"Kişi {begin} ile {end} arasında izolasyonda: {tr}.",
        en=f"The person is in isolation from {begin} to {end}: {en}.",
        facts={
            "reason": interval.reason.value,
            "begins_at": interval.begins_at.isoformat(),
            "ends_at": interval.ends_at.isoformat(),
        },
    )
    row = next((one for one in regulations if one.name == interval.regulation), NO_REGULATION)
    yield _regulation(row, _term(reports, at, regulations, interval, row))
    causes = [one for one in reports if _status(_without(reports, one), at, regulations) is not RiskStatus.RISKY]
    causes = causes or [one for one in reports if _status([one], at, regulations) is RiskStatus.RISKY]
    for report in sorted(causes, key=happened_at):
        yield _report(report, "risk.report", "Bu bildirim olmasaydı", "Without this report, or one like it,")
    for report in reports:
        if report not in causes:
            other = standing_at(timeline(_without(reports, report), regulations), at).interval
            if other is not None and (other.begins_at, other.ends_at) != (interval.begins_at, interval.ends_at):
                yield _shaping(report, other)


def _riskless(
    reports: Sequence[Report], at: datetime, regulations: Sequence[Regulation], intervals: Sequence[RiskInterval]
) -> Iterator[Step]:
    if not reports:
        yield Step(
            rule="risk.nothing-reported",
            tr="Kişi hakkında hiçbir bildirim yok; bildirimi olmayan kişi riskli değildir.",
            en="Nothing has been reported of the person, and who was never reported is not risky.",
        )
        return
    shields = [one for one in reports if _status(_without(reports, one), at, regulations) is RiskStatus.RISKY]
    for report in shields:
        yield _report(
            report, "risk.protected", "Bu bildirim olmasaydı kişi riskli olurdu;", "It keeps the person riskless:"
        )
    over = [one for one in intervals if one.ends_at <= at]
    if over:
        last = over[-1]
        tr, en = REASONS[last.reason]
        yield Step(
            rule="risk.interval-over",
            tr=f"Son izolasyon ({tr}) {_said(last.ends_at)} anında bitti.",
            en=f"The last isolation ({en}) ended at {_said(last.ends_at)}.",
            facts={"reason": last.reason.value, "ends_at": last.ends_at.isoformat(), "regulation": last.regulation},
        )
        row = next((one for one in regulations if one.name == last.regulation), NO_REGULATION)
        yield _regulation(row, _term(reports, last.begins_at, regulations, last, row))
    if not shields and not over:
        row = in_force(at.astimezone(TURKEY).date(), regulations)
        yield Step(
            rule="risk.nothing-isolates",
            tr="Bildirimlerin hiçbiri, yürürlükteki kurala göre bu anda izolasyon gerektirmiyor.",
            en="By the rules in force, none of the reports asks for isolation at this moment.",
            facts={"reports": len(reports)},
        )
        yield _regulation(row, None)


def _term(
    reports: Sequence[Report],
    at: datetime,
    regulations: Sequence[Regulation],
    interval: RiskInterval,
    row: Regulation,
) -> str | None:
    """Which of a regulation's terms an isolation comes from: the one without which it would be another."""
    for name in TERMS:
        if getattr(row, name) is None:
            continue
        gone: dict[str, Any] = {name: None}
        others = [replace(one, **gone) if one.name == row.name else one for one in regulations]
        if standing_at(timeline(reports, others), at).interval != interval:
            return name
    return None


def _regulation(row: Regulation, term: str | None) -> Step:
    facts: dict[str, Any] = {"regulation": row.name, "in_force_from": row.in_force_from.isoformat()}
    tr = f"{row.name} tarihli kural uygulanır"
    en = f"The regulation of {row.name} governs it"
    if term is not None:
        limits: Term = getattr(row, term)
        facts |= {"term": term} | asdict(limits)
        tr += f" ({TERMS[term][0]}): {limits.days} gün"
        en += f" ({TERMS[term][1]}): {limits.days} days"
        if limits.test_from_day is not None:
            tr += f", {limits.test_from_day}. günden itibaren alınan negatif testle daha kısa"
            en += f", less with a negative sample from day {limits.test_from_day} on"
    return Step(rule="risk.regulation", tr=f"{tr}.", en=f"{en}.", facts=facts, source=row.source)


def _shaping(report: Report, other: RiskInterval) -> Step:
    tr, en, facts = _told(report)
    return Step(
        rule="risk.shaped",
        tr=f"{tr} Bu bildirim olmasaydı izolasyon {_said(other.ends_at)} anında biterdi.",
        en=f"{en} Without it the isolation would end at {_said(other.ends_at)}.",
        facts=facts | {"would_end_at": other.ends_at.isoformat()},
    )


def _report(report: Report, rule: str, tr_before: str, en_before: str) -> Step:
    tr, en, facts = _told(report)
    after = (" kişi riskli olmazdı: ", " the person would not be risky: ") if rule == "risk.report" else (" ", " ")
    return Step(rule=rule, tr=f"{tr_before}{after[0]}{tr}", en=f"{en_before}{after[1]}{en}", facts=facts)


def _told(report: Report) -> tuple[str, str, dict[str, Any]]:
    """A report in words, and as it was filed."""
    at = _said(happened_at(report))
    facts = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(report).items()
        if value is not None
    }
    facts["kind"] = KINDS[type(report)]
    if isinstance(report, PcrReport):
        result = ("pozitif", "positive") if report.positive else ("negatif", "negative")
        return f"{at} örneği PCR {result[0]}.", f"PCR of the sample of {at}, {result[1]}.", facts
    if isinstance(report, ContactReport):
        return f"{at} tarihinde son temas.", f"Last contact at {at}.", facts
    if isinstance(report, VaccineReport):
        return f"{at} tarihinde {report.dose}. doz aşı.", f"Dose {report.dose} given at {at}.", facts
    if isinstance(report, IsolationReport):
        return f"{at} tarihinden itibaren izolasyon kararı.", f"Isolation ordered from {at}.", facts
    return f"{at} tarihli hekim notu.", f"A physician's note of {at}.", facts


KINDS: Final = {
    PcrReport: "pcr",
    ContactReport: "contact",
    VaccineReport: "vaccine",
    ClinicalReport: "clinical",
    IsolationReport: "isolation",
}


def _status(reports: Sequence[Report], at: datetime, regulations: Sequence[Regulation]) -> RiskStatus:
    return standing_at(timeline(reports, regulations), at).status


def _without(reports: Sequence[Report], one: Report) -> list[Report]:
    return [report for report in reports if report is not one]


def _said(moment: datetime) -> str:
    """A moment in Turkey's time."""
    return f"{moment.astimezone(TURKEY):%Y-%m-%d %H:%M}"
