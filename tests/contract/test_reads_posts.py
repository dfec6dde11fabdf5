"""Sections 6 and 7: posts, their search, authors, categories, tags."""

import pytest
from larder_site import serving

from contract.conftest import AUTHORS, SITE

AUTHOR_KEYS = {"first_name", "last_name", "email", "slug", "bio", "title", "linkedin_url", "facebook_url", "instagram_url",
               "pinterest_url", "twitter_handle", "profile_image"}  # fmt: skip
BOTH_SHAPES = {"status", "created", "updated", "published", "scheduled", "title", "slug", "body", "summary", "seo_title",
               "meta_description", "featured_image", "featured_image_alt", "url", "author", "tags", "categories"}  # fmt: skip


def slugs(answer):
    return [one["slug"] for one in answer["data"]]


# 6.1: the two shapes


def test_keys_of_listed_posts(pantry):
    for post in pantry.data("posts/"):
        assert set(post) == BOTH_SHAPES
        assert post["url"] == f"/{post['slug']}"


def test_keys_of_one_post(pantry):
    post = pantry.data("posts/jam-season/")
    assert set(post) == BOTH_SHAPES | {"deleted"}
    assert (post["url"], post["deleted"], post["scheduled"]) == (None, None, None)


def test_both_shapes_say_the_same(pantry):
    listed, one = pantry.data("posts/")[1], pantry.data("posts/jam-season/")
    for key in BOTH_SHAPES - {"url"}:
        assert listed[key] == one[key], key


def test_values_of_a_post(pantry):
    post = pantry.data("posts/jam-season/")
    assert post["title"] == "Jam <season> & sugar"
    assert post["body"] == "<p>Strawberries &amp; sugar ]]> jam</p>"
    assert post["summary"] == "It begins <soon> & sweetly"
    assert (post["seo_title"], post["meta_description"]) == ("Jam", "All about jam")
    assert (post["featured_image"], post["featured_image_alt"]) == ("http://127.0.0.1:9/jam.jpg", "Jam in a pot")
    assert (post["categories"], post["tags"]) == ([{"name": "Recipes", "slug": "recipes"}], [{"name": "fruit", "slug": "fruit"}])
    assert set(post["author"]) == AUTHOR_KEYS
    assert post["author"]["email"] == "ada@example.com"


def test_values_of_an_almost_empty_post(kitchen, slug):
    kitchen.write("POST", "posts/", {"title": "T", "slug": slug, "status": "published"})
    post = kitchen.data(f"posts/{slug}/")
    for key in ["body", "summary", "seo_title", "meta_description", "featured_image_alt"]:
        assert post[key] == "", key
    assert (post["featured_image"], post["tags"], post["categories"]) == (None, [], [])
    assert post["author"]["slug"]  # 23.14: the site's default author


# 6.2: the list


def test_newest_first(pantry):
    answer = pantry.read("posts/")
    assert answer["meta"] == {"next_page": None, "previous_page": None, "count": 3}
    assert slugs(answer) == ["creme-brulee", "jam-season", "boiling-jars"]


@pytest.mark.parametrize("params, expected", [
    ({"author_slug": "ada-keller"}, ["jam-season", "boiling-jars"]),
    ({"category_slug": "recipes"}, ["creme-brulee", "jam-season"]),
    ({"tag_slug": "glass"}, ["creme-brulee", "boiling-jars"]),
    ({"tag_slug": "glass", "author_slug": "ben-idle"}, ["creme-brulee"]),
    ({"tag_slug": "safety", "category_slug": "recipes"}, []),
    ({"author_slug": "nobody"}, []),
    ({"category_slug": "nothing"}, []),
    ({"tag_slug": "Glass"}, []),
])  # fmt: skip
def test_posts_by_author_category_and_tag(pantry, params, expected):
    answer = pantry.read("posts/", params)
    assert slugs(answer) == expected
    assert answer["meta"]["count"] == len(expected)


def test_excluded_body_is_absent(pantry):
    for post in pantry.data("posts/", {"exclude_body": "True"}):
        assert set(post) == BOTH_SHAPES - {"body"}


def test_preview_lists_drafts_first(kitchen, slug):
    for name, status in [("a", "draft"), ("b", "published"), ("c", "draft")]:
        kitchen.write("POST", "posts/", {"title": name, "slug": f"{slug}-{name}", "status": status, "tags": [slug]})
    kitchen.write("PATCH", f"posts/{slug}-a/", {"title": "edited last"})
    answer = kitchen.read("posts/", {"tag_slug": slug, "preview": 1})
    assert slugs(answer) == [f"{slug}-a", f"{slug}-c", f"{slug}-b"]
    assert [post["status"] for post in answer["data"]] == ["draft", "draft", "published"]
    assert [post["published"] is None for post in answer["data"]] == [True, True, False]


# 6.3: one post


def test_neighbours(pantry):
    def neighbours(slug):
        meta = pantry.read(f"posts/{slug}/")["meta"]
        return meta["previous_post"], meta["next_post"]

    boiling = {"slug": "boiling-jars", "title": "Boiling jars", "featured_image": None}
    jam = {"slug": "jam-season", "title": "Jam <season> & sugar", "featured_image": "http://127.0.0.1:9/jam.jpg"}
    creme = {"slug": "creme-brulee", "title": "Crème brûlée", "featured_image": None}
    assert neighbours("boiling-jars") == (None, jam)
    assert neighbours("jam-season") == (boiling, creme)
    assert neighbours("creme-brulee") == (jam, None)


def test_drafts_stay_hidden(pantry):  # 22.1
    answer = pantry.get("posts/unripe-ideas/")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    assert pantry.data("posts/unripe-ideas/", {"preview": 1})["status"] == "draft"


# 6.4: search


def search(site, query, **params):
    return site.read("posts/search/", {"query": query, **params})


def test_found_posts_carry_a_rank(pantry):
    answer = search(pantry, "jam")
    assert answer["meta"] == {"next_page": None, "previous_page": None, "count": 2}
    ranks = [post["rank"] for post in answer["data"]]
    assert all(isinstance(rank, float) for rank in ranks)
    assert ranks == sorted(ranks, reverse=True)
    one = dict(answer["data"][0])
    del one["rank"]
    assert one == pantry.data(f"posts/{one['slug']}/")


@pytest.mark.parametrize("query, expected", [
    ("season", ["jam-season"]),  # title
    ("boiling water", ["boiling-jars"]),  # body
    ("sweetly", ["jam-season"]),  # summary
    ("blockquote", []),  # markup is not text
    ("custard strawberries", []),  # words are joined by AND
    ("strawb", ["jam-season"]),  # 23.12: the last word may be unfinished
    ("strawb sugar", []),
    ("creme BRULEE", ["creme-brulee"]),  # 23.12: neither accents nor case
    ("Crème", ["creme-brulee"]),
    ("pepper", []),  # a draft's
    ("", []),
])  # fmt: skip
def test_search(pantry, query, expected):
    assert slugs(search(pantry, query)) == expected


def test_search_without_a_query(pantry):
    empty = {"meta": {"next_page": None, "previous_page": None, "count": 0}, "data": []}
    assert pantry.read("posts/search/") == empty


def test_search_pages_and_excludes_bodies(pantry):
    answer = search(pantry, "jam", page=2, page_size=1, exclude_body="true")
    assert answer["meta"] == {"next_page": None, "previous_page": 1, "count": 2}
    assert "body" not in answer["data"][0]


# 7: authors, categories, tags


def test_authors_in_the_order_of_their_creation(pantry):
    answer = pantry.read("authors/")
    assert list(answer) == ["data"]
    # The default author of every site comes first (23.14).
    assert slugs(answer)[1:] == ["ada-keller", "ben-idle", "cleo-quiet"]
    for author in answer["data"]:
        assert set(author) == AUTHOR_KEYS
        assert all(isinstance(value, str) for value in author.values())


def test_one_author(pantry):
    author = pantry.read("authors/ada-keller/")
    assert author == {"data": pantry.data("authors/")[1]}


@pytest.mark.parametrize("resource, expected", [
    ("categories", [("Basics", "basics"), ("Recipes", "recipes")]),
    ("tags", [("fruit", "fruit"), ("glass", "glass"), ("safety", "safety")]),
])  # fmt: skip
def test_categories_and_tags_with_published_posts_by_name(pantry, resource, expected):
    assert pantry.read(f"{resource}/") == {"data": [{"name": name, "slug": slug} for name, slug in expected]}


def test_category_of_a_draft_exists_but_is_not_listed(pantry):
    assert pantry.data("categories/dreams/") == {"name": "Dreams", "slug": "dreams"}


@pytest.mark.parametrize("resource, slug, expected", [
    ("authors", "ada-keller", ["jam-season", "boiling-jars"]),
    ("authors", "cleo-quiet", []),
    ("categories", "recipes", ["creme-brulee", "jam-season"]),
    ("categories", "dreams", []),
    ("tags", "glass", ["creme-brulee", "boiling-jars"]),
])  # fmt: skip
def test_recent_posts(pantry, resource, slug, expected):
    included = {"include": "recent_posts"}
    one = pantry.data(f"{resource}/{slug}/", included)
    assert [post["slug"] for post in one["recent_posts"]] == expected
    assert one["recent_posts"] == [pantry.data(f"posts/{post}/") for post in expected]
    if slug != "dreams":
        assert one in pantry.data(f"{resource}/", included)


def test_authors_inside_recent_posts_have_none_themselves(pantry):
    author = pantry.data("authors/ada-keller/", {"include": "recent_posts"})
    assert set(author["recent_posts"][0]["author"]) == AUTHOR_KEYS


def test_other_values_of_include_add_nothing(pantry):
    assert pantry.read("authors/", {"include": "everything"}) == pantry.read("authors/")


def test_at_most_ten_recent_posts(kitchen, slug):
    for number in range(11):
        kitchen.write("POST", "posts/", {"title": "T", "slug": f"{slug}-{number}", "status": "published", "tags": [slug]})
    recent = kitchen.data(f"tags/{slug}/", {"include": "recent_posts"})["recent_posts"]
    assert [post["slug"] for post in recent] == [f"{slug}-{number}" for number in range(10, 0, -1)]


# Settings that change the answers


@pytest.fixture(scope="module")
def generous(tmp_path_factory):
    """A site with the settings of a blog that moved from ButterCMS."""
    settings = {"blog_url_prefix": "https://shop.example.com/blog/", "serve_draft_posts": "true"}
    content = [
        {"method": "POST", "path": "posts/", "body": {"title": "Jam", "slug": "jam", "status": "published"}},
        {"method": "POST", "path": "posts/", "body": {"title": "Raw", "slug": "raw", "status": "draft"}},
    ]
    with serving(tmp_path_factory.mktemp("generous"), SITE / "schema.json", AUTHORS, settings, content) as site:
        yield site


def test_blog_url_prefix(generous):  # 6.1
    assert generous.data("posts/")[0]["url"] == "https://shop.example.com/blog/jam"
    assert generous.data("posts/jam/")["url"] == "https://shop.example.com/blog/jam"
    for feed in ["rss", "atom", "sitemap"]:  # 8
        assert "https://shop.example.com/blog/jam" in generous.data(f"feeds/{feed}/")


def test_serve_draft_posts(generous):  # 22.1
    assert generous.data("posts/raw/")["status"] == "draft"
    assert slugs(generous.read("posts/")) == ["jam"]
