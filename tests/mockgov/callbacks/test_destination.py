"""Which addresses can be called, by literal values."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.callbacks.destination import Destination, check_literal, is_allowed, read_networks, read_url
from mockgov.callbacks.rules import AddressNotAllowed, BadSubscription

LOOPBACK = read_networks("127.0.0.0/8,::1/128")


@pytest.mark.parametrize(
    ("url", "parts", "authority"),
    [
        ("http://127.0.0.1:9000/hook?a=1", ("http", "127.0.0.1", 9000, "/hook?a=1"), "127.0.0.1:9000"),
        ("http://localhost", ("http", "localhost", 80, "/"), "localhost"),
        ("https://[::1]/x", ("https", "::1", 443, "/x"), "[::1]"),
        ("https://Firma.Example:8443/x%C5%9F", ("https", "firma.example", 8443, "/x%C5%9F"), "firma.example:8443"),
    ],
)
def test_an_address_has_parts(url: str, parts: tuple[str, str, int, str], authority: str) -> None:
    assert read_url(url) == Destination(*parts)
    assert read_url(url).authority == authority


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:9000",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "http://a:b@127.0.0.1/",
        "http://user@127.0.0.1/",
        "http://127.0.0.1/#x",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:65536/",
        "http://127.0.0.1:x/",
        "http://[::1/",
        "http://şirket.example/",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nx-evil: 1",
        "http://127.0.0.1/\x00",
        "http://-x-/",
        "http://a_b/",
        "http://127.0.0.1/" + "x" * 2000,
    ],
)
def test_anything_else_is_no_address(url: str) -> None:
    """Nor is one that smuggles a line into the request."""
    with pytest.raises(BadSubscription):
        read_url(url)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Never anything but a refusal; what is read has no blank and no line's end."""
    for url in (text, f"http://{text}", f"http://127.0.0.1/{text}"):
        try:
            read = read_url(url)
        except BadSubscription:
            continue
        assert not set(read.host + read.target) & set(" \r\n\t\x00")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"])
def test_loopback_is_allowed(address: str) -> None:
    assert is_allowed(ip_address(address), LOOPBACK)


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "10.0.0.1", "169.254.169.254", "192.168.1.1", "8.8.8.8", "::", "::2", "::ffff:10.0.0.1", "fe80::1%lo"],
)
def test_nothing_else_is(address: str) -> None:
    """Not even addresses that reach this machine by another way."""
    assert not is_allowed(ip_address(address), LOOPBACK)


def test_other_networks_are_allowed_by_name() -> None:
    networks = read_networks(" 10.1.0.0/16 , fd00::/8 ")
    assert is_allowed(ip_address("10.1.255.255"), networks)
    assert is_allowed(ip_address("fd00::1"), networks)
    assert not is_allowed(ip_address("127.0.0.1"), networks)
    assert not is_allowed(ip_address("127.0.0.1"), read_networks(""))


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://[::ffff:10.0.0.1]/", "https://0.0.0.0/"])
def test_an_ip_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(AddressNotAllowed, match=r"127\.0\.0\.0/8, ::1/128 only.*HES_CALLBACK_NETWORKS"):
        check_literal(read_url(url), LOOPBACK)


def test_a_name_is_looked_up_when_something_is_sent() -> None:
    check_literal(read_url("http://firma.example/"), LOOPBACK)
