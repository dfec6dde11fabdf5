"""A site that makes pictures in known sizes only: what is answered, to whom, and what is refused."""

import itertools

import pytest

from fault.test_dashboard import Desk
from larder_site import PATIENCE, await_until
from media.conftest import magick, opened, rgba

MODEL = {
    "larder_schema": 1,
    "collections": [{
        "key": "jars",
        "fields": [
            {"key": "picture", "type": "media", "shape": "16:9"},
            {"key": "text", "type": "wysiwyg"},
        ],
    }],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("known")) as site:
        site.apply(MODEL)
        site.larder("setting", "set", "image_widths", "120 60")
        yield site


NUMBERS = itertools.count()


@pytest.fixture
def known(site, photo):
    """A new picture on the site, which makes known sizes only; all sizes again afterwards."""
    media = site.upload(magick("png:-", "-set", "comment", str(next(NUMBERS)), "png:-", data=photo))
    only(site, True, media)
    yield media
    only(site, False, media)


def only(site, on, media):
    """Turns the setting, and waits until the server follows: another process has changed it."""
    site.larder("setting", "set", "only_known_image_sizes", "true" if on else "false")
    wanted = 403 if on else 200
    await_until(lambda: site.picture(f"resize=width:77/{media}").status_code == wanted, f"status {wanted}")


def status(site, path, **options):
    return site.picture(path, **options).status_code


def test_known_sizes_are_made_and_others_refused_before_anything_is_opened(site, known):
    for path in [
        known, f"{known}?w=60", f"{known}?w=120&fm=webp", f"resize=width:60/{known}", f"resize=width:120,fit:max/auto_image/{known}",
        f"output=format:avif/{known}", f"resize=width:480,height:360,fit:crop/auto_image/{known}",
        # The shape of the model's picture field.
        f"resize=width:120,height:68,fit:crop/{known}", f"{known}?w=60&h=34&fit=crop",
    ]:
        assert status(site, path) == 200, path
    for path in [
        f"{known}?w=61", f"resize=width:61/{known}", f"resize=height:60/{known}", f"resize=width:120,height:100,fit:crop/{known}",
        f"flip/{known}", f"resize=width:60/blur=amount:9/{known}", f"{known}?w=60&q=11", f"output=format:webp,quality:3/{known}",
        f"crop=dim:[0,0,9,9]/{known}", f"resize=width:60/resize=width:120/{known}",
    ]:
        refused = site.picture(path)
        assert refused.status_code == 403, path
        assert "known sizes only" in refused.json()["detail"] and "60, 120" in refused.json()["detail"]
        assert refused.headers["Cache-Control"] == "no-store"
    assert status(site, f"nonsense/{known}") == 400
    assert status(site, f"resize=width:61/{'x' * 20}") == 404


def test_what_was_made_before_is_not_served_either(site, photo):
    media = site.upload(magick("png:-", "-flip", "png:-", data=photo))
    paths = [f"resize=width:63/{media}", f"{media}?w=63"]
    etags = [site.picture(path).headers["ETag"] for path in paths]
    assert [status(site, path) for path in paths] == [200, 200]
    only(site, True, media)
    try:
        for path, etag in zip(paths, etags, strict=True):
            assert status(site, path) == 403
            assert status(site, path, headers={"If-None-Match": etag}) == 403
            assert status(site, path, headers={"Range": "bytes=0-9"}) == 403
    finally:
        only(site, False, media)
    assert [status(site, path) for path in paths] == [200, 200]


def test_a_signed_address_is_answered_however_it_is_spelled(site, known):
    address = f"/media/resize=width:61,fit:clip/{known}"
    signed = site.larder("media", "sign", address)
    assert signed.startswith(f"{address}?s=")
    by_api = site.session.post(
        f"{site.base}/media/sign", json={"url": f"{site.base}{address}"}, headers={"Authorization": f"Token {site.write_token}"}
    )
    assert (by_api.status_code, by_api.json()) == (200, {"url": site.base + signed})
    query = signed.split("?")[1]
    for path in [
        signed, f"{address}?v=0123456789&{query}", f"/media/resize=fit:clip,width:61/{known}?{query}",
        # Signing again takes the place of the old signature.
        site.larder("media", "sign", f"{signed}&v=1"),
    ]:
        answer = site.picture(path.removeprefix("/media/"))
        assert (answer.status_code, rgba(answer.content)[0]) == (200, 61), path
    short = site.larder("media", "sign", f"/media/{known}?w=62&h=20&fit=crop")
    assert rgba(site.picture(short.removeprefix("/media/")).content)[:2] == (62, 20)
    other = site.upload(magick("-size", "90x90", "xc:teal", "png:-"))
    for path in [
        f"resize=width:62/{known}?{query}", f"resize=width:61/{other}?{query}", f"{signed[:-1]}".removeprefix("/media/"),
        f"resize=width:61/{known}?s=", f"resize=width:61/{known}?s=%00", f"resize=width:61/{known}?s={'A' * 43}",
    ]:
        assert status(site, path) == 403, path


def test_only_who_may_write_signs(site, known):
    url = f"{site.base}/media/sign"
    for token in ["", site.read_token]:
        answer = site.session.post(url, json={"url": f"/media/flip/{known}"}, headers={"Authorization": f"Token {token}"})
        assert answer.status_code == 401
    write = {"Authorization": f"Token {site.write_token}"}
    for wrong in [{}, {"url": 1}, {"url": "/elsewhere"}, {"url": f"/media/nonsense/{known}"}, {"url": f"/media/resize=width:0/{known}"}]:
        answer = site.session.post(url, json=wrong, headers=write)
        assert answer.status_code == 400, wrong
    assert site.session.get(url, headers=write).status_code == 405


def test_what_content_asks_for_is_made_in_known_sizes(site, known):
    crop, turned = f"crop=dim:[10,20,160,90]/{known}", f"resize=width:111/flop/{known}"
    assert status(site, crop) == status(site, turned) == 403
    html = f'<p><img src="/media/{turned}" alt="A jar"> <img src="/media/{known}?w=99&amp;q=70" alt="A jar"></p>'
    site.write("POST", "content/jars/", {"status": "published", "fields": [{"picture": f"/media/{crop}", "text": html}]})
    for path in [
        crop, turned, f"{known}?w=99&q=70", f"resize=width:60/{crop}", f"crop=dim:[10,20,160,90]/resize=width:120/auto_image/{known}",
        f"crop=dim:%5B10,20,160,90%5D/{known}", f"resize=width:111/flop/auto_image/{known}",
    ]:
        assert status(site, path) == 200, path
    for path in [f"crop=dim:[10,20,160,91]/{known}", f"resize=width:112/flop/{known}", f"resize=width:61/{crop}", f"{known}?w=98&q=70"]:
        assert status(site, path) == 403, path


def test_who_is_signed_in_sees_what_is_not_saved_yet(site, known):
    browser = Desk(site).session
    path = f"crop=dim:[3,3,50,50]/{known}"
    answer = browser.get(f"{site.base}/media/{path}", timeout=PATIENCE)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, max-age=300")
    assert status(site, path) == 403, "it is made, and others are refused all the same"
    foreign = browser.get(f"{site.base}/media/{path}", headers={"Sec-Fetch-Site": "cross-site"}, timeout=PATIENCE)
    assert foreign.status_code == 403
