"""Among servers that share a replica the primary sends, and nobody else; whoever takes over goes on where it ended."""

import json
import signal
import threading

import requests
from larder_group import Member, Replica
from larder_site import PATIENCE, await_until
from notes_and_jars import MODEL

from webhooks.receiver import ok

FETCH = ["--allow-private-fetch", "127.0.0.1"]


def log(member):
    """The log of the first webhook, oldest first."""
    done = member.command("webhook", "log", "1", "--json")
    return json.loads(done.stdout)[::-1] if done.returncode == 0 else []


def test_a_standby_is_told_nothing_to_send_until_it_is_the_primary(tmp_path, receiver):
    with Replica.of("folder", tmp_path) as replica:
        primary, standby = Member(tmp_path / "primary", replica), None
        primary.folder.mkdir()
        primary.make(MODEL)
        primary.larder("webhook", "add", receiver.address, "--event", "post.published")
        primary.start(*FETCH)
        try:
            standby = Member(tmp_path / "standby", replica, follows=True, tokens_of=primary)
            standby.folder.mkdir()
            standby.start(*FETCH)
            for number in range(3):
                primary.write("POST", "posts/", {"title": "Oak", "slug": f"oak-{number}", "status": "published"})
            await_until(lambda: [one["state"] for one in log(standby)] == ["sent"] * 3, "the standby to have it all")
            assert len(receiver.got) == 3
            # The primary is lost while it sends the fourth.
            release = threading.Event()
            receiver.answer = lambda *_: release.wait(PATIENCE)
            primary.write("POST", "posts/", {"title": "Ash", "slug": "ash", "status": "published"})
            await_until(lambda: len(log(standby)) == 4, "the standby to have the fourth")
            primary.kill()
            receiver.answer = ok
            release.set()
            standby.promote("--force")
            await_until(lambda: [one["state"] for one in log(standby)] == ["sent"] * 4, "the new primary to send it")
            assert len({got.id for got in receiver.got}) == 4
            assert {got.data["id"] for got in receiver.got[3:]} == {"ash"}
        finally:
            for member in (primary, standby):
                if member:
                    member.session = requests.Session()
                    member.end(signal.SIGKILL)
