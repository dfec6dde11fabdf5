"""Copies under faults: nothing acknowledged is lost, nothing that is damaged is restored, and each says what is wrong."""

import contextlib
import os
import random
import re
import shutil
import sqlite3
import threading

import pytest
import requests
from larder_site import PATIENCE, Site, await_until
from mounts import mounted
from notes_and_jars import MODEL
from replicas import Replica, await_copied, copying, dump, larder

# `make torture` raises it to 1,000.
KILLS = int(os.environ.get("LARDER_TEST_KILLS", "8"))
# Then another site begins: what a look costs grows with the site.
KILLS_OF_A_SITE = 100
WRITERS = 4


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.make(MODEL)
    yield site
    site.stop()


@pytest.fixture
def replica(tmp_path):
    return Replica(tmp_path / "copies")


def serve(site, options):
    site.options = options
    site.start()


class Writers:
    """Clients that write until the server is gone, and know what was acknowledged."""

    def __init__(self, site, name):
        self.site, self.name, self.acknowledged = site, name, set()
        self.enough = threading.Event()

    def run(self, enough):
        """Ends with a kill once so many writes were acknowledged."""
        threads = [threading.Thread(target=self.write, args=[number, enough]) for number in range(WRITERS)]
        for thread in threads:
            thread.start()
        # However slow the disk is, something is acknowledged now and then.
        before = -1
        while not self.enough.wait(PATIENCE) and len(self.acknowledged) > before:
            before = len(self.acknowledged)
        self.site.kill()
        for thread in threads:
            thread.join()
        assert len(self.acknowledged) >= enough, "the server stopped taking writes before it was killed"

    def write(self, writer, enough):
        session = requests.Session()
        session.headers["Authorization"] = f"Token {self.site.write_token}"
        for turn in range(10_000):
            slug = f"{self.name}-{writer}-{turn}"
            body = {"title": slug, "slug": slug, "status": "published", "body": f"<p>{slug * 50}</p>"}
            try:
                answer = session.post(self.site.url("posts/"), json=body, timeout=PATIENCE)
            except requests.RequestException:
                return
            assert answer.status_code == 202, answer.text
            self.acknowledged.add(slug)
            if len(self.acknowledged) >= enough:
                self.enough.set()


def slugs(database):
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {slug for (slug,) in connection.execute("SELECT slug FROM entry")}


@pytest.mark.parametrize("acknowledges", [True, False])
def test_no_acknowledged_write_is_lost_in_kills(tmp_path, acknowledges):
    lengths = random.Random(6)
    for first in range(0, KILLS, KILLS_OF_A_SITE):
        folder = tmp_path / f"from-{first}"
        folder.mkdir()
        rounds = [lengths.randrange(3, 40) for _ in range(first, min(first + KILLS_OF_A_SITE, KILLS))]
        check_kills(folder, rounds, acknowledges)
        shutil.rmtree(folder)


def check_kills(folder, rounds, acknowledges):
    """Kills one site once in each round, after so many acknowledged writes, and looks each time at what can be restored."""
    site, replica = Site(folder), Replica(folder / "copies")
    site.make(MODEL)
    written = set()
    for number, enough in enumerate(rounds):
        serve(site, replica.options(*(["--replica-ack"] if acknowledges else [])))
        writers = Writers(site, f"r{number}")
        writers.run(enough)
        written |= writers.acknowledged
        # Every state that a kill leaves behind can be restored, and with --replica-ack nothing is missing in it.
        if acknowledges or list(replica.folder.glob("ltx/*/0*.ltx")):
            found = slugs(replica.restored(folder / "restored"))
            shutil.rmtree(folder / "restored")
            if acknowledges:
                assert written - found == set()
    serve(site, replica.options())
    await_copied(site)
    site.stop()
    assert written - slugs(replica.restored(folder / "last")) == set()
    assert dump(folder / "last/larder.db") == dump(site.data_dir / "larder.db")


def test_nothing_is_called_copied_before_the_first_copy(site, tmp_path):
    """A server takes changes before its place could be asked for the first time, or answers at all."""
    place = tmp_path / "place"
    place.write_text("a file where the folder should be")
    replica = Replica(place / "copies")
    serve(site, replica.options("--replica-ack"))
    told = []

    def post():
        answer = requests.post(
            site.url("posts/"), json={"title": "a", "slug": "a", "status": "published"}, timeout=PATIENCE,
            headers={"Authorization": f"Token {site.write_token}"},
        )
        told.append((answer.status_code, place.is_dir()))

    posting = threading.Thread(target=post)
    posting.start()
    await_until(lambda: is_saved(site, "a"), "the post to be saved here")
    place.unlink()
    place.mkdir()
    posting.join()
    # After 30 seconds it is told that there is no copy, which is true too.
    assert told in ([(202, True)], [(503, False)], [(503, True)]), told
    await_copied(site)
    assert "a" in slugs(replica.restored(tmp_path / "restored"))


def is_saved(site, slug):
    """Whether the database has it, whatever readers are shown."""
    with contextlib.closing(sqlite3.connect(site.data_dir / "larder.db")) as connection:
        return connection.execute("SELECT count(*) FROM entry WHERE slug = ?", [slug]).fetchone() == (1,)


def test_after_a_kill_copying_goes_on_where_it_ended(site, replica):
    serve(site, replica.options())
    site.write("POST", "posts/", {"title": "a", "slug": "a", "status": "published"})
    await_copied(site)
    site.kill()
    serve(site, replica.options())
    await_until(lambda: "copying goes on where it ended" in site.log.read_text(), "the log's word")


def test_two_sites_cannot_copy_to_one_place(site, replica, tmp_path):
    serve(site, replica.options())
    site.write("POST", "posts/", {"title": "a", "slug": "a", "status": "published"})
    await_copied(site)
    other = Site(tmp_path / "other")
    other.folder.mkdir()
    other.make(MODEL)
    serve(other, replica.options("--replica-ack"))
    await_until(lambda: copying(other).get("stopped"), "the refusal")
    assert "is ahead of this site" in copying(other).get("error")
    # Who asked for a copy of each change is told at once that there is none.
    answer = other.send("POST", "posts/", {"title": "b", "slug": "b", "status": "published"})
    assert answer.status_code >= 500, answer.text
    other.stop()
    site.write("POST", "posts/", {"title": "c", "slug": "c", "status": "published"})
    await_copied(site)
    site.stop()
    assert {"a", "c"} <= slugs(replica.restored(tmp_path / "restored"))


def test_a_copied_site_that_serves_too_is_noticed(site, replica, tmp_path):
    """Somebody copies the folder, replicator's memory included, and starts it on another machine."""
    serve(site, replica.options())
    await_copied(site)
    site.kill()
    twin = Site(tmp_path / "twin")
    twin.folder.mkdir()
    shutil.copytree(site.data_dir, twin.data_dir)
    twin.write_token, twin.read_token = site.write_token, site.read_token
    serve(site, replica.options())
    site.write("POST", "posts/", {"title": "ours", "slug": "ours", "status": "published"})
    await_copied(site)
    serve(twin, replica.options())
    twin.send("POST", "posts/", {"title": "theirs", "slug": "theirs", "status": "published"})
    await_until(lambda: copying(twin).get("stopped"), "the refusal")
    twin.stop()
    site.stop()
    found = slugs(replica.restored(tmp_path / "restored"))
    assert "ours" in found and "theirs" not in found


def test_one_process_copies_a_site(site, replica):
    serve(site, replica.options())
    await_copied(site)
    said = larder("replicate", "--once", "--replica", replica.url, "--data", str(site.data_dir))
    assert (said.returncode, "another process copies this site already" in said.stderr) == (1, True)


@pytest.fixture
def copied(site, replica):
    """A replica with a few files, of a site that has ended."""
    serve(site, replica.options("--replica-verify-hours", "0"))
    # First of all, so that what follows is in no image.
    await_until(lambda: replica.files(9), "a snapshot")
    for number in range(6):
        site.write("POST", "posts/", {"title": "x", "slug": f"x-{number}", "status": "published"})
        await_copied(site)
    site.stop()
    return replica


def refused(replica, tmp_path, code, *words):
    """Nothing is restored, and the sentence names what is wrong."""
    said = larder("restore", replica.url, "--data", str(tmp_path / "refused"))
    assert said.returncode == code, said.stderr
    for word in words:
        assert word in said.stderr, said.stderr
    assert not (tmp_path / "refused/larder.db").exists()
    assert list((tmp_path / "refused").iterdir()) == []
    return said.stderr


def used(replica):
    """Files that every restore reads: the newest ones."""
    return replica.files()[-2:]


@pytest.mark.parametrize("place", [0, 8, 50, 130, -40, -1])
def test_a_changed_byte_is_found_and_nothing_is_restored(copied, tmp_path, place):
    file = used(copied)[0]
    content = bytearray(file.read_bytes())
    content[place] ^= 0x41
    file.write_bytes(content)
    refused(copied, tmp_path, 3, file.name)
    said = larder("verify", copied.url, "--depth", "files")
    assert (said.returncode, file.name in said.stderr) == (3, True)


def test_a_file_that_is_cut_off_is_found(copied, tmp_path):
    file = used(copied)[1]
    file.write_bytes(file.read_bytes()[:-20])
    refused(copied, tmp_path, 3, file.name, "cut off")


def test_a_missing_file_is_a_gap(copied, tmp_path):
    for snapshot in copied.files(9):
        snapshot.unlink()
    missing, behind = copied.files()[2], copied.files()[3]
    missing.unlink()
    said = refused(copied, tmp_path, 3, "gap", behind.name)
    before = re.search(r"--transaction ([0-9a-f]{16})", said).group(1)
    copied.restored(tmp_path / "before", "--transaction", before)
    assert larder("verify", copied.url, "--depth", "list").returncode == 3


def test_a_missing_beginning_is_said(copied, tmp_path):
    for file in [*copied.files(9), copied.files()[0]]:
        file.unlink()
    refused(copied, tmp_path, 3, "its beginning is missing")


def test_a_foreign_file_is_found(copied, tmp_path):
    first, second = used(copied)
    second.write_bytes(first.read_bytes())
    refused(copied, tmp_path, 3, second.name, "not what its name says")


def test_an_empty_place_is_said(tmp_path):
    refused(Replica(tmp_path / "nothing"), tmp_path, 1, "no replica")


def test_earlier_states_are_restored_by_number(copied, tmp_path):
    posts = []
    for file in copied.files():
        number = file.name[17:33]
        found = slugs(copied.restored(tmp_path / number, "--transaction", number))
        posts.append(len([slug for slug in found if slug and slug.startswith("x-")]))
    assert posts == sorted(posts) and posts[-1] == 6


def test_a_site_that_is_there_is_only_moved_aside_when_told(copied, site, tmp_path):
    before = dump(site.data_dir / "larder.db")
    said = larder("restore", copied.url, "--data", str(site.data_dir))
    assert (said.returncode, "--force" in said.stderr) == (1, True)
    assert dump(site.data_dir / "larder.db") == before
    copied.restored(site.data_dir, "--force")
    assert list(site.data_dir.glob("larder.db.replaced-*"))
    # It goes on from where it was restored to.
    serve(site, copied.options())
    site.write("POST", "posts/", {"title": "more", "slug": "more", "status": "published"})
    await_copied(site)


def test_a_full_disk_at_the_replica_stops_no_write(site, tmp_path):
    (tmp_path / "small").mkdir()
    with mounted(tmp_path / "small", "4m"):
        replica = Replica(tmp_path / "small/copies")
        serve(site, replica.options("--replica-verify-hours", "0"))
        await_copied(site)
        ballast = tmp_path / "small/ballast"
        with contextlib.suppress(OSError), open(ballast, "wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
        site.write("POST", "posts/", {"title": "a", "slug": "a", "status": "published"})
        await_until(lambda: copying(site).get("error"), "word of the full disk")
        assert "No space left" in copying(site).get("error")
        site.write("POST", "posts/", {"title": "b", "slug": "b", "status": "published"})
        ballast.unlink()
        await_copied(site)
        assert {"a", "b"} <= slugs(replica.restored(tmp_path / "restored"))
        site.stop()


def test_a_log_that_was_cut_off_is_followed_by_an_image(site, replica, tmp_path):
    serve(site, replica.options())
    for number in range(5):
        site.write("POST", "posts/", {"title": "x", "slug": f"x-{number}", "status": "published"})
    await_copied(site)
    site.kill()
    log = site.data_dir / "larder.db-wal"
    os.truncate(log, log.stat().st_size // 2)
    serve(site, replica.options())
    site.write("POST", "posts/", {"title": "after", "slug": "after", "status": "published"})
    await_copied(site)
    site.stop()
    assert dump(replica.restored(tmp_path / "restored")) == dump(site.data_dir / "larder.db")


def test_the_server_verifies_its_replica_and_says_when_it_is_not_sound(site, replica):
    serve(site, replica.options())
    await_until(lambda: copying(site).get("verified_at"), "the first look")
    ready = site.session.get(f"{site.base}/readyz").json()["replica"]
    assert ready["sound"] and ready["state"] == "current" and ready["verified_seconds"] >= 0
