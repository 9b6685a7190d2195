"""Upper and lower case as Turkish writes it: i and İ are one letter, ı and I another.

Python's own `upper` and `lower` follow English for these four. For names and places use the two functions
here; for codes, which are ASCII, never use either: see `hes_code.compact`.
"""

_DOT_ABOVE = "\N{COMBINING DOT ABOVE}"


def upper_tr(text: str) -> str:
    """The text in Turkish capitals: `ışık, istanbul` becomes `IŞIK, İSTANBUL`."""
    return text.replace(f"i{_DOT_ABOVE}", "İ").replace("i", "İ").upper()


def lower_tr(text: str) -> str:
    """The text in Turkish small letters: `IŞIK, İSTANBUL` becomes `ışık, istanbul`."""
    return text.replace(f"I{_DOT_ABOVE}", "i").replace("İ", "i").replace("I", "ı").lower()
