"""How the ministry shows a name to somebody who may know *whether*, but not *who*.

Of every word of a name the first two letters stay, and exactly four asterisks follow, however long the word
is, so that its length is hidden too. The masked surname ends in a blank. Both are what clients of the real
service receive, and some of them cut the answer at just these places. A word of one or two letters therefore
shows in full (chosen here: the real service's habit with such names was never seen).
"""

from unicodedata import normalize

_HIDDEN = "****"


def mask_firstname(firstname: str) -> str:
    """The given names, masked word by word: `AYŞE NUR` becomes `AY**** NU****`; no name, no text."""
    return " ".join(word[:2] + _HIDDEN for word in normalize("NFC", firstname).split())


def mask_lastname(lastname: str) -> str:
    """The surname masked like a given name, with the wire's blank behind it: `YILMAZ` becomes `YI**** `."""
    masked = mask_firstname(lastname)
    return f"{masked} " if masked else ""
