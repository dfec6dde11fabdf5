"""kill -9 while several clients write: what was acknowledged with 202 is there after the restart."""

import itertools
import random
import threading

import pytest
import requests
from larder_site import PATIENCE, Site
from notes_and_jars import MODEL

ROUNDS = 12
WRITERS = 6


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.make(MODEL)
    yield site
    site.stop()


def new_post(slug):
    return "POST", "posts/", {"title": slug, "slug": slug, "status": "published"}


def new_page(slug):
    return "POST", "pages/", {"title": slug, "slug": slug, "page_type": "note", "status": "published", "fields": {"text": slug}}


def new_item(slug):
    return "POST", "content/", {"key": "jars", "status": "published", "fields": [{"name": slug}]}


def changed_post(slug):
    return "PATCH", f"posts/{slug}/", {"title": f"{slug} changed"}


class Round:
    """One run of the server, ended by a kill once enough writes were acknowledged."""

    def __init__(self, site, number, enough):
        self.site, self.number, self.enough = site, number, enough
        self.acknowledged = []
        self.lock = threading.Lock()
        self.over = threading.Event()

    def run(self):
        writers = [threading.Thread(target=self.write, args=[writer]) for writer in range(WRITERS)]
        for writer in writers:
            writer.start()
        self.over.wait(PATIENCE)
        self.site.kill()
        for writer in writers:
            writer.join()
        assert len(self.acknowledged) >= self.enough, "the server stopped taking writes before it was killed"

    def write(self, writer):
        """Writes until the server is gone; a refused write ends the round, and fails it."""
        session = requests.Session()
        session.headers["Authorization"] = f"Token {self.site.write_token}"
        for turn in itertools.count():
            slug = f"r{self.number}-w{writer}-{turn}"
            for change in [new_post, new_page, new_item, changed_post]:
                method, path, body = change(slug)
                try:
                    answer = session.request(method, self.site.url(path), json=body, timeout=PATIENCE)
                except requests.RequestException:
                    return
                if answer.status_code != 202:
                    self.over.set()
                    raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")
                self.acknowledge(change, slug)

    def acknowledge(self, change, slug):
        with self.lock:
            self.acknowledged.append((change, slug))
            if len(self.acknowledged) >= self.enough:
                self.over.set()


def test_no_acknowledged_write_is_lost(site):
    # The seed makes the lengths of the rounds the same in each run; where the kill hits a write is up to the machine.
    lengths = random.Random(20).sample(range(5, 120), ROUNDS)
    rounds = []
    for number, enough in enumerate(lengths):
        site.start()
        rounds.append(Round(site, number, enough))
        rounds[-1].run()
        site.start()
        assert lost(site, rounds[-1].acknowledged) == []
        site.kill()
    site.start()
    assert lost(site, [write for round in rounds for write in round.acknowledged]) == []


def lost(site, acknowledged):
    names = {jar["name"] for jar in site.data("content/", {"keys": "jars"}).get("jars", [])}
    return [(change.__name__, slug) for change, slug in acknowledged if not is_there(site, change, slug, names)]


def is_there(site, change, slug, names):
    if change is new_item:
        return slug in names
    answer = site.get(f"pages/note/{slug}/" if change is new_page else f"posts/{slug}/")
    if answer.status_code != 200:
        return False
    return change is not changed_post or answer.json()["data"]["title"] == f"{slug} changed"
