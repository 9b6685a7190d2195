"""From an exchange, a code or a citizen to the causes, and to the nearest request that would have passed."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from mockgov.clock import to_us
from mockgov.journal.messages import Noted, Part, Search
from mockgov.risk_index.messages import PcrReport
from tests.mockgov.counters.town import DAY, LABEL, MONDAY, TEST, Town


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


TURKISH = re.compile(r"[çğışöüÇĞİŞÖÜ]")
ENGLISH = re.compile(r"\b(the|of|and|is|with|must|not)\b", re.IGNORECASE)


def told(town: Town, **wanted: object) -> Any:
    answer = town.client.get("/_lab/explain", params=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


def latest(town: Town, **wanted: object) -> Any:
    return told(town, exchange=town.ministry.journal.last, **wanted)


def rules(explanation: Any) -> list[str]:
    return [step["rule"] for step in explanation["chain"]]


def test_a_risky_answer_down_to_report_and_regulation(town: Town) -> None:
    code = town.issue(town.father)
    town.ask("C3", {"hes_code": code.text})
    explained = latest(town)
    assert explained["verdict"] == "RISKY"
    assert rules(explained) == ["answer", "code.issued", "risk.interval", "risk.regulation", "risk.report"]
    assert explained["chain"][3]["source"] == "Guide, update reported on 17 and 18 September 2021"
    assert explained["chain"][4]["facts"]["sampled_at"] == (MONDAY - 3 * DAY).isoformat()


def test_an_answer_stays_explained_as_it_was(town: Town) -> None:
    """By the moment of the exchange, not of the explanation; a report that came later is told as such."""
    code = town.issue()
    town.ask("C3", {"hes_code": code.text})
    number = town.ministry.journal.last
    town.advance(days=30)
    assert told(town, exchange=number)["verdict"] == "RISKLESS"
    late = PcrReport(citizen_id=town.mother.citizen_id, sampled_at=MONDAY - DAY, positive=True)
    town.ministry.risk_index.file([late])
    explained = told(town, exchange=number)
    assert explained["verdict"] == "RISKLESS"
    assert "answer.differs" in rules(explained)


def test_an_unknown_code_with_the_slip_that_made_it(town: Town) -> None:
    """Every check of the form in order, the code that was meant, and the request that would have passed."""
    code = town.issue().text
    slipped = code[:7] + code[8] + code[7] + code[9:] if code[7] != code[8] else code[:9] + "x"
    town.ask("C3", {"hes_code": slipped})
    explained = latest(town)
    assert explained["verdict"] == "hescodenotfound"
    assert rules(explained) == ["code.unknown"]
    assert code in explained["chain"][0]["facts"]["near"]
    nearest = explained["nearest"]
    assert nearest["body"] == {"hes_code": code}
    assert (
        town.client.request(
            nearest["method"],
            nearest["path"],
            json=nearest["body"],
            headers={"authorization": _basic(town)},
        ).json()["current_health_status"]
        == "RISKLESS"
    )


def _basic(town: Town) -> str:
    from tests.mockgov.counters.town import basic  # noqa: PLC0415  beside the one who needs it

    name = f"{LABEL}-G2G-HES"
    return basic(name, town.passwords[name])


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("A1B2", "code.length"),
        ("A1B2-3456-1ı", "code.characters"),
        ("1AB2-3456-17", "code.form"),
        ("C1B2-3456-17", "code.letters"),
        ("A1B2-3456-27", "code.ninth"),
        ("A1B2-3456-17", "code.active"),
    ],
)
def test_the_check_that_fails(town: Town, text: str, failed: str) -> None:
    """All before it have passed."""
    checks = told(town, code=text)["checks"]
    assert [check["rule"] for check in checks if not check["passed"]] == [failed]
    assert checks[-1]["rule"] == failed


def test_a_deleted_code(town: Town) -> None:
    """When, and another of the holder's that is good."""
    other, code = town.issue(), town.issue()
    town.advance(hours=1)
    town.ministry.codes.delete(code)
    town.ask("C3", {"hes_code": code.text})
    explained = latest(town)
    assert rules(explained) == ["code.deleted", "code.issued"]
    assert explained["chain"][0]["facts"]["deleted_at"] == "2021-10-04T06:00:00+00:00"
    assert explained["nearest"]["body"] == {"hes_code": other.text}


def test_a_code_that_ended_with_its_holders_death(town: Town) -> None:
    """Nobody deleted it, and nobody is to be asked for another; what the holder deleted before stays that."""
    own, code = town.issue(), town.issue()
    town.ministry.codes.delete(own)
    town.advance(hours=1)
    town.ask("C3", {"hes_code": code.text})
    before = town.ministry.journal.last
    town.ministry.registry.record_death(town.mother.citizen_id)
    town.ask("C3", {"hes_code": code.text})
    explained = latest(town)
    assert rules(explained) == ["code.ended-by-death", "person.died", "code.issued"]
    assert explained["chain"][0]["facts"]["deleted_at"] == "2021-10-04T06:00:00+00:00"
    assert explained["chain"][1]["facts"] == {"died_on": "2021-10-04"}
    for said in (explained, told(town, code=code.text)):
        assert "by its holder" not in str(said)
        assert "Ask its holder" not in str(said)
        assert "sahibi tarafından" not in str(said)
        assert "Sahibinden" not in str(said)
        assert said["nearest"]["en"] == (
            "No code of the dead passes: the same request with a valid code of somebody else in /_lab/people."
        )
    town.ask("C3", {"hes_code": own.text})
    assert rules(latest(town)) == ["code.deleted", "code.issued"]
    assert told(town, exchange=before)["verdict"] == "RISKLESS"
    assert told(town, citizen=town.mother.citizen_id)["chain"][0]["rule"] == "person.died"


def test_a_code_whose_holder_is_struck_off_was_deleted_by_nobody_known(town: Town) -> None:
    code = town.issue()
    town.ministry.codes.forget_holder(town.mother.citizen_id)
    explained = told(town, code=code.text)
    assert explained["chain"][0]["en"] == "The code was deleted at 2021-10-04 08:00, and a deleted code is not found."


def test_an_expired_code(town: Town) -> None:
    code = town.issue(days=1)
    town.advance(days=2)
    town.ask("C3", {"hes_code": code.text})
    explained = latest(town)
    assert explained["verdict"] == "hescodehasbeenexpired"
    assert explained["chain"][0]["facts"]["expires_at"] == (MONDAY + DAY).isoformat()


def test_a_code_that_was_made_later(town: Town) -> None:
    """The exchange is explained as of its moment."""
    town.ask("C3", {"hes_code": "A1B2345617"})
    number = town.ministry.journal.last
    assert rules(told(town, exchange=number)) == ["code.unknown"]


def test_a_bulk_answer(town: Town) -> None:
    """Those that are not riskless; one code if it is named."""
    good, risky, gone = town.issue().text, town.issue(town.father).text, town.issue()
    town.ministry.codes.delete(gone)
    town.ask("C4", [{"hes_code": code} for code in (good, risky, gone.text)])
    answers = [step["facts"] for step in latest(town)["chain"] if step["rule"] == "answer"]
    assert [(one["code"], one["answer"]) for one in answers] == [(risky, "RISKY"), (gone.text, "hescodenotfound")]
    assert latest(town, code=good)["verdict"] == "RISKLESS"
    missing = town.client.get("/_lab/explain", params={"exchange": 1, "code": "A1B2345617"})
    assert missing.json()["errorKey"] == "nothingtoexplain"


def test_too_many_codes(town: Town) -> None:
    """How many calls it takes, and the first of them."""
    code = town.issue().text
    town.ask("C4", [{"hes_code": code}] + [{"hes_code": f"A1B23456{n:02}"} for n in range(100)] * 6)
    explained = latest(town)
    assert explained["verdict"] == "toomanyhescodes"
    assert explained["nearest"]["body"][0] == {"hes_code": code}
    assert len(explained["nearest"]["body"]) <= 500


def test_a_test_account_at_the_live_door(town: Town) -> None:
    """The check that fails is the environment's; the nearest request goes to the other address."""
    code = town.issue().text
    town.ask("C3", {"hes_code": code}, username=f"{LABEL}-TEST")
    explained = latest(town)
    assert explained["verdict"] == "badcredentials"
    assert rules(explained) == ["credentials.other-environment"]
    assert [check["rule"] for check in explained["checks"] if not check["passed"]] == ["credentials.environment"]
    assert explained["nearest"]["path"] == "/services/g2g/test/saglik/hes/check-hes-code"
    assert explained["nearest"]["body"] == {"hes_code": code}
    assert town.ask("C3", explained["nearest"]["body"], environment=TEST).status_code == 200


def test_a_locked_account(town: Town) -> None:
    """Until when."""
    for _ in range(6):
        town.ask("C3", {"hes_code": "x"}, password="x")
    explained = latest(town)
    assert explained["chain"][0]["facts"]["locked_until"] == "2021-10-04T05:15:00+00:00"
    assert "2021-10-04 08:15:00" in explained["nearest"]["en"]


def test_an_account_that_an_officer_locked(town: Town) -> None:
    """Nobody mistyped anything, waiting is no way out, and the new password that is named opens the account."""
    code, name = town.issue().text, f"{LABEL}-G2G-HES"
    town.ministry.credentials.lock(name, MONDAY + 400 * DAY)
    town.ask("C3", {"hes_code": code})
    explained = latest(town)
    assert rules(explained) == ["credentials.locked-by-officer"]
    assert explained["chain"][0]["en"] == (
        "An officer locked the account; the right password does not open it, a new one does."
    )
    assert "wrong password" not in str(explained)
    assert "yanlış parola" not in str(explained)
    assert [check["rule"] for check in explained["checks"] if not check["passed"]] == ["credentials.unlocked"]
    method, path = explained["chain"][0]["facts"]["unlocked_by"].split()
    assert f"({method} {path})" in explained["nearest"]["en"]
    assert f"({method} {path})" in explained["nearest"]["tr"]
    assert "2022-11-08 08:00:00" in explained["nearest"]["en"]
    town.passwords[name] = town.client.request(method, path).json()["password"]
    assert town.ask("C3", explained["nearest"]["body"]).status_code == 200
    later = told(town, exchange=1)
    assert later["chain"][0]["rule"] == "credentials.locked-by-officer"
    assert "present password" in later["nearest"]["en"]


def test_a_locked_account_says_no_sentence_twice(town: Town) -> None:
    """What was wrong stands in the chain alone, and both ways out are told."""
    for _ in range(6):
        town.ask("C3", {"hes_code": "x"}, password="x")
    explained = latest(town)
    assert explained["chain"][0]["en"] == "The account is locked after wrong passwords in a row."
    assert explained["chain"][0]["en"] not in explained["en"]
    assert f"POST /_lab/accounts/{quote(LABEL)}-G2G-HES/rotate" in explained["nearest"]["tr"]


def test_a_citizen(town: Town) -> None:
    assert told(town, citizen=town.father.citizen_id)["verdict"] == "RISKY"
    assert told(town, citizen=town.stranger.citizen_id)["chain"][0]["rule"] == "risk.nothing-reported"


def test_any_other_refusal_by_its_key(town: Town) -> None:
    """The check behind it in both languages, and the answer's own words."""
    town.client.get("/api/account-with-token")
    explained = latest(town)
    assert explained["verdict"] == "unauthorized"
    assert explained["checks"] == [
        {
            "rule": "unauthorized",
            "passed": False,
            "tr": "İstek geçerli bir oturum belirteci taşımalı.",
            "en": "The request must carry a token that is still good.",
        }
    ]


def test_an_answer_is_quoted_as_it_stood_on_the_wire(town: Town) -> None:
    """Whatever the language of the rest; what to do about it stands with the nearest request alone."""
    town.ask("C4", b"{")
    explained = latest(town)
    assert explained["en"] == "The request was refused with status 400."
    assert explained["tr"] == "İstek 400 durumuyla geri çevrildi."
    assert explained["chain"][0]["en"].startswith("The answer says: “İstek okunamadı.” “")
    assert explained["chain"][0]["tr"].startswith("Yanıtta yazan: “İstek okunamadı.” “")
    assert explained["nearest"]["en"] == "Put the field right that the answer names, and send again."


def test_findings_speak_for_the_answer(town: Town) -> None:
    """In each language its own words; the answer's English title is not told again."""
    finding = {"rule": "form.signature", "tr": "İmza geçersiz.", "en": "The signature is no good.", "source": "1.2"}
    body = json.dumps({"errorKey": "form.signature", "title": finding["en"], "findings": [finding]})
    town.ministry.journal.note(
        Noted(
            at_us=to_us(MONDAY),
            protocol="http",
            operation="/kurumsal-entegrasyon/api/applications",
            status=400,
            refusal="form.signature",
            response=Part(body=body, size=len(body)),
        )
    )
    explained = latest(town)
    assert [step["tr"] for step in explained["chain"]] == ["İmza geçersiz."]
    assert str(explained).count(finding["en"]) == 1
    assert explained["checks"][0]["tr"] == "Bir kural izin vermedi; yanıttaki açıklamaya uyun."


def test_repeated_codes_need_one_call(town: Town) -> None:
    """Where each code once is few enough; where nothing could be read, nothing is counted."""
    code = town.issue().text
    town.ask("C4", [{"hes_code": code}] * 501)
    nearest = latest(town)["nearest"]
    assert nearest["en"] == "Each code once, in one call; different codes: 1."
    assert nearest["tr"] == "Her kod bir kez, tek çağrıda; farklı kod sayısı 1."
    assert nearest["body"] == [{"hes_code": code}]
    town.ask("C4", [{"hes_code": "x"}] * 501)
    assert latest(town)["nearest"]["en"] == "Split the list and send several calls."


def _asked_wrongly(town: Town) -> None:
    """One of many ways to be refused, each."""
    client, good = town.client, town.issue()
    risky, gone = town.issue(town.father), town.issue()
    town.ministry.codes.delete(gone)
    for body in ({"hes_code": "x"}, {"hes_code": "A1B2345617"}, {"hes_code": gone.text}, {}, b"{", b" " * 2_000_000):
        town.ask("C3", body)
    for one in (good, risky):
        town.ask("C3", {"hes_code": one.text})
    for keywords in ({"password": "x"}, {"username": "x", "password": "x"}, {"authorization": ""}):
        town.ask("C3", {"hes_code": good.text}, **keywords)
    client.get("/api/account-with-token")
    client.get("/nowhere")
    client.post("/_lab/people", json=[{}])
    client.post("/_lab/magic", json={"scenarios": ["deceasd"]})
    client.post("/kurumsal-entegrasyon/api/applications", json={})
    client.get("/services/g2g/saglik/hes/check-hes-code")
    town.ministry.sms.from_handset(town.mother.phone, "2023", "HES")
    town.ministry.registry.record_death(town.mother.citizen_id)
    town.ask("C3", {"hes_code": good.text})


def test_no_explanation_says_a_sentence_twice_or_in_the_other_language(town: Town) -> None:
    """Outside of quotation marks, where the answer's own words stand."""
    _asked_wrongly(town)
    for number in range(1, town.ministry.journal.last + 1):
        explained = told(town, exchange=number)
        parts = [explained, *explained["chain"], *explained["checks"]]
        parts += [explained["nearest"]] if explained["nearest"] else []
        for language, foreign in (("en", TURKISH), ("tr", ENGLISH)):
            own = [re.sub("“[^”]*”", "", part[language]) for part in parts]
            sentences = [one for text in own for one in re.split(r"(?<=[.]) ", text) if one.strip()]
            assert len(sentences) == len(set(sentences)), sentences
            assert not [one for one in sentences if foreign.search(one)], sentences


def test_a_text_to_the_ministry(town: Town) -> None:
    town.ministry.sms.from_handset(town.mother.phone, "2023", "HES")
    number = town.ministry.journal.search(Search(operation="write"))[0].number
    assert told(town, exchange=number)["verdict"] == "incomplete"


@pytest.mark.parametrize(
    ("query", "status", "key"),
    [
        ("", 400, "nothingtoexplain"),
        ("exchange=1&citizen=1", 400, "nothingtoexplain"),
        ("code=x&citizen=1", 400, "nothingtoexplain"),
        ("exchange=99", 404, "exchangenotfound"),
        ("citizen=99", 404, "citizennotfound"),
    ],
)
def test_questions_about_nothing(town: Town, query: str, status: int, key: str) -> None:
    answer = town.client.get(f"/_lab/explain?{query}")
    assert (answer.status_code, answer.json()["errorKey"]) == (status, key)


def test_no_number_of_a_strangers_comes_back(town: Town) -> None:
    assert "10000000146" not in town.client.get("/_lab/explain?code=10000000146").text
