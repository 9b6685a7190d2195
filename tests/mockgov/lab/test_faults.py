"""The lab's routes of faults: a plan is taken whole or not at all, shown, healed, and replayed."""

from collections.abc import Iterator

import pytest
from jsonschema_rs import Draft202012Validator

from mockgov.faults.catalogue import CATALOGUE
from mockgov.faults.kinds import Cut, Delay, Refuse
from mockgov.faults.written import plain, read_faults
from tests.mockgov.counters.town import LABEL, Town


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def put(town: Town, body: object, status: int = 200) -> dict[str, object]:
    answer = town.client.put("/_lab/faults", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_plan_is_taken_shown_and_healed(town: Town) -> None:
    """As a list, in an object, by the name of a ready plan, or as one with more behind it."""
    empty = town.client.get("/_lab/faults").json()
    assert empty == {"digest": "2df9b647eb24", "ready": [], "faults": [], "struck": []}
    listed = put(town, [{"kind": "delay", "milliseconds": 5, "share": 0.5}, {"kind": "cut"}])
    assert listed["faults"] == [
        {"kind": "delay", "share": 0.5, "milliseconds": 5},
        {"kind": "cut", "share": 1.0},
    ]
    assert town.ministry.world.faults.faults == (Delay(share=0.5, milliseconds=5), Cut())
    assert put(town, {"faults": listed["faults"]}) == town.client.get("/_lab/faults").json() == listed
    ready = put(town, {"plan": "throttled"})
    assert (ready["ready"], ready["faults"]) == (
        ["throttled"],
        [{"kind": "refuse", "share": 0.25, "status": 429, "retry_after_s": 2}],
    )
    both = put(town, {"plan": "throttled", "faults": [{"kind": "cut"}]})
    assert [fault["kind"] for fault in both["faults"]] == ["refuse", "cut"]
    assert town.client.delete("/_lab/faults").json() == empty
    assert put(town, [{"kind": "cut"}])["faults"]
    assert put(town, []) == empty


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ([{"kind": "cat"}], "fault 1: there is no kind 'cat'; did you mean 'cut'?"),
        ({"plan": "flaky"}, "there is no ready plan 'flaky'; did you mean 'flaky-monday'?"),
        ({"plans": "flaky-monday"}, "not 'plans'"),
        ({"plan": 1}, "`plan` is the name of a ready plan"),
        ({}, "give a list of faults, or an object"),
        ({"faults": {"kind": "cut"}}, "a plan is a list of faults"),
        ([{"kind": "cut", "route": "check-hes-kode"}], "did you mean 'check-hes-code'?"),
        ([{"kind": "cut", "route": "/_lab/world"}], "nothing here has the route"),
        ([{"kind": "cut", "institution": "CINAR-LOJISTIK"}], "nobody here is called 'CINAR-LOJISTIK'"),
        ([{"kind": "cut", "institution": "KURUMM"}], "did you mean 'KURUM'?"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(town: Town, body: object, says: str) -> None:
    before = put(
        town, [{"kind": "cut", "route": ["check-hes-code", "Yukle", "RCPT", "submit_sm"], "institution": LABEL}]
    )
    refused = put(town, body, 400)
    assert refused["errorKey"] == "constraintviolation"
    assert says in refused["title"]
    assert town.client.get("/_lab/faults").json() == before


def test_a_plan_aims_at_any_route(town: Town) -> None:
    """Those of the framework as well as the corporate ones, by path, template or pattern."""
    routes = ["/pki/chain.pem", "/api/*", "/services/g2g/*", "/kep/soap"]
    put(town, [{"kind": "refuse", "route": routes}])
    assert town.client.get("/pki/chain.pem").status_code == 503
    assert town.client.get("/pki/root.crt").status_code == 200


def test_everything_that_is_wrong_is_told_at_once(town: Town) -> None:
    """Words, values and names in one answer."""
    title = put(town, [{"kind": "cut", "shar": 1}, {"kind": "drip", "every_ms": 0, "route": "/nowhere"}], 400)["title"]
    assert title == (
        "fault 1 (cut): it has no field 'shar'; did you mean 'share'? "
        "fault 2 (drip): `every_ms` must be 1 to 600000 milliseconds. "
        "fault 2 (drip): nothing here has the route '/nowhere'."
    )


def test_the_catalogue(town: Town) -> None:
    """Every ready plan, as it can be put."""
    listed = town.client.get("/_lab/faults/catalogue").json()
    assert [one["name"] for one in listed] == list(CATALOGUE)
    for one in listed:
        assert put(town, one["faults"])["ready"] == [one["name"]]


def test_a_strike_is_listed_and_replayed(town: Town) -> None:
    """By the token of the answer; the same request is struck the same way once more, and then is not."""
    put(town, [{"kind": "refuse", "share": 0.3}])
    codes = [town.issue().text for _ in range(30)]
    answers = {code: town.ask("C3", {"hes_code": code}) for code in codes}
    code, struck = next((code, one) for code, one in answers.items() if one.status_code == 503)
    token = struck.headers["x-hes-fault"]
    listed = town.client.get("/_lab/faults").json()["struck"]
    assert token in {one["token"] for one in listed}
    assert listed[0].keys() == {"at", "kind", "channel", "stage", "token"}
    assert (listed[0]["at"], listed[0]["kind"]) == ("2021-10-04T05:00:00.000Z", "refuse")
    later = [town.ask("C3", {"hes_code": code}).status_code for _ in range(20)]
    assert set(later) == {200, 503}
    while town.ask("C3", {"hes_code": code}).status_code == 503:
        pass
    done = town.client.post("/_lab/faults/replay", json={"token": token})
    assert done.json() == {"token": token, "faults": [{"number": 1, "fault": {"kind": "refuse", "share": 0.3}}]}
    again = town.ask("C3", {"hes_code": code})
    assert (again.status_code, again.headers["x-hes-fault"], again.content) == (503, token, struck.content)
    assert code not in token


def test_replays_that_are_refused(town: Town) -> None:
    """Of another plan, or no token at all."""
    town.ministry.world.faults.replace((Refuse(),))
    token = town.ask("C3", {"hes_code": town.issue().text}).headers["x-hes-fault"]
    put(town, {"plan": "cut-lines"})
    for text, says in ((token, "the plan in force is"), ("x", "no replay token")):
        refused = town.client.post("/_lab/faults/replay", json={"token": text})
        assert (refused.status_code, refused.json()["errorKey"]) == (400, "badreplaytoken")
        assert says in refused.json()["title"]


def test_the_openapi_describes_every_kind(town: Town) -> None:
    """Each ready plan fits the schema; what is misspelt, or strikes where it cannot, does not."""
    schema = town.client.get("/openapi.json").json()
    operation = schema["paths"]["/_lab/faults"]["put"]["requestBody"]["content"]["application/json"]
    validator = Draft202012Validator(operation["schema"])
    for name, one in CATALOGUE.items():
        assert validator.is_valid([plain(fault) for fault in one.faults]), name
        assert validator.is_valid({"plan": name})
    for example in operation["examples"].values():
        assert validator.is_valid(example["value"])
        read_faults(example["value"].get("faults", []) if isinstance(example["value"], dict) else example["value"])
    for wrong in ([{"kind": "cat"}], [{"kind": "cut", "shar": 1}], [{"kind": "greylist", "channel": "smpp"}], {}, 1):
        assert not validator.is_valid(wrong), wrong
