"""What the README shows of a vendor's suite is what runs here."""

import re

import pytest

from tests.house.product import read

BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_the_readmes_python_stands_in_the_turnstiles_suite() -> None:
    """Line for line, in this order; an ellipsis stands for what is left out."""
    blocks = BLOCK.findall(read("README.md"))
    if not blocks:
        pytest.skip("NOT CHECKED: the README shows no Python")
    suite = iter(read("tests/testing/turnstile/test_turnstile.py").splitlines())
    for block in blocks:
        for line in block.splitlines():
            assert not line.strip() or line.strip() == "..." or line in suite, line
