"""Proxies in front of larder: those that are trusted are believed about whom they ask for, and nobody else is."""

import contextlib
import re
import socket
import struct
import subprocess

import pytest
from larder_group import free_port
from larder_site import PATIENCE, await_until

from tls.conftest import PASSWORD

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
EVERYTHING = {
    "X-Forwarded-For": "192.0.2.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "cms.example.com",
}


class Asked:
    """What a site makes of requests that sign in: where they come from, and how."""

    def __init__(self, site):
        self.site = site

    def start(self, *options):
        self.site.start(*options)

    def with_headers(self, headers):
        """The cookies that somebody gets who signs in, and the address that the log tells of somebody who cannot."""
        right = self.sign_in(headers, PASSWORD)
        wrong = self.sign_in(headers, "wrong")
        assert wrong.status_code in (401, 422, 400), wrong.status_code
        return right.headers.get("set-cookie", ""), self.addresses()[-1]

    def sign_in(self, headers, password):
        asked = {"email": "a@b.example", "password": password}
        return self.site.session.post(
            f"{self.site.base}/admin/sign-in", data=asked, headers=headers, allow_redirects=False, timeout=PATIENCE
        )

    def addresses(self):
        said = re.sub(r"\x1b\[[0-9;]*m", "", self.site.log.read_text())
        return re.findall(r"a sign-in did not work address=(\S+)", said)


@pytest.fixture
def asked(site):
    return Asked(site)


def test_strangers_are_not_believed(asked):
    asked.start("--trusted-proxy", "192.0.2.0/24,10.0.0.0/8")
    cookies, address = asked.with_headers(EVERYTHING | {"Forwarded": "for=198.51.100.7;proto=https;host=cms.example.com"})
    assert address == "127.0.0.1" and "larder=" in cookies
    assert "__Host-" not in cookies and "Secure" not in cookies


def test_a_trusted_proxy_is_believed(asked):
    asked.start("--trusted-proxy", "127.0.0.0/8")
    cookies, address = asked.with_headers(EVERYTHING)
    assert address == "192.0.2.1" and "__Host-larder=" in cookies and cookies.count("Secure") == 2
    cookies, address = asked.with_headers({"Forwarded": 'for="[2001:db8::1]:4711";proto=https'})
    assert address == "2001:db8::1" and "__Host-larder=" in cookies
    cookies, address = asked.with_headers({"X-Forwarded-For": "198.51.100.1, 192.0.2.1"})
    assert address == "192.0.2.1" and "Secure" not in cookies
    _, address = asked.with_headers(EVERYTHING | {"Forwarded": "for=198.51.100.7"})
    assert address == "127.0.0.1", "where two headers disagree, neither is believed"


def test_a_page_of_the_server_that_a_proxy_names_may_sign_in(asked):
    """Without Sec-Fetch-Site, as older browsers ask: the page's origin is compared with the server that was asked."""
    asked.start("--trusted-proxy", "127.0.0.1")
    own = EVERYTHING | {"Origin": "https://cms.example.com"}
    assert asked.sign_in(own, PASSWORD).status_code == 303
    assert asked.sign_in(EVERYTHING | {"Origin": "https://evil.example"}, PASSWORD).status_code == 403
    assert asked.sign_in({"Origin": "https://cms.example.com"}, PASSWORD).status_code == 403


def version_1(client):
    return f"PROXY TCP4 {client} 198.51.100.1 56324 443\r\n".encode()


def version_2(client, parts=b""):
    said = socket.inet_aton(client) + socket.inet_aton("198.51.100.1") + struct.pack("!HH", 56324, 443) + parts
    return SIGNATURE + b"\x21\x11" + struct.pack("!H", len(said)) + said


THROUGH_TLS = struct.pack("!BHBI", 0x20, 5, 1, 0)
LOCAL = SIGNATURE + b"\x20\x00\x00\x00"


def exchange(site, begins, password="wrong"):
    """What is answered to a sign-in on a connection that begins like this."""
    body = f"email=a@b.example&password={password}"
    request = (
        f"POST /admin/sign-in HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept: text/html\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    host, port = site.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as connection:
        connection.settimeout(PATIENCE)
        with contextlib.suppress(OSError):
            connection.sendall(begins + request.encode())
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                answer += piece
        return answer.decode(errors="replace")


@pytest.fixture
def proxied(site, monkeypatch):
    """A site behind a proxy that says first for whom it connects; it goes on from test to test."""
    # Not even a look whether it is there comes through without the header.
    monkeypatch.setattr(site, "is_ready", lambda: exchange(site, LOCAL).startswith("HTTP/1.1"))
    site.start("--trusted-proxy", "127.0.0.1", "--proxy-protocol")
    return Asked(site)


@pytest.mark.parametrize(
    "begins, address",
    [
        (version_1("192.0.2.1"), "192.0.2.1"),
        (b"PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n", "2001:db8::1"),
        (b"PROXY UNKNOWN\r\n", "127.0.0.1"),
        (version_2("192.0.2.1"), "192.0.2.1"),
        (version_2("192.0.2.1", THROUGH_TLS), "192.0.2.1"),
        (LOCAL, "127.0.0.1"),
    ],
)
def test_a_connection_says_first_for_whom_it_is(proxied, begins, address):
    answer = exchange(proxied.site, begins)
    assert answer.startswith("HTTP/1.1 4"), answer
    assert proxied.addresses()[-1] == address


def test_what_the_client_said_itself_is_not_believed_then(proxied):
    """The proxy is trusted, the client it names is not."""
    answer = exchange(proxied.site, version_1("192.0.2.1"), PASSWORD)
    assert "303" in answer.splitlines()[0] and "Secure" not in answer
    answer = exchange(proxied.site, version_2("192.0.2.1", THROUGH_TLS), PASSWORD)
    assert "__Host-larder=" in answer


@pytest.mark.parametrize(
    "begins",
    [b"", b"PROXY TCP4 nonsense\r\n", b"PROXY " + b"x" * 200 + b"\r\n", SIGNATURE + b"\x51\x11\x00\x00", SIGNATURE + b"\x21\x11\xff\xff"],
)
def test_a_proxy_that_says_nothing_of_the_kind_is_not_answered(proxied, begins):
    before = proxied.addresses()
    assert exchange(proxied.site, begins) == ""
    assert proxied.addresses() == before
    assert "does not begin with a PROXY protocol header" in proxied.site.log.read_text()


def test_the_header_is_for_trusted_proxies_only(asked):
    asked.start("--trusted-proxy", "10.0.0.0/8", "--proxy-protocol")
    assert exchange(asked.site, b"").startswith("HTTP/1.1 4"), "others ask as always"
    assert exchange(asked.site, version_1("192.0.2.1")).startswith("HTTP/1.1 400 Bad Request")
    assert set(asked.addresses()) == {"127.0.0.1"}


@pytest.mark.parametrize("how", ["send-proxy", "send-proxy-v2", "send-proxy-v2-ssl"])
def test_haproxy_in_front(proxied, how):
    """A real proxy; it comes from 127.0.0.1 as its client does, so that client binds another loopback address."""
    site, port = proxied.site, free_port()
    address = site.base.removeprefix("http://")
    config = site.folder / "haproxy.cfg"
    config.write_text(
        "defaults\n mode tcp\n timeout connect 5s\n timeout client 60s\n timeout server 60s\n"
        f"listen front\n bind 127.0.0.1:{port}\n server larder {address} {how} source 127.0.0.1\n"
    )
    with open(site.folder / "haproxy.log", "wb") as log:
        process = subprocess.Popen(["haproxy", "-db", "-f", config], stdout=log, stderr=log)
    try:
        def asks():
            with contextlib.suppress(ConnectionRefusedError):
                with socket.create_connection(("127.0.0.1", port), PATIENCE, ("127.0.0.9", 0)) as connection:
                    body = "email=a@b.example&password=wrong"
                    connection.sendall(
                        f"POST /admin/sign-in HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
                        f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode()
                    )
                    return connection.recv(65536)

        assert await_until(asks, "HAProxy").startswith(b"HTTP/1.1 4")
        assert proxied.addresses()[-1] == "127.0.0.9"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def test_a_header_before_tls(site, files):
    """A balancer that passes TLS on as it is says first for whom."""
    site.is_ready = lambda: True
    site.start(*files.options, "--trusted-proxy", "127.0.0.1", "--proxy-protocol")
    connection = socket.create_connection(site.host_and_port(), PATIENCE)
    connection.sendall(version_2("192.0.2.1"))
    with site.secured(connection, ["http/1.1"]) as secured:
        secured.sendall(b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert secured.recv(65536).startswith(b"HTTP/1.1 200 OK")
