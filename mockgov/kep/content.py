"""What letters and packages are made of: files, and text that fits into a database, a page and XML. Pure."""

import re
from dataclasses import dataclass

PACKAGE_TYPE = "application/eyazisma"
"""Facts, section 7."""

# What neither PostgreSQL nor XML takes.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_A_LINE = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with a letter, or goes with one."""

    name: str
    """Without a path."""
    content_type: str
    data: bytes


def is_package(attachment: Attachment) -> bool:
    """Whether an attachment claims to be an e-Yazışma package, by its type or its name."""
    return attachment.content_type == PACKAGE_TYPE or attachment.name.lower().endswith(".eyp")


def clean_text(text: str) -> str:
    """The text without control characters and halves of surrogate pairs, its lines ending in a newline."""
    return _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_line(text: str) -> str:
    """The same on one line, blanks run together."""
    return _NOT_A_LINE.sub(" ", text).strip()
