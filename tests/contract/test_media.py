"""Sections 15 and 16: pictures in the site's own library.

The library is filled by importing a site archive, since no API uploads pictures.
"""

import hashlib
import io
import json
import struct
import tarfile
import zlib

import pytest
from larder_site import Site

from contract.conftest import SITE

ID = "k3Jq9mZbT0aQp2Lx7RwU"
WIDTH, HEIGHT = 40, 30


def png():
    """A picture whose pixels all differ a little, made without a graphics library."""
    rows = b"".join(b"\0" + bytes(v for x in range(WIDTH) for v in (x * 6, y * 8, 90)) for y in range(HEIGHT))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PICTURE = png()
HASH = hashlib.sha256(PICTURE).hexdigest()
TIME = "2026-09-01T09:00:00Z"

AUTHOR = {"id": 1, "slug": "ada-keller", "email": "ada@example.com", "first_name": "Ada", "last_name": "Keller"} | {
    key: "" for key in ["bio", "title", "linkedin_url", "facebook_url", "instagram_url", "pinterest_url", "twitter_handle", "profile_image"]
}
MEDIA = {"id": ID, "hash": HASH, "filename": "jar.png", "type": "image/png", "alt": "A jar", "width": WIDTH, "height": HEIGHT,
         "size": len(PICTURE), "created": TIME}  # fmt: skip
POST = {
    "title": "Jam", "body": "", "summary": "", "seo_title": "", "meta_description": "", "author": 1, "categories": [], "tags": [],
    "featured_image": {"url": f"/media/{ID}", "alt": ""},
}  # fmt: skip
REVISION = {"id": 1, "at": TIME, "by": "Ada", "why": "created", "name": "Jam", "slug": "jam", "fields": POST}
LIVE = {"published": TIME, "updated": TIME, "scheduled": None, "unpublish": None, "live": 1, "draft": None, "revisions": [REVISION]}
ENTRY = {"id": 1, "kind": "post", "slug": "jam", "created": TIME, "position": 1, "deleted": None, "group": None, "locales": {"": LIVE}}


def archive(path):
    files = {
        "larder.json": {"format": 1, "larder": "0.1.0", "exported": TIME},
        "schema.json": json.loads((SITE / "schema.json").read_text()),
        "settings.json": {},
        "authors.jsonl": AUTHOR,
        "media.jsonl": MEDIA,
        "entries.jsonl": ENTRY,
    }
    with tarfile.open(path, "w:gz") as tar:
        for name, value in files.items():
            add(tar, name, json.dumps(value).encode() + b"\n")
        for name in ["categories.jsonl", "tags.jsonl"]:
            add(tar, name, b"")
        add(tar, f"media/{HASH}", PICTURE)


def add(tar, name, data):
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    tar.addfile(entry, io.BytesIO(data))


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gallery")
    archive(folder / "gallery.tar.gz")
    site = Site(folder)
    site.larder("init")
    site.larder("import", str(folder / "gallery.tar.gz"))
    site.add_tokens()
    site.start()
    yield site
    site.stop()


@pytest.fixture
def url(gallery):
    """The picture's address as the API tells it."""
    return gallery.data("posts/jam/")["featured_image"]


def test_picture_has_an_absolute_address(gallery, url):
    assert url.startswith("http") and url.endswith(f"/media/{ID}")
    assert gallery.data("posts/jam/")["featured_image_alt"] == "A jar"


def test_picture_is_served_as_it_is(gallery):
    answer = gallery.session.get(f"{gallery.base}/media/{ID}")
    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, "image/png", PICTURE)


def test_missing_picture(gallery):
    assert gallery.session.get(f"{gallery.base}/media/{'x' * 20}").status_code == 404


def test_address_in_the_library_is_kept(gallery, url):  # 15
    gallery.write("POST", "posts/", {"title": "T", "slug": "kept", "status": "published", "featured_image": url})
    assert gallery.data("posts/kept/")["featured_image"] == url
    page = {"title": "T", "slug": "kept", "page_type": "recipe", "status": "published", "fields": {"headline": "H", "picture": url}}
    gallery.write("POST", "pages/", page)
    with_alt = gallery.data("pages/recipe/kept/", {"alt_media_text": 1})["fields"]["picture"]
    assert with_alt == {"url": url, "alt": "A jar"}
