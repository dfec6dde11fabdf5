"""Certificates by ACME, of Pebble: Let's Encrypt's own server for tests, on this machine, with its own name server."""

import contextlib
import json
import os
import signal
import ssl
import stat
import subprocess
import tarfile

import pytest
import requests
import trustme
from larder_site import PATIENCE, await_until, environment

from tls.conftest import Secured, lasting_port

NAME, OTHER, REFUSED = "cms.example.com", "www.example.com", "refused.example.com"


class Pebble:
    """The authority. It finds every name on this machine."""

    def __init__(self, folder, secure_port, plain_port):
        self.folder = folder
        self.own = trustme.CA()
        self.trusted = folder / "pebble.pem"
        self.own.cert_pem.write_to_path(self.trusted)
        self.directory_port, self.management_port = lasting_port(), lasting_port()
        self.ports = secure_port, plain_port
        self.programs = []
        self.directory = f"https://127.0.0.1:{self.directory_port}/dir"

    def start(self, validity=None, **variables):
        made = self.own.issue_cert("127.0.0.1")
        certificate, key, config = (self.folder / name for name in ["server.pem", "server.key", "pebble.json"])
        made.cert_chain_pems[0].write_to_path(certificate)
        made.private_key_pem.write_to_path(key)
        settings = {
            "listenAddress": f"127.0.0.1:{self.directory_port}",
            "managementListenAddress": f"127.0.0.1:{self.management_port}",
            "certificate": str(certificate), "privateKey": str(key),
            "tlsPort": self.ports[0], "httpPort": self.ports[1],
            "domainBlocklist": [REFUSED],
        }
        if validity:
            settings["certificateValidityPeriod"] = validity
        config.write_text(json.dumps({"pebble": settings}))
        names = lasting_port()
        off = ["-http01", "", "-https01", "", "-tlsalpn01", ""]
        self.run("pebble-challtestsrv", "-dns01", f"127.0.0.1:{names}", "-management", f"127.0.0.1:{lasting_port()}",
                 "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", *off)
        self.run("pebble", "-config", config, "-dnsserver", f"127.0.0.1:{names}", "-strict",
                 **{"PEBBLE_VA_NOSLEEP": "1"} | variables)
        await_until(self.root, "Pebble")

    def run(self, *command, **variables):
        with open(self.folder / f"{command[0]}.log", "ab") as log:
            self.programs.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment() | variables))

    def root(self):
        """The certificate that vouches for all that it gives; another one each time it is started."""
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(f"https://127.0.0.1:{self.management_port}/roots/0", verify=self.trusted, timeout=PATIENCE).text

    def log(self):
        return (self.folder / "pebble.log").read_text()

    def stop(self):
        for program in self.programs:
            program.kill()
            program.wait(PATIENCE)
        self.programs.clear()


class Named(Secured):
    """A site that gets its certificate by itself."""

    def __init__(self, folder):
        super().__init__(folder, trustme.CA())
        self.secure_port, self.plain_port = lasting_port(), lasting_port()
        self.pebble = Pebble(folder, self.secure_port, self.plain_port)

    def start(self, *names, options=(), plain=True):
        names = names or (NAME,)
        options = [
            *(part for name in names for part in ("--domain", name)),
            "--acme-directory", self.pebble.directory, "--acme-ca", str(self.pebble.trusted), "--acme-retry-seconds", "1",
            "--acme-email", "ops@example.com", "--http-listen", f"127.0.0.1:{self.plain_port}" if plain else "none", *options,
        ]
        super(Secured, self).start(options=options, listen=f"127.0.0.1:{self.secure_port}")

    def is_ready(self):
        """Only whether it listens: a certificate may not be had."""
        assert self.process.poll() is None, self.log.read_text()
        with contextlib.suppress(OSError):
            return bool(self.report())

    def report(self):
        return json.loads((self.data_dir / "tls/report.json").read_text())

    def certified(self):
        """The certificate that is shown, once there is one."""
        with contextlib.suppress(ssl.SSLError, ConnectionError):
            return self.shown()

    def first(self):
        return await_until(self.certified, f"a certificate: {self.log.read_text()}")

    def proves(self, name):
        """Whether it proves to be `name`, to who trusts the authority."""
        self.trusted.write_text(self.pebble.root())
        with self.handshake(name=name) as connection:
            return dict(part[0] for part in connection.getpeercert()["subject"]) is not None

    def plainly(self, path):
        return requests.get(f"http://127.0.0.1:{self.plain_port}{path}", allow_redirects=False, timeout=PATIENCE)


@pytest.fixture
def site(tmp_path):
    site = Named(tmp_path)
    site.larder("init")
    yield site
    site.stop()
    site.pebble.stop()


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_a_certificate_for_each_name_by_http(site):
    site.pebble.start()
    site.start(NAME, OTHER)
    shown = site.first()
    assert site.base == f"https://{NAME}:{site.secure_port}"
    assert site.proves(NAME) and site.proves(OTHER)
    assert "http-01" in site.log.read_text()
    folder = site.data_dir / "tls"
    assert mode(folder) == 0o700
    assert {path.name: mode(path) for path in folder.iterdir()} == dict.fromkeys(
        ["account.json", "certificate.pem", "report.json"], 0o600
    ), "and what was answered is forgotten"
    # When to renew is worked out once it is shown.
    await_until(lambda: site.status()[1]["certificate"]["renewal_at"], "the time of renewal")
    code, status = site.status()
    told = status["certificate"]
    assert code == 0 and told["domains"] == [NAME, OTHER] and told["valid_until"] > told["renewal_at"]

    # Started again, it shows the same one, and asks for none.
    site.stop()
    site.pebble.stop()
    site.start(NAME, OTHER)
    assert site.first() == shown
    assert "ops@example.com" in (folder / "account.json").read_text()

    archive, backup = site.folder / "site.tar.gz", site.folder / "backup.tar"
    site.larder("export", str(archive))
    site.larder("backup", str(backup))
    for made in [archive, backup]:
        with tarfile.open(made) as files:
            inside = " ".join(files.getnames())
            assert "certificate.pem" not in inside and "account.json" not in inside, inside


def test_a_certificate_through_tls_alone(site):
    """No port for plain HTTP: the authority asks through TLS."""
    site.pebble.start()
    site.start(plain=False)
    site.first()
    assert site.proves(NAME)
    assert "tls-alpn-01" in site.log.read_text()
    # Nobody else gets what the authority was shown.
    with pytest.raises(ssl.SSLError):
        site.handshake(["acme-tls/1"], name=NAME)


def test_one_way_that_is_closed_leads_to_the_other(site):
    """Nobody answers where the authority asks by HTTP; the next try goes through TLS."""
    site.pebble.ports = site.secure_port, lasting_port()
    site.pebble.start()
    site.start()
    site.first()
    assert site.proves(NAME)
    assert "no certificate could be had" in site.log.read_text()
    await_until(lambda: site.status()[0] == 0, "the failure to be forgotten")


def test_it_is_renewed_before_it_ends(site):
    site.pebble.start(validity=30, PEBBLE_AUTHZREUSE="0")
    site.start()
    first = site.first()
    site.trusted.write_text(site.pebble.root())
    ends = ssl.cert_time_to_seconds(valid_until(site))
    await_until(lambda: site.shown() != first, "the next certificate")
    assert ssl.cert_time_to_seconds(valid_until(site)) > ends


def valid_until(site):
    with site.handshake(name=NAME) as connection:
        return connection.getpeercert()["notAfter"]


def test_what_is_refused_is_told_and_asked_for_again(site):
    site.pebble.start()
    site.start(NAME)
    shown = site.first()
    site.stop()
    # The name that is added is one that this authority gives to nobody.
    site.start(NAME, REFUSED)
    site.trusted.write_text(site.pebble.root())
    await_until(lambda: "error" in health(site), "health to tell why")
    told = health(site)
    assert told["status"] == "valid" and REFUSED in told["error"] and told["next_try"], told
    assert site.shown() == shown, "the old one is shown all the while"
    code, status = site.status()
    assert code == 3 and REFUSED in status["warning"]
    assert "no certificate could be had" in site.log.read_text()
    tries = site.log.read_text().count("no certificate could be had")
    await_until(lambda: site.log.read_text().count("no certificate could be had") > tries, "another try")


def health(site):
    """Asked of the site by its first name, which leads here only for the authority."""
    with site.handshake(["http/1.1"], name=NAME) as connection:
        connection.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return json.loads(answer.partition(b"\r\n\r\n")[2])["certificate"]


def test_an_authority_that_is_not_there(site):
    """It serves all the same, says why, and gets its certificate when there is somebody to ask."""
    site.start()
    await_until(lambda: site.report().get("error"), "the report to tell why")
    assert "127.0.0.1" in site.report()["error"] and site.report()["valid_until"] is None
    assert site.status()[0] == 3
    with pytest.raises(ssl.SSLError):
        site.shown()
    await_until(lambda: "there is no certificate yet" in site.log.read_text(), "the log to tell it")
    sent = site.plainly("/x")
    assert (sent.status_code, sent.headers["location"]) == (308, f"{site.base}/x")
    assert site.plainly("/.well-known/acme-challenge/x").status_code == 404
    site.pebble.start()
    site.first()
    assert site.proves(NAME) and site.status()[0] == 0


def test_an_account_that_the_authority_has_forgotten(site):
    site.pebble.start()
    site.start()
    first = site.first()
    site.stop()
    site.pebble.stop()
    # Pebble keeps nothing.
    site.pebble.start()
    site.start(NAME, OTHER)
    await_until(lambda: site.shown() != first, "a certificate by another account")
    assert site.proves(OTHER)


def test_killed_while_it_asks(site):
    """With a certificate that is shown meanwhile, and as often as there is something to leave half-done."""
    site.pebble.start()
    site.start()
    first = site.first()
    site.stop()
    site.pebble.stop()
    site.pebble.start(PEBBLE_VA_NOSLEEP="0", PEBBLE_VA_SLEEPTIME="3")
    answers = site.data_dir / "tls/answers.json"
    for _ in range(2):
        site.start(NAME, OTHER)
        await_until(answers.exists, "the authority to be about to look")
        assert site.shown() == first
        site.process.send_signal(signal.SIGKILL)
        site.process.wait(PATIENCE)
    site.start(NAME, OTHER)
    await_until(lambda: site.shown() != first, "a certificate for both names")
    assert site.proves(NAME) and site.proves(OTHER)
    await_until(lambda: not answers.exists(), "the answers to be forgotten")
    assert not [path for path in answers.parent.iterdir() if path.name.startswith(".tmp-")]
