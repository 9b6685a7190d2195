"""Exchanges are searched by words that they can have; any other is refused with the nearest."""

from collections.abc import Iterator
from typing import Any

import pytest

from mockgov.api import make_api
from mockgov.journal.messages import Noted, Search
from mockgov.lab.journal_words import UnknownSearchWord, check, known
from tests.mockgov.counters.town import Town

JOURNAL = "/_lab/journal"
STRANGE = [
    ("protocol", "htp", "No exchange can have this `protocol`. Did you mean http?"),
    (
        "protocol",
        "x",
        "No exchange can have this `protocol`. Write one of http, kep_soap, smtp, kep_smtp, smpp, sms, lab.",
    ),
    ("operation", "C9", "Write C1 to C6, a route's template or path, or a protocol's verb."),
    ("operation", "/api/send-code-to-logn", "Did you mean /api/send-code-to-login?"),
    ("operation", "submitsm", "Did you mean submit_sm?"),
    ("purpose", "Visitor", "Did you mean visitor?"),
    ("purpose", "visitr", "Did you mean visitor?"),
    ("refusal", "hescodenotfoun", "Did you mean hescodenotfound?"),
]
KNOWN = [
    ("protocol", "kep_soap"),
    ("operation", "c3"),
    ("operation", "POST /api/send-code-to-login"),
    ("operation", "/services/g2g/test/saglik/hes/check-hes-codes"),
    ("operation", "/_lab/people/5/sms"),
    ("operation", "/_lab/people/{citizen_id}/sms"),
    ("operation", "submit_sm"),
    ("operation", "DATA"),
    ("operation", "unmatched"),
    ("purpose", "person-plus"),
    ("refusal", "any"),
    ("refusal", "none"),
    ("refusal", "cut"),
    ("refusal", "wrong-serial"),
    ("refusal", "too-large"),
    ("refusal", "5.7.1"),
    ("refusal", "rthrottled"),
    ("refusal", "absent-subscriber"),
]


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


@pytest.mark.parametrize(("field", "word", "said"), STRANGE)
def test_a_word_that_nothing_can_have_is_refused(town: Town, field: str, word: str, said: str) -> None:
    """In the list, the export and an assertion, which would hold for ever; the word itself does not come back."""
    answers = [
        town.client.get(JOURNAL, params={field: word}),
        town.client.get(f"{JOURNAL}.har", params={field: word}),
        town.client.post(f"{JOURNAL}/assert", json={"where": {field: word}, "never": True}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["errorKey"]) == (400, "unknownsearchword")
        assert said in answer.json()["title"]
        assert answer.json()["title"].endswith(" GET /_lab/journal/words lists all words.")


def test_all_strange_words_are_told_at_once(town: Town) -> None:
    where = {"protocol": "htp", "operation": "C1", "purpose": "visitr", "refusal": "any"}
    title = town.client.post(f"{JOURNAL}/assert", json={"where": where}).json()["title"]
    assert "`protocol`. Did you mean http?" in title
    assert "`purpose`. Did you mean visitor?" in title
    assert "`operation`" not in title


@pytest.mark.parametrize(("field", "word"), KNOWN)
def test_words_that_exchanges_have(town: Town, field: str, word: str) -> None:
    """Though there is none of them."""
    answer = town.client.post(f"{JOURNAL}/assert", json={"where": {field: word}, "never": True})
    assert answer.status_code == 200, answer.text
    assert town.client.get(JOURNAL, params={field: word}).status_code == 200


def test_what_the_journal_has_can_be_asked_for(town: Town) -> None:
    """A client's own mistake in a path, and a refusal of some other protocol's."""
    path = "/services/g2g/saglik/hes/chek-hes-code"
    wanted: dict[str, Any] = {"params": {"operation": path}}
    assert town.client.get(JOURNAL, **wanted).status_code == 400
    town.client.post(path, json={})
    assert [one["operation"] for one in town.client.get(JOURNAL, **wanted).json()] == ["unmatched"]
    journal, words = town.ministry.journal, known(make_api().routes)
    with pytest.raises(UnknownSearchWord):
        check(Search(refusal="0xff"), journal, lambda: words)
    journal.note(Noted(at_us=0, protocol="smpp", operation="bind_receiver", status=255, refusal="0xff"))
    check(Search(refusal="0xff"), journal, lambda: words)


def test_the_list(town: Town) -> None:
    """Every word in it can be asked for."""
    lists = town.client.get(f"{JOURNAL}/words").json()
    assert lists["protocol"] == ["http", "kep_soap", "smtp", "kep_smtp", "smpp", "sms", "lab"]
    assert lists["operation"][:6] == ["C1", "C2", "C3", "C4", "C5", "C6"]
    assert lists["purpose"][:3] == ["visitor", "employee", "single"]
    assert {"any", "none", "hescodenotfound", "badcredentials", "incomplete"} <= set(lists["refusal"])
    for field, words in lists.items():
        assert len(words) == len(set(words))
        for word in words:
            check(Search(**{field: word}), town.ministry.journal, lambda: lists)
