"""HTTPS with a certificate from files, which somebody else renews while larder serves."""

import contextlib
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess

import pytest
import requests
from fault.test_upgrade import lives
from http_clients import Clients, Http2
from larder_group import free_port
from larder_site import BINARY, PATIENCE, await_until, environment

from tls.conftest import PASSWORD, Files, der

YEAR = "max-age=31536000; includeSubDomains"
HSTS = ["--hsts-seconds", "31536000", "--hsts-subdomains"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory, authority):
    return Files(tmp_path_factory.mktemp("files"), authority)


@pytest.fixture(scope="module")
def running(made, kept):
    """The site, served with everything there is to HTTPS, for as many tests as can share it."""
    made.plain = f"127.0.0.1:{free_port()}"
    made.start(*kept.options, *HSTS, "--http-listen", made.plain)
    made.write("POST", "posts/", {"title": "p", "slug": "p", "status": "published"})
    yield made
    made.stop()


@pytest.fixture
def served(running, kept):
    """It, with a certificate that is well."""
    if running.process is None:
        running.start(*kept.options, *HSTS, "--http-listen", running.plain)
    shown = kept.renew()
    await_until(lambda: running.shown() == shown, "the certificate")
    return running


def post(site):
    return f"/v2/posts/p/?auth_token={site.read_token}"


def test_both_versions_of_http_are_spoken(served):
    """The first answer is built, the next ones are the cache's."""
    cached = set()
    for protocol in ["http/1.1", "h2", "http/1.1", "h2"]:
        answer = ask(served, protocol)
        assert answer.status == 200 and answer.headers["strict-transport-security"] == YEAR, (protocol, answer.headers)
        cached.add((protocol, answer.headers["x-cache"]))
    assert {("h2", "HIT"), ("http/1.1", "HIT")} <= cached
    with served.handshake(["h2", "http/1.1"]) as offered_both, served.handshake([]) as offered_none:
        assert (offered_both.selected_alpn_protocol(), offered_both.version()) == ("h2", "TLSv1.3")
        assert offered_none.selected_alpn_protocol() is None
        offered_none.sendall(f"GET {post(served)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        assert offered_none.recv(17) == b"HTTP/1.1 200 OK\r\n"
    assert served.session.get(f"{served.base}/v2/posts/", timeout=PATIENCE).headers["strict-transport-security"] == YEAR


class Answer:
    def __init__(self, status, headers):
        self.status, self.headers = status, {name.lower(): value for name, value in headers}


def ask(site, protocol):
    connection = site.handshake([protocol])
    assert connection.selected_alpn_protocol() == protocol
    with contextlib.closing(connection):
        if protocol == "h2":
            client = Http2(*site.host_and_port(), over=connection)
            return Answer(client.get(post(site)), client.headers.items())
        client = http.client.HTTPConnection(*site.host_and_port(), timeout=PATIENCE)
        client.sock = connection
        client.request("GET", post(site))
        answer = client.getresponse()
        answer.read()
        return Answer(answer.status, answer.getheaders())


def test_plain_http_is_sent_on(served):
    for base in [f"http://{served.plain}", served.base.replace("https://", "http://")]:
        sent = requests.get(f"{base}/v2/posts/?page=1&x=%2F", allow_redirects=False, timeout=PATIENCE)
        assert (sent.status_code, sent.headers["location"]) == (308, f"{served.base}/v2/posts/?page=1&x=%2F")
        assert "strict-transport-security" not in sent.headers
        sent = requests.post(f"{base}/admin/sign-in", data={"a": "b"}, allow_redirects=False, timeout=PATIENCE)
        assert (sent.status_code, sent.headers["location"]) == (308, f"{served.base}/admin/sign-in")
    host, port = served.plain.split(":")
    with socket.create_connection((host, int(port)), PATIENCE) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b" 400 " in connection.recv(100)


def test_who_signs_in_gets_a_cookie_for_https_only(served):
    asked = {"email": "a@b.example", "password": PASSWORD}
    signed = served.session.post(f"{served.base}/admin/sign-in", data=asked, allow_redirects=False, timeout=PATIENCE)
    cookies = signed.headers["set-cookie"]
    assert "__Host-larder=" in cookies and cookies.count("Secure") == 2, (signed.status_code, cookies)


def test_a_renewed_certificate_is_shown(served, kept):
    before = served.shown()
    with contextlib.closing(http.client.HTTPSConnection(*served.host_and_port(), context=context(served))) as client:
        client.request("GET", "/livez")
        assert client.getresponse().read()
        renewed = kept.renew()
        await_until(lambda: served.shown() == renewed, "the new certificate")
        assert renewed != before
        client.request("GET", "/livez")
        assert client.getresponse().status == 200, "a connection that was open is as good as before"
    assert served.health()["status"] == "valid"


def context(site):
    made = ssl.create_default_context(cafile=site.trusted)
    made.set_alpn_protocols(["http/1.1"])
    return made


def half(pair):
    return pair[0][: len(pair[0]) // 2], pair[1]


def other_key(pair, files):
    return pair[0], files.new()[1]


@pytest.mark.parametrize(
    "spoil, why",
    [
        (lambda pair, _: half(pair), "the certificate is not whole"),
        (lambda pair, _: (pair[0], pair[1][:60]), "the private key is not whole"),
        (lambda pair, _: (b"", pair[1]), "there is no certificate in its file"),
        (lambda pair, _: (pair[0], b""), "there is no private key in its file"),
        (other_key, "do not belong together"),
    ],
)
def test_files_that_cannot_be_used_change_nothing(served, kept, spoil, why):
    before, renewed = served.shown(), kept.new()
    kept.put(spoil(renewed, kept))
    await_until(lambda: why in served.health().get("error", ""), f"health to say {why}")
    assert served.shown() == before and served.health()["status"] == "valid"
    assert why in served.log.read_text() and str(kept.key) in served.log.read_text()
    code, status = served.status()
    assert code == 3 and why in status["certificate"]["error"] and why in status["warning"]
    # Written to its end, it is shown.
    kept.put(renewed)
    await_until(lambda: served.shown() == der(renewed), "the new certificate")
    await_until(lambda: "error" not in served.health(), "health to say nothing")


def test_files_that_are_gone_change_nothing(served, kept):
    before = served.shown()
    kept.key.unlink()
    await_until(lambda: "the private key cannot be read" in served.health().get("error", ""), "health to say it")
    assert served.shown() == before
    assert str(kept.key) not in served.health()["error"], "where it lies is nobody's business"


def test_both_sockets_are_handed_over(served):
    """No request fails, through TLS, while another process takes over; both ports answer afterwards."""
    with Clients(served.base, [post(served)], trusting=served.trusted) as clients:
        done = subprocess.run(
            [BINARY, "upgrade", "--json", "--data", str(served.data_dir)],
            env=environment(), capture_output=True, text=True, timeout=3 * PATIENCE,
        )
        assert done.returncode == 0, done.stderr + served.log.read_text()
        clients.go_on()
    old = served.process
    served.session.close()
    assert old.wait(PATIENCE) == 0
    sent = requests.get(f"http://{served.plain}/x", allow_redirects=False, timeout=PATIENCE)
    assert sent.headers["location"] == f"{served.base}/x"
    assert served.health()["status"] == "valid"
    served.process = Successor(json.loads(done.stdout)["to"]["pid"])


class Successor:
    """A process that is no child of ours."""

    def __init__(self, pid):
        self.pid = pid

    def send_signal(self, how):
        os.kill(self.pid, how)

    def wait(self, _):
        await_until(lambda: not lives(self.pid), "the successor to end")


def test_a_connection_that_only_waits_does_not_keep_the_process(served):
    """Neither before its handshake nor after it."""
    with socket.create_connection(served.host_and_port(), PATIENCE), served.handshake():
        served.end(signal.SIGINT)


def test_without_the_option_nothing_is_said_about_https(running, site, files):
    running.stop()
    site.start(*files.options)
    assert "strict-transport-security" not in site.session.get(f"{site.base}/readyz", timeout=PATIENCE).headers


@pytest.mark.parametrize("spoil, why", [(lambda pair, _: half(pair), "not whole"), (other_key, "do not belong together")])
def test_it_does_not_start_without_a_certificate(made, files, spoil, why):
    files.put(spoil(files.new(), files))
    said = refused(made, *files.options)
    assert why in said and str(files.certificate) in said


def test_options_that_need_each_other_say_so(made, files):
    assert "--tls-key" in refused(made, "--tls-cert", str(files.certificate))
    assert "--tls-cert" in refused(made, "--http-listen", "127.0.0.1:0")
    assert "--tls-cert" in refused(made, "--hsts-seconds", "1")
    assert "--trusted-proxy" in refused(made, "--proxy-protocol")
    assert "cannot be used with" in refused(made, *files.options, "--domain", "cms.example.com")
    for wrong in ["*.example.com", "127.0.0.1", "localhost"]:
        assert wrong in refused(made, "--domain", wrong)


def refused(site, *options):
    done = subprocess.run(
        [BINARY, "serve", "--data", str(site.data_dir), "--listen", "127.0.0.1:0", *options],
        env=environment(), capture_output=True, text=True, timeout=PATIENCE,
    )
    assert done.returncode != 0, done.stdout
    return done.stderr
