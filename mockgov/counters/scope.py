"""What the front puts into a request's ASGI scope, by name; routes take it from there."""

from typing import Final

SCOPE_KEY: Final = "hes.ministry"
"""The ministry of the world that the path or the default named."""
WORLDS_KEY: Final = "hes.worlds"
"""All worlds of the server."""
DOORS_KEY: Final = "hes.doors"
"""The listeners beside HTTP: name, host, port."""
ASKER: Final = "hes.asker"
"""Where a route leaves who asks, for the journal."""
SPOKEN: Final = "hes.spoken"
"""Where a route leaves the protocol and the verb that a body holds, for the journal."""
