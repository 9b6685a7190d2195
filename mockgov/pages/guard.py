"""What keeps another site from posting these pages' forms through its visitor's browser.

Two independent guards, both needed. A browser says where a form was posted from: `Sec-Fetch-Site` (W3C Fetch
Metadata) and `Origin` (RFC 6454, Fetch); a form of another site is refused. And each form carries a token that only
this world can make, which another site cannot read. Clients that send neither header, such as tests, need the token.
"""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Final
from urllib.parse import urlsplit

from mockgov.refusal import Refused
from mockgov.streams import Streams

FIELD: Final = "form_token"
"""The hidden field that carries the token."""
TRUSTED_SITES: Final = ("same-origin", "none")


class ForeignForm(Refused):
    """A form that these pages did not send out."""

    key = "foreignform"


def form_token(streams: Streams, purpose: str) -> str:
    """What a form for one purpose carries."""
    return streams.secret("pages.form", purpose, size=16).hex()


def check_form(headers: Mapping[str, str], fields: Mapping[str, object], token: str) -> None:
    """Raises `ForeignForm` for a form that was posted from elsewhere or carries another token."""
    if headers.get("sec-fetch-site", "none") not in TRUSTED_SITES:
        raise ForeignForm("This form was posted from another site. Open the page itself and fill it in there.")
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        raise ForeignForm("This form was posted from another address. Open the page itself and fill it in there.")
    sent = fields.get(FIELD)
    if not isinstance(sent, str) or not compare_digest(sent.encode(), token.encode()):
        raise ForeignForm("This form is of another world or has lost its token. Load the page again and send it anew.")
