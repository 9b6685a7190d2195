"""The way out over real sockets of this machine: what endpoints do well, and what they do badly."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from mockgov.callbacks.carrying import Envelope
from mockgov.callbacks.rules import AddressNotAllowed, Outcome, Trouble
from mockgov.counters.callbacks.exchange import MOST
from mockgov.counters.callbacks.network import LookUp, Network
from tests.endpoint import Endpoint

LOOPBACK = "127.0.0.0/8,::1/128"
QUICKLY_S = 0.3


def envelope(url: str, body: bytes = b'{"a":1}', **headers: str) -> Envelope:
    return Envelope(delivery=1, subscription=1, url=url, headers={"webhook-id": "msg_1"} | headers, body=body)


def send(
    url: str, count: int = 1, *, networks: str = LOOPBACK, timeout_s: float = 5, **fields: Any
) -> Sequence[Outcome]:
    network = Network(networks=networks, timeout_s=timeout_s, **fields)
    return asyncio.run(network.send([envelope(url, f"{nth}".encode()) for nth in range(count)]))


@contextmanager
def saying(*answers: bytes, hold: float = 0) -> Iterator[str]:
    """A port at which each connection gets the next of these bytes upon its request, and is closed."""
    listening = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        for answer in answers:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                try:
                    connection.sendall(answer)
                except OSError:
                    continue
                done.wait(hold)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        done.set()
        listening.close()
        thread.join(5)


def test_a_request_as_it_arrives() -> None:
    """POST to path and query, with host, length and the headers given."""
    with Endpoint(lambda _: 202) as endpoint:
        assert send(endpoint.url) == [Outcome(status=202)]
    (called,) = endpoint.calls
    assert (called.path, called.body, called.headers["webhook-id"]) == ("/hook?from=hes", b"0", "msg_1")
    assert called.headers["host"] == endpoint.url.split("/")[2]
    assert called.headers["content-length"] == "1"


def test_the_next_request_goes_on_the_same_connection() -> None:
    """In order, as long as the endpoint keeps it."""
    with Endpoint(lambda called: 200 if called.body != b"3" else (200, {"connection": "close"})) as endpoint:
        assert send(endpoint.url, 6) == [Outcome(status=200)] * 6
    assert ([called.body for called in endpoint.calls], endpoint.connections) == ([b"%d" % n for n in range(6)], 2)


def test_a_connection_that_was_closed_meanwhile_is_made_again() -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
    with saying(answer, answer) as url:
        assert send(url, 2) == [Outcome(status=200)] * 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with Endpoint() as other, Endpoint(lambda _: (status, {"location": other.url})) as endpoint:
        assert send(endpoint.url) == [Outcome(status=status)]
    assert other.calls == []


def test_retry_after_is_read_as_seconds() -> None:
    """A date, or nonsense, is none."""
    for text, seconds in (
        ("120", 120),
        ("Fri, 31 Dec 2021 23:59:59 GMT", None),
        ("-1", None),
        ("²", None),
        ("9" * 99, None),
    ):
        with Endpoint(lambda _, text=text: (503, {"retry-after": text})) as endpoint:
            assert send(endpoint.url) == [Outcome(status=503, retry_after_s=seconds)]


def test_who_is_gone_or_silent_is_not_asked_again_at_once() -> None:
    """After a 410 or a time-out the rest is left."""
    with Endpoint(lambda _: 410) as endpoint:
        assert send(endpoint.url, 3) == [Outcome(status=410)]
    with saying(b"", hold=5) as url:
        assert send(url, 3, timeout_s=QUICKLY_S) == [Outcome(trouble=Trouble.TIMED_OUT)]


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\nx: y", b"HTTP/1.1 102 Processing\r\n\r\n"],
    ids=["half a status line", "half a head", "nothing but interim"],
)
def test_an_answer_that_never_ends_its_head_times_out(answer: bytes) -> None:
    with saying(answer, hold=5) as url:
        assert send(url, timeout_s=QUICKLY_S) == [Outcome(trouble=Trouble.TIMED_OUT)]


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (b"", Trouble.BROKEN),
        (b"HTTP/1.1 200 OK\r\nx: y", Trouble.UNREADABLE),
        (b"SSH-2.0-OpenSSH\r\n\r\n", Trouble.UNREADABLE),
        (b"\x16\x03\x01\x00\x00" * 10, Trouble.UNREADABLE),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * MOST, Trouble.UNREADABLE),
        (b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n", Trouble.UNREADABLE),
    ],
)
def test_what_is_no_answer_is_none(answer: bytes, trouble: Trouble) -> None:
    """Nothing, half a head, another protocol, a head without end."""
    with saying(answer) as url:
        assert send(url) == [Outcome(trouble=trouble)]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\nbye",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n" + b"x" * 200_000,
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=["interim first", "HTTP/1.0", "an endless body", "half a body", "a broken body"],
)
def test_once_the_head_is_there_the_status_counts(answer: bytes) -> None:
    """Whatever the body; no more than 64 KiB of it are read."""
    with saying(answer) as url:
        assert send(url) == [Outcome(status=200)]


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert send(f"http://127.0.0.1:{port}/", 2) == [Outcome(trouble=Trouble.REFUSED)] * 2


def found(*addresses: str) -> tuple[LookUp, list[str]]:
    asked: list[str] = []

    async def look_up(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return [addresses[min(len(asked), len(addresses)) - 1]] if len(addresses) > 1 and port else list(addresses)

    return look_up, asked


def test_a_name_that_leads_elsewhere_is_not_called() -> None:
    """One address outside is enough, whatever stands before it."""

    async def both(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1", "10.0.0.1"]

    with Endpoint() as endpoint:
        url = endpoint.url.replace("127.0.0.1", "firma.example")
        assert send(url, look_up=both) == [Outcome(trouble=Trouble.NOT_ALLOWED)]
    assert endpoint.calls == []


def test_a_name_that_changes_its_address_gains_nothing() -> None:
    """It is looked up once for a connection, and the connection goes to what was checked (DNS rebinding)."""
    look_up, asked = found("127.0.0.1", "10.0.0.1")
    with Endpoint(lambda _: (200, {"connection": "close"})) as endpoint:
        url = endpoint.url.replace("127.0.0.1", "firma.example")
        assert send(url, 2, look_up=look_up) == [Outcome(status=200), Outcome(trouble=Trouble.NOT_ALLOWED)]
    assert (asked, len(endpoint.calls)) == (["firma.example"] * 2, 1)
    assert endpoint.calls[0].headers["host"].startswith("firma.example:")


def test_a_name_of_nobody() -> None:
    async def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    async def empty(_host: str, _port: int) -> Sequence[str]:
        return []

    for look_up in (unknown, empty):
        assert send("http://nobody.example/", look_up=look_up) == [Outcome(trouble=Trouble.UNKNOWN_HOST)]


@pytest.mark.parametrize(
    ("addresses", "why"),
    [([], "has no IP address"), (["203.0.113.7"], "lies elsewhere"), (["127.0.0.1", "10.0.0.1"], "lies elsewhere")],
)
def test_a_name_is_looked_up_before_it_is_subscribed(addresses: list[str], why: str) -> None:
    """Where nothing would arrive it is refused, with the setting that allows more; a name that does is taken."""

    async def look_up(_host: str, _port: int) -> Sequence[str]:
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return addresses

    with pytest.raises(AddressNotAllowed, match=why) as refusal:
        asyncio.run(Network(networks=LOOPBACK, timeout_s=1, look_up=look_up).vet("http://firma.example/hook"))
    assert "HES_CALLBACK_NETWORKS" in refusal.value.message
    asyncio.run(Network(networks=f"{LOOPBACK},10.0.0.0/8,203.0.113.0/24", timeout_s=1).vet("http://localhost:9/"))
    if addresses:
        wide = Network(networks="127.0.0.0/8,10.0.0.0/8,203.0.113.0/24", timeout_s=1, look_up=look_up)
        asyncio.run(wide.vet("http://firma.example/hook"))


def test_a_look_up_that_takes_too_long_is_a_time_out() -> None:
    async def slow(_host: str, _port: int) -> Sequence[str]:
        await asyncio.sleep(5)
        return []

    assert send("http://x.example/", look_up=slow, timeout_s=0.05) == [Outcome(trouble=Trouble.TIMED_OUT)]


def test_localhost_is_reached_by_whichever_address_answers() -> None:
    with Endpoint() as endpoint:
        assert send(endpoint.url.replace("127.0.0.1", "localhost")) == [Outcome(status=204)]


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "[::ffff:10.0.0.1]", "169.254.169.254"])
def test_an_ip_address_outside_is_refused_before_anything_is_sent(host: str) -> None:
    network = Network(networks=LOOPBACK, timeout_s=1)
    with pytest.raises(AddressNotAllowed):
        network.check(f"http://{host}/")
    assert send(f"http://{host}/") == [Outcome(trouble=Trouble.NOT_ALLOWED)]


def test_without_a_network_nobody_is_called() -> None:
    with Endpoint() as endpoint:
        assert send(endpoint.url, networks="") == [Outcome(trouble=Trouble.NOT_ALLOWED)]
    assert endpoint.calls == []


def test_a_certificate_that_nobody_trusts() -> None:
    """TLS is checked: a plain port is no TLS, and a certificate of one's own is not trusted."""
    with Endpoint() as endpoint:
        url = endpoint.url.replace("http:", "https:")
        assert send(url)[0].trouble in (Trouble.UNTRUSTED, Trouble.BROKEN)
    assert endpoint.calls == []


def test_tls_with_a_trusted_certificate(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the machine's trust store, with the name that the address has."""
    certificate, key = self_signed("firma.example")
    (tmp_path / "cert.pem").write_bytes(certificate)
    (tmp_path / "both.pem").write_bytes(certificate + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")

    async def here(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    with Endpoint() as endpoint:
        endpoint.server.socket = context.wrap_socket(endpoint.server.socket, server_side=True)
        url = endpoint.url.replace("http:", "https:").replace("127.0.0.1", "firma.example")
        assert send(url, look_up=here) == [Outcome(trouble=Trouble.UNTRUSTED)]
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert send(url, look_up=here) == [Outcome(status=204)]
        other = url.replace("firma.example", "other.example")
        assert send(other, look_up=here) == [Outcome(trouble=Trouble.UNTRUSTED)]


def self_signed(name: str) -> tuple[bytes, bytes]:
    """A certificate for a name, and its key, in PEM."""
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415  of this test only

    from cryptography import x509  # noqa: PLC0415  the same
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415  the same
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415  the same

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    return built.public_bytes(pem), key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
