"""Sites that speak HTTPS, with certificates that the tests make."""

import contextlib
import json
import socket
import ssl
import subprocess

import pytest
import trustme
from larder_site import BINARY, PATIENCE, Site, await_until, environment
from notes_and_jars import MODEL


PASSWORD = "jam-and-bread-7"


class Secured(Site):
    """A site whose clients trust `authority`."""

    def __init__(self, folder, authority):
        super().__init__(folder)
        self.authority = authority
        self.trusted = self.folder / "authority.pem"
        authority.cert_pem.write_to_path(self.trusted)
        # Neither the machine's own authorities nor its proxies.
        self.session.verify, self.session.trust_env = str(self.trusted), False

    def start(self, *options, **process):
        super().start(options=options, **process)

    def host_and_port(self):
        return "127.0.0.1", int(self.base.rsplit(":", 1)[1])

    def handshake(self, protocols=("h2", "http/1.1"), name="127.0.0.1"):
        """A connection through TLS, whose other end has proved that it is `name`."""
        return self.secured(socket.create_connection(self.host_and_port(), PATIENCE), protocols, name)

    def secured(self, connection, protocols, name="127.0.0.1"):
        context = ssl.create_default_context(cafile=self.trusted)
        context.set_alpn_protocols(list(protocols))
        return context.wrap_socket(connection, server_hostname=name)

    def shown(self):
        """The certificate that clients are shown, whoever vouches for it."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with contextlib.closing(socket.create_connection(self.host_and_port(), PATIENCE)) as connection:
            with context.wrap_socket(connection, server_hostname="a.example") as secured:
                return secured.getpeercert(binary_form=True)

    def add_owner(self):
        person = ["--email", "a@b.example", "--name", "A", "--role", "owner", "--password-stdin"]
        subprocess.run(
            [BINARY, "user", "add", "--data", str(self.data_dir), *person],
            input=PASSWORD, text=True, env=environment(), check=True, capture_output=True, timeout=PATIENCE,
        )

    def status(self):
        done = subprocess.run(
            [BINARY, "status", "--json", "--data", str(self.data_dir)],
            env=environment(), capture_output=True, text=True, timeout=PATIENCE,
        )
        return done.returncode, json.loads(done.stdout)

    def health(self):
        return self.session.get(f"{self.base}/readyz", timeout=PATIENCE).json()["certificate"]


class Files:
    """The two files of a certificate."""

    def __init__(self, folder, authority):
        self.certificate, self.key = folder / "certificate.pem", folder / "key.pem"
        self.authority = authority
        self.options = ["--tls-cert", str(self.certificate), "--tls-key", str(self.key)]
        self.put(self.new())

    def new(self):
        """A certificate and its key, in PEM and as clients are shown it."""
        made = self.authority.issue_cert("127.0.0.1", "localhost", "cms.example.com")
        return b"".join(part.bytes() for part in made.cert_chain_pems), made.private_key_pem.bytes()

    def put(self, pair):
        replace(self.certificate, pair[0])
        replace(self.key, pair[1])

    def renew(self):
        """Puts a new pair there; returns the certificate as clients are shown it."""
        pair = self.new()
        self.put(pair)
        return der(pair)


def der(pair):
    first, end, _ = pair[0].decode().partition("-----END CERTIFICATE-----\n")
    return ssl.PEM_cert_to_DER_cert(first + end)


def replace(path, data):
    fresh = path.with_suffix(".new")
    fresh.write_bytes(data)
    fresh.replace(path)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def files(tmp_path, authority):
    return Files(tmp_path, authority)


@pytest.fixture(scope="module")
def made(tmp_path_factory, authority):
    """One site for all tests of a file."""
    site = Secured(tmp_path_factory.mktemp("made"), authority)
    site.make(MODEL)
    site.add_owner()
    return site


@pytest.fixture
def site(made):
    """It, not served yet."""
    yield made
    made.stop()
