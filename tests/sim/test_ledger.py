"""The ledger: each question has one answer, whatever the order in which answers come."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ledger import Answer, Ledger, LedgerError

RISKLESS = Answer(answered="RISKLESS", wrong_fields="", latency_us=900, status=200)
LATE = Answer(answered="time-out", wrong_fields="answered", latency_us=5_000_000, status=0)


def test_answers_stand_in_the_order_of_the_questions():
    """The second question's answer comes first."""
    ledger = Ledger(2)
    ledger.record(1, LATE)
    ledger.record(0, RISKLESS)
    columns = ledger.columns()
    assert columns.answered.tolist() == ["RISKLESS", "time-out"]
    assert columns.wrong_fields.tolist() == ["", "answered"]
    assert columns.latency_us.tolist() == [900, 5_000_000]
    assert columns.status.tolist() == [200, 0]
    assert [column.dtype for column in columns] == [np.object_, np.object_, np.int64, np.int16]


@given(st.permutations(range(12)))
def test_the_order_of_answers_changes_nothing(order):
    """Any order of answers gives the same columns."""
    ledger = Ledger(12)
    for question in order:
        ledger.record(question, RISKLESS._replace(latency_us=question))
    assert ledger.columns().latency_us.tolist() == list(range(12))


def test_a_second_answer_is_refused_and_changes_nothing():
    """No question is answered twice."""
    ledger = Ledger(1)
    ledger.record(0, RISKLESS)
    with pytest.raises(LedgerError, match="question 0 has its answer already"):
        ledger.record(0, LATE)
    assert ledger.columns().answered.tolist() == ["RISKLESS"]


@pytest.mark.parametrize("question", [-1, 3])
def test_an_answer_to_no_question_is_refused(question):
    with pytest.raises(LedgerError, match="3 lines, from 0"):
        Ledger(3).record(question, RISKLESS)


def test_it_does_not_close_with_a_question_open():
    """A lost answer is noticed, and the first one named."""
    ledger = Ledger(3)
    ledger.record(0, RISKLESS)
    assert (len(ledger), ledger.open_lines) == (3, 2)
    with pytest.raises(LedgerError, match="2 of 3 questions have no answer, the first is question 1"):
        ledger.columns()


def test_a_ledger_without_questions_closes():
    assert Ledger(0).columns().status.tolist() == []
