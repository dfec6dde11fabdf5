"""Connections, from their first byte to the end of the process."""

import contextlib
import socket
import time
from urllib.parse import urlsplit

import pytest
from larder_site import PATIENCE, Site

LIVEZ = b"GET /livez HTTP/1.1\r\nHost: larder\r\n\r\n"
HTTP2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
SETTINGS = 4


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.larder("init")
    site.start()
    try:
        yield site
    finally:
        site.stop()


@contextlib.contextmanager
def connected(site):
    address = urlsplit(site.base)
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connection


@pytest.mark.parametrize("first", [1, 2, 3, 4])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "GET"])
def test_the_version_is_told_from_the_first_bytes_however_they_arrive(site, method, first):
    request = LIVEZ.replace(b"GET", method.encode())
    with connected(site) as connection:
        connection.send(request[:first])
        # Long enough to be seen alone, whatever comes of it.
        time.sleep(0.03)
        connection.send(request[first:])
        assert connection.recv(64).startswith(b"HTTP/1.1 ")


@pytest.mark.parametrize("first", [1, 3, 24])
def test_http2_is_spoken_with_whoever_begins_with_it(site, first):
    with connected(site) as connection:
        connection.send(HTTP2[:first])
        time.sleep(0.03)
        connection.send(HTTP2[first:])
        assert connection.recv(64)[3] == SETTINGS


def test_silent_clients_do_not_keep_the_process_from_ending(site):
    with connected(site) as idle, connected(site) as silent:
        idle.send(LIVEZ)
        assert idle.recv(64).startswith(b"HTTP/1.1 200")
        site.stop()
        for connection in (idle, silent):
            while connection.recv(4096):
                pass
