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
