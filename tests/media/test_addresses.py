"""What addresses of pictures answer: headers, conditions, parts, refusals, and one build for all who ask."""

import concurrent.futures
import struct
import zlib

import pytest

from media.conftest import magick, rgba


def test_versions_are_kept_for_ever_and_others_are_asked_for_again(gallery, media):
    version = gallery.session.get(
        f"{gallery.base}/media/{media}/facts", headers={"Authorization": f"Token {gallery.write_token}"}
    ).json()["hash"][:10]
    for path in [media, f"resize=width:33/{media}"]:
        forever = gallery.picture(f"{path}?v={version}").headers
        assert forever["Cache-Control"] == "public, max-age=31536000, immutable"
        for query in ["", "?v=", f"?v={version[:-1]}", "?v=0123456789"]:
            soon = gallery.picture(path + query).headers
            assert soon["Cache-Control"] == "public, max-age=300"
        assert soon["Surrogate-Key"] == f"media-{media} model"
        assert soon["ETag"] == forever["ETag"]
        unchanged = gallery.picture(path, headers={"If-None-Match": soon["ETag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_parts_and_heads_of_a_picture_that_was_made(gallery, media):
    url = f"{gallery.base}/media/flop/output=format:webp/{media}"
    whole = gallery.session.get(url)
    head = gallery.session.head(url)
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(whole.content)))
    part = gallery.session.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.content)}"
    assert gallery.session.get(url, headers={"Range": f"bytes={len(whole.content)}-"}).status_code == 416
    other = gallery.session.get(url, headers={"Range": "bytes=0-1", "If-Range": '"another"'})
    assert (other.status_code, other.content) == (200, whole.content)


def test_the_short_form(gallery, media):
    assert rgba(gallery.picture(f"{media}?w=60").content)[:2] == (60, 45)
    assert rgba(gallery.picture(f"{media}?w=6000").content)[:2] == (240, 180)
    cropped = gallery.picture(f"{media}?w=60&h=60&fit=crop&q=70&fm=webp")
    assert (cropped.headers["Content-Type"], rgba(cropped.content)[:2]) == ("image/webp", (60, 60))
    same = gallery.picture(f"resize=width:60,height:60,fit:crop/quality=value:70/output=format:webp/{media}")
    assert same.headers["ETag"] == cropped.headers["ETag"]
    automatic = gallery.picture(f"{media}?w=60&fm=auto", headers={"Accept": "image/webp"})
    assert (automatic.headers["Content-Type"], automatic.headers["Vary"]) == ("image/webp", "Accept")
    assert gallery.picture(f"{media}?w=abc").status_code == 400


def test_brackets_may_be_escaped(gallery, media):
    plain = gallery.picture(f"crop=dim:[1,2,30,40]/{media}")
    escaped = gallery.picture(f"crop=dim:%5B1,2,30,40%5D/{media}")
    assert plain.status_code == escaped.status_code == 200
    assert plain.headers["ETag"] == escaped.headers["ETag"]


def test_crops_keep_the_focal_point(gallery, photo):
    media = gallery.upload(magick("png:-", "-flop", "png:-", data=photo))
    asked = f"resize=width:60,height:60,fit:crop/{media}"
    middle = gallery.picture(asked)
    answer = gallery.session.patch(
        f"{gallery.base}/media/{media}", json={"focal": [1, 0.5]}, headers={"Authorization": f"Token {gallery.write_token}"}
    )
    assert answer.ok, answer.text
    right = gallery.picture(asked)
    assert right.headers["ETag"] != middle.headers["ETag"]
    assert right.content == gallery.made("resize=width:60,height:60,fit:crop,align:right", media)


@pytest.mark.parametrize("tasks", ["crop=dim:[240,0,1,1]", "resize=width:10000,height:10000,fit:scale", "resize=height:10000"])
def test_what_makes_no_sense_for_the_picture(gallery, media, tasks):
    answer = gallery.picture(f"{tasks}/{media}")
    assert answer.status_code == 400 and answer.json()["error"]


def test_drawings_and_animations_pass_through(gallery, photo):
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>'
    animation = magick("png:-", "(", "+clone", "-negate", ")", "-resize", "40x30!", "gif:-", data=photo)
    for data, kind in [(drawing, "image/svg+xml"), (animation, "image/gif")]:
        media = gallery.upload(data, "moving")
        answer, original = gallery.picture(f"resize=width:10/{media}"), gallery.picture(media)
        assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, kind, original.content)
        assert "X-Larder-Skipped" not in answer.headers


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_bombs_and_ruins_are_refused(gallery, photo):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")
    gif = magick("png:-", "-resize", "8x6!", "gif:-", data=photo)
    frames = gif[:-1] + gif[gif.index(b"!\xf9") if b"!\xf9" in gif else gif.index(b",", 13) : -1] * 10_000 + b";"
    jpeg = magick("png:-", "jpg:-", data=photo)
    webp = magick("png:-", "webp:-", data=photo)
    for data in [png, frames, jpeg[:200], photo[:60], webp[:40]]:
        answer = gallery.take(data)
        assert 400 <= answer.status_code < 500, f"{data[:12]}: {answer.status_code} {answer.text}"
        assert answer.json()


def test_fifty_who_ask_at_once_are_served_by_one_build(gallery, photo):
    media = gallery.upload(magick("png:-", "-negate", "-resize", "1200x900!", "png:-", data=photo))
    before = gallery.log.read_text().count("a picture was made")
    path = f"resize=width:700/blur=amount:3/output=format:webp/{media}"
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: gallery.picture(path), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert gallery.log.read_text().count("a picture was made") == before + 1
