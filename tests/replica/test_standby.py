"""A standby follows its primary while it is read, and takes over from it: by hand, and by itself."""

import contextlib
import itertools
import os
import signal
import threading
import time

import pytest
import requests
from larder_group import Member, Replica, content
from larder_site import PATIENCE, await_until
from notes_and_jars import MODEL
from replicas import copying

# Long enough that a loaded machine renews it in time, short enough to wait for.
LEASE = 20
# How often a primary is killed and taken over from by itself; `make torture` raises it.
TAKEOVERS = int(os.environ.get("LARDER_TEST_TAKEOVERS", "1"))


@pytest.fixture(params=["folder", "bucket"])
def replica(request, tmp_path):
    with Replica.of(request.param, tmp_path) as replica:
        yield replica


@pytest.fixture
def bucket(tmp_path):
    with Replica.of("bucket", tmp_path) as replica:
        yield replica


@contextlib.contextmanager
def group(replica, tmp_path, *names, lease=None, primary=()):
    """A primary with a site, told what is in `primary`, and as many standbys as there are names."""
    members = [Member(tmp_path / "primary", replica, lease)]
    (tmp_path / "primary").mkdir()
    members[0].make(MODEL)
    members[0].start(*primary)
    try:
        members[0].write("POST", "posts/", {"title": "Oak", "slug": "oak", "status": "published"})
        for name in names:
            (tmp_path / name).mkdir()
            members.append(Member(tmp_path / name, replica, lease, follows=True, tokens_of=members[0]))
        yield members
    finally:
        for member in members:
            member.end(signal.SIGKILL)


class Writing:
    """Writes numbered posts to one member until the block ends; remembers which were acknowledged."""

    def __init__(self, member):
        self.member, self.acknowledged = member, []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def run(self):
        session = requests.Session()
        session.headers["Authorization"] = f"Token {self.member.write_token}"
        for number in itertools.count():
            if self.over.is_set():
                return
            slug = f"post-{number}"
            body = {"title": slug, "slug": slug, "status": "published", "body": "x" * (number % 40 * 400)}
            with contextlib.suppress(requests.RequestException):
                answer = session.post(self.member.url("posts/"), json=body, timeout=PATIENCE)
                if answer.status_code == 202:
                    self.acknowledged.append(slug)

    def more(self, count):
        enough = len(self.acknowledged) + count
        await_until(lambda: len(self.acknowledged) >= enough, f"{count} more posts")


class Reading:
    """Reads one address until the block ends; every answer must be 200 and whole."""

    def __init__(self, url):
        self.url, self.failures, self.answers = url, [], 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.run) for _ in range(2)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()
        if kind is None:
            assert self.failures == [], self.failures[:5]
            assert self.answers > 0

    def run(self):
        session = requests.Session()
        while not self.over.is_set():
            try:
                answer = session.get(self.url, timeout=PATIENCE)
                assert answer.status_code == 200, (answer.status_code, answer.text[:200])
                assert answer.json()["meta"]["count"] >= 1
                self.answers += 1
            except (requests.RequestException, AssertionError, KeyError) as error:
                self.failures.append(repr(error))


def end_both(primary, standby):
    """Ends both once the standby has everything, and compares what they hold."""
    primary.stop()
    copied = copying(primary).get("copied")
    await_until(lambda: standby.report().get("transaction", 0) >= copied, "the standby to have everything")
    standby.stop()
    assert content(standby) == content(primary)


def posts(member):
    return member.url(f"posts/?page_size=5&auth_token={member.read_token}")


def test_a_standby_waits_for_the_first_copy(replica, tmp_path):
    for name in ("primary", "standby"):
        (tmp_path / name).mkdir()
    primary = Member(tmp_path / "primary", replica)
    primary.make(MODEL)
    standby = Member(tmp_path / "standby", replica, follows=True, tokens_of=primary)
    starting = threading.Thread(target=standby.start)
    starting.start()
    try:
        said = "waits for the first copy of its primary"
        await_until(lambda: standby.log.exists() and said in standby.log.read_text(), "the standby to say so")
        primary.start()
        starting.join(PATIENCE)
        assert not starting.is_alive() and standby.role() == "standby"
        assert standby.log.read_text().count(said) == 1
        end_both(primary, standby)
    finally:
        for member in (primary, standby):
            member.end(signal.SIGKILL)


def test_it_follows_under_load_and_is_never_seen_half_way(replica, tmp_path):
    with group(replica, tmp_path, "standby") as (primary, standby):
        standby.start()
        # It may have begun before the first post was copied.
        await_until(lambda: requests.get(posts(standby), timeout=PATIENCE).json()["meta"]["count"], "the first post")
        with Reading(posts(standby)), Writing(primary) as writing:
            writing.more(10)
        end_both(primary, standby)


def test_changes_are_sent_to_the_primary(bucket, tmp_path):
    with group(bucket, tmp_path, "standby") as (primary, standby):
        standby.start()
        await_until(lambda: standby.primary() == primary.base, "the primary's address")
        refused = standby.send("POST", "posts/", {"title": "Ash", "slug": "ash", "status": "published"})
        assert refused.status_code == 503 and primary.base in refused.json()["detail"]
        assert "Retry-After" in refused.headers
        page = requests.get(f"{standby.base}/admin/sign-in", headers={"Accept": "text/html"}, timeout=PATIENCE)
        assert page.status_code == 503 and "standby" in page.text and primary.base in page.text
        assert requests.get(f"{standby.base}/writez", timeout=PATIENCE).status_code == 503
        health = requests.get(f"{standby.base}/readyz", timeout=PATIENCE)
        assert health.status_code == 200 and health.headers["Larder-Role"] == "standby"
        ahead = {"Larder-Txid": "ffffffffffffffff"}
        behind = requests.get(f"{standby.base}/readyz", headers=ahead, timeout=PATIENCE)
        assert behind.status_code == 503 and "Retry-After" in behind.headers
        seen = requests.get(f"{primary.base}/readyz", timeout=PATIENCE).headers
        assert seen["Larder-Role"] == "primary"


def test_it_goes_on_where_it_was_after_a_kill(replica, tmp_path):
    with group(replica, tmp_path, "standby") as (primary, standby):
        standby.start()
        for _ in range(3):
            with Writing(primary) as writing:
                writing.more(4)
                standby.kill()
                writing.more(4)
            standby.start()
        end_both(primary, standby)


def test_pictures_come_along(replica, tmp_path):
    with group(replica, tmp_path, "standby") as (primary, standby):
        picture = primary.upload("first.txt", b"first")
        standby.start()
        await_until(lambda: standby.file(picture) == b"first", "the file that was there before")
        later = primary.upload("second.txt", b"second")
        await_until(lambda: standby.file(later) == b"second", "the file that came later")


def test_it_is_promoted_by_hand_once_the_primary_is_gone(replica, tmp_path):
    with group(replica, tmp_path, "standby") as (primary, standby):
        standby.start()
        still_led = standby.promote(expect=1)
        assert "still at work" in still_led, still_led
        with Writing(primary) as writing:
            writing.more(10)
        last = writing.acknowledged[-1]
        await_until(lambda: standby.get(f"posts/{last}/").status_code == 200, "the last post")
        primary.kill()
        standby.promote("--force")
        assert standby.role() == "primary"
        standby.write("POST", "posts/", {"title": "New", "slug": "new", "status": "published"})
        await_until(lambda: replica.restored_by_litestream(tmp_path, epoch=1, holds="new"), "its copy")

        # It was not told; what it takes now is nobody's.
        primary.start(awaited=False)
        await_until(lambda: primary.role() == "standby", "the old primary to follow")
        await_until(lambda: primary.get("posts/new/").status_code == 200, "what it missed")
        assert primary.send("POST", "posts/", {"title": "Zombie", "slug": "zombie"}).status_code == 503
        standby.write("POST", "posts/", {"title": "Newer", "slug": "newer", "status": "published"})
        await_until(lambda: primary.get("posts/newer/").status_code == 200, "what came after it")

        # Started again in the same way, both are what they became.
        standby.stop()
        standby.start()
        await_until(lambda: standby.role() == "primary", "what it became")
        standby.stop()
        primary.stop()


@pytest.mark.parametrize("number", range(TAKEOVERS))
def test_it_takes_over_by_itself_without_a_failed_read(bucket, tmp_path, number):
    with group(bucket, tmp_path, "standby", lease=LEASE, primary=["--replica-ack"]) as (primary, standby):
        standby.start("--auto-promote")
        with standby.balanced_with(primary) as balancer:
            list_of_posts = f"{balancer}/v2/posts/?page_size=5&auth_token={primary.read_token}"
            with Reading(list_of_posts) as reading:
                with Writing(primary) as writing:
                    writing.more(10)
                    primary.kill()
                killed = time.monotonic()
                new = {"title": "After", "slug": "after", "status": "published"}
                await_until(lambda: standby.send("POST", "posts/", new).status_code == 202, "writes to resume")
                print(f"writes resumed {time.monotonic() - killed:.1f} s after the kill (lease {LEASE} s)")
                enough = reading.answers + 50
                await_until(lambda: reading.answers >= enough or reading.failures, "more answers")
                print(f"{reading.answers} reads answered")
        assert [slug for slug in writing.acknowledged if standby.get(f"posts/{slug}/").status_code != 200] == []
        standby.stop()


def test_a_primary_that_slept_acknowledges_nothing_and_its_tail_is_put_aside(bucket, tmp_path):
    with group(bucket, tmp_path, "standby", lease=LEASE) as (primary, standby):
        standby.start("--auto-promote")
        await_until(lambda: standby.get("posts/oak/").status_code == 200, "the standby to follow")
        # From here on the primary copies what it has at the start, and then nothing for a long while.
        primary.stop()
        primary.interval_ms = 3_600_000
        primary.start()
        primary.write("POST", "posts/", {"title": "Lost", "slug": "lost", "status": "published"})
        primary.process.send_signal(signal.SIGSTOP)
        await_until(lambda: standby.role() == "primary", "the standby to take over")
        standby.write("POST", "posts/", {"title": "Kept", "slug": "kept", "status": "published"})
        primary.process.send_signal(signal.SIGCONT)
        late = primary.send("POST", "posts/", {"title": "Late", "slug": "late", "status": "published"})
        assert late.status_code == 503, late.text
        await_until(lambda: primary.get("posts/kept/").status_code == 200, "the old primary to follow")
        assert primary.get("posts/lost/").status_code == 404
        assert primary.get("posts/late/").status_code == 404
        assert [path.name for path in primary.data_dir.glob("lost-*.ltx")] == ["lost-00000000.ltx"]
        assert "is put aside" in primary.log.read_text()
        primary.stop()
        standby.stop()


def test_of_two_that_want_to_one_takes_over(bucket, tmp_path):
    with group(bucket, tmp_path, "one", "two", lease=LEASE) as (primary, one, two):
        for standby in (one, two):
            standby.start("--auto-promote")
            await_until(lambda: standby.get("posts/oak/").status_code == 200, "the standby to follow")
        primary.kill()
        first = await_until(
            lambda: next((member for member in (one, two) if member.role() == "primary"), None), "one to take over"
        )
        other = two if first is one else one
        first.write("POST", "posts/", {"title": "New", "slug": "new", "status": "published"})
        await_until(lambda: other.get("posts/new/").status_code == 200, "the other one to follow")
        assert (first.role(), other.role()) == ("primary", "standby")
        assert other.send("POST", "posts/", {"title": "No", "slug": "no"}).status_code == 503
        one.stop()
        two.stop()


def test_a_store_that_ignores_conditions_decides_nothing(tmp_path):
    with Replica.of("liar", tmp_path) as liar:
        with group(liar, tmp_path, "standby", lease=LEASE) as (primary, standby):
            standby.start("--auto-promote")
            await_until(lambda: standby.get("posts/oak/").status_code == 200, "the standby to follow")
            primary.kill()
            await_until(lambda: "ignores the conditions" in (standby.error() or ""), "the standby to say so")
            assert standby.role() == "standby"
            assert "ignores the conditions" in standby.promote(expect=1)
            standby.promote("--force")
            assert standby.role() == "primary"
            standby.stop()


def test_a_folder_with_another_site_is_left_alone(bucket, tmp_path):
    with group(bucket, tmp_path, "standby") as (_, standby):
        standby.larder("init")
        refused = standby.command("standby", "--replica", bucket.url, "--listen", "127.0.0.1:0")
        assert refused.returncode == 1 and "--rebuild" in refused.stderr
        standby.start("--rebuild")
        await_until(lambda: standby.get("posts/oak/").status_code == 200, "the standby to follow")
        assert list(standby.data_dir.glob("larder.db.replaced-*"))
        standby.stop()
