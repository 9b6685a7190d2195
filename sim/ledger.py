"""The ledger of a run: a line for each question, filled in once, in whatever order the answers come.

The questions are known before the first is asked. Answers come late, out of order, 500 at a time. The ledger
closes only when no line is empty, so an answer can be neither lost nor counted twice without being noticed.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class LedgerError(RuntimeError):
    """A line was filled in twice, or left empty: the run is at fault, not the ministry."""


class Answer(NamedTuple):
    """What came back for one code, as `sim.results.QUERIES` names it."""

    answered: str
    """RISKLESS, RISKY, the ministry's error key, an HTTP status such as "503", or "time-out"."""
    wrong_fields: str
    """The fields that differ from the truth, comma separated; empty if none does."""
    latency_us: int
    """From the intended moment of sending until the answer was read, in microseconds of real time."""
    status: int
    """The HTTP status; 0 if there was no answer."""


class AnswerColumns(NamedTuple):
    """The answers to all questions, in the order of the questions."""

    answered: NDArray[np.object_]
    wrong_fields: NDArray[np.object_]
    latency_us: NDArray[np.int64]
    status: NDArray[np.int16]


class Ledger:
    """As many empty lines as there are questions."""

    def __init__(self, questions: int) -> None:
        self._lines: list[Answer | None] = [None] * questions
        self._filled = 0

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def open_lines(self) -> int:
        """How many questions have no answer yet."""
        return len(self._lines) - self._filled

    def record(self, question: int, answer: Answer) -> None:
        """Fill in the line of `question`, its row number from 0.

        Raises:
            LedgerError: if there is no such line, or it was filled in before; nothing is changed.
        """
        if not 0 <= question < len(self._lines):
            raise LedgerError(f"there is no question {question}: the ledger has {len(self._lines)} lines, from 0")
        if self._lines[question] is not None:
            raise LedgerError(f"question {question} has its answer already; record each answer once")
        self._lines[question] = answer
        self._filled += 1

    def columns(self) -> AnswerColumns:
        """Close the ledger into columns.

        Raises:
            LedgerError: if a question has no answer; record a time-out where none came.
        """
        answers = [answer for answer in self._lines if answer is not None]
        if self.open_lines:
            raise LedgerError(
                f"{self.open_lines} of {len(self)} questions have no answer, the first is question "
                f"{self._lines.index(None)}; record a time-out for a question that got none"
            )
        return AnswerColumns(
            answered=np.array([answer.answered for answer in answers], np.object_),
            wrong_fields=np.array([answer.wrong_fields for answer in answers], np.object_),
            latency_us=np.array([answer.latency_us for answer in answers], np.int64),
            status=np.array([answer.status for answer in answers], np.int16),
        )
