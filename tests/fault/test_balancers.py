"""nginx, HAProxy and Caddy with the configurations in `deploy/`, in front of two larders on one folder: the one that is
asked is killed under load and comes back, again and again. No read fails."""

import contextlib
import html
import pathlib
import re
import shutil
import socket
import subprocess

import pytest
import requests
from http_clients import Clients
from larder_site import PATIENCE, Site, await_until
from notes_and_jars import MODEL

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
# The addresses that stand in the files.
ONE, TWO = "127.0.0.1:8787", "127.0.0.1:8788"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def nginx(folder, port, one, two):
    site = changed("nginx/larder.conf", {ONE: one, TWO: two, "listen 80;": f"listen 127.0.0.1:{port};"})
    (folder / "larder.conf").write_text(site)
    frame = f"""
        pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1; events {{}}
        http {{
            access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
            uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; include {folder}/larder.conf;
        }}"""
    (folder / "nginx.conf").write_text(frame)
    return [program("nginx"), "-c", folder / "nginx.conf", "-g", "daemon off;"]


def haproxy(folder, port, one, two):
    text = changed("haproxy/haproxy.cfg", {ONE: one, TWO: two, "127.0.0.1:8080": f"127.0.0.1:{port}"})
    (folder / "haproxy.cfg").write_text(text)
    return [program("haproxy"), "-db", "-f", folder / "haproxy.cfg"]


def caddy(folder, port, one, two):
    text = changed("caddy/Caddyfile", {ONE: one, TWO: two, "cms.example.com {": f"http://127.0.0.1:{port} {{"})
    # Its own door for orders is for one Caddy on a machine.
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text)
    return [program("caddy"), "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"]


def changed(name, addresses):
    text = (DEPLOY / name).read_text()
    for old, new in addresses.items():
        assert old in text, f"{name} does not say {old}"
        text = re.sub(re.escape(old) + r"(?!\d)", new, text)
    return text


def program(name):
    path = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin")
    assert path, f"{name} is not installed: tests/install.sh does it"
    return path


class Larder(Site):
    """One of two servers on a folder, always at the same address."""

    def __init__(self, folder, log):
        super().__init__(folder)
        self.log = folder / log
        self.address = f"127.0.0.1:{free_port()}"

    def start(self):
        super().start(listen=self.address)


@contextlib.contextmanager
def balancer(make, folder, one, two):
    port = free_port()
    folder.mkdir()
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(make(folder, port, one.address, two.address), stdout=log, stderr=log, cwd=folder)
    try:
        base = f"http://127.0.0.1:{port}"

        def answers():
            assert process.poll() is None, (folder / "log").read_text()
            with contextlib.suppress(requests.ConnectionError):
                return requests.get(f"{base}/readyz", timeout=PATIENCE).status_code == 200

        await_until(answers, "the balancer")
        yield base
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture
def pair(tmp_path):
    """Two larders on one folder."""
    one = Larder(tmp_path, "one.log")
    one.make(MODEL)
    two = Larder(tmp_path, "two.log")
    two.read_token, two.write_token = one.read_token, one.write_token
    one.start()
    two.start()
    try:
        yield one, two
    finally:
        one.stop()
        two.stop()


@pytest.mark.parametrize("make", [nginx, caddy])
def test_a_larder_that_is_killed_costs_no_read(make, pair, tmp_path):
    one, two = pair
    for number in range(5):
        one.write("POST", "posts/", {"title": f"p{number}", "slug": f"p{number}", "status": "published"})
    paths = [f"/v2/posts/p{number}/?auth_token={one.read_token}" for number in range(5)]
    with balancer(make, tmp_path / "balancer", one, two) as base, Clients(base, paths, http2=False) as clients:
        for _ in range(3):
            await_until(lambda: answered_by(base) == one.address, "the first larder to be asked")
            one.kill()
            clients.go_on(500)
            assert answered_by(base) == two.address
            # Writes go to the one that is there, once the balancer has seen that the other is not.
            await_until(lambda: write(base, one.write_token) == 202, "writes")
            one.start()
        clients.go_on(500)


def test_haproxy_asks_the_other_larder_when_one_is_killed(pair, tmp_path):
    # An answer that was under way may be lost with its connection, unlike with the others.
    one, two = pair
    one.write("POST", "posts/", {"title": "p0", "slug": "p0", "status": "published"})
    with balancer(haproxy, tmp_path / "balancer", one, two) as base:
        await_until(lambda: answered_by(base) == one.address, "the first larder to be asked")
        one.kill()
        assert answered_by(base) == two.address
        await_until(lambda: write(base, one.write_token) == 202, "writes")
        one.start()
        await_until(lambda: answered_by(base) == one.address, "the first larder to be asked again")


def answered_by(base):
    """The address of the larder that is asked: its welcome page says it."""
    page = requests.get(f"{base}/", timeout=PATIENCE)
    assert page.status_code == 200, page.status_code
    return re.search(r"http://(127\.0\.0\.1:\d+)", html.unescape(page.text)).group(1)


def write(base, token):
    answer = requests.patch(
        f"{base}/v2/posts/p0/", json={"summary": "changed"}, headers={"Authorization": f"Token {token}"}, timeout=PATIENCE
    )
    return answer.status_code
