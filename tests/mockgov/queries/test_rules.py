"""What may be asked, and what the answers are called."""

import pytest

from mockgov.queries.rules import ERROR_TITLES, CodeProblem, Outcome, Purpose


def test_the_wires_words() -> None:
    """The two errors that clients of the real service look for, and the two statuses."""
    assert {str(outcome) for outcome in Outcome} == {"RISKLESS", "RISKY", "hescodenotfound", "hescodehasbeenexpired"}


def test_each_operation_has_a_purpose() -> None:
    """KVKK, article 4: nobody asks without a purpose."""
    assert [str(purpose) for purpose in Purpose] == [
        "visitor",
        "employee",
        "single",
        "single-plus",
        "bulk",
        "bulk-plus",
        "person",
        "person-plus",
    ]


@pytest.mark.parametrize("key", ["hescodenotfound", "hescodehasbeenexpired"])
def test_a_problem_tells_the_person_what_is_wrong(key: str) -> None:
    """It carries the wire's word, a Turkish sentence, and the moment of the end where there was one."""
    problem = CodeProblem(key, expires_us=17)
    assert (problem.key, problem.message, problem.expires_us) == (key, ERROR_TITLES[key], 17)
    assert CodeProblem(key).expires_us is None
