"""Sections 3, 22.6 and 23.3: conditional and compressed reads, and what caches are told."""

import gzip

import pytest

PATHS = ["posts/", "posts/jam-season/", "pages/recipe/", "pages/recipe/plum-cake/", "content/jars/", "content/?keys=jars",
         "authors/", "categories/", "tags/", "feeds/rss/", "posts/search/?query=jam", "pages/search/?query=plum"]  # fmt: skip
each_path = pytest.mark.parametrize("path", PATHS)


def by_header(site):
    return {"token": "", "headers": {"Authorization": f"Token {site.read_token}"}}


@each_path
def test_unchanged_answer_is_304(pantry, path):
    first = pantry.get(path)
    again = pantry.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@each_path
def test_without_a_condition_never_304(pantry, path):
    assert [pantry.get(path).status_code for _ in range(3)] == [200, 200, 200]


def test_conditions_of_other_clients(pantry):
    tag = pantry.get("posts/").headers["ETag"]
    strong = tag.removeprefix("W/")
    for condition in [f'"other", {tag}', f"W/{strong}", "*"]:
        assert pantry.get("posts/", headers={"If-None-Match": condition}).status_code == 304, condition
    assert pantry.get("posts/", headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_can_be_conditional(pantry):
    tag = pantry.get("posts/").headers["ETag"]
    head = pantry.session.head(
        pantry.url("posts/"), params={"auth_token": pantry.read_token}, headers={"If-None-Match": tag}
    )
    assert head.status_code == 304


def test_changed_answer_has_another_tag(kitchen, slug):  # 22.4: the next read sees the change
    kitchen.write("POST", "posts/", {"title": "Before", "slug": slug, "status": "published"})
    before = kitchen.get(f"posts/{slug}/")
    kitchen.write("PATCH", f"posts/{slug}/", {"title": "After"})
    after = kitchen.get(f"posts/{slug}/", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.json()["data"]["title"] == "After"
    assert after.headers["ETag"] != before.headers["ETag"]


@each_path
def test_shared_caches_may_keep_what_the_query_opens(pantry, path):  # 23.3
    headers = pantry.get(path).headers
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Surrogate-Control"] == "max-age=31536000, stale-if-error=604800"
    assert headers["CDN-Cache-Control"] == headers["Surrogate-Control"]
    assert headers["Surrogate-Key"]


def test_answers_say_where_they_come_from(kitchen, slug):  # design, section 4
    kitchen.write("POST", "posts/", {"title": "Before", "slug": slug, "status": "published"})
    said = [kitchen.get(f"posts/{slug}/").headers["X-Cache"] for _ in range(3)]
    assert said == ["MISS", "HIT", "HIT"]
    kitchen.write("PATCH", f"posts/{slug}/", {"title": "After"})
    after = kitchen.get(f"posts/{slug}/")
    assert (after.json()["data"]["title"], after.headers["X-Cache"]) == ("After", "HIT")


def test_304_carries_the_same_instructions(pantry):  # 23.3
    first = pantry.get("posts/")
    again = pantry.get("posts/", headers={"If-None-Match": first.headers["ETag"]})
    for name in ["Cache-Control", "Surrogate-Control", "CDN-Cache-Control", "Surrogate-Key"]:
        assert again.headers[name] == first.headers[name]


@each_path
def test_shared_caches_must_not_keep_what_a_header_opens(pantry, path):  # 23.3
    headers = pantry.get(path, **by_header(pantry)).headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert not {"Surrogate-Control", "CDN-Cache-Control", "Surrogate-Key"} & set(headers)


@pytest.mark.parametrize("path, parameter", [("posts/", "preview"), ("pages/recipe/", "preview"), ("content/jars/", "test")])
def test_previews_are_not_kept(pantry, path, parameter):  # 23.3
    assert pantry.get(path, {parameter: 1}).headers["Cache-Control"] == "no-store"


def test_errors_are_not_kept(pantry):  # 23.3
    assert pantry.get("posts/", token="wrong").headers["Cache-Control"] == "no-store"
    assert pantry.get("posts/", {"page": "x"}).headers["Cache-Control"] == "no-store"


@pytest.fixture
def long_post(kitchen, slug):
    body = "<p>" + "Stir the pot slowly. " * 1000 + "</p>"
    kitchen.write("POST", "posts/", {"title": "Long", "slug": slug, "status": "published", "body": body})
    return f"posts/{slug}/"


def encoded(site, path, accepted, **headers):
    answer = site.get(path, headers={"Accept-Encoding": accepted, **headers}, stream=True)
    return answer, answer.raw.read(decode_content=False)


def test_gzip_when_asked(kitchen, long_post):
    plain, text = encoded(kitchen, long_post, "identity")
    assert "Content-Encoding" not in plain.headers
    packed, data = encoded(kitchen, long_post, "gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Origin, Accept-Encoding"
    assert gzip.decompress(data) == text
    assert len(data) < len(text)


def test_brotli_when_asked(kitchen, long_post):  # 22.6
    packed, _ = encoded(kitchen, long_post, "br")
    assert packed.headers["Content-Encoding"] == "br"


def test_compressed_at_once_after_a_change(kitchen, long_post):
    assert encoded(kitchen, long_post, "gzip")[0].headers["Content-Encoding"] == "gzip"
    for number in range(20):
        kitchen.write("PATCH", long_post, {"title": f"Changed {number}"})
        packed, data = encoded(kitchen, long_post, "gzip")
        # Built again before the change was answered, compressed since.
        assert (packed.headers["X-Cache"], packed.headers["Content-Encoding"]) == ("HIT", "gzip")
        assert packed.headers["Surrogate-Control"] == "max-age=31536000, stale-if-error=604800"
        assert f"Changed {number}".encode() in gzip.decompress(data)


def test_encodings_refused_by_weight(kitchen, long_post):
    plain, _ = encoded(kitchen, long_post, "gzip;q=0, br;q=0")
    assert "Content-Encoding" not in plain.headers


def test_compressed_answers_have_conditions_too(kitchen, long_post):
    packed, _ = encoded(kitchen, long_post, "gzip")
    again, data = encoded(kitchen, long_post, "gzip", **{"If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, data) == (304, b"")
