"""What a relation may be called."""

import pytest

from mockgov.family.rules import NotInvitable, checked_relation


def test_a_relation_is_kept_without_blanks_around_it() -> None:
    assert checked_relation(" Eşim ") == "Eşim"
    assert checked_relation("x" * 50) == "x" * 50


@pytest.mark.parametrize("text", ["", "  ", "x" * 51, "a\x00b"])
def test_an_impossible_relation(text: str) -> None:
    with pytest.raises(NotInvitable, match="1 to 50 characters and no NUL") as refusal:
        checked_relation(text)
    assert refusal.value.key == "familymembernotinvitable"
