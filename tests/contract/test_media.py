"""Sections 15, 16 and 17: pictures in the site's own library, and their transformation addresses.

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


@pytest.fixture
def transformed(gallery):
    def ask(tasks, **headers):
        return gallery.session.get(f"{gallery.base}/media/{tasks}/{ID}", headers=headers)

    return ask


def size_of_png(data):
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", data[16:24])


# 16: the library


def test_picture_has_an_absolute_address(gallery, url):
    assert url.startswith("http") and url.endswith(f"/media/{ID}")
    assert gallery.data("posts/jam/")["featured_image_alt"] == "A jar"


def test_picture_is_served_as_it_is(gallery):
    answer = gallery.session.get(f"{gallery.base}/media/{ID}")
    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, "image/png", PICTURE)


def test_missing_picture(gallery):  # 17
    for path in ["media/" + "x" * 20, "media/resize=width:10/" + "x" * 20]:
        assert gallery.session.get(f"{gallery.base}/{path}").status_code == 404


def test_address_in_the_library_is_kept(gallery, url):  # 15
    gallery.write("POST", "posts/", {"title": "T", "slug": "kept", "status": "published", "featured_image": url})
    assert gallery.data("posts/kept/")["featured_image"] == url
    page = {"title": "T", "slug": "kept", "page_type": "recipe", "status": "published", "fields": {"headline": "H", "picture": url}}
    gallery.write("POST", "pages/", page)
    with_alt = gallery.data("pages/recipe/kept/", {"alt_media_text": 1})["fields"]["picture"]
    assert with_alt == {"url": url, "alt": "A jar"}


# 17: transformations


@pytest.mark.parametrize("tasks, size", [
    ("resize=width:20", (20, 15)),
    ("resize=height:15", (20, 15)),
    ("resize=width:20,height:20", (20, 15)),  # clip: inside the box
    ("resize=width:20,height:20,fit:clip", (20, 15)),
    ("resize=width:20,height:20,fit:crop", (20, 20)),
    ("resize=width:20,height:20,fit:crop,align:[top,left]", (20, 20)),
    ("resize=width:20,height:20,fit:crop,align:faces", (20, 20)),
    ("resize=width:20,height:20,fit:scale", (20, 20)),
    ("resize=width:80,fit:max", (40, 30)),  # never enlarged
    ("crop=dim:[5,5,10,20]", (10, 20)),
    ("rotate=deg:90", (30, 40)),
    ("flip", (40, 30)),
    ("flop", (40, 30)),
    ("resize=width:20/rotate=deg:90", (15, 20)),  # from left to right
    ("rotate=deg:90/resize=width:15", (15, 20)),
    ("blur=amount:3", (40, 30)),
    ("sharpen=amount:3", (40, 30)),
    ("monochrome", (40, 30)),
    ("negative", (40, 30)),
    ("no_metadata", (40, 30)),
    ("sepia=tone:80", (40, 30)),
    ("blackwhite=threshold:50", (40, 30)),
    ("pixelate=amount:4", (40, 30)),
    ("rounded_corners=radius:5", (40, 30)),
    ("compress=metadata:false", (40, 30)),
])  # fmt: skip
def test_transformed_picture(transformed, tasks, size):
    answer = transformed(tasks)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert size_of_png(answer.content) == size
    assert "X-Larder-Skipped" not in answer.headers


@pytest.mark.parametrize("format, type, magic", [
    ("jpg", "image/jpeg", b"\xff\xd8\xff"), ("png", "image/png", b"\x89PNG"), ("webp", "image/webp", b"RIFF"),
])  # fmt: skip
def test_other_formats(transformed, format, type, magic):
    answer = transformed(f"output=format:{format}")
    assert (answer.status_code, answer.headers["Content-Type"], answer.content[: len(magic)]) == (200, type, magic)


def test_webp_for_those_who_take_it(transformed):
    assert transformed("auto_image", Accept="image/webp,*/*").headers["Content-Type"] == "image/webp"
    assert transformed("auto_image", Accept="image/png").headers["Content-Type"] == "image/png"


@pytest.mark.parametrize("tasks", [
    "melt", "resize=width:x", "resize=width:10001", "resize=fit:wide,width:5", "crop=dim:[1,2,3]", "quality=value:0", "quality=value:101",
    "blur=amount:21", "rotate=deg:360", "resize=colour:red",
])  # fmt: skip
def test_unknown_task_or_bad_option(transformed, tasks):
    answer = transformed(tasks)
    assert answer.status_code == 400
    assert isinstance(answer.json(), dict)


@pytest.mark.parametrize("task", ["vignette", "polaroid", "oil_paint"])
def test_known_but_unsupported_task_is_skipped(transformed, task):
    answer = transformed(f"{task}/resize=width:20")
    assert (answer.status_code, answer.headers["X-Larder-Skipped"]) == (200, task)
    assert size_of_png(answer.content) == (20, 15)
