"""Two ways of saying no: a rule refuses, or a fault makes the service unavailable.

A `Refused` names its rule in one stable word (the wire's `errorKey`) and tells the person what to do now.
Which HTTP status a refusal becomes is decided at each counter, in one table.
"""

SCOPE_KEY = "hes.refusal"
"""Where the key of a refusal stands in the ASGI scope of a request, for the journal."""


class Refused(Exception):  # noqa: N818  a refusal is an answer, not a malfunction
    """The ministry says no, by a rule. Subclasses fix `key`."""

    key: str = "refused"

    def __init__(self, message: str, *, key: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if key is not None:
            self.key = key


class Unminted(Refused):
    """A text with a number that this world has not minted, and a living person may have; nothing of it was kept."""

    key = "unmintedidentifier"


class Unavailable(Exception):  # noqa: N818  the same
    """The service cannot answer just now, because a fault plan says so. Asking again may help."""

    def __init__(self, message: str, *, status: int = 503, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after_s = retry_after_s
