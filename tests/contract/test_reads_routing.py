"""Sections 1, 3 and 5: paths, parameters, headers, paging, the same for every read."""

import json
import re

import pytest

RECIPES = ["fig-salad", "pear-tart", "plum-cake"]

# Every kind of read, without its closing slash, and the methods its route has (23.2).
LIST_METHODS = "GET, POST, HEAD, OPTIONS"
ONE_METHODS = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
READ_METHODS = "GET, HEAD, OPTIONS"
READS = {
    "posts": LIST_METHODS,
    "posts/jam-season": ONE_METHODS,
    "posts/search?query=jam": READ_METHODS,
    "search?query=jam": READ_METHODS,
    "authors": READ_METHODS,
    "authors/ada-keller": READ_METHODS,
    "categories": READ_METHODS,
    "categories/recipes": READ_METHODS,
    "tags": READ_METHODS,
    "tags/fruit": READ_METHODS,
    "feeds/rss": READ_METHODS,
    "feeds/atom": READ_METHODS,
    "feeds/sitemap": READ_METHODS,
    "pages": LIST_METHODS,
    "pages/*": READ_METHODS,
    "pages/recipe": READ_METHODS,
    "pages/search?query=plum": READ_METHODS,
    "pages/recipe/plum-cake": ONE_METHODS,
    "content?keys=jars": LIST_METHODS,
    "content/jars": LIST_METHODS,
}
each_read = pytest.mark.parametrize("path", READS)


def with_slash(path):
    resource, mark, query = path.partition("?")
    return f"{resource}/{mark}{query}"


def slugs(answer):
    return [one["slug"] for one in answer["data"]]


@each_read
def test_both_slash_forms_answer_the_same(pantry, path):  # 1
    bare, closed = pantry.get(path), pantry.get(with_slash(path))
    assert (bare.status_code, closed.status_code) == (200, 200)
    assert bare.content == closed.content


@each_read
def test_doubled_version_prefix(pantry, path):  # 21: what a wrong API_BASE_URL of the Go SDK asks for
    assert pantry.get(f"v2/{with_slash(path)}").content == pantry.get(with_slash(path)).content


@each_read
def test_headers_of_an_answer(pantry, path):  # 3
    headers = pantry.get(with_slash(path)).headers
    assert headers["Content-Type"] == "application/json"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Vary"] == "Origin, Accept-Encoding"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


@each_read
def test_allow_names_the_methods_of_the_route(pantry, path):  # 23.2
    assert pantry.get(with_slash(path)).headers["Allow"] == READS[path]


def test_allow_of_one_item(pantry):  # 23.2
    assert pantry.get(f"content/jars/{pantry.ids('jars')[0]}/").headers["Allow"] == ONE_METHODS


@each_read
def test_body_is_compact_json(pantry, path):  # 3
    text = pantry.get(with_slash(path)).text
    assert text == json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)


@each_read
def test_head_is_get_without_body(pantry, path):  # 3
    params = {"auth_token": pantry.read_token}
    got = pantry.get(with_slash(path))
    head = pantry.session.head(pantry.url(with_slash(path)), params=params)
    assert (head.status_code, head.content) == (200, b"")
    for name in ["Content-Type", "Allow", "ETag", "Vary"]:
        assert head.headers[name] == got.headers[name]


@each_read
def test_preflight_needs_no_token(pantry, path):  # 2, 3
    answer = pantry.session.options(
        pantry.url(with_slash(path)),
        headers={
            "Origin": "https://shop.example.com",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "content-type,x-butter-client",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"
    assert (
        answer.headers["Access-Control-Allow-Headers"]
        == "authorization, content-type, x-butter-client, accept, accept-encoding, if-none-match"
    )
    assert answer.headers["Access-Control-Max-Age"] == "86400"


def test_names_of_clients_are_accepted(pantry):  # 3
    headers = {"X-Butter-Client": "JS/3.0.3", "User-Agent": "ButterCMS/Ruby 2.4", "Content-Type": "application/json"}
    assert pantry.get("posts/", headers=headers).status_code == 200


def test_last_of_a_repeated_parameter_counts(pantry):  # 1
    assert len(pantry.data("pages/recipe/", [("page_size", "1"), ("page_size", "2")])) == 2
    assert pantry.read("posts/", [("preview", "0"), ("preview", "1")])["meta"]["count"] == 4
    assert pantry.read("posts/", [("preview", "1"), ("preview", "0")])["meta"]["count"] == 3


def test_unknown_parameters_are_ignored(pantry):  # 1
    plain = pantry.read("posts/jam-season/")
    assert pantry.read("posts/jam-season/", {"foo": "bar", "slug": "jam-season"}) == plain


def test_escaped_star_and_comma_in_the_path(pantry):  # 1
    assert pantry.read("pages/%2A/") == pantry.read("pages/*/")
    assert pantry.read("content/jars%2Cmakers/") == pantry.read("content/jars,makers/")


def test_pages_without_a_type_are_the_single_pages(pantry):  # 1
    assert pantry.read("pages/") == pantry.read("pages/*/")


def test_legacy_search_is_post_search(pantry):  # 1
    query = {"query": "jam"}
    assert pantry.read("search/", query) == pantry.read("posts/search/", query)


# 5: paging


def test_paging_by_page(pantry):
    def page(number):
        answer = pantry.read("pages/recipe/", {"page": number, "page_size": 1})
        return answer["meta"], slugs(answer)

    assert page(1) == ({"next_page": 2, "previous_page": None, "count": 3}, RECIPES[:1])
    assert page(2) == ({"next_page": 3, "previous_page": 1, "count": 3}, RECIPES[1:2])
    assert page(3) == ({"next_page": None, "previous_page": 2, "count": 3}, RECIPES[2:])


def test_paging_by_offset(pantry):
    def window(limit, offset):
        answer = pantry.read("pages/recipe/", {"limit": limit, "offset": offset})
        return answer["meta"], slugs(answer)

    assert window(2, 0) == ({"count": 3, "next_offset": 2, "previous_offset": None}, RECIPES[:2])
    assert window(2, 1) == ({"count": 3, "next_offset": None, "previous_offset": 0}, RECIPES[1:])
    assert window(1, 2) == ({"count": 3, "next_offset": None, "previous_offset": 1}, RECIPES[2:])


def test_offset_past_the_end(pantry):  # 23.11
    answer = pantry.read("pages/recipe/", {"limit": 2, "offset": 50})
    assert answer == {"meta": {"count": 3, "next_offset": None, "previous_offset": 48}, "data": []}


@pytest.mark.parametrize("path", ["posts/", "pages/recipe/", "pages/*/"])
def test_either_of_limit_and_offset_is_enough(pantry, path):
    assert set(pantry.read(path, {"limit": 1})["meta"]) == {"count", "next_offset", "previous_offset"}
    assert set(pantry.read(path, {"offset": 0})["meta"]) == {"count", "next_offset", "previous_offset"}


def test_page_wins_over_offset(pantry):
    answer = pantry.read("pages/recipe/", {"page": 2, "page_size": 1, "limit": 3, "offset": 0})
    assert answer["meta"] == {"next_page": 3, "previous_page": 1, "count": 3}
    assert slugs(answer) == RECIPES[1:2]


def test_ten_a_page_unless_asked(pantry):
    answer = pantry.read("content/labels/")
    assert answer["meta"] == {"count": 12, "next_page": 2, "previous_page": None}
    assert len(answer["data"]["labels"]) == 10


def test_page_sizes_above_100_are_100(kitchen):
    kitchen.write("POST", "content/", {"key": "labels", "status": "published", "fields": [{"text": "many"}] * 101})
    many = {"fields.text": "many"}
    answer = kitchen.read("content/labels/", many | {"page_size": 1000})
    assert answer["meta"] == {"count": 101, "next_page": 2, "previous_page": None}
    assert len(answer["data"]["labels"]) == 100


def test_lists_without_paging_ignore_it(pantry):  # 23.11
    for path in ["authors/", "categories/", "tags/"]:
        assert pantry.read(path, {"page": "x", "page_size": 0}) == pantry.read(path)


# 5: values


@pytest.mark.parametrize("value, excluded", [
    ("1", True), ("true", True), ("True", True), ("TRUE", True),
    ("0", False), ("false", False), ("False", False), ("", False),
])  # fmt: skip
def test_spellings_of_booleans(pantry, value, excluded):
    for post in pantry.data("posts/", {"exclude_body": value}):
        assert ("body" not in post) == excluded


def test_timestamps_have_six_digits_or_none(pantry):
    timestamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")
    for post in pantry.data("posts/"):
        for key in ["created", "updated", "published"]:
            assert timestamp.fullmatch(post[key]), key
    for page in pantry.data("pages/recipe/"):
        for key in ["updated", "published"]:
            assert timestamp.fullmatch(page[key]), key


def test_slugs_match_exactly(pantry):
    assert pantry.get("posts/Jam-Season/").status_code == 404
    assert pantry.get("pages/recipe/Plum-Cake/").status_code == 404
