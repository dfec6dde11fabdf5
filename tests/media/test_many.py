"""A library of 100,000 files: listed, narrowed and searched. How long that takes is printed; that no list looks at every
row is tested where the lists are made (src/store/media/tests.rs)."""

import hashlib
import json
import subprocess
import time

import pytest

from fault.test_dashboard import Desk
from larder_site import BINARY, PATIENCE, environment
from media.conftest import opened

MANY = 100_000
NOTE = b"A note."
WORDS = ["plum", "quince", "sloe", "medlar", "damson", "rowan", "elder"]


def line(number):
    word = WORDS[number % len(WORDS)]
    return json.dumps({
        "id": f"many{number:016}", "hash": hashlib.sha256(NOTE).hexdigest(), "filename": f"{word} {number:06}.txt",
        "type": "text/plain", "alt": f"A jar of {word}, number {number}", "width": None, "height": None,
        "created": f"2026-01-{1 + number % 28:02}T12:00:00Z", "folders": ["Shop", word], "tags": [word],
    })


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Imported from an archive in which all files have the same bytes."""
    folder = tmp_path_factory.mktemp("many")
    archive = folder / "archive"
    (archive / "media").mkdir(parents=True)
    (archive / "media" / hashlib.sha256(NOTE).hexdigest()).write_bytes(NOTE)
    (archive / "larder.json").write_text(json.dumps({"format": 1, "larder": "0.1.0", "exported": "2026-02-01T12:00:00Z"}))
    (archive / "media.jsonl").write_text("\n".join(map(line, range(MANY))) + "\n")

    def brought(site):
        command = [BINARY, "import", str(archive), "--data", str(site.data_dir)]
        # Longer than other commands may take: a debug build on a loaded machine needs a minute.
        timed("import", lambda: subprocess.run(command, env=environment(), check=True, timeout=10 * PATIENCE))

    with opened(folder, before=brought) as site:
        yield site


def timed(what, action):
    began = time.monotonic()
    result = action()
    print(f"{what}: {(time.monotonic() - began) * 1000:.0f} ms")
    return result


def listed(site, **params):
    answer = site.session.get(
        f"{site.base}/media", params=params, headers={"Authorization": f"Token {site.write_token}"}, timeout=PATIENCE
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(("params", "count"), [
    ({}, MANY), ({"page": 900, "page_size": 100}, MANY), ({"q": "medlar"}, len(range(3, MANY, 7))), ({"q": "number 99997"}, 1),
    ({"q": "jar 01234"}, None), ({"q": "nowhere"}, 0), ({"type": "image"}, 0), ({"type": "document", "q": "elder 0000"}, None),
])  # fmt: skip
def test_programs_list_and_search(site, params, count):
    listed(site, page_size=1)
    found = timed(f"GET /media {params}", lambda: listed(site, **params))
    if count is not None:
        assert found["meta"]["count"] == count
    words = [part for part in params.get("q", "").split() if part.isalpha()]
    assert all(word in f"{media['name']} {media['alt']}" for media in found["data"] for word in words)
    assert found["data"] or count == 0


def test_people_look_through_it(site):
    desk = Desk(site)
    for query in ["", "?q=damson", "?page=500", "?sort=name", "?type=document", "?used=no"]:
        page = timed(f"GET /admin/media{query}", lambda query=query: desk.get(f"/admin/media{query}"))
        assert page.status_code == 200, page.text
        assert ".txt" in page.text
