"""The follow-up key of an application: who has it may read that application, and no other."""

from hmac import compare_digest

from mockgov.ministry import Ministry
from mockgov.onboarding.rules import Application, UnknownApplication
from mockgov.refusal import Refused


class BadApplicationKey(Refused):
    """The key opens no application of that number; whether there is one is not told."""

    key = "badapplicationkey"


REFUSAL = (
    "Number and key open no application. Use the link, or the `X-Application-Key`, that was given when the form was "
    "drawn up."
)


def follow_up_key(ministry: Ministry, application: Application) -> str:
    """What opens an application, 32 hexadecimal digits; the world alone can make it."""
    streams = ministry.world.streams
    return streams.secret("application.key", application.application_id, size=16).hex()


def opened(ministry: Ministry, number: str, key: str) -> Application:
    """The application of a number, for whoever has its key. Raises `BadApplicationKey`."""
    try:
        application = ministry.onboarding.by_number(number)
    except UnknownApplication:
        raise BadApplicationKey(REFUSAL) from None
    if compare_digest(follow_up_key(ministry, application).encode(), key.encode()):
        return application
    raise BadApplicationKey(REFUSAL)
