"""A site made with each SDK answers every visitor while the CMS behind it is killed and started again, ten times."""

import contextlib
import itertools
import threading
from urllib.parse import urlsplit

import pytest
import requests
from driver import known, launch
from larder_site import Site, await_until

KNOWN_SITES = [manifest for manifest in known() if "site" in manifest]

KILLS = 10
VISITORS = 8

# In each state of the CMS at least so many visits are made before it changes.
VISITS = 40

# Long enough for a loaded machine; a test that gets here has failed anyway.
PATIENCE = 300


@pytest.fixture(scope="module")
def cms(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("restarts"))
    site.larder("init", "--starter")
    site.add_tokens()
    site.start()
    yield site
    site.end(15)


@contextlib.contextmanager
def site_of(sdk, cms):
    process = launch(sdk, "site", LARDER_URL=cms.base, LARDER_TOKEN=cms.read_token)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(PATIENCE)


class Visitors:
    """Threads that visit page after page, and note what they are answered."""

    def __init__(self, address, pages):
        self.address, self.pages = address, pages
        self.lock = threading.Lock()
        self.count = 0
        self.wrong = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.visit, args=(place,)) for place in range(VISITORS)]
        for thread in self.threads:
            thread.start()

    def visit(self, place):
        session = requests.Session()
        for number in itertools.count(place):
            if self.over.is_set():
                return
            page, text = self.pages[number % len(self.pages)]
            try:
                answer = session.get(self.address + page, timeout=PATIENCE)
                if (answer.status_code, answer.text) != (200, text):
                    self.wrong.append(f"{page}: {answer.status_code} {answer.text[:500]}")
            except requests.RequestException as problem:
                self.wrong.append(f"{page}: {problem}")
            with self.lock:
                self.count += 1

    def await_visits(self):
        wanted = self.count + VISITS
        await_until(lambda: self.count >= wanted or self.wrong, f"{VISITS} more visits")

    def go_home(self):
        self.over.set()
        for thread in self.threads:
            thread.join()


def first_answer(address):
    """A page nobody has asked for yet has no copy: on a busy machine the SDK may run out of time for it."""

    def text():
        answer = requests.get(address, timeout=PATIENCE)
        return answer.text if answer.status_code == 200 else None

    return await_until(text, address)


@pytest.mark.parametrize("sdk", KNOWN_SITES, ids=[one["name"] for one in KNOWN_SITES])
def test_no_visitor_notices(sdk, cms):
    listen = urlsplit(cms.base).netloc
    with site_of(sdk, cms) as address:
        slugs = first_answer(address + "/").split("\n")
        assert len(slugs) > 3
        pages = [(path, first_answer(address + path)) for path in ["/", *(f"/posts/{slug}" for slug in slugs)]]
        visitors = Visitors(address, pages)
        try:
            visitors.await_visits()
            for _ in range(KILLS):
                cms.kill()
                visitors.await_visits()
                cms.start(listen=listen)
                visitors.await_visits()
        finally:
            visitors.go_home()
        assert visitors.wrong == []
        assert visitors.count >= (2 * KILLS + 1) * VISITS
