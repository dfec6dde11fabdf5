"""The server is killed at every step from the write to the note of what came of it: everything arrives, and ids let
the receiver drop what arrives twice."""

import contextlib
import threading

import pytest
import requests
from larder_site import PATIENCE, await_until

from webhooks.conftest import hooked
from webhooks.receiver import ok

# The receiver may end the server before that has told us that it took the change.
CUT_OFF = requests.ConnectionError

EVENTS = ["--event", "page.published"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with hooked(tmp_path_factory.mktemp("crash")) as site:
        yield site


class Killer:
    """Kills the server when the receiver says so, and starts it again."""

    def __init__(self, site, receiver):
        self.site, self.receiver = site, receiver
        self.webhook = site.add(receiver.address, *EVENTS)
        self.killed = threading.Event()

    def kill(self):
        self.site.process.kill()
        self.site.process.wait(PATIENCE)
        self.killed.set()

    def again(self):
        assert self.killed.wait(PATIENCE)
        self.receiver.answer = ok
        self.site.session = requests.Session()
        self.site.start()

    def all_arrived(self, slugs):
        """Everything was sent, and what the receiver got is that, by ids."""
        log = self.site.settled(self.webhook)
        assert [(one["data"]["id"], one["state"]) for one in log] == [(slug, "sent") for slug in slugs]
        ids = [one["id"] for one in log]
        assert len(set(ids)) == len(ids)
        assert {got.id for got in self.receiver.got} == set(ids)
        for name in ids:
            assert len({got.raw for got in self.receiver.got if got.id == name}) == 1, "a repeat says the same"
        self.site.larder("webhook", "remove", str(self.webhook["id"]))


@pytest.fixture
def killer(site, receiver):
    return Killer(site, receiver)


def test_after_the_write_and_before_anything_is_sent(site, killer):
    """The last request was acknowledged; the process ends before or while it looks at the outbox."""
    slugs = [f"write-{number}" for number in range(10)]
    for slug in slugs:
        site.page(slug)
    killer.kill()
    killer.again()
    killer.all_arrived(slugs)


def test_while_nobody_serves(site, killer):
    """A command writes, and no server is there at all."""
    site.page("shut", "draft")
    killer.kill()
    site.larder("publish", "page:note/shut")
    assert [one["state"] for one in site.sent(killer.webhook)] == ["waiting"]
    killer.again()
    killer.all_arrived(["shut"])


def test_during_the_request(site, receiver, killer):
    """The receiver has all of it and has not answered."""

    def answer(*_):
        killer.kill()

    receiver.answer = answer
    with contextlib.suppress(CUT_OFF):
        site.page("request")
    killer.again()
    killer.all_arrived(["request"])
    assert len(receiver.got) == 2


def test_after_the_answer_and_before_it_is_noted(site, receiver, killer):
    """The answer is on the wire whole when the process ends: it may have been noted or not."""

    def answer(handler, got):
        ok(handler, got)
        handler.wfile.flush()
        killer.kill()

    receiver.answer = answer
    with contextlib.suppress(CUT_OFF):
        site.page("answer")
    killer.again()
    killer.all_arrived(["answer"])
    assert len(receiver.got) in (1, 2)


def test_between_two_of_one_page(site, receiver, killer):
    """The first of a page was noted, the second is under way, the third waits behind it."""

    def answer(handler, got):
        if got.data["name"] == "2":
            return killer.kill()
        return ok(handler, got)

    receiver.answer = answer
    site.page("turns", title="1")
    with contextlib.suppress(CUT_OFF):
        for title in ["2", "3"]:
            site.write("PATCH", "pages/note/turns/", {"title": title})
    killer.again()
    if len(site.sent(killer.webhook)) < 3:
        # The kill came before the last of them was written.
        site.write("PATCH", "pages/note/turns/", {"title": "3"})
    killer.all_arrived(["turns"] * 3)
    names = [got.data["name"] for got in receiver.got]
    assert names == sorted(names) and set(names) == {"1", "2", "3"}


def test_with_a_failure_on_record(site, receiver, killer):
    """What failed before the kill is tried again after it, and its tries are remembered."""
    tried = threading.Event()

    def answer(handler, _):
        handler.send_response(500)
        handler.end_headers()
        tried.set()

    receiver.answer = answer
    site.page("record")
    assert tried.wait(PATIENCE)
    await_until(lambda: site.sent(killer.webhook)[0]["tries"] == 1, "the note")
    killer.kill()
    killer.again()
    assert site.settled(killer.webhook)[0]["tries"] == 2
    killer.all_arrived(["record"])


def test_two_processes_of_one_folder_send_once(site, killer, receiver):
    """Whoever serves beside holds no role, and sends nothing."""
    first = site.process
    site.start()
    second, site.process = site.process, first
    try:
        for number in range(5):
            site.page(f"beside-{number}")
        site.settled(killer.webhook)
        assert len(receiver.got) == 5
    finally:
        second.terminate()
        second.wait(PATIENCE)
    killer.killed.set()
    killer.all_arrived([f"beside-{number}" for number in range(5)])
