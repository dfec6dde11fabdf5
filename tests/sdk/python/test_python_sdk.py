"""Every method of the unmodified Python SDK, and of larder's own, against larder."""

import xml.etree.ElementTree as ElementTree

import pytest
from larder_cms import LarderError
from requests.exceptions import HTTPError

REFUSED = (HTTPError, LarderError)


def slugs(answer):
    return [one["slug"] for one in answer["data"]]


# Posts


def test_all_posts(butter):
    answer = butter.posts.all()
    assert answer["meta"] == {"next_page": None, "previous_page": None, "count": 2}
    assert slugs(answer) == ["jam-season", "boiling-jars"]
    assert answer["data"][0]["body"] == "<p>Strawberries and sugar.</p>"


def test_posts_without_bodies(butter):
    # The SDK writes Python's True into the query as it is.
    for post in butter.posts.all({"exclude_body": True})["data"]:
        assert "body" not in post


def test_posts_by_page_and_offset(butter):
    second = butter.posts.all({"page": 2, "page_size": 1})
    assert second["meta"] == {"next_page": None, "previous_page": 1, "count": 2}
    rest = butter.posts.all({"limit": 1, "offset": 1})
    assert rest["meta"] == {"count": 2, "next_offset": None, "previous_offset": 0}
    assert slugs(second) == slugs(rest) == ["boiling-jars"]


def test_posts_by_author_category_and_tag(butter):
    assert slugs(butter.posts.all({"author_slug": "ada-keller", "category_slug": "basics"})) == ["boiling-jars"]
    assert slugs(butter.posts.all({"tag_slug": "fruit"})) == ["jam-season"]
    assert slugs(butter.posts.all({"author_slug": "ben-idle"})) == []


def test_posts_of_a_locale(butter):
    assert slugs(butter.posts.all({"locale": "de"})) == ["marmeladenzeit"]


def test_drafts_with_preview(site, butter, butter_for):
    assert slugs(butter.posts.all({"preview": 1})) == ["unripe-ideas", "jam-season", "boiling-jars"]
    assert slugs(butter_for(site.browser_token).posts.all({"preview": 1})) == ["jam-season", "boiling-jars"]


def test_one_post(butter):
    answer = butter.posts.get("jam-season")
    assert answer["data"]["author"]["email"] == "ada@example.com"
    assert answer["data"]["tags"] == [{"name": "fruit", "slug": "fruit"}]
    assert answer["meta"]["next_post"] is None
    assert answer["meta"]["previous_post"]["slug"] == "boiling-jars"


def test_post_search(butter):
    answer = butter.posts.search("strawberries")
    assert slugs(answer) == ["jam-season"]
    assert isinstance(answer["data"][0]["rank"], float)
    assert slugs(butter.posts.search("strawberries", {"page": 1, "page_size": 10})) == ["jam-season"]
    assert slugs(butter.posts.search("")) == []


# Pages


def test_all_pages_of_a_type(butter):
    answer = butter.pages.all("season-page")
    assert answer["meta"]["count"] == 2
    assert slugs(answer) == ["autumn", "spring"]


def test_single_pages(butter):
    answer = butter.pages.all("*")
    assert slugs(answer) == ["about"]
    assert answer["data"][0]["page_type"] is None


def test_filtered_and_ordered_pages(butter):
    assert slugs(butter.pages.all("season-page", {"order": "price"})) == ["spring", "autumn"]
    assert slugs(butter.pages.all("season-page", {"order": "-opens"})) == ["autumn", "spring"]
    assert slugs(butter.pages.all("season-page", {"fields.mood": "calm"})) == ["autumn"]
    assert slugs(butter.pages.all("season-page", {"fields.organic": True})) == ["spring"]


def test_one_page(butter):
    page = butter.pages.get("season-page", "autumn")["data"]
    assert page["name"] == "Autumn"
    assert [block["type"] for block in page["fields"]["blocks"]] == ["hero", "quote", "hero"]
    assert page["fields"]["related"][0]["fields"]["headline"] == "Rhubarb is here"
    assert butter.pages.get("*", "autumn")["data"] == page


def test_one_page_with_every_parameter(butter):
    page = butter.pages.get(
        "season-page", "spring", {"locale": "de", "levels": 3, "preview": 1, "alt_media_text": 1}
    )["data"]
    assert page["fields"]["headline"] == "Der Rhabarber ist da"
    assert page["fields"]["menu"]["entries"][0]["label"] == "Start"
    assert page["fields"]["picture"] == {"url": "", "alt": ""}


def test_page_search(butter):
    assert slugs(butter.pages.search("plums")) == ["autumn"]
    assert slugs(butter.pages.search("kitchen", {"page_type": "*", "page_size": 5})) == ["about"]
    assert slugs(butter.pages.search("plums", {"page_type": "*"})) == []


# Collections


def test_collections(butter):
    answer = butter.content_fields.get(["menu", "menu_entry"])
    assert list(answer) == ["data"]
    assert [entry["label"] for entry in answer["data"]["menu_entry"]] == ["Home", "Jams", "Shop"]
    assert answer["data"]["menu"][0]["entries"] == answer["data"]["menu_entry"][:2]


def test_collections_with_parameters(butter):
    def labels(params):
        return [entry["label"] for entry in butter.content_fields.get(["menu_entry"], params)["data"]["menu_entry"]]

    assert labels({"order": "-label"}) == ["Shop", "Jams", "Home"]
    assert labels({"fields.label": "Shop"}) == ["Shop"]
    assert labels({"locale": "de", "page": 2, "page_size": 2}) == ["Laden"]
    assert labels({"test": 1}) == ["Home", "Jams", "Shop", "Secret"]


def test_no_collections_at_all(butter):
    assert butter.content_fields.get([]) == {}


# Authors, categories, tags


def test_authors(butter):
    assert {"ada-keller", "ben-idle"} <= set(slugs(butter.authors.all()))
    assert butter.authors.get("ada-keller")["data"]["first_name"] == "Ada"


@pytest.mark.parametrize("resource, slug", [("authors", "ada-keller"), ("categories", "recipes"), ("tags", "fruit")])
def test_recent_posts(butter, resource, slug):
    client = getattr(butter, resource)
    included = {"include": "recent_posts"}
    one = client.get(slug, included)["data"]
    assert one["recent_posts"][0]["slug"] == "jam-season"
    assert one in client.all(included)["data"]


def test_categories_and_tags(butter):
    assert butter.categories.all() == {"data": [{"name": "Basics", "slug": "basics"}, {"name": "Recipes", "slug": "recipes"}]}
    assert butter.categories.get("basics") == {"data": {"name": "Basics", "slug": "basics"}}
    assert slugs(butter.tags.all()) == ["fruit", "glass", "safety"]
    assert butter.tags.get("glass") == {"data": {"name": "glass", "slug": "glass"}}


# Feeds


@pytest.mark.parametrize("name", ["rss", "atom", "sitemap"])
def test_feeds(butter, name):
    text = butter.feeds.get(name)["data"]
    ElementTree.fromstring(text.encode())
    assert "/jam-season" in text and "unripe-ideas" not in text
    assert "/jam-season" not in butter.feeds.get(name, {"category_slug": "basics"})["data"]


# Errors

CALLS = {
    "authors.all": lambda butter: butter.authors.all(),
    "authors.get": lambda butter: butter.authors.get("ada-keller"),
    "categories.all": lambda butter: butter.categories.all(),
    "categories.get": lambda butter: butter.categories.get("recipes"),
    "content_fields.get": lambda butter: butter.content_fields.get(["menu"]),
    "feeds.get": lambda butter: butter.feeds.get("rss"),
    "pages.all": lambda butter: butter.pages.all("season-page"),
    "pages.get": lambda butter: butter.pages.get("season-page", "autumn"),
    "pages.search": lambda butter: butter.pages.search("plums"),
    "posts.all": lambda butter: butter.posts.all(),
    "posts.get": lambda butter: butter.posts.get("jam-season"),
    "posts.search": lambda butter: butter.posts.search("jam"),
    "tags.all": lambda butter: butter.tags.all(),
    "tags.get": lambda butter: butter.tags.get("fruit"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_wrong_token(butter_for, call):
    with pytest.raises(REFUSED, match="401"):
        call(butter_for("wrong"))


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_write_token_reads(site, butter_for, call):
    assert "data" in call(butter_for(site.write_token))


@pytest.mark.parametrize(
    "call, status",
    [
        (lambda butter: butter.posts.get("nowhere"), "404"),
        (lambda butter: butter.posts.get("unripe-ideas"), "404"),
        (lambda butter: butter.pages.get("season-page", "nowhere"), "404"),
        (lambda butter: butter.pages.get("nothing", "autumn"), "404"),
        (lambda butter: butter.pages.all("nothing"), "404"),
        (lambda butter: butter.pages.all("season-page", {"locale": "fr"}), "400"),
        (lambda butter: butter.content_fields.get(["menu", "nothing"]), "404"),
        (lambda butter: butter.content_fields.get(["menu"], {"fields.nothing": 1}), "403"),
        (lambda butter: butter.authors.get("nobody"), "404"),
        (lambda butter: butter.categories.get("nothing"), "404"),
        (lambda butter: butter.tags.get("nothing"), "404"),
        (lambda butter: butter.feeds.get("gopher"), "404"),
    ],
)
def test_errors(butter, call, status):
    with pytest.raises(REFUSED, match=status):
        call(butter)
