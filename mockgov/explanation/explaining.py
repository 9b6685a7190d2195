"""Explains an exchange, a code, or how a citizen stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from mockgov.codes.rules import Code, CodeState
from mockgov.codes.service import Codes
from mockgov.credentials.service import Credentials
from mockgov.explanation import code as codes_words
from mockgov.explanation.answers import answers_in, findings_in, said_in
from mockgov.explanation.chain import Check, Explanation, Nearest, Step
from mockgov.explanation.doors import door
from mockgov.explanation.refusals import Words, words_of
from mockgov.explanation.risk import why
from mockgov.journal.messages import Exchange
from mockgov.journal.service import Journal
from mockgov.queries.rules import EXPIRED, NOT_FOUND
from mockgov.refusal import Refused
from mockgov.registry.service import Registry
from mockgov.risk_index.service import RiskIndex
from mockgov.settings import Settings
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.hes_code import compact
from mockgov.vocabulary.risk_status import RiskStatus
from mockgov.world import World

SHOWN: Final = 20
"""Codes of a bulk answer that are explained, unless one is named."""


class NothingToExplain(Refused):
    """A question that names nothing, or too much."""

    key = "nothingtoexplain"


class Offices(Protocol):
    """Whom the explanation asks; `Ministry` has them all."""

    world: World
    codes: Codes
    credentials: Credentials
    journal: Journal
    registry: Registry
    risk_index: RiskIndex


class Explaining:
    """The explanations of one world."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices

    @property
    def _settings(self) -> Settings:
        return self._offices.world.settings

    def explain(
        self, *, exchange: int | None = None, code: str | None = None, citizen: int | None = None
    ) -> Explanation:
        """Why it was answered so; `code` beside `exchange` picks one out of many.

        Raises `NothingToExplain`, `UnknownExchange`, `UnknownCitizen`.
        """
        if exchange is not None and citizen is None:
            return self._exchange(self._offices.journal.exchange(exchange), code)
        now = self._offices.world.now()
        if code is not None and citizen is None and exchange is None:
            return self._code(code, now)
        if citizen is not None and code is None and exchange is None:
            return self._citizen(self._offices.registry.citizen(citizen).citizen_id, now)
        raise NothingToExplain("Give `exchange`, `code` or `citizen`; `code` may stand beside `exchange`.")

    # A person, a code

    def _citizen(self, citizen_id: int, at: datetime) -> Explanation:
        status, steps = self._why(citizen_id, at)
        died = self._offices.registry.died_on(citizen_id)
        return _of_status(status, steps if died is None else [codes_words.death(died), *steps])

    def _became(self, text: str, at: datetime) -> tuple[str, list[Step], Code | None]:
        return codes_words.became(self._offices.codes, text, at, self._offices.registry.died_on)

    def _code(self, text: str, at: datetime) -> Explanation:
        checks = codes_words.checks(text)
        state, steps, code = self._became(text, at)
        good = checks[-1].passed and state == CodeState.ACTIVE
        if code is not None and state == CodeState.ACTIVE and code.citizen_id:
            status, more = self._why(code.citizen_id, at)
            explained = _of_status(status, steps + more)
            return Explanation(
                verdict=explained.verdict, tr=explained.tr, en=explained.en, chain=explained.chain, checks=checks
            )
        if checks[-1].passed:
            checks.append(
                Check(rule="code.active", passed=good, tr="Kod geçerli olmalı.", en="The code must be active.")
            )
        key = EXPIRED if state == CodeState.EXPIRED else NOT_FOUND
        words = words_of(key)
        assert words is not None
        words = words.demand if _is_over(steps) else words
        return Explanation(
            verdict=key, tr=words.tr, en=words.en, chain=steps, checks=checks, nearest=self._better(text, at)
        )

    def _why(self, citizen_id: int, at: datetime) -> tuple[RiskStatus, list[Step]]:
        index = self._offices.risk_index
        return why(index.history(citizen_id).reports, at, index.regulations)

    def _better(self, text: str, at: datetime, exchange: Exchange | None = None) -> Nearest:
        """The same question with a code that is good."""
        _, steps, code = self._became(text, at)
        other = None if code is None else codes_words.another_of(self._offices.codes, code, at)
        wanted = other.text if other is not None else next(iter(codes_words.near(self._offices.codes, text)), None)
        body: Any = None if wanted is None else {"hes_code": wanted}
        if exchange is not None and exchange.operation in ("C4", "C6") and body is not None:
            body = [body]
        tr, en = "Aynı istek, geçerli bir kodla.", "The same request with a valid code."
        if _is_over(steps):
            tr = "Ölen kişinin geçen kodu yoktur: aynı istek, /_lab/people içindeki başka birinin geçerli koduyla."
            en = "No code of the dead passes: the same request with a valid code of somebody else in /_lab/people."
        elif wanted is None:
            tr, en = (
                "Aynı istek, /_lab/people içindeki geçerli bir kodla.",
                "The same request with a valid code of /_lab/people.",
            )
        return Nearest(
            tr=tr,
            en=en,
            method="" if exchange is None else exchange.method,
            path="" if exchange is None else exchange.path,
            body=body,
        )

    # An exchange

    def _exchange(self, exchange: Exchange, code: str | None) -> Explanation:
        before = _fault(exchange)
        answers = answers_in(exchange)
        if code is not None:
            clean = _clean(code)
            answers = {text: one for text, one in answers.items() if text == clean}
            if not answers:
                raise NothingToExplain(f"Exchange {exchange.number} was not asked about this code.")
        if answers and exchange.status == 200:
            return self._answered(exchange, answers, before)
        if exchange.refusal in (NOT_FOUND, EXPIRED) and exchange.subjects:
            return self._refused_code(exchange, before)
        if exchange.cause:
            return door(exchange, self._offices.credentials, before)
        if exchange.refusal or exchange.status >= 400:
            return self._refused(exchange, before)
        return Explanation(
            verdict="answered",
            tr="Geri çevrilmedi; risk yanıtı da değil.",
            en="It was not refused, and is no answer about a risk either.",
            chain=before,
        )

    def _answered(self, exchange: Exchange, answers: Mapping[str, str], before: list[Step]) -> Explanation:
        """An answer about codes: of each what came of it, and why."""
        chain = list(before)
        interesting = {text: said for text, said in answers.items() if said != RiskStatus.RISKLESS.value}
        chosen = list((interesting or answers).items())[:SHOWN]
        nearest: Nearest | None = None
        for text, said in chosen:
            chain.append(
                Step(
                    rule="answer",
                    tr=f"{text}: {said}.",
                    en=f"{text}: {said}.",
                    facts={"code": text, "answer": said, "asked_at": exchange.at.isoformat()},
                )
            )
            _, steps, code = self._became(text, exchange.at)
            chain += steps
            if said in (RiskStatus.RISKY, RiskStatus.RISKLESS) and code is not None and code.citizen_id:
                chain += self._standing(exchange, code.citizen_id, said)
            elif nearest is None:
                nearest = self._better(text, exchange.at, exchange)
        verdicts = {said for _, said in chosen}
        verdict = verdicts.pop() if len(verdicts) == 1 else "answered"
        count = len(answers)
        return Explanation(
            verdict=verdict,
            tr=f"{count} kod soruldu; açıklanan: {len(chosen)}.",
            en=f"{count} code{'' if count == 1 else 's'} asked about; explained: {len(chosen)}.",
            chain=chain,
            nearest=nearest,
        )

    def _standing(self, exchange: Exchange, citizen_id: int, said: str) -> list[Step]:
        status, steps = self._why(citizen_id, exchange.at)
        if status.value == said:
            return steps
        differs = Step(
            rule="answer.differs",
            tr="Bugün bilinenlere göre yanıt başka olurdu: ya bir arıza yanıtı çevirdi ya da bildirim sonradan geldi.",
            en="By what is known now the answer would be another: a fault has turned it, or a report came later.",
            facts={"answered": said, "by_now": status.value},
        )
        return [differs, *steps]

    def _refused_code(self, exchange: Exchange, before: list[Step]) -> Explanation:
        text = exchange.subjects[0]
        words = words_of(exchange.refusal)
        assert words is not None
        checks = codes_words.checks(text)
        _, steps, _ = self._became(text, exchange.at)
        words = words.demand if _is_over(steps) else words
        if checks[-1].passed:
            checks.append(
                Check(rule="code.active", passed=False, tr="Kod geçerli olmalı.", en="The code must be active.")
            )
        return Explanation(
            verdict=exchange.refusal,
            tr=words.tr,
            en=words.en,
            chain=[*before, *steps],
            checks=checks,
            nearest=self._better(text, exchange.at, exchange),
        )

    def _refused(self, exchange: Exchange, before: list[Step]) -> Explanation:
        """Anything else that was refused: the check behind its key, findings with their sources, and what passes."""
        key = exchange.refusal or f"http{exchange.status}"
        words = words_of(key) or words_of("refused")
        assert words is not None
        said, findings = said_in(exchange), findings_in(exchange)
        first = Step(
            rule=key,
            tr=f"Yanıtta yazan: {said}" if said else "Yanıt bundan fazlasını söylemiyor.",
            en=f"The answer says: {said}" if said else "The answer says no more than that.",
            facts={"status": exchange.status},
        )
        status = f"{exchange.status} durumuyla " if exchange.status else ""
        return Explanation(
            verdict=key,
            tr=f"İstek {status}geri çevrildi.",
            en=f"The request was refused{f' with status {exchange.status}' if exchange.status else ''}.",
            chain=[*before, *(findings or [first])],  # an answer with findings says no more than they do
            checks=[Check(rule=key, passed=False, tr=words.demand.tr, en=words.demand.en)],
            nearest=self._passing(exchange, words.remedy),
        )

    def _passing(self, exchange: Exchange, remedy: Words) -> Nearest:
        """The same request put right; of too many codes, how many calls it takes."""
        tr, en = remedy.tr or "Aynı istek, bu koşul sağlanınca.", remedy.en or "The same request, once that holds."
        body: Any = None
        codes, most = exchange.subjects, self._settings.bulk_limit
        if exchange.refusal == "toomanyhescodes" and codes:
            calls = -(-len(codes) // most)
            body = [{"hes_code": code} for code in codes[:most]]
            tr = f"{calls} çağrı, her birinde en çok {most} kod; ilki gövdede."
            en = f"{calls} calls of at most {most} codes each; the first one is in the body."
            if calls == 1:
                tr = f"Her kod bir kez, tek çağrıda; farklı kod sayısı {len(codes)}."
                en = f"Each code once, in one call; different codes: {len(codes)}."
        return Nearest(tr=tr, en=en, method=exchange.method, path=exchange.path, body=body)


def _of_status(status: RiskStatus, steps: Sequence[Step]) -> Explanation:
    risky = status is RiskStatus.RISKY
    return Explanation(
        verdict=status.value,
        tr="Kişi riskli." if risky else "Kişi riskli değil.",
        en="The person is risky." if risky else "The person is not risky.",
        chain=list(steps),
    )


def _is_over(steps: Sequence[Step]) -> bool:
    """Whether there is nobody left to be asked for another code."""
    return any(step.rule == "person.died" for step in steps)


def _fault(exchange: Exchange) -> list[Step]:
    if not exchange.fault:
        return []
    return [
        Step(
            rule="fault",
            tr="Bir arıza planı bu yanıtı değiştirdi.",
            en="A fault of the plan struck this answer.",
            facts={"token": exchange.fault},
        )
    ]


def _clean(code: str) -> str:
    try:
        return compact(code)
    except InvalidWord:
        return code
