"""Twenty-six mistakes planted into a reference client: the kit finds each, and tells it in six steps at most."""

import re

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.testing.turnstile.bugs import BUGS
from tests.testing.turnstile.client import Turnstile
from tests.testing.turnstile.test_turnstile import Machine

SEARCH = settings(
    max_examples=400,
    stateful_step_count=8,
    deadline=None,
    database=None,
    derandomize=True,
    print_blob=False,
    report_multiple_bugs=False,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
MOST_STEPS = 6


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_the_kit_finds_the_mistake_and_tells_it_shortly(bug: type[Turnstile]) -> None:
    """By a message that names the rule or the truth; the steps are those of the example that is printed."""
    machine = type(f"With{bug.__name__}", (Machine,), {"client": bug})
    with pytest.raises(AssertionError) as caught:
        run_state_machine_as_test(machine, settings=SEARCH)
    assert re.search(BUGS[bug], str(caught.value)), str(caught.value)
    assert 1 <= len(steps(caught.value)) <= MOST_STEPS, "\n".join(steps(caught.value))


def test_there_are_twenty_mistakes_at_least() -> None:
    """None of them twice."""
    assert len({bug.__name__ for bug in BUGS}) == len(BUGS) >= 20


def steps(error: BaseException) -> list[str]:
    """The calls of the falsifying example, without taking the world down."""
    told = "\n".join(getattr(error, "__notes__", ()))
    return [line for line in re.findall(r"^(?:\w+ = )?state\.\w+\(.*$", told, re.MULTILINE) if "teardown" not in line]
