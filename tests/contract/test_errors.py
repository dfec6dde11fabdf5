"""Sections 2, 4, 23.2 and 23.11: tokens, the table of errors with its exact bodies, and the order of checks."""

import pytest

NO_CREDENTIALS = {"detail": "Authentication credentials were not provided."}
INVALID_TOKEN = {"detail": "Invalid token."}
NOT_FOUND = {"detail": "Not found."}
LEVELS = {"detail": "levels query parameter should be an integer between 1 and 5 (inclusive)"}

READS = ["posts/", "posts/jam-season/", "posts/search/?query=jam", "search/?query=jam", "authors/", "authors/ada-keller/",
         "categories/", "categories/recipes/", "tags/", "tags/fruit/", "feeds/rss/", "feeds/atom/", "feeds/sitemap/",
         "pages/", "pages/*/", "pages/recipe/", "pages/recipe/plum-cake/", "pages/search/?query=plum",
         "content/", "content/?keys=jars", "content/jars/", "content/jars/1/"]  # fmt: skip
WRITES = [("POST", "posts/"), ("PATCH", "posts/jam-season/"), ("PUT", "posts/jam-season/"), ("DELETE", "posts/jam-season/"),
          ("POST", "pages/"), ("PATCH", "pages/recipe/plum-cake/"), ("PUT", "pages/*/plum-cake/"), ("DELETE", "pages/note/plum-cake/"),
          ("POST", "content/"), ("POST", "content/jars/"), ("PATCH", "content/jars/1/"), ("PUT", "content/jars/1/"),
          ("DELETE", "content/jars/1/")]  # fmt: skip
# Methods a route does not have.
WRONG_METHODS = [("PUT", "posts/"), ("PATCH", "posts/"), ("DELETE", "posts/"), ("POST", "posts/jam-season/"), ("POST", "posts/search/"),
                 ("POST", "authors/"), ("DELETE", "authors/ada-keller/"), ("POST", "categories/"), ("PATCH", "tags/fruit/"),
                 ("POST", "feeds/rss/"), ("PUT", "pages/"), ("POST", "pages/recipe/"), ("POST", "pages/recipe/plum-cake/"),
                 ("POST", "pages/search/"), ("PUT", "content/"), ("PUT", "content/jars/"), ("POST", "content/jars/1/")]  # fmt: skip


def says(answer, status, body):
    assert (answer.status_code, answer.json()) == (status, body)


def ask(site, method, path, **headers):
    return site.session.request(method, site.url(path), headers=headers, json={}, allow_redirects=False)


# 2: tokens


@pytest.mark.parametrize("path", READS)
def test_wrong_or_no_token_on_reads(pantry, path):
    for answer, body in [
        (pantry.get(path, token="wrong"), INVALID_TOKEN),
        (pantry.get(path, token="", headers={"Authorization": "Token wrong"}), INVALID_TOKEN),
        (pantry.get(path, token=""), NO_CREDENTIALS),
    ]:
        says(answer, 401, body)
        assert answer.headers["Www-Authenticate"] == "Token"
        assert answer.headers["Vary"] == "Origin"
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", READS[:-1])
def test_every_way_to_read(pantry, path):
    for token in [pantry.read_token, pantry.write_token, pantry.browser_token]:
        assert pantry.get(path, token=token).status_code == 200
        assert pantry.get(path, token="", headers={"Authorization": f"Token {token}"}).status_code == 200


def test_header_wins_over_query(pantry):
    good, bad = f"Token {pantry.read_token}", "Token wrong"
    assert pantry.get("posts/", token="wrong", headers={"Authorization": good}).status_code == 200
    says(pantry.get("posts/", token=pantry.read_token, headers={"Authorization": bad}), 401, INVALID_TOKEN)


@pytest.mark.parametrize("method, path", WRITES)
def test_writes_need_the_write_token_in_the_header(pantry, method, path):
    for answer, body in [
        (ask(pantry, method, path), NO_CREDENTIALS),
        (ask(pantry, method, path, Authorization="Token wrong"), INVALID_TOKEN),
        (ask(pantry, method, path, Authorization=f"Token {pantry.read_token}"), NO_CREDENTIALS),
        (ask(pantry, method, f"{path}?auth_token={pantry.write_token}"), NO_CREDENTIALS),
        (ask(pantry, method, f"{path}?auth_token={pantry.write_token}", Authorization=f"Token {pantry.read_token}"), NO_CREDENTIALS),
    ]:
        says(answer, 401, body)
        assert answer.headers["Www-Authenticate"] == "Token"


# 4: not found


@pytest.mark.parametrize("path, body", [
    ("posts/nowhere/", NOT_FOUND),
    ("authors/nobody/", NOT_FOUND),
    ("categories/nothing/", NOT_FOUND),
    ("tags/nothing/", NOT_FOUND),
    ("feeds/gopher/", NOT_FOUND),
    ("content/spoons/", NOT_FOUND),
    ("content/jars/999999/", NOT_FOUND),
    ("content/jars/first/", NOT_FOUND),
    ("content/spoons/1/", NOT_FOUND),
    ("pages/soup/", NOT_FOUND),
    ("pages/recipe/nowhere/", {"detail": "Page not found."}),
    ("pages/soup/plum-cake/", {"detail": "Page not found."}),
    ("pages/note/pear-tart/", {"detail": "Page not found."}),
    ("pages/*/nowhere/", {"detail": "Page not found."}),
    ("content/?keys=spoons", {"detail": "Content key spoons not found"}),
    ("content/?keys=jars,spoons,makers", {"detail": "Content key spoons not found"}),
    ("content/jars,spoons/", {"detail": "Content key spoons not found"}),
])  # fmt: skip
def test_not_found(pantry, path, body):
    says(pantry.get(path), 404, body)


@pytest.mark.parametrize("path", ["", "nothing/", "posts/a/b/", "authors/a/b/", "content/jars/1/2/", "pages/recipe/a/b/", "feeds/"])
def test_unknown_routes(pantry, path):
    answer = pantry.get(path)
    assert answer.status_code == 404
    assert isinstance(answer.json()["detail"], str)


def test_several_pages_found(pantry):
    says(pantry.get("pages/*/plum-cake/"), 403, {"detail": "Multiple pages found. Specify a page type."})


def test_head_of_what_is_not_there(pantry):  # 3
    head = pantry.session.head(pantry.url("posts/nowhere/"), params={"auth_token": pantry.read_token})
    assert (head.status_code, head.content) == (404, b"")


# 4: parameters


@pytest.mark.parametrize("path", ["posts/", "pages/recipe/", "pages/*/", "posts/search/?query=jam", "search/?query=jam", "pages/search/?query=plum",
                                  "content/jars/", "content/?keys=jars"])  # fmt: skip
@pytest.mark.parametrize("name", ["page", "page_size"])
@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "1e3", "٣", "1;2"])
def test_page_that_is_no_number(pantry, path, name, value):
    says(pantry.get(path, {name: value}), 400, {"detail": f"Invalid {name} parameter"})


@pytest.mark.parametrize("path", ["posts/", "pages/recipe/", "pages/*/", "pages/search/?query=plum"])
@pytest.mark.parametrize("name, value", [("limit", "0"), ("limit", "-1"), ("limit", "x"), ("offset", "-1"), ("offset", "x")])
def test_window_that_is_no_number(pantry, path, name, value):
    says(pantry.get(path, {name: value}), 400, {"detail": f"Invalid {name} parameter"})


@pytest.mark.parametrize("path", ["posts/", "pages/recipe/", "pages/*/", "pages/blank/", "content/jars/", "posts/search/?query=jam", "pages/search/?query=plum"])
@pytest.mark.parametrize("number", [50, 2**31, 2**40])
def test_page_past_the_end(pantry, path, number):
    says(pantry.get(path, {"page": number}), 404, {"detail": "Invalid page."})


def test_absurd_numbers_are_refused_politely(pantry):
    for name in ["page", "page_size", "limit", "offset", "levels"]:
        for value in ["9" * 30, "-" + "9" * 30, "9" * 5000]:
            answer = pantry.get("pages/recipe/", {name: value})
            assert answer.status_code in (200, 400, 404)
            assert answer.status_code == 200 or isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize("path", ["pages/recipe/", "pages/*/", "pages/recipe/plum-cake/", "pages/search/?query=plum", "content/jars/", "content/?keys=jars"])
@pytest.mark.parametrize("value", ["x", "1.5", "two"])
def test_levels_that_are_no_number(pantry, path, value):
    says(pantry.get(path, {"levels": value}), 400, LEVELS)


def test_query_of_a_page_search_is_limited(pantry):  # 9.4
    assert pantry.get("pages/search/", {"query": "é" * 100}).status_code == 200
    answer = pantry.get("pages/search/", {"query": "é" * 101})
    assert answer.status_code == 400 and isinstance(answer.json()["detail"], str)


# 4: methods


@pytest.mark.parametrize("method, path", WRONG_METHODS)
def test_wrong_method(pantry, method, path):
    for token in [pantry.read_token, pantry.write_token]:
        answer = ask(pantry, method, path, Authorization=f"Token {token}")
        says(answer, 405, {"detail": f'Method "{method}" not allowed.'})
        assert method not in answer.headers["Allow"].split(", ")
        assert answer.headers["Allow"].startswith("GET, ")


def test_wrong_method_of_the_doubled_prefix_and_the_bare_path(pantry):
    for path in ["v2/authors/", "authors"]:
        answer = ask(pantry, "POST", path, Authorization=f"Token {pantry.write_token}")
        says(answer, 405, {"detail": 'Method "POST" not allowed.'})


# 23.2: the order of checks


def test_token_comes_before_everything(pantry):
    for method, path in [("GET", "nothing/at/all/"), ("PUT", "authors/"), ("GET", "posts/?page=x"), ("POST", "posts/")]:
        says(ask(pantry, method, path, Authorization="Token wrong"), 401, INVALID_TOKEN)
        says(ask(pantry, method, path), 401, NO_CREDENTIALS)


def test_method_comes_before_the_right_to_write(pantry):
    answer = ask(pantry, "DELETE", "posts/", Authorization=f"Token {pantry.read_token}")
    says(answer, 405, {"detail": 'Method "DELETE" not allowed.'})


def test_right_to_write_comes_before_existence(pantry):
    answer = ask(pantry, "PATCH", "posts/nowhere/", Authorization=f"Token {pantry.read_token}")
    says(answer, 401, NO_CREDENTIALS)


def test_parameters_come_before_existence(pantry):
    says(pantry.get("pages/soup/", {"page": "x"}), 400, {"detail": "Invalid page parameter"})
    says(pantry.get("pages/recipe/nowhere/", {"levels": "x"}), 400, LEVELS)
    says(pantry.get("content/spoons/", {"page_size": "0"}), 400, {"detail": "Invalid page_size parameter"})
