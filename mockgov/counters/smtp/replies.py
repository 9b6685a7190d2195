"""How a reply is written: a code, an enhanced code (RFC 3463), and a text of any length in lines that SMTP allows."""

import unicodedata
from textwrap import wrap
from typing import Final

from mockgov.mail.rules import Reply

TEXT_LENGTH: Final = 400
"""Characters of text in one line; with its codes a line has at most 512 bytes (RFC 5321, section 4.5.3.1.5)."""

OK: Final = "250 2.0.0 OK"
NO_WORLD: Final = "550 5.1.1 There is no such world or mailbox here any more; check the address"
TRY_LATER: Final = "451 4.3.0 Something went wrong here; nothing was taken, try again later"
BARE_LINE_END: Final = (
    "554 5.5.2 Lines end with CR LF; this message has a bare CR or LF and was not taken "
    "(Python: as_bytes(policy=email.policy.SMTP), or send_message)"
)
RECIPIENTS: Final = 100
"""Of one message at most (RFC 5321, section 4.5.3.1.8, asks for as many at least)."""
MANY_RECIPIENTS: Final = f"452 4.5.3 A message goes to at most {RECIPIENTS} recipients; send another one to the rest"


def reply(code: int, enhanced: str, text: str) -> str:
    """A reply in as many lines as its text needs, in ASCII."""
    lines = wrap(_ascii(text), TEXT_LENGTH) or [""]
    marks = ["-"] * (len(lines) - 1) + [" "]
    return "\r\n".join(f"{code}{mark}{enhanced} {line}".rstrip() for mark, line in zip(marks, lines, strict=True))


def written(answer: Reply) -> str:
    """The reply that the mail service gives."""
    return reply(answer.code, answer.enhanced, answer.text)


def has_bare_line_end(message: bytes) -> bool:
    """Whether a CR stands without its LF, or the other way round."""
    pairs = message.count(b"\r\n")
    return message.count(b"\r") != pairs or message.count(b"\n") != pairs


def _ascii(text: str) -> str:
    """The text without accents: `ş` is `s`, `ı` is `i`."""
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i")).encode("ascii", "ignore").decode()
    return " ".join(plain.split())
