"""Upper and lower case as Turkish writes it: i and İ are one letter, ı and I another.

Python's own `upper` and `lower` follow English for these four. For names and places use the two functions
here; for codes, which are ASCII, never use either: see `hes_code.compact`.
"""

_TURKISH = str.maketrans("ÇĞIİÖŞÜÂÎÛ", "CGIIOSUAIU")
_DOT_ABOVE = "\N{COMBINING DOT ABOVE}"


def upper_tr(text: str) -> str:
    """The text in Turkish capitals: `ışık, istanbul` becomes `IŞIK, İSTANBUL`."""
    return text.replace(f"i{_DOT_ABOVE}", "İ").replace("i", "İ").upper()


def lower_tr(text: str) -> str:
    """The text in Turkish small letters: `IŞIK, İSTANBUL` becomes `ışık, istanbul`."""
    return text.replace(f"I{_DOT_ABOVE}", "i").replace("İ", "i").replace("I", "ı").lower()


def has_part(name: str, part: str) -> bool:
    """Whether a name has a part in it, whatever the case.

    Somebody without Turkish letters at hand types `yilmaz` or `isik` for YILMAZ and IŞIK: where the part is all ASCII,
    each of its letters stands for the Turkish ones as well. A part with a Turkish letter in it means just what it says.
    """
    wanted, whole = " ".join(upper_tr(part).split()), upper_tr(name)
    if part.isascii():
        wanted, whole = wanted.translate(_TURKISH), whole.translate(_TURKISH)
    return wanted in whole
