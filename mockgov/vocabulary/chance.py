"""Chance as an argument: whoever makes a new number is handed the draws to make it from."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

_T = TypeVar("_T")


class Draw(Protocol):
    """A source of whole numbers: `draw(n)` is uniform in [0, n), for n from 1 to 2**32.

    A caller that needs a large number puts it together from small draws: a source may be built on 32 bits,
    and is then even to one part in 2**32 / n only.
    """

    def __call__(self, n: int, /) -> int:
        """A whole number from 0 to n - 1."""
        ...


def pick(draw: Draw, choices: Sequence[_T]) -> _T:
    """One of the choices, each as likely as the next; spends one draw."""
    return choices[draw(len(choices))]


def digits(draw: Draw, count: int) -> str:
    """`count` decimal digits, leading zeros included; spends one draw for every four digits begun."""
    written = "".join(f"{draw(10_000):04d}" for _ in range(count // 4))
    rest = count % 4
    return written + (f"{draw(10**rest):0{rest}d}" if rest else "")
