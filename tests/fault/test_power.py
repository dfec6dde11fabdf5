"""The power fails under load: after the next start everything acknowledged is there, in the site and in its replica.

`LARDER_TEST_POWER_CUTS` says how often; `make torture` cuts 60 times. What reached the disk's own memory counts as written
here: whether a disk keeps its word is not larder's to say.
"""

import contextlib
import hashlib
import itertools
import os
import random
import shutil
import sqlite3
import threading

import pytest
import requests
from larder_site import PATIENCE, Site, await_until
from mounts import FLUSHED, JOURNAL_FLUSHED, NOTHING_FLUSHED, Disk
from notes_and_jars import MODEL
from replicas import Replica
from warm_readers import Readers

CUTS = int(os.environ.get("LARDER_TEST_POWER_CUTS", "2"))
# Then another site begins: what a look costs grows with the site.
CUTS_OF_A_SITE = 10
DISK_MEGABYTES = 192
WRITERS = 4
# The post between two others: new ones do not change what it says of its neighbours.
WARM = ["posts/p1/", "pages/note/", "content/?keys=jars"]


class Load:
    """Clients that write posts and files until they are refused. What was acknowledged is in `posts`, and in `files` by
    address."""

    def __init__(self, site, name):
        self.site, self.name = site, name
        self.posts, self.files = set(), {}
        self.refusals, self.over = [], threading.Event()
        self.threads = [threading.Thread(target=self.run, args=[writer]) for writer in range(WRITERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def run(self, writer):
        session = requests.Session()
        session.headers["Authorization"] = f"Token {self.site.write_token}"
        for turn in itertools.count():
            if self.over.is_set():
                return
            # One of them uploads, the others write.
            answer = self.upload(session, turn) if writer == 0 else self.post(session, f"{self.name}-{writer}-{turn}")
            if not answer.ok:
                self.refusals.append(answer)
                return

    def post(self, session, slug):
        body = {"title": slug, "slug": slug, "status": "published", "body": f"<p>{slug * 50}</p>"}
        answer = session.post(self.site.url("posts/"), json=body, timeout=PATIENCE)
        if answer.status_code == 202:
            self.posts.add(slug)
        return answer

    def upload(self, session, turn):
        content = f"{self.name} {turn}\n".encode() * 4000
        kind = {"Content-Type": "application/octet-stream"}
        name = f"{self.name}-{turn}.txt"
        answer = session.post(f"{self.site.base}/media", params={"name": name}, data=content, headers=kind, timeout=PATIENCE)
        if answer.ok:
            self.files[answer.json()["id"]] = hashlib.sha256(content).hexdigest()
        return answer

    def go_on(self, more):
        """Returns after that many further acknowledged posts, and one file at least."""
        enough = len(self.posts) + more
        await_until(lambda: self.refusals or (len(self.posts) >= enough and self.files), "writes")
        assert self.refusals == [], self.refusals[0].text


@pytest.mark.parametrize("copied", [False, True], ids=["alone", "with a replica that acknowledges"])
def test_no_acknowledged_write_is_lost_when_the_power_fails(tmp_path, copied):
    lengths = random.Random(9)
    for first in range(0, CUTS // 2, CUTS_OF_A_SITE):
        folder = tmp_path / f"from-{first}"
        folder.mkdir()
        with Disk(folder / "disk", DISK_MEGABYTES) as disk:
            cuts = [lengths.randrange(3, 40) for _ in range(first, min(first + CUTS_OF_A_SITE, CUTS // 2))]
            check_cuts(disk, cuts, copied)
        shutil.rmtree(folder)


def check_cuts(disk, cuts, copied):
    """Cuts the power of one site once after each so many acknowledged writes."""
    site, replica = Site(disk.folder), Replica(disk.folder / "copies")
    site.log = disk.folder.with_name("larder.log")
    site.make(MODEL)
    site.options = replica.options("--replica-ack") if copied else []
    site.start()
    try:
        for slug in ["p0", "p1", "p2"]:
            site.write("POST", "posts/", {"title": slug, "slug": slug, "status": "published"})
        written, uploaded = {"p0", "p1", "p2"}, {}
        for number, enough in enumerate(cuts):
            load = Load(site, f"cut-{number}")
            posts, files = cut_under(load, enough, disk, [NOTHING_FLUSHED, JOURNAL_FLUSHED, FLUSHED][number % 3])
            written |= posts
            uploaded |= files
            assert sorted(written - slugs(site.data_dir / "larder.db")) == []
            if copied:
                assert sorted(written - slugs(replica.restored(disk.folder / "restored"))) == []
                shutil.rmtree(disk.folder / "restored")
            site.start()
            assert [media for media, digest in uploaded.items() if digest_of(site, media) != digest] == []
        assert sorted(written - {post["slug"] for post in every_post(site)}) == []
    except BaseException:
        site.kill()
        raise
    site.stop()


def cut_under(load, enough, disk, flushed):
    """Cuts the power under a load and restores it, which ends the server; returns what was acknowledged before."""
    site = load.site
    with Readers(site, WARM) as readers:
        with load:
            load.go_on(enough)
            # A machine without power acknowledges nothing. This one goes on, and Linux answers 0 to an fsync that was
            # under way, whose bytes it has dropped (seen with 6.18 and strace).
            acknowledged = load.posts.copy(), load.files.copy()
            disk.cut_power(flushed)
            await_until(lambda: load.refusals, "changes to be refused")
            # What is warm is answered without the disk.
            readers.go_on()
    for refused in load.refusals:
        assert refused.status_code >= 500, (refused.status_code, refused.text)
    site.kill()
    disk.restore_power()
    return acknowledged


def slugs(database):
    """Of all entries in a sound database that nobody serves, its log included."""
    aside = database.with_name("aside")
    aside.mkdir()
    for file in database.parent.glob("larder.db*"):
        if file.name in ("larder.db", "larder.db-wal"):
            shutil.copy(file, aside)
    with contextlib.closing(sqlite3.connect(aside / database.name)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = {slug for (slug,) in connection.execute("SELECT slug FROM entry")}
    shutil.rmtree(aside)
    return found


def digest_of(site, media):
    return hashlib.sha256(site.session.get(f"{site.base}/media/{media}", timeout=PATIENCE).content).hexdigest()


def every_post(site):
    for page in itertools.count(1):
        answer = site.read("posts/", {"page": page, "page_size": 100, "exclude_body": "true"})
        yield from answer["data"]
        if not answer["meta"]["next_page"]:
            return
