"""`hes magic` against a running ministry."""

from collections.abc import Iterator

import pytest

from tests.journeys.served import Served, hes, serving


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(people=3) as made:
        yield made


def said(served: Served, *words: str) -> str:
    got = hes("magic", *words, "--url", served.address)
    return got.stdout + got.stderr


def test_the_table_then_a_part_then_the_table_with_it(served: Served) -> None:
    assert "always-risky                       Always risky\n" in said(served)
    shown = said(served, "always-risky", "account-locked")
    assert "always-risky                       Always risky  [H2P7363519]\n" in shown
    assert "SEVGİ DAİMOĞLU" in shown
    assert "code: 200 current_health_status RISKY" in shown
    assert "live-account: 401 errorKey badcredentials" in shown
    assert "always-risky                       Always risky  [H2P7363519]\n" in said(served)


def test_mistakes_are_one_line_that_says_what_to_do(served: Served) -> None:
    assert "Did you mean deceased?" in said(served, "deceasd")
    assert "Give either names or --all" in said(served, "deceased", "--all")


def test_a_server_begins_with_all_of_them() -> None:
    """`hes serve --magic`: the codes that stand in the examples of /docs answer at once."""
    with serving("--magic", people=3) as made:
        assert "deceased                           Deceased  [G7U2680412]\n" in said(made)
        with made.client() as client:
            names = {one["name"]: one["played"] for one in client.get("/_lab/magic").json()}
            account = names["both-accounts"]
            pair = (account["accounts"][1]["username"], account["passwords"][1])
            path = "/services/g2g/saglik/hes/check-hes-code"
            answer = client.post(path, json={"hes_code": "H2P7363519"}, auth=pair).json()
    assert answer["current_health_status"] == "RISKY"


def test_a_world_is_made_with_all_of_them(served: Served) -> None:
    """`hes world make --magic`, on top of any preset."""
    made = hes("world", "make", "tuesday", "--preset", "spring-2020", "--magic", "--url", served.address)
    assert made.returncode == 0, made.stderr
    assert "deceased                           Deceased  [" in said(served, "--world", "tuesday")
