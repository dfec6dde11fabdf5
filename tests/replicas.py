"""Copies of a site: where they lie, what restores them, and whether they are what was copied."""

import contextlib
import datetime
import hashlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile

from larder_site import BINARY, PATIENCE, TESTS, await_until, environment

LITESTREAM = TESTS.parent / "target/litestream"
VERSIONS = ["0.5.5", "0.5.9", "0.5.17"]


class Replica:
    """A folder that a site is copied to."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.url = f"file://{self.folder}"

    def options(self, *more):
        """What `larder serve` is told to copy there; often, so that tests need not wait."""
        return ["--replica", self.url, "--replica-interval-ms", "50", *more]

    def files(self, level=0):
        return sorted((self.folder / f"ltx/{level}").glob("0*.ltx"))

    def restored(self, into, *options):
        """Restores with larder; returns the database."""
        said = larder("restore", self.url, "--data", str(into), *options)
        assert said.returncode == 0, said.stderr
        return pathlib.Path(into) / "larder.db"

    def restored_by_litestream(self, version, into):
        said = litestream(version, "restore", "-o", str(into), self.url)
        assert said.returncode == 0, said.stderr
        return into


def larder(*arguments):
    return subprocess.run([BINARY, *arguments], env=environment(), capture_output=True, text=True, timeout=PATIENCE * 3)


def litestream(version, *arguments, keys=()):
    return subprocess.run(
        [LITESTREAM / version / "bin/litestream", *arguments],
        env=plain() | dict(keys), capture_output=True, text=True, timeout=PATIENCE * 3,
    )


@contextlib.contextmanager
def litestream_at_work(version, database, url, log):
    """Litestream copying a database until the block ends, and then the rest."""
    with open(log, "ab") as out:
        process = subprocess.Popen(
            [LITESTREAM / version / "bin/litestream", "replicate", str(database), url], env=plain(), stdout=out, stderr=out
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def plain():
    """Litestream refuses to start with certificates of our own."""
    return {key: value for key, value in os.environ.items() if key != "AWS_CA_BUNDLE"}


def status(site):
    """`larder status`, whatever it thinks of it."""
    said = larder("status", "--json", "--data", str(site.data_dir))
    assert said.returncode in (0, 3), said.stderr
    return json.loads(said.stdout)


def copying(site):
    """How copying stands by `larder status`; nothing before the server has said anything."""
    return status(site).get("replica", {})


def await_copied(site):
    """Waits until what is committed now is at the place, by what the server says."""
    now = datetime.datetime.now(datetime.UTC)

    def is_copied():
        replica = site.session.get(f"{site.base}/readyz", timeout=PATIENCE).json()["replica"]
        assert replica["state"] != "stopped", replica
        return replica["current_at"] and datetime.datetime.fromisoformat(replica["current_at"]) >= now

    await_until(is_copied, "the copy")


def dump(database):
    """A digest of everything a database holds. It is read from a copy, with the log beside it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "copy.db"
        shutil.copy(database, copy)
        log = database.with_name(database.name + "-wal")
        if log.exists():
            shutil.copy(log, copy.with_name("copy.db-wal"))
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            digest = hashlib.sha256()
            for line in lines(connection):
                digest.update(repr(line).encode())
            return digest.hexdigest()


def lines(connection):
    """The schema and all rows, what the search index is made of included. A virtual table itself has none, and the
    SQLite of this Python may not know its tokenizer."""
    schema = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
    yield from schema
    for kind, name, sql in schema:
        if kind == "table" and not sql.startswith("CREATE VIRTUAL"):
            yield from connection.execute(f'SELECT * FROM "{name}"')
