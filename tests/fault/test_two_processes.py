"""Several processes on one folder: what one changes is in the next answers of the other."""

import copy
import json
import pathlib

import pytest
import requests
from larder_site import PATIENCE, Site, await_until
from notes_and_jars import MODEL


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.make(MODEL)
    site.start()
    yield site
    site.stop()


@pytest.fixture
def other(site, tmp_path):
    """A second server on the same folder."""
    other = Site(tmp_path)
    other.log = tmp_path / "other.log"
    other.read_token, other.write_token, other.browser_token = site.read_token, site.write_token, site.browser_token
    other.start()
    yield other
    other.stop()


def title(site, slug):
    answer = site.get(f"posts/{slug}/")
    return answer.json()["data"]["title"] if answer.status_code == 200 else None


def new_post(site, slug, **more):
    site.write("POST", "posts/", {"title": slug, "slug": slug, "status": "published"} | more)


def test_two_servers_see_each_others_changes(site, other):
    for one, two in [(site, other), (other, site)]:
        slug = f"by-{one is site}".lower()
        # Both remember that there is none.
        assert (title(one, slug), title(two, slug)) == (None, None)
        new_post(one, slug)
        assert title(one, slug) == slug
        await_until(lambda: title(two, slug) == slug, "the other server to show the post")
        await_until(lambda: slug in two.get("feeds/rss/").text, "the other server's feed")
        two.write("PATCH", f"posts/{slug}/", {"title": "changed"})
        assert title(two, slug) == "changed"
        await_until(lambda: title(one, slug) == "changed", "the change to show")
        one.remove(f"posts/{slug}/")
        assert title(one, slug) is None
        await_until(lambda: title(two, slug) is None, "the post to be gone")


def test_both_write_at_the_same_time(site, other):
    for number in range(20):
        new_post(site, f"a{number}")
        new_post(other, f"b{number}")
    expected = {f"{side}{number}" for side in "ab" for number in range(20)}

    def slugs(server):
        return {post["slug"] for post in server.data("posts/", {"page_size": 100})}

    for server in (site, other):
        await_until(lambda: slugs(server) == expected, "all posts")


def test_tokens_made_and_removed_on_the_command_line(site, other):
    token = site.larder("token", "add", "--kind", "read", "--name", "late")
    for server in (site, other):
        # At once: an unknown token is looked for.
        assert server.get("posts/", token=token).status_code == 200
        assert server.get("posts/", token=token).headers["X-Cache"] == "HIT"
    listed = [line.split() for line in site.larder("token", "list").splitlines()]
    number = next(line[0] for line in listed if "late" in line)
    site.larder("token", "remove", number)
    for server in (site, other):
        await_until(lambda: server.get("posts/", token=token).status_code == 401, "the token to be refused")


def test_publishing_on_the_command_line(site, other):
    draft = {"title": "d", "slug": "d", "page_type": "note", "status": "draft", "fields": {"text": "d"}}
    site.write("POST", "pages/", draft)
    for server in (site, other):
        assert server.get("pages/note/d/").status_code == 404
    site.larder("publish", "page:note/d")
    for server in (site, other):
        await_until(lambda: server.get("pages/note/d/").status_code == 200, "the page")
        await_until(lambda: len(server.data("pages/note/")) == 1, "the list")
    site.larder("unpublish", "page:note/d")
    for server in (site, other):
        await_until(lambda: server.get("pages/note/d/").status_code == 404, "the page to be gone")


def test_a_new_model(site, other):
    page = {"title": "n", "slug": "n", "page_type": "note", "status": "published", "fields": {"text": "n"}}
    site.write("POST", "pages/", page)
    for server in (site, other):
        await_until(lambda: server.get("pages/note/n/").status_code == 200, "the page")
    model = copy.deepcopy(MODEL)
    model["page_types"][0]["fields"].append({"key": "more", "name": "More", "type": "short_text"})
    site.apply(model)
    for server in (site, other):
        await_until(lambda: "more" in server.data("pages/note/n/")["fields"], "the new field")
    other.write("PATCH", "pages/note/n/", {"fields": {"more": "said"}})
    await_until(lambda: site.data("pages/note/n/")["fields"]["more"] == "said", "its value")


def test_replacing_everything(site, other, tmp_path):
    new_post(site, "kept")
    site.larder("export", str(tmp_path / "archive.tar"))
    new_post(site, "lost")
    for server in (site, other):
        await_until(lambda: title(server, "lost") == "lost", "the post")
    site.larder("import", str(tmp_path / "archive.tar"), "--replace")
    for server in (site, other):
        await_until(lambda: title(server, "lost") is None, "the post to be gone")
        await_until(lambda: title(server, "kept") == "kept", "the archive's post")


# Warm from the first request on


def first(server, path):
    params = {"auth_token": server.read_token}
    return requests.get(server.url(path), params=params, timeout=PATIENCE)


def warm_list(site):
    return json.loads(pathlib.Path(site.data_dir / "warm.json").read_text())


def test_a_restart_is_warm(site):
    new_post(site, "p")
    paths = ["posts/p/", "posts/?page_size=3", "content/?keys=jars&order=-name", "feeds/atom/"]
    for path in paths:
        assert first(site, path).status_code == 200
    assert first(site, "posts/none/").status_code == 404
    site.stop()
    text = json.dumps(warm_list(site))
    assert not any(token in text for token in (site.read_token, site.write_token, site.browser_token))
    assert "none" not in text
    site.start()
    for path in paths:
        assert first(site, path).headers["X-Cache"] == "HIT", path


def test_without_a_list_the_first_pages_are_warm(site):
    new_post(site, "p")
    site.stop()
    for text in [None, "no JSON", '{"larder_warm": 99, "queries": []}', '{"larder_warm": 1, "queries": [{"Newer": 1}]}']:
        path = site.data_dir / "warm.json"
        path.unlink() if text is None else path.write_text(text)
        site.start()
        for address in ["posts/", "posts/p/", "pages/note/", "content/jars/", "feeds/rss/", "authors/"]:
            assert first(site, address).headers["X-Cache"] == "HIT", (text, address)
        site.stop()
    site.start()


def test_the_list_is_no_duty(site):
    """What cannot be built any more, or not be written, stops nobody."""
    new_post(site, "p")
    assert first(site, "posts/p/").status_code == 200
    site.stop()
    site.larder("unpublish", "post:p")
    (site.data_dir / "warm.json").chmod(0o444)
    site.start()
    assert first(site, "posts/p/").status_code == 404
