"""Input nobody should send: every answer is a JSON object with the status the contract gives it, never a 5xx."""

import http.client
import json
import urllib.parse

import pytest

PARSE_ERROR = {"detail": "JSON parse error"}
WRITES = [("POST", "posts/"), ("POST", "pages/"), ("POST", "content/"), ("POST", "content/jars/"), ("PATCH", "posts/any/"),
          ("PUT", "posts/any/"), ("PATCH", "pages/*/about/"), ("PUT", "pages/*/about/"), ("PATCH", "content/jars/1/")]  # fmt: skip
each_write = pytest.mark.parametrize("method, path", WRITES)
each_search = pytest.mark.parametrize("path", ["posts/search/", "search/", "pages/search/"])

HOSTILE_WORDS = [
    '"', "'", "''", '"jam', 'jam"', "jam OR tart", "jam AND", "NOT jam", "NEAR(jam tart, 2)", "title:jam", "body : jam", "{title body} : jam",
    "^jam", "-jam", "+jam", "jam*", "*", "(", ")", "(jam", "jam)", ":", ",", "\\", "%", "_", "--", "jam; DROP TABLE entries", "' OR 1=1 --",
    "\u202e", "\U0001f351", "a" * 100, " " * 50, "\t\n",
]  # fmt: skip


def raw(site, method, target, body=None, headers=()):
    """One request exactly as given: `requests` would tidy the path and the body."""
    parts = urllib.parse.urlsplit(site.base)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in {"Authorization": f"Token {site.write_token}", **dict(headers)}.items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Type", "application/json")
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def rejected(answer, *statuses):
    status, text = answer
    assert status in statuses, text[:500]
    assert isinstance(json.loads(text), dict)


# Bodies that are no JSON


@each_write
@pytest.mark.parametrize("body", [
    b"{", b'{"title":', b"{title: 1}", b"nonsense", b'{"title": "x",}', b"\x00", b'{"a":1} trailing', b'{"a": NaN}', b"'{}'",
    b'{"title": "\xff\xfe"}', b'{"title": "\xed\xa0\x80"}', "{}".encode("utf-16"),
], ids=repr)  # fmt: skip
def test_malformed_json(kitchen, method, path, body):  # 4
    status, text = raw(kitchen, method, f"/v2/{path}", body)
    assert (status, json.loads(text)) == (400, PARSE_ERROR)


@each_write
@pytest.mark.parametrize("body", [b"[]", b"1", b'"text"', b"null", b"true"], ids=repr)
def test_json_that_is_no_object(kitchen, method, path, body):
    rejected(raw(kitchen, method, f"/v2/{path}", body), 400)


@each_write
@pytest.mark.parametrize("opening, closing", [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("closed", [True, False])
def test_json_ten_thousand_deep(kitchen, method, path, opening, closing, closed):
    deep = opening * 10_000 + b"1" + (closing * 10_000 if closed else b"")
    rejected(raw(kitchen, method, f"/v2/{path}", b'{"title":"T","slug":"deep","fields":' + deep + b"}"), 400)


# Bodies that are too large: 10 MB are the limit (23.7)


def test_body_of_50_mb(kitchen):
    for method, path in [("POST", "posts/"), ("PATCH", "posts/any/"), ("POST", "content/jars/")]:
        status, text = raw(kitchen, method, f"/v2/{path}", b'{"title":"' + b"a" * 50_000_000 + b'"}')
        assert (status, json.loads(text)) == (413, {"detail": "Request body too large."})


def test_body_of_50_mb_in_pieces(kitchen):
    answer = kitchen.session.post(
        kitchen.url("posts/"),
        data=(b"a" * 1_000_000 for _ in range(50)),
        headers={"Authorization": f"Token {kitchen.write_token}", "Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()) == (413, {"detail": "Request body too large."})


def test_body_of_9_mb(kitchen, slug):
    body = "a" * 9_000_000
    kitchen.write("POST", "posts/", {"title": "Long", "slug": slug, "status": "published", "body": body})
    assert kitchen.data(f"posts/{slug}/")["body"] == body
    kitchen.remove(f"posts/{slug}/")


# Values of the wrong type


@pytest.mark.parametrize("wrong", [
    {"title": {"a": 1}}, {"title": ["a"]}, {"slug": {"a": 1}}, {"slug": ["a"]}, {"body": {"a": 1}}, {"summary": ["a"]},
    {"status": 1}, {"status": {}}, {"categories": {"name": 1}}, {"tags": [[["a"]]]},
    {"author": 1}, {"author": {"email": 1}}, {"featured_image": [1]},
])  # fmt: skip
def test_wrong_types_in_posts(kitchen, slug, wrong):
    post = {"title": "T", "slug": slug, "status": "published"}
    rejected(raw(kitchen, "POST", "/v2/posts/", json.dumps(post | wrong).encode()), 400)
    assert kitchen.get(f"posts/{slug}/", {"preview": 1}).status_code == 404
    kitchen.write("POST", "posts/", post)
    rejected(raw(kitchen, "PATCH", f"/v2/posts/{slug}/", json.dumps(wrong).encode()), 400)


@pytest.mark.parametrize("field, wrong", [
    ("headline", {"a": 1}), ("headline", ["a"]), ("intro", {"a": 1}), ("method", [1]), ("notes", {"a": 1}),
    ("servings", "four"), ("servings", {"a": 1}), ("servings", [4]), ("vegan", "perhaps"), ("vegan", 2), ("vegan", {"a": 1}),
    ("cooked", "yesterday"), ("cooked", "2025-02-30"), ("cooked", "2025-13-01"), ("cooked", {"a": 1}), ("served", "25:00"),
    ("season", "winter"), ("season", {"a": 1}), ("picture", 5), ("main_jar", {"a": 1}),
    ("main_jar", True), ("jars", {"a": 1}), ("jars", [{"a": 1}]), ("next", {"a": 1}), ("seo", "text"), ("seo", 5),
    ("seo", {"title": {"a": 1}}), ("seo", {"soup": 1}), ("blocks", "text"), ("blocks", {"hero": {}}), ("blocks", ["hero"]),
    ("blocks", [{"soup": {}}]), ("blocks", [{"seo": {}}]), ("blocks", [{"hero": {"soup": 1}}]), ("blocks", [{"hero": {}, "cta": {}}]),
    ("blocks", [{}]), ("blocks", [{"type": "soup", "fields": {}}]), ("blocks", [{"hero": 5}]), ("steps", "text"),
    ("steps", {"text": "x"}), ("steps", ["x"]), ("steps", [{"soup": 1}]), ("steps", [{"text": {"a": 1}}]),
])  # fmt: skip
def test_wrong_types_in_fields(kitchen, slug, field, wrong):
    page = {"title": "T", "slug": slug, "page_type": "recipe", "status": "published", "fields": {"headline": "H"}}
    wrong_fields = {"fields": {"headline": "H"} | {field: wrong}}
    rejected(raw(kitchen, "POST", "/v2/pages/", json.dumps(page | wrong_fields).encode()), 400)
    assert kitchen.get(f"pages/recipe/{slug}/", {"preview": 1}).status_code == 404
    kitchen.write("POST", "pages/", page)
    before = kitchen.read(f"pages/recipe/{slug}/")
    rejected(raw(kitchen, "PATCH", f"/v2/pages/recipe/{slug}/", json.dumps(wrong_fields).encode()), 400)
    assert kitchen.read(f"pages/recipe/{slug}/") == before


@pytest.mark.parametrize("fields", ["text", 5, ["a"], [5], [["a"]]])
def test_wrong_types_of_fields(kitchen, slug, fields):
    page = {"title": "T", "slug": slug, "page_type": "recipe", "fields": fields}
    rejected(raw(kitchen, "POST", "/v2/pages/", json.dumps(page).encode()), 400)
    rejected(raw(kitchen, "POST", "/v2/content/", json.dumps({"key": "jars", "fields": fields}).encode()), 400)


def test_unknown_fields(kitchen, slug):  # 15.1
    page = {"title": "T", "slug": slug, "page_type": "note", "status": "published", "fields": {"text": "x"}}
    assert isinstance(kitchen.refused("POST", "pages/", page | {"fields": {"soup": 1}}), dict)
    kitchen.write("POST", "pages/", page)
    assert isinstance(kitchen.refused("PATCH", f"pages/note/{slug}/", {"fields": {"soup": 1}}), dict)
    assert isinstance(kitchen.refused("POST", "content/", {"key": "jars", "fields": [{"soup": 1}]}), dict)


@pytest.mark.parametrize("status", ["live", "Published", "deleted", "archived", " published"])
def test_unknown_status(kitchen, slug, status):  # 23.7
    choice = {"status": [f'"{status}" is not a valid choice.']}
    assert kitchen.refused("POST", "posts/", {"title": "T", "slug": slug, "status": status}) == choice
    assert kitchen.refused("POST", "pages/", {"title": "T", "slug": slug, "page_type": "note", "status": status, "fields": {}}) == choice
    assert kitchen.refused("POST", "content/", {"key": "jars", "status": status, "fields": [{"name": "x"}]}) == choice
    kitchen.write("POST", "posts/", {"title": "T", "slug": slug})
    assert kitchen.refused("PATCH", f"posts/{slug}/", {"status": status}) == choice


def test_null_characters(kitchen, slug):  # 23.7
    null = ["Null characters are not allowed."]
    post = {"title": "T", "slug": slug}
    assert kitchen.refused("POST", "posts/", post | {"title": "a\0b"}) == {"title": null}
    assert kitchen.refused("POST", "posts/", post | {"body": "\0"}) == {"body": null}
    page = {"title": "T", "slug": slug, "page_type": "recipe", "fields": {"headline": "H"}}
    assert kitchen.refused("POST", "pages/", page | {"title": "a\0b"}) == {"title": null}
    assert kitchen.refused("POST", "pages/", page | {"fields": {"headline": "a\0b"}}) == {"headline": null}
    assert kitchen.refused("POST", "content/", {"key": "jars", "fields": [{"name": "a\0b"}]}) == {"name": null}


@pytest.mark.parametrize("bad", ["*", "a" * 101, "a/b", ""])
def test_slugs_that_cannot_be(kitchen, bad):  # 1: `*` is reserved, a path part has at most 100 characters
    page = {"title": "T", "slug": bad, "page_type": "note", "fields": {"text": "x"}}
    assert "slug" in kitchen.refused("POST", "pages/", page)
    assert "slug" in kitchen.refused("POST", "posts/", {"title": "T", "slug": bad})


def test_search_cannot_be_a_post(kitchen):  # 1
    assert "slug" in kitchen.refused("POST", "posts/", {"title": "T", "slug": "search"})


def test_longest_slug(kitchen):
    slug = "longest-" + "a" * 92
    kitchen.write("POST", "posts/", {"title": "T", "slug": slug, "status": "published"})
    assert kitchen.data(f"posts/{slug}/")["slug"] == slug


# Words of searches


@each_search
@pytest.mark.parametrize("query", HOSTILE_WORDS, ids=ascii)
def test_words_of_a_search_are_only_words(pantry, path, query):
    answer = pantry.get(path, {"query": query})
    assert answer.status_code == 200
    assert set(answer.json()) == {"meta", "data"}


@each_search
def test_null_in_a_search(pantry, path):
    for query in ["\0", "jam\0tart"]:
        assert pantry.get(path, {"query": query}).status_code in (200, 400)


def test_operators_are_words(pantry):  # 6.4: words are joined by AND, whatever they are
    assert pantry.read("posts/search/", {"query": "custard OR strawberries"})["meta"]["count"] == 0
    assert pantry.read("posts/search/", {"query": "NOT custard"})["meta"]["count"] == 0
    assert pantry.read("pages/search/", {"query": "soft OR kitchen"})["meta"]["count"] == 0


def test_very_long_search(pantry):
    assert pantry.get("posts/search/", {"query": "jam " * 1500}).status_code in (200, 400)


# Paths


@pytest.mark.parametrize("target", [
    "/v2/posts/a.b/", "/v2/posts/a%2Fb/", "/v2/posts/..%2F..%2Fetc%2Fpasswd/", "/v2/posts/%00/", "/v2/posts/a%00b/", "/v2/posts/%ff%fe/",
    "/v2/posts/%zz/", "/v2/posts/" + "a" * 5000 + "/", "/v2/posts/%20/", "/v2/posts/'%20OR%201=1/", "/v2/posts/*/", "/v2/posts/%25/",
    "/v2/pages/recipe/a.b/", "/v2/pages/recipe/%00/", "/v2/pages/%ff/%ff/", "/v2/pages/a%2Fb/c/", "/v2/pages/recipe/;/",
    "/v2/content/jars/-1/", "/v2/content/jars/99999999999999999999999/", "/v2/content/jars/1%00/", "/v2/content/%00/",
    "/v2/content/?keys=%00", "/v2/content/?keys=jars%5B_id=x%5D",
    "/v2/content/?keys=jars%5B", "/v2/content/?keys=%5D%5B", "/v2/authors/%F0%9F%8D%91/", "/v2/feeds/../posts/", "/v2/./posts/jam/",
])  # fmt: skip
def test_odd_paths(kitchen, target):
    status, text = raw(kitchen, "GET", target)
    assert 400 <= status < 500
    assert isinstance(json.loads(text)["detail"], str)


@pytest.mark.parametrize("query", ["?", "?&", "?&&=&", "?=1", "?a", "?a=%zz", "?a=%ff", "?page_size=%31", "?" + "&".join(["a=1"] * 2000), "?%00=%00"])
def test_odd_queries_that_mean_nothing(kitchen, query):
    status, text = raw(kitchen, "GET", f"/v2/posts/{query}")
    assert status == 200 and "data" in json.loads(text)


def test_filters_of_odd_names(pantry):
    for name in ["fields.", "fields..", "fields.headline.", "fields..headline", "fields.headline'--", "fields.a" + ".a" * 500]:
        answer = pantry.get("pages/recipe/", {name: "x"})
        assert answer.status_code == 400 and isinstance(answer.json()["detail"], str), name
    for order in ["-", "--headline", "headline,servings", "headline; DROP", "a" * 5000]:
        answer = pantry.get("pages/recipe/", {"order": order})
        assert answer.status_code == 400 and isinstance(answer.json()["detail"], str), order


@pytest.mark.parametrize("method", ["FROB", "TRACE", "PROPFIND"])
def test_odd_methods(kitchen, method):
    status, text = raw(kitchen, method, "/v2/posts/")
    assert (status, json.loads(text)) == (405, {"detail": f'Method "{method}" not allowed.'})


@pytest.mark.parametrize("authorization", ["Token", "Token ", "token x", "Bearer x", "Basic eDp5", "Token a b", "Token \xff", ""])
def test_odd_credentials(kitchen, authorization):
    status, text = raw(kitchen, "GET", "/v2/posts/", headers={"Authorization": authorization})
    assert status == 401
    assert isinstance(json.loads(text)["detail"], str)


def test_body_with_a_get_is_ignored(kitchen):
    assert raw(kitchen, "GET", "/v2/posts/", b"{nonsense")[0] == 200


def test_site_still_answers(kitchen):
    """Last in this file: after all of it the same process still answers."""
    assert kitchen.process.poll() is None
    assert kitchen.get("posts/").status_code == 200
