"""Where callbacks may go: what an address looks like, and which networks are allowed. Pure.

The host of an address is looked up once an attempt, every result must be allowed, and the connection goes to a result
of that very look-up: a name that points elsewhere the next moment (DNS rebinding) changes nothing.
"""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from mockgov.callbacks.rules import AddressNotAllowed, BadSubscription

LONGEST: Final = 2000
"""Characters of an address (chosen here)."""
PORTS: Final = {"http": 80, "https": 443}
Network = IPv4Network | IPv6Network

_PRINTABLE = re.compile(r"[!-~]+")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)


class Destination(NamedTuple):
    """An address in its parts."""

    scheme: str
    host: str
    """A name, or an IP address without brackets."""
    port: int
    target: str
    """Path and query, as the request line has them."""

    @property
    def is_secure(self) -> bool:
        """Whether the connection is TLS."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """What the `Host` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.authority}".lower()


def read_url(url: str) -> Destination:
    """An address of a callback. Raises `BadSubscription`."""
    if len(url) > LONGEST or not _PRINTABLE.fullmatch(url):
        raise BadSubscription(f"Write the address in at most {LONGEST} ASCII characters, others percent-encoded.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadSubscription("Host or port of the address cannot be read; write http://127.0.0.1:9000/hook.") from None
    host = parts.hostname or ""
    if parts.scheme not in PORTS or not host or port == 0:
        raise BadSubscription("A callback goes to an http or https address, such as http://127.0.0.1:9000/hook.")
    if parts.username is not None or parts.password is not None or "#" in url:
        raise BadSubscription("Leave user, password and fragment out of the address; the signature says who calls.")
    if literal(host) is None and not _HOST.fullmatch(host):
        raise BadSubscription("The host of the address is no name and no IP address; write names in ASCII (punycode).")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme, host, port or PORTS[parts.scheme], target)


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address that a host is, if it is one."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def read_networks(text: str) -> Sequence[Network]:
    """Networks as a setting has them: `127.0.0.0/8,::1/128`. Raises ValueError."""
    return [ip_network(one.strip()) for one in text.split(",") if one.strip()]


def is_allowed(address: IPv4Address | IPv6Address, networks: Iterable[Network]) -> bool:
    """Whether an address lies in one of the networks; an IPv4 one within IPv6 is taken for what it is."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    meant = mapped or address
    scope = getattr(meant, "scope_id", None)
    return scope is None and any(meant in network for network in networks if network.version == meant.version)


def check_literal(destination: Destination, networks: Sequence[Network]) -> None:
    """Raises `AddressNotAllowed` where the host is an IP address outside the networks; names are for later."""
    address = literal(destination.host)
    if address is not None and not is_allowed(address, networks):
        raise AddressNotAllowed(not_allowed(networks))


def check_found(found: Sequence[str], networks: Sequence[Network]) -> None:
    """Raises `AddressNotAllowed` where a name has no address, or one outside the networks."""
    if not found:
        raise AddressNotAllowed(f"The host of the address has no IP address that can be found. {not_allowed(networks)}")
    if not all(is_allowed(ip_address(one), networks) for one in found):
        raise AddressNotAllowed(f"The host of the address lies elsewhere. {not_allowed(networks)}")


def not_allowed(networks: Sequence[Network]) -> str:
    """What a person is told of an address that is not allowed."""
    allowed = ", ".join(map(str, networks)) or "no network at all"
    return (
        f"This server sends callbacks to {allowed} only. Use an address there, or start the server with "
        "HES_CALLBACK_NETWORKS set to the networks that may be called."
    )
