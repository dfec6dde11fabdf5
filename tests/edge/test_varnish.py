"""A real Varnish with `deploy/varnish/default.vcl` in front of larder, under load with a publish every second: what was
acknowledged as purged is never shown old, and while larder is gone no request fails.

LARDER_TEST_PUBLISHES is how often is published (6), LARDER_TEST_OUTAGE for how many seconds larder is gone (4).
"""

import contextlib
import http.client
import os
import pathlib
import shutil
import subprocess
import threading
import time

import pytest
import requests
from edge_recorder import Recorder
from larder_group import free_port
from larder_site import PATIENCE, Site, await_until
from notes_and_jars import MODEL

VCL = pathlib.Path(__file__).resolve().parents[2] / "deploy/varnish/default.vcl"
PUBLISHES = int(os.environ.get("LARDER_TEST_PUBLISHES", "6"))
OUTAGE = float(os.environ.get("LARDER_TEST_OUTAGE", "4"))
READERS = 3
# Between two requests of a reader: load enough, and room for everybody else on the machine.
PAUSE = 0.01
NOTES = ["one", "two", "three"]


@contextlib.contextmanager
def varnish(folder, port, larder):
    """Varnish on this port, in front of this port of larder."""
    program = shutil.which("varnishd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    assert program, "varnishd is not installed: tests/install.sh does it"
    text = VCL.read_text()
    assert '.port = "8787";' in text
    (folder / "default.vcl").write_text(text.replace('.port = "8787";', f'.port = "{larder}";'))
    with open(folder / "varnish.log", "wb") as log:
        process = subprocess.Popen(
            [program, "-F", "-j", "none", "-n", folder / "v", "-a", f"127.0.0.1:{port}", "-f", folder / "default.vcl",
             "-s", "malloc,64m"], stdout=log, stderr=log,
        )
    try:
        def answers():
            assert process.poll() is None, (folder / "varnish.log").read_text()
            with contextlib.suppress(requests.ConnectionError):
                return requests.get(f"http://127.0.0.1:{port}/livez", timeout=PATIENCE).status_code == 200

        await_until(answers, "Varnish")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


class Teller(Recorder):
    """Passes purges on to Varnish, and knows which were acknowledged."""

    def __init__(self, varnish):
        super().__init__()
        self.varnish, self.acknowledged = varnish, []
        self.answer = self.pass_on

    def pass_on(self, request):
        headers = {name: value for name, value in request["headers"].items() if name != "host"}
        told = requests.request(request["method"], self.varnish + request["path"], headers=headers, timeout=PATIENCE)
        if told.status_code == 200:
            self.acknowledged.append(request)
        return told.status_code, {}, told.content

    def await_purge(self, key, since):
        def names(request):
            said = " ".join(request["headers"].get(name, "") for name in ("xkey-softpurge", "x-ban-keys"))
            return request["at"] >= since and key in said.replace("\\", "").replace("|", " ").split()

        await_until(lambda: any(map(names, list(self.acknowledged))), f"{key} to be purged")


@pytest.fixture(scope="module")
def edge(tmp_path_factory):
    """A site, the address of the Varnish in front of it, and what tells that of changes."""
    folder = tmp_path_factory.mktemp("v")
    site, port = Site(folder), free_port()
    site.make(MODEL)
    site.start(listen=f"127.0.0.1:{port}")
    site.port = port
    site.fill([
        {"method": "POST", "path": "pages/", "body": {
            "title": slug, "slug": slug, "page_type": "note", "status": "published", "fields": {"text": "0"},
        }}
        for slug in NOTES
    ])
    front = free_port()
    with varnish(folder, front, port) as base:
        teller = Teller(base)
        teller.start()
        tell(site, teller)
        yield site, base, teller
        site.stop()
        teller.stop()


def tell(site, teller, *more):
    """Has larder tell Varnish of changes. Each purge is told once: what is acknowledged is acknowledged."""
    began = time.monotonic()
    site.larder("cdn", "set", "varnish", "--server", teller.address, "--allow-private", "--again-after", "0", *more)
    teller.await_purge("model", began)


def publish(site, teller, slug, text):
    """Publishes, and returns when the purge is acknowledged."""
    keys = site.get(f"pages/note/{slug}/").headers["xkey"].split()
    entry = next(key for key in keys if key.startswith("entry-"))
    began = time.monotonic()
    site.write("PATCH", f"pages/note/{slug}/", {"fields": {"text": text}, "status": "published"})
    teller.await_purge(entry, began)


class Readers:
    """Ask Varnish until the block ends: for single notes and for their list. Every answer is 200, and shows no note in
    an older form than was acknowledged when it was asked for."""

    def __init__(self, site, base):
        self.site, self.base = site, base
        self.acknowledged = dict.fromkeys(NOTES, 0)
        self.wrong, self.hits, self.misses = [], 0, 0
        self.over = threading.Event()
        self.count = threading.Lock()

    def __enter__(self):
        self.threads = [threading.Thread(target=self.read) for _ in range(READERS)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind, error, trace):
        self.over.set()
        for thread in self.threads:
            thread.join()
        if error is None:
            assert self.wrong == [], self.wrong[:5]

    def read(self):
        session = requests.Session()
        while not self.over.is_set():
            for path in [f"pages/note/{slug}/" for slug in NOTES] + ["pages/note/"]:
                floor = dict(self.acknowledged)
                try:
                    answer = session.get(f"{self.base}/v2/{path}?auth_token={self.site.read_token}", timeout=PATIENCE)
                except requests.RequestException as error:
                    self.wrong.append((path, repr(error)))
                    continue
                if answer.status_code != 200:
                    self.wrong.append((path, answer.status_code, answer.text[:200]))
                    continue
                with self.count:
                    if answer.headers["X-Cache"] == "HIT":
                        self.hits += 1
                    else:
                        self.misses += 1
                data = answer.json()["data"]
                for note in data if isinstance(data, list) else [data]:
                    if int(note["fields"]["text"]) < floor[note["slug"]]:
                        self.wrong.append((path, note["slug"], note["fields"]["text"], floor[note["slug"]]))
                time.sleep(PAUSE)

    def enough(self, more=50):
        """Waits until so many more requests were answered."""
        goal = self.hits + self.misses + more
        await_until(lambda: self.wrong or self.hits + self.misses >= goal, f"{more} more answers")


def test_what_is_purged_is_never_shown_old_and_an_outage_costs_no_request(edge, capsys):
    site, base, teller = edge
    with Readers(site, base) as readers:
        readers.enough()
        for number in range(1, PUBLISHES + 1):
            began = time.monotonic()
            slug = NOTES[number % len(NOTES)]
            publish(site, teller, slug, str(number))
            readers.acknowledged[slug] = number
            readers.enough(10)
            time.sleep(max(0, began + 1 - time.monotonic()))
        hits, misses = readers.hits, readers.misses
        site.stop()
        gone = time.monotonic()
        while time.monotonic() - gone < OUTAGE:
            readers.enough()
        site.start(listen=f"127.0.0.1:{site.port}")
        await_until(lambda: healthy(base), "Varnish to see that larder is back")
        publish(site, teller, "one", str(PUBLISHES + 1))
        readers.acknowledged["one"] = PUBLISHES + 1
        readers.enough()
    with capsys.disabled():
        print(
            f"\nVarnish: {PUBLISHES} publishes, {hits} hits and {misses} misses ({100 * hits / (hits + misses):.1f} % hits); "
            f"larder gone for {OUTAGE:.0f} s; {readers.hits + readers.misses} requests, none failed, none old"
        )
    assert hits > 0


def healthy(base):
    """Asked past the cache."""
    return requests.get(f"{base}/livez", timeout=PATIENCE).status_code == 200


def test_a_purge_by_hand_drops_what_it_names(edge):
    site, base, _ = edge

    def cached(slug):
        address = f"{base}/v2/pages/note/{slug}/?auth_token={site.read_token}"
        return requests.get(address, timeout=PATIENCE).headers["X-Cache"] == "HIT"

    for slug in NOTES:
        await_until(lambda: cached(slug), f"{slug} to be kept")
    site.larder("cdn", "purge", "--url", f"{base}/v2/pages/note/one/?auth_token={site.read_token}")
    assert cached("two") and not cached("one")
    await_until(lambda: cached("one"), "one to be kept again")
    site.larder("cdn", "purge", "--all", "--yes")
    assert not cached("two")


def test_bans_do_it_too(edge):
    site, base, teller = edge
    tell(site, teller, "--bans")
    address = f"{base}/v2/pages/note/two/?auth_token={site.read_token}"
    await_until(lambda: requests.get(address, timeout=PATIENCE).headers["X-Cache"] == "HIT", "it to be kept")
    publish(site, teller, "two", "1000")
    assert requests.get(address, timeout=PATIENCE).json()["data"]["fields"]["text"] == "1000"
    shown = requests.get(address, timeout=PATIENCE).headers
    assert not {"xkey", "Surrogate-Control", "CDN-Cache-Control", "Age"} & set(shown)


def test_others_may_not_purge(edge):
    _, base, _ = edge
    connection = http.client.HTTPConnection(base.split("://")[1], source_address=("127.0.0.2", 0), timeout=PATIENCE)
    for method in ("PURGE", "BAN"):
        connection.request(method, "/")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 403
    connection.close()
