"""The database is locked, deleted, moved, overwritten, cut off, or its disk fails: what was warm is
answered as before, what was not is refused politely, nothing is acknowledged that is not kept, and when the
fault is over everything goes on without a restart."""

import contextlib
import itertools
import os
import pathlib
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading

import pytest
import requests
from larder_site import BINARY, PATIENCE, Site, await_until
from mounts import mounted
from notes_and_jars import MODEL
from warm_readers import Readers

WARM = ["posts/", "posts/p1/", "pages/note/", "pages/note/n1/", "content/?keys=jars", "feeds/rss/", "authors/"]
# What new posts do not change.
STEADY = ["posts/p1/", "pages/note/", "pages/note/n1/", "content/?keys=jars", "authors/"]
COUNT = itertools.count()


class Faulty(Site):
    """A site and what can happen to its database."""

    @property
    def database(self):
        return self.data_dir / "larder.db"

    @property
    def copy(self):
        """The whole database as it was before the test, in one file."""
        return self.folder / "copy.db"

    def fill_with_a_little(self):
        for number in range(3):
            self.write("POST", "posts/", {"title": f"p{number}", "slug": f"p{number}", "status": "published"})
            page = {"title": f"n{number}", "slug": f"n{number}", "page_type": "note", "status": "published"}
            self.write("POST", "pages/", page | {"fields": {"text": "x" * 200}})
            self.write("POST", "content/", {"key": "jars", "status": "published", "fields": [{"name": f"j{number}"}]})

    def post(self):
        """Asks for a new post; returns its slug and the answer."""
        slug = f"new-{next(COUNT)}"
        return slug, self.send("POST", "posts/", {"title": slug, "slug": slug, "status": "published"})

    def is_there(self, slug):
        return self.get(f"posts/{slug}/").status_code == 200

    def miss(self):
        """A question that was never asked before."""
        return self.get("posts/search/", {"query": f"word{next(COUNT)}"})

    def refuses_writes(self):
        return self.post()[1].status_code == 503

    def refuses_misses(self):
        return self.miss().status_code == 503

    def takes_writes(self):
        return self.post()[1].status_code == 202

    def health(self, which):
        answer = requests.get(f"{self.base}/{which}", timeout=PATIENCE)
        return answer.status_code, answer.json()


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def site(folder):
    with made(folder) as site:
        yield site


@contextlib.contextmanager
def made(folder):
    site = Faulty(folder)
    site.make(MODEL)
    site.start()
    site.fill_with_a_little()
    site.stop()
    assert sorted(path.name for path in site.data_dir.glob("larder.db*")) == ["larder.db"]
    shutil.copy(site.database, site.copy)
    site.start()
    try:
        yield site
    except BaseException:
        site.end(signal.SIGTERM)
        raise
    else:
        site.stop()


def check_refusal(answer, *words):
    assert answer.status_code == 503, f"{answer.status_code} {answer.text}"
    assert int(answer.headers["Retry-After"]) >= 1
    assert any(word in answer.json()["detail"] for word in words), answer.text


def check_refusals(site, *words):
    """Changes and questions that need the database are refused, and say why."""
    await_until(site.refuses_writes, "changes to be refused")
    await_until(site.refuses_misses, "questions to be refused")
    # None of them may wait for the database: together they would exceed the patience of this test.
    for _ in range(20):
        check_refusal(site.post()[1], *words)
        check_refusal(site.miss(), *words)
    assert site.health("livez")[0] == 200
    await_until(lambda: site.health("readyz")[0] == 503, "readiness to be denied")
    status, body = site.health("writez")
    assert status == 503 and any(word in body["writes"] for word in words), body


def check_recovery(site):
    """Everything works again, in the same process."""
    await_until(site.takes_writes, "changes to be taken")
    slug, answer = site.post()
    assert answer.status_code == 202, answer.text
    assert site.is_there(slug)
    assert site.miss().status_code == 200
    await_until(lambda: site.health("writez")[0] == 200, "writez")
    status, body = site.health("readyz")
    assert (status, body) == (200, {"status": "ready", "writes": "ready"})
    assert site.process.poll() is None


# The file


def changed_since_the_copy(site):
    """Makes changes that are in the file and others that are only in the log; returns the slug of one of those."""
    assert site.takes_writes()
    checkpoint(site)
    slug, answer = site.post()
    assert answer.status_code == 202
    return slug


def checkpoint(site):
    """Brings the log into the file, as SQLite does by itself after a thousand pages."""
    with contextlib.closing(sqlite3.connect(site.database)) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


def test_a_locked_database_refuses_writes_only(site):
    with Readers(site, WARM) as readers:
        with sqlite3.connect(site.database, isolation_level=None) as other:
            other.execute("BEGIN EXCLUSIVE")
            await_until(site.refuses_writes, "changes to be refused")
            check_refusal(site.post()[1], "busy")
            assert site.miss().status_code == 200
            status, body = site.health("readyz")
            assert status == 200 and "busy" in body["writes"]
            assert site.health("writez")[0] == 503
            readers.go_on()
            other.execute("ROLLBACK")
        readers.go_on()
    check_recovery(site)


def test_a_moved_database_is_refused_until_it_is_back(site):
    with Readers(site, WARM) as readers:
        site.database.rename(site.folder / "moved.db")
        check_refusals(site, "missing", "opened again")
        readers.go_on()
        (site.folder / "moved.db").rename(site.database)
        readers.go_on()
    check_recovery(site)


def test_a_deleted_database_is_refused_until_a_copy_takes_its_place(site):
    slug = changed_since_the_copy(site)
    with Readers(site, WARM) as readers:
        site.database.unlink()
        check_refusals(site, "missing", "opened again")
        readers.go_on()
    shutil.copy(site.copy, site.database)
    check_recovery(site)
    # The copy is older than the post, and every answer is the copy's.
    assert not site.is_there(slug)
    assert slug not in site.get("feeds/rss/").text


@pytest.mark.parametrize("deleted", [["larder.db"], ["larder.db", "larder.db-wal", "larder.db-shm"]])
def test_a_deleted_database_is_saved_beside_its_place(site, deleted):
    acknowledged = [changed_since_the_copy(site), *(site.post()[0] for _ in range(10))]
    with Readers(site, WARM) as readers:
        for name in deleted:
            (site.data_dir / name).unlink()
        check_refusals(site, "missing", "opened again")
        readers.go_on()
        [saved] = await_until(lambda: rescued(site), "what was deleted to be saved")
        check_refusal(site.post()[1], "missing")
        saved.rename(site.database)
        readers.go_on()
    check_recovery(site)
    assert [slug for slug in acknowledged if not site.is_there(slug)] == []
    site.stop()
    site.start()
    assert [slug for slug in acknowledged if not site.is_there(slug)] == []


def rescued(site):
    """Files that hold what was deleted, once they are whole."""
    return [file for file in site.data_dir.glob("larder.db.rescued-*") if ".partial" not in file.name]


def test_a_moved_database_is_not_saved_a_second_time(site):
    site.database.rename(site.folder / "moved.db")
    check_refusals(site, "missing", "opened again")
    (site.folder / "moved.db").rename(site.database)
    check_recovery(site)
    assert list(site.data_dir.glob("larder.db.rescued-*")) == []


def test_nothing_is_acknowledged_that_goes_into_a_deleted_file(site):
    with writing(site) as acknowledged:
        await_until(lambda: len(acknowledged) > 20, "some writes")
        site.database.unlink()
        asked = [site.post() for _ in range(5)]
        assert [answer.status_code for _, answer in asked] == [503] * 5
    count = len(acknowledged)
    assert site.refuses_writes() and len(acknowledged) == count


def test_everything_acknowledged_is_in_a_file_that_was_moved_and_comes_back(site):
    with writing(site) as acknowledged:
        for _ in range(3):
            count = len(acknowledged)
            await_until(lambda: len(acknowledged) > count + 10, "some writes")
            site.database.rename(site.folder / "moved.db")
            check_refusals(site, "missing", "opened again")
            (site.folder / "moved.db").rename(site.database)
        await_until(site.takes_writes, "changes to be taken")
    site.stop()
    site.start()
    assert [slug for slug in acknowledged if not site.is_there(slug)] == []


def test_a_deleted_log_is_noticed_and_loses_nothing(site):
    acknowledged = [site.post()[0] for _ in range(10)]
    with Readers(site, WARM) as readers:
        (site.data_dir / "larder.db-wal").unlink()
        readers.go_on()
    check_recovery(site)
    site.stop()
    site.start()
    assert [slug for slug in acknowledged if not site.is_there(slug)] == []


@pytest.mark.parametrize("left", [0, 0.5], ids=["nothing", "half"])
def test_a_log_that_is_cut_off_takes_no_later_change_with_it(site, left):
    for _ in range(10):
        assert site.takes_writes()
    log = site.data_dir / "larder.db-wal"
    with Readers(site, STEADY) as readers:
        os.truncate(log, int(log.stat().st_size * left))
        later = [site.post() for _ in range(10)]
        readers.go_on()
    check_recovery(site)
    later += [site.post() for _ in range(10)]
    kept = [slug for slug, answer in later if answer.status_code == 202]
    assert len(kept) >= 10
    site.kill()
    site.start()
    assert [slug for slug in kept if not site.is_there(slug)] == []


def rubbish_inside(site):
    """The same file with other bytes, while it is open."""
    length = site.database.stat().st_size
    with open(site.database, "r+b") as file:
        file.write(os.urandom(length))


def rubbish_instead(site):
    other = site.folder / "rubbish"
    other.write_bytes(os.urandom(40_000))
    other.replace(site.database)


def another_program_instead(site):
    other = site.folder / "other.db"
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE shopping (item)")
        connection.commit()
    other.replace(site.database)


def emptied(site):
    os.truncate(site.database, 0)


def halved(site):
    os.truncate(site.database, site.database.stat().st_size // 2)


def written_back(site, saved):
    """The bytes from before the fault, into the same file; the log beside it was never touched."""
    with open(site.database, "r+b") as file:
        file.write(saved)
        file.truncate()


def copied_over(site, saved):
    """Another, older state, into the same file."""
    with open(site.copy, "rb") as copy, open(site.database, "r+b") as file:
        file.truncate(0)
        shutil.copyfileobj(copy, file)


def put_in_place(site, saved):
    """Another, older state as another file."""
    other = site.folder / "again.db"
    shutil.copy(site.copy, other)
    other.replace(site.database)


@pytest.mark.parametrize("recover", [written_back, copied_over, put_in_place])
@pytest.mark.parametrize("damage", [rubbish_inside, rubbish_instead, another_program_instead, emptied, halved])
def test_a_damaged_database_is_left_alone_until_it_is_sound(site, damage, recover):
    kept = changed_since_the_copy(site)
    saved = site.database.read_bytes()
    with Readers(site, WARM) as readers:
        damage(site)
        check_refusals(site, "damaged", "opened again")
        readers.go_on()
    recover(site, saved)
    check_recovery(site)
    assert site.is_there(kept) == (recover is written_back)
    site.stop()
    site.start()
    assert site.is_there(kept) == (recover is written_back)


def test_damaged_pages_stop_writes_and_leave_readable_what_is_whole(site):
    with Readers(site, WARM) as readers:
        checkpoint(site)
        length = site.database.stat().st_size
        with open(site.database, "r+b") as file:
            file.seek(4096)
            file.write(os.urandom(length - 4096))
        readers.go_on()
        # Whoever needs a page that is not in memory finds out.
        await_until(lambda: site.miss().status_code == 503 or site.refuses_writes(), "the damage to be noticed")
        readers.go_on()
    put_in_place(site, None)
    check_recovery(site)


def test_another_database_copied_into_the_open_file_takes_no_change_of_ours(site):
    kept = changed_since_the_copy(site)
    with contextlib.closing(sqlite3.connect(site.copy)) as other:
        assert other.execute("UPDATE meta SET value = value + 1 WHERE name = 'identity'").rowcount == 1
        other.commit()
    with Readers(site, STEADY) as readers:
        # The file stays the same, and is a sound database at every moment that can be seen.
        written_back(site, site.copy.read_bytes())
        check_refusal(site.post()[1], "damaged", "opened again")
        readers.go_on()
        assert "another database was copied over it" in site.log.read_text()
        check_recovery(site)
    # What is answered now is the other database's, without what the log of the first one held.
    assert not site.is_there(kept)
    site.stop()
    site.start()
    assert not site.is_there(kept)


def test_an_older_copy_copied_into_the_open_file_takes_no_change_of_ours(site):
    """The same database as it was before changes that were brought into its file since: nothing in it is damaged."""
    kept = changed_since_the_copy(site)
    with Readers(site, STEADY) as readers:
        # At every moment that can be seen it is a sound database, and this one.
        written_back(site, site.copy.read_bytes())
        check_refusal(site.post()[1], "damaged", "opened again")
        readers.go_on()
        assert "an older copy of it was copied over it" in site.log.read_text()
        check_recovery(site)
    # What is answered now is the copy's, without what the log of its later state held.
    assert not site.is_there(kept)
    site.stop()
    site.start()
    assert not site.is_there(kept)


@pytest.mark.parametrize("in_the_file", [True, False], ids=["through a checkpoint", "in the log"])
def test_an_older_state_restored_through_sqlite_is_what_is_answered(site, in_the_file):
    """As `.restore` of SQLite's command line does it: a change like any other, but back in time."""
    kept = changed_since_the_copy(site)
    if in_the_file:
        checkpoint(site)
    assert site.is_there(kept)
    with Readers(site, STEADY) as readers:
        restored(site, site.copy)
        # Nothing is added to it before it is known for what it is.
        await_until(lambda: "another state of the database was written" in site.log.read_text(), "the log to say so")
        readers.go_on()
        check_recovery(site)
    assert not site.is_there(kept)
    with writing(site) as written:
        await_until(lambda: len(written) > 20, "some writes")
        checkpoint_somewhat(site)
        await_until(lambda: len(written) > 40, "more writes")
    assert site.log.read_text().count("the database is closed") == 1
    site.stop()
    site.start()
    assert not site.is_there(kept)
    assert [slug for slug in written if not site.is_there(slug)] == []


def test_another_database_restored_through_sqlite_is_what_is_answered(site):
    kept = changed_since_the_copy(site)
    with contextlib.closing(sqlite3.connect(site.copy)) as other:
        other.execute("UPDATE meta SET value = value + 1 WHERE name = 'identity'")
        other.execute("UPDATE meta SET value = value + 1000 WHERE name = 'transactions'")
        other.commit()
    restored(site, site.copy)
    await_until(lambda: not site.is_there(kept), "the other database's answers")
    check_recovery(site)


def restored(site, saved):
    with contextlib.closing(sqlite3.connect(saved)) as older, contextlib.closing(sqlite3.connect(site.database)) as open_one:
        older.backup(open_one)


def test_checkpoints_are_not_taken_for_older_copies(site):
    """Many changes, brought into the file by larder itself and by another program, and looked at all the while."""
    acknowledged = []
    for _ in range(3):
        with writing(site) as written:
            await_until(lambda: len(written) > 60, "some writes")
            checkpoint_somewhat(site)
            await_until(lambda: len(written) > 120, "more writes")
        acknowledged += written
        assert site.health("writez")[0] == 200
    assert "copied over" not in site.log.read_text()
    assert [slug for slug in acknowledged if not site.is_there(slug)] == []


def checkpoint_somewhat(site):
    """Brings into the file what nobody is reading or writing just now."""
    with contextlib.closing(sqlite3.connect(site.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


# The folder


def test_a_folder_that_is_away_and_back(site):
    away = site.folder / "away"
    with Readers(site, WARM) as readers:
        site.data_dir.rename(away)
        check_refusals(site, "missing", "opened again")
        readers.go_on()
        away.rename(site.data_dir)
        readers.go_on()
    check_recovery(site)


def test_a_folder_under_another_file_system(site):
    with Readers(site, WARM) as readers:
        with mounted(site.data_dir, "1m"):
            check_refusals(site, "missing", "opened again")
            readers.go_on()
        readers.go_on()
    check_recovery(site)


def test_a_folder_that_may_not_be_read():
    nobody = 65534
    # pytest's own folder is closed to others.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="larder-test-"))
    try:
        folder.chmod(0o755)
        binary = shutil.copy(BINARY, folder / "larder")
        site = Faulty(folder)
        site.make(MODEL)
        for path in [site.data_dir, *site.data_dir.rglob("*")]:
            os.chown(path, nobody, nobody)
        site.start(binary, user=nobody, group=nobody, extra_groups=[])
        site.fill_with_a_little()
        with Readers(site, WARM) as readers:
            site.data_dir.chmod(0)
            check_refusals(site, "missing", "opened again")
            readers.go_on()
            site.data_dir.chmod(0o755)
            readers.go_on()
        check_recovery(site)
        site.stop()
    finally:
        shutil.rmtree(folder)


# The disk


def test_a_full_disk_refuses_writes_only(tmp_path):
    with mounted(tmp_path, "16m"), made(tmp_path) as site, Readers(site, STEADY) as readers:
        fill = site.folder / "fill"
        with contextlib.suppress(OSError), open(fill, "wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
        await_until(site.refuses_writes, "changes to be refused")
        check_refusal(site.post()[1], "full")
        status, body = site.health("readyz")
        assert status == 200 and "full" in body["writes"], body
        assert site.health("writez")[0] == 503
        assert site.miss().status_code == 200
        readers.go_on()
        fill.unlink()
        await_until(site.takes_writes, "changes to be taken")
        readers.go_on()
        check_recovery(site)


@pytest.mark.parametrize("call", ["pwrite64", "fsync"])
def test_a_disk_that_cannot_write_refuses_writes_only(site, call):
    acknowledged, unknown = [], []
    # A write that was not acknowledged may be there all the same.
    with Readers(site, STEADY) as readers:
        with failing(site, call):
            await_until(site.refuses_writes, "changes to be refused")
            for _ in range(10):
                slug, answer = site.post()
                check_refusal(answer, "Nothing was changed", "may or may not have been saved")
                unknown.append(slug)
            status, body = site.health("readyz")
            assert status == 503 or body["writes"] != "ready", body
            assert site.health("writez")[0] == 503
            await_until(lambda: site.miss().status_code == 200, "questions to be answered")
            readers.go_on()
        await_until(site.takes_writes, "changes to be taken")
        acknowledged += [site.post()[0] for _ in range(5)]
        readers.go_on()
    check_recovery(site)
    there = [site.is_there(slug) for slug in unknown]
    site.stop()
    site.start()
    assert [site.is_there(slug) for slug in unknown] == there
    assert all(site.is_there(slug) for slug in acknowledged)


def test_a_disk_that_cannot_be_read_refuses_misses_only(site):
    site.stop()
    site.start()
    with Readers(site, WARM) as readers:
        with failing(site, "pread64"):
            for _ in range(20):
                answer = site.miss()
                # What SQLite has in memory is answered.
                if answer.status_code != 200:
                    check_refusal(answer, "disk", "opened again")
            readers.go_on()
        readers.go_on()
    check_recovery(site)


def test_a_process_without_descriptors_goes_on_with_what_is_open(site):
    server = site.process.pid
    limits = resource.prlimit(server, resource.RLIMIT_NOFILE)
    acknowledged, late = [], []
    with Readers(site, STEADY) as readers:
        # Of no file, and no connection, can be opened one more.
        resource.prlimit(server, resource.RLIMIT_NOFILE, (3, limits[1]))
        connecting = threading.Thread(target=lambda: late.append(site.health("livez")[0]))
        connecting.start()
        for _ in range(10):
            slug, answer = site.post()
            if answer.status_code == 202:
                acknowledged.append(slug)
            else:
                check_refusal(answer, "Nothing was changed", "may or may not have been saved")
            answer = site.miss()
            if answer.status_code != 200:
                check_refusal(answer, "disk", "missing", "opened again", "folder")
        readers.go_on()
        resource.prlimit(server, resource.RLIMIT_NOFILE, limits)
        readers.go_on()
    # Who came meanwhile has waited.
    connecting.join()
    assert late == [200]
    check_recovery(site)
    site.stop()
    site.start()
    assert [slug for slug in acknowledged if not site.is_there(slug)] == []


def test_an_answer_that_could_not_be_made_anew_says_that_it_is_old(site):
    def page():
        return site.get("pages/note/n1/")

    def another():
        return site.get("posts/p1/")

    def change_while_the_disk_fails(begins):
        """The page after a change that was saved and could not be read again, if it came to that."""
        # In a new process: after a failure that came too early, this one takes no changes for a while.
        site.stop()
        site.start()
        # The writer keeps what it has read.
        assert site.send("PATCH", "pages/note/n1/", {"status": "published", "title": "Before"}).status_code == 202
        for warm in (page, another):
            await_until(lambda: warm().headers["X-Cache"] == "HIT", "a hit")
        with failing(site, "pread64", f":when={begins}+"):
            change = {"status": "published", "title": f"After {begins}"}
            if site.send("PATCH", "pages/note/n1/", change).status_code != 202:
                return None
            stale, other = page(), another()
            return stale.headers["X-Cache"] == "STALE" and (begins, stale, other)

    # A change reads before it writes; how often is none of this test's business.
    attempts = itertools.count(1)
    begins, stale, other = await_until(lambda: change_while_the_disk_fails(next(attempts)), "an old answer")
    assert stale.status_code == 200
    assert stale.json()["data"]["name"] != f"After {begins}"
    assert stale.headers["Warning"] == '110 - "Response is Stale"'
    assert other.headers["X-Cache"] == "HIT" and "Warning" not in other.headers
    await_until(lambda: page().headers["X-Cache"] == "HIT", "the answer to be made anew")
    fresh = page()
    assert fresh.json()["data"]["name"] == f"After {begins}" and "Warning" not in fresh.headers


def test_a_full_disk_under_the_log_file_stops_nobody(site):
    """Whatever larder says into a log that cannot take it must not end it."""
    site.stop()
    with open("/dev/full", "w") as full:
        site.start(stderr=full)
    with Readers(site, WARM) as readers:
        site.database.rename(site.folder / "moved.db")
        check_refusals(site, "missing", "opened again")
        (site.folder / "moved.db").rename(site.database)
        readers.go_on()
    check_recovery(site)


# How faults are made


@contextlib.contextmanager
def writing(site):
    """Several clients write until the block ends; yields the slugs that were acknowledged."""
    acknowledged, over = [], threading.Event()

    def write():
        session = requests.Session()
        session.headers["Authorization"] = f"Token {site.write_token}"
        while not over.is_set():
            slug = f"new-{next(COUNT)}"
            body = {"title": slug, "slug": slug, "status": "published"}
            answer = session.post(site.url("posts/"), json=body, timeout=PATIENCE)
            assert answer.status_code in (202, 503), answer.text
            if answer.status_code == 202:
                acknowledged.append(slug)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield acknowledged
    finally:
        over.set()
        for thread in threads:
            thread.join()


@contextlib.contextmanager
def failing(site, call, when=""):
    """Lets every such system call of the server fail with EIO; `when` is strace's way to say which."""
    said = site.folder / f"strace-{call}"
    with open(said, "w") as said_to:
        tracer = subprocess.Popen(
            ["strace", "-f", "-p", str(site.process.pid), "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:error=EIO{when}"],
            stderr=said_to,
        )
    await_until(lambda: "attached" in said.read_text() or tracer.poll() is not None, "strace")
    assert tracer.poll() is None, said.read_text()
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(PATIENCE)
