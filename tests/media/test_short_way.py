"""A picture that was answered before is answered the short way: the same in every header, and never longer than it is
right."""

import pytest

from larder_site import PATIENCE, await_until
from media.conftest import magick, opened, rgba


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("short")) as site:
        yield site


def alike(one, other):
    """Whether two answers differ in nothing but when they were sent."""
    headers = [{name: value for name, value in answer.headers.items() if name != "Date"} for answer in (one, other)]
    return one.status_code == other.status_code and one.content == other.content and headers[0] == headers[1]


def change(site, method, path, **options):
    answer = site.session.request(
        method, f"{site.base}/media/{path}", headers={"Authorization": f"Token {site.write_token}"}, timeout=PATIENCE, **options
    )
    assert answer.ok, answer.text
    return answer


@pytest.mark.parametrize("accept", ["*/*", "image/avif,image/webp,*/*;q=0.8", "image/webp;q=0"])
def test_every_answer_is_the_first_one_again(site, photo, accept):
    media = site.upload(photo)
    for path in [f"resize=width:50/auto_image/{media}", f"{media}?w=50&fm=auto", f"vignette/flip/{media}?v=0123456789"]:
        first, second, third = [site.picture(path, headers={"Accept": accept}) for _ in range(3)]
        assert first.status_code == 200 and alike(first, second) and alike(first, third), path
        webp = "auto" in path and "image/webp," in accept
        assert third.headers["Content-Type"] == ("image/webp" if webp else "image/png")
        # What is asked otherwise is answered otherwise, and the other way round again.
        url = f"{site.base}/media/{path}"
        head = site.session.head(url, headers={"Accept": accept})
        assert (head.status_code, head.content) == (200, b"")
        assert {**head.headers, "Date": ""} == {**first.headers, "Date": ""}
        unchanged = site.picture(path, headers={"Accept": accept, "If-None-Match": first.headers["ETag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        part = site.picture(path, headers={"Accept": accept, "Range": "bytes=3-8"})
        assert (part.status_code, part.content) == (206, first.content[3:9])
        assert site.session.delete(url).status_code in (401, 405)
        assert alike(first, site.picture(path, headers={"Accept": accept}))


def test_a_replaced_picture_is_seen_at_once(site, photo):
    media = site.upload(magick("png:-", "-negate", "png:-", data=photo))
    path = f"resize=width:40/{media}"
    old = [site.picture(path) for _ in range(2)][1]
    new = magick("-size", "80x80", "xc:olive", "png:-")
    site.folder.joinpath("new.png").write_bytes(new)
    site.larder("media", "replace", media, str(site.folder / "new.png"))
    await_until(lambda: site.picture(path).headers["ETag"] != old.headers["ETag"], "the new picture")
    assert rgba(site.picture(path).content)[:2] == (40, 40)


def test_a_moved_focal_point_is_seen_at_once(site, photo):
    media = site.upload(magick("png:-", "-flop", "png:-", data=photo))
    path = f"resize=width:40,height:40,fit:crop/{media}"
    old = [site.picture(path) for _ in range(2)][1]
    change(site, "PATCH", media, json={"focal": [1, 0.5]})
    assert site.picture(path).content != old.content


def test_a_deleted_picture_is_gone_at_once(site, photo):
    media = site.upload(magick("png:-", "-flip", "png:-", data=photo))
    path = f"resize=width:40/{media}"
    assert [site.picture(path).status_code for _ in range(2)] == [200, 200]
    change(site, "DELETE", media)
    assert site.picture(path).status_code == 404
