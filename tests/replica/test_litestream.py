"""Litestream restores what larder copies, larder what Litestream copies, and each goes on where the other ended."""

import contextlib
import shutil
import sqlite3

import pytest
from larder_site import Site, await_until
from notes_and_jars import MODEL
from replicas import Replica, VERSIONS, await_copied, copying, dump, larder, litestream_at_work

NEWEST = VERSIONS[-1]


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.make(MODEL)
    yield site
    site.stop()


@pytest.fixture
def replica(tmp_path):
    return Replica(tmp_path / "copies")


def change_much(site, name):
    """Posts and items that come, grow and go."""
    for number in range(12):
        slug = f"{name}-{number}"
        site.write("POST", "posts/", {"title": slug, "slug": slug, "status": "published", "body": f"<p>{slug * 400}</p>"})
        site.write("POST", "content/", {"key": "jars", "status": "published", "fields": [{"name": slug}]})
    for number in range(0, 12, 2):
        site.remove(f"posts/{name}-{number}/")
    site.write("PATCH", f"posts/{name}-1/", {"title": "changed", "body": "<p>short</p>"})


def rebuild(database, *pragmas):
    """VACUUM, as an operator may do while nobody serves, perhaps with another size of pages."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("VACUUM")
        connection.execute("PRAGMA journal_mode=WAL")


def serve(site, options):
    site.options = options
    site.start()


def stop(site):
    site.stop()
    return site.data_dir / "larder.db"


def test_litestream_restores_what_larder_copies(site, replica, tmp_path):
    serve(site, replica.options())
    change_much(site, "first")
    database = stop(site)
    rebuild(database)
    serve(site, replica.options())
    change_much(site, "second")
    # A checkpoint and a start without one, a crash, lie between.
    site.kill()
    serve(site, replica.options())
    change_much(site, "third")
    wanted = dump(stop(site))
    for version in VERSIONS:
        assert dump(replica.restored_by_litestream(version, tmp_path / f"{version}.db")) == wanted, version
    assert dump(replica.restored(tmp_path / "ours")) == wanted


@pytest.mark.parametrize("size", [1024, 65536])
def test_every_size_of_pages_is_copied(site, replica, tmp_path, size):
    rebuild(site.data_dir / "larder.db", f"page_size={size}")
    serve(site, replica.options())
    change_much(site, "first")
    wanted = dump(stop(site))
    assert dump(replica.restored_by_litestream(NEWEST, tmp_path / "theirs.db")) == wanted
    assert dump(replica.restored(tmp_path / "ours")) == wanted


def test_larder_restores_what_litestream_copies(site, replica, tmp_path):
    serve(site, ["--external-replica"])
    with litestream_at_work(NEWEST, site.data_dir / "larder.db", replica.url, tmp_path / "litestream.log"):
        await_until(replica.files, "Litestream's first file")
        change_much(site, "first")
        wanted = dump(stop(site))
    assert dump(replica.restored(tmp_path / "ours")) == wanted
    verified = larder("verify", replica.url)
    assert verified.returncode == 0, verified.stderr


def test_litestream_goes_on_where_larder_ended(site, replica, tmp_path):
    serve(site, replica.options())
    change_much(site, "first")
    stop(site)
    before = len(replica.files())
    serve(site, ["--external-replica"])
    with litestream_at_work(NEWEST, site.data_dir / "larder.db", replica.url, tmp_path / "litestream.log"):
        await_until(lambda: len(replica.files()) > before, "Litestream's first file")
        change_much(site, "second")
        wanted = dump(stop(site))
    assert dump(replica.restored_by_litestream(NEWEST, tmp_path / "theirs.db")) == wanted
    assert dump(replica.restored(tmp_path / "ours")) == wanted


def test_larder_goes_on_where_litestream_ended(site, replica, tmp_path):
    serve(site, ["--external-replica"])
    with litestream_at_work(NEWEST, site.data_dir / "larder.db", replica.url, tmp_path / "litestream.log"):
        await_until(replica.files, "Litestream's first file")
        change_much(site, "first")
        stop(site)
    # It has just been at work: two at once would spoil the replica.
    serve(site, replica.options())
    await_until(lambda: copying(site).get("stopped"), "larder's refusal")
    assert "Litestream is at work" in copying(site).get("error")
    stop(site)
    shutil.rmtree(site.data_dir / ".larder.db-litestream")
    # Without it, the place is ahead of what larder knows.
    serve(site, replica.options())
    await_until(lambda: "is ahead of this site" in (copying(site).get("error") or ""), "larder's second refusal")
    stop(site)
    taken = larder("replicate", "--once", "--take-over", "--verify", "--replica", replica.url, "--data", str(site.data_dir))
    assert taken.returncode == 0, taken.stderr
    serve(site, replica.options())
    change_much(site, "second")
    await_copied(site)
    wanted = dump(stop(site))
    assert dump(replica.restored_by_litestream(NEWEST, tmp_path / "theirs.db")) == wanted
    assert dump(replica.restored(tmp_path / "ours")) == wanted
