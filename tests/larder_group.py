"""Several larders that share a replica, and the places where replicas lie."""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading

import requests
from larder_site import BINARY, LISTENING, PATIENCE, Site, await_until, environment
from replicas import VERSIONS, litestream

KEYS = {"AWS_ACCESS_KEY_ID": "larder", "AWS_SECRET_ACCESS_KEY": "larder-secret"}
VENV = pathlib.Path(sys.executable).parent
# The program s3s-fs, a store that checks signatures, to be asked instead of moto, which does not.
SIGNED = os.environ.get("LARDER_TEST_S3S")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Replica:
    """A place for a replica, while it can be reached."""

    def __init__(self, url, stock):
        self.url, self.stock = url, stock

    @staticmethod
    @contextlib.contextmanager
    def of(kind, folder):
        if kind == "folder":
            root = folder / "copies"
            yield Replica(f"file://{root}", lambda epoch: f"file://{root}{epoch}")
            return
        port = free_port()
        command = (s3s(port, folder) if SIGNED else moto(port)) if kind == "bucket" else rclone(port, folder)
        with open(folder / f"{kind}.log", "wb") as log:
            server = subprocess.Popen(command, env=os.environ | KEYS, stdout=log, stderr=log)
        try:
            endpoint = f"http://127.0.0.1:{port}"
            await_until(lambda: answers(endpoint), endpoint)
            if kind == "bucket" and not SIGNED:
                requests.put(f"{endpoint}/copies", timeout=PATIENCE).raise_for_status()
            query = f"endpoint={endpoint}&region=us-east-1&path-style=true"
            stock = lambda epoch: f"s3://copies/site{epoch}?endpoint={endpoint}&region=us-east-1&forcePathStyle=true"
            yield Replica(f"s3://copies/site?{query}", stock)
        finally:
            server.kill()
            server.wait()

    def restored_by_litestream(self, folder, epoch, holds):
        """Whether stock Litestream restores an epoch, with a post in it."""
        target = folder / "stock.db"
        target.unlink(missing_ok=True)
        path = f"/e{epoch:08x}" if epoch else ""
        done = litestream(VERSIONS[-1], "restore", "-o", str(target), self.stock(path), keys=KEYS)
        assert done.returncode == 0, done.stderr + done.stdout
        with contextlib.closing(sqlite3.connect(target)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return database.execute("SELECT count(*) FROM entry WHERE slug = ?", [holds]).fetchone() == (1,)


def moto(port):
    """Keeps to conditions."""
    return [VENV / "moto_server", "-H", "127.0.0.1", "-p", str(port)]


def s3s(port, folder):
    """Keeps to conditions, and answers who has the keys."""
    (folder / "signed" / "copies").mkdir(parents=True)
    key, secret = KEYS.values()
    at = ["--host", "127.0.0.1", "--port", str(port)]
    return [SIGNED, *at, "--access-key", key, "--secret-key", secret, folder / "signed"]


def rclone(port, folder):
    """Ignores conditions without a word."""
    (folder / "liar" / "copies").mkdir(parents=True)
    keys = ",".join(KEYS.values())
    return [VENV / "rclone", "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", keys, folder / "liar"]


def answers(endpoint):
    with contextlib.suppress(requests.ConnectionError):
        return requests.get(endpoint, timeout=PATIENCE) is not None


class Member(Site):
    """A server that copies its site to a replica, or follows one."""

    def __init__(self, folder, replica, lease=None, follows=False, tokens_of=None):
        super().__init__(folder)
        self.replica, self.lease, self.follows = replica, lease, follows
        self.interval_ms = 100
        if tokens_of:
            self.read_token, self.write_token = tokens_of.read_token, tokens_of.write_token

    def start(self, *more, awaited=True):
        command = [BINARY, "standby" if self.follows else "serve", "--data", str(self.data_dir)]
        # The same port each time, as balancers want it.
        listen = self.base.removeprefix("http://") if self.base else "127.0.0.1:0"
        command += ["--listen", listen, "--replica", self.replica.url, *more]
        command += ["--replica-interval-ms", str(self.interval_ms)]
        command += ["--lease-seconds", str(self.lease)] if self.lease else []
        command += ["--poll-ms", "100"] if self.follows else []
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, env=environment() | KEYS, stdout=subprocess.PIPE, stderr=log, text=True
            )
        first = self.process.stdout.readline()
        said = LISTENING.search(first)
        assert said, f"{command} said {first!r}: {self.log.read_text()}"
        self.base = said.group(1)
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        await_until(self.is_ready, f"{self.base}/readyz")
        if awaited and not self.follows:
            await_until(lambda: self.role() == "primary" and self.takes_changes(), "the primary to lead")
            await_until(self.is_copied, "the first copy")

    def is_copied(self):
        return self.health().json()["replica"]["copied"] > 0

    def takes_changes(self):
        return requests.get(f"{self.base}/writez", timeout=PATIENCE).status_code == 200

    def health(self):
        return requests.get(f"{self.base}/readyz", timeout=PATIENCE)

    def role(self):
        return self.health().headers.get("Larder-Role")

    def report(self):
        path = self.data_dir / "replica" / "duty.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def primary(self):
        return self.report().get("primary")

    def error(self):
        return self.report().get("error")

    def command(self, *arguments):
        return subprocess.run(
            [BINARY, *arguments, "--data", str(self.data_dir)],
            env=environment() | KEYS, capture_output=True, text=True, timeout=PATIENCE,
        )

    def promote(self, *flags, expect=0):
        done = self.command("promote", *flags)
        assert done.returncode == expect, done.stderr + done.stdout
        return done.stderr

    def upload(self, name, content):
        answer = requests.post(
            f"{self.base}/media", params={"name": name}, data=content, timeout=PATIENCE,
            headers={"Authorization": f"Token {self.write_token}", "Content-Type": "application/octet-stream"},
        )
        assert answer.ok, answer.text
        return answer.json()["id"]

    def file(self, media):
        answer = requests.get(f"{self.base}/media/{media}", timeout=PATIENCE)
        return answer.content if answer.status_code == 200 else None

    @contextlib.contextmanager
    def balanced_with(self, primary):
        """nginx in front of both, as docs/reliability.md sets it up; yields its address."""
        folder, port = self.folder / "nginx", free_port()
        folder.mkdir()
        servers = [member.base.removeprefix("http://") for member in (primary, self)]
        (folder / "nginx.conf").write_text(f"""
            user root; daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
            events {{ worker_connections 1024; }}
            http {{
                access_log off;
                client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
                fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                upstream larder {{
                    server {servers[0]} max_fails=1 fail_timeout=2s;
                    server {servers[1]} backup;
                    keepalive 32;
                }}
                server {{
                    listen 127.0.0.1:{port};
                    location / {{
                        proxy_pass http://larder; proxy_http_version 1.1; proxy_set_header Connection "";
                        proxy_connect_timeout 500ms;
                        proxy_next_upstream error timeout http_502 http_503; proxy_next_upstream_tries 2;
                    }}
                }}
            }}
        """)
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        process = subprocess.Popen([nginx, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
        try:
            await_until(lambda: answers(f"http://127.0.0.1:{port}/livez"), "nginx")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def content(member):
    """Every row in a database that nobody has open. Tables of search are made of the others, and not every SQLite
    knows how."""
    with contextlib.closing(sqlite3.connect(member.data_dir / "larder.db")) as database:
        tables = [name for (name,) in database.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        )]
        return {table: sorted(map(repr, database.execute(f'SELECT * FROM "{table}"'))) for table in tables}
