"""Files from servers that encrypt: asked only when somebody who is trusted vouches for them."""

import contextlib
import http.server
import ssl
import threading

import pytest
import requests

import trustme
from larder_site import PATIENCE, environment
from media.conftest import opened, rgba


class Silent(http.server.BaseHTTPRequestHandler):
    """Answers everything with the server's picture."""

    def do_GET(self):
        self.server.asked += 1
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(self.server.picture)))
        self.end_headers()
        self.wfile.write(self.server.picture)

    def log_message(self, *_):
        pass


@pytest.fixture
def authority():
    return trustme.CA()


@contextlib.contextmanager
def serving(name, authority, photo):
    """A server with a certificate for this name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
        server.picture, server.asked = photo, 0
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(PATIENCE)


@pytest.fixture
def origin(authority, photo):
    with serving("127.0.0.1", authority, photo) as server:
        yield server


def fetch(site, origin):
    return site.session.post(
        f"{site.base}/media", json={"url": f"https://127.0.0.1:{origin.server_address[1]}/jar.png"},
        headers={"Authorization": f"Token {site.write_token}"}, timeout=PATIENCE,
    )


@pytest.fixture
def site(tmp_path):
    with opened(tmp_path) as site:
        yield site


def again(site, **more):
    """Serves the site with these settings, as the environment has them."""
    site.stop()
    site.session = requests.Session()
    site.start(env=environment() | {"LARDER_ALLOW_PRIVATE_FETCH": "127.0.0.0/8"} | more)


def test_a_server_for_which_nobody_vouches_is_not_asked(site, origin):
    again(site)
    refused = fetch(site, origin)
    assert refused.status_code == 400
    said = refused.json()["url"][0]
    assert said.startswith("127.0.0.1 could not prove who it is") and "nothing was asked of it" in said
    assert origin.asked == 0


def test_an_authority_of_ones_own_vouches_for_its_servers_and_no_others(site, origin, authority, photo, tmp_path):
    certificates = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(certificates)
    again(site, LARDER_FETCH_CA=str(certificates))
    taken = fetch(site, origin)
    assert taken.status_code == 201, taken.text
    assert rgba(site.picture(taken.json()["id"]).content) == rgba(photo)
    with serving("other.example", authority, photo) as other:
        assert "could not prove who it is" in fetch(site, other).json()["url"][0]
        assert other.asked == 0


@pytest.mark.parametrize("content", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_holds_no_certificate_is_refused_at_the_start(site, tmp_path, content):
    site.stop()
    wrong = tmp_path / "wrong.pem"
    wrong.write_bytes(content)
    with pytest.raises(AssertionError, match="fetch-ca|certificate"):
        site.start(env=environment() | {"LARDER_FETCH_CA": str(wrong)})
    site.process = None
