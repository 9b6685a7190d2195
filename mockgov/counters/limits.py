"""How much may come in one request."""

from starlette.exceptions import HTTPException

from mockgov.counters.problem import problem


def too_large(limit: int) -> bytes:
    """The body of a 413."""
    detail = f"A body has at most {limit} bytes. Send less in one call."
    return problem(413, "payloadtoolarge", "İstek gövdesi çok büyük.", detail=detail, entity="request")


class TooLarge(HTTPException):
    """A body over the limit, noticed while it was read."""

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.limit = limit
