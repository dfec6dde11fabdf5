"""Sections 13, 15.1 and 23.9: sites with and without locales."""

import pytest

UNKNOWN = (400, {"detail": "Invalid locale parameter"})


def page(slug, fields, **more):
    return {"title": "T", "slug": slug, "page_type": "recipe", "status": "published", "fields": fields} | more


def headline(site, slug, **params):
    return site.data(f"pages/recipe/{slug}/", params)["fields"]["headline"]


def slugs(answer):
    return [one["slug"] for one in answer["data"]]


# Reading


@pytest.mark.parametrize("path", [
    "posts/", "posts/any/", "posts/search/?query=jam", "search/?query=jam", "pages/recipe/", "pages/*/", "pages/recipe/any/",
    "pages/search/?query=jam", "content/jars/", "content/?keys=jars", "feeds/rss/", "feeds/atom/", "feeds/sitemap/",
])  # fmt: skip
def test_unknown_locale(abroad, path):
    answer = abroad.get(path, {"locale": "xx"})
    assert (answer.status_code, answer.json()) == UNKNOWN


def test_locale_is_ignored_where_there_are_none(pantry):
    for path in ["posts/", "posts/jam-season/", "pages/recipe/", "content/jars/", "feeds/rss/"]:
        assert pantry.read(path, {"locale": "xx"}) == pantry.read(path)


def test_page_in_each_locale(abroad, slug):
    abroad.write("POST", "pages/", page(slug, {"en": {"headline": "Plum"}, "de": {"headline": "Pflaume"}}))
    assert headline(abroad, slug) == headline(abroad, slug, locale="en") == "Plum"
    assert headline(abroad, slug, locale="de") == "Pflaume"


def test_no_fallback(abroad, slug):
    abroad.write("POST", "pages/", page(slug, {"en": {"headline": slug}}))
    answer = abroad.get(f"pages/recipe/{slug}/", {"locale": "de"})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Page not found."})
    assert slug in slugs(abroad.read("pages/recipe/", {"fields.headline": slug}))
    assert slug not in slugs(abroad.read("pages/recipe/", {"fields.headline": slug, "locale": "de"}))


def test_answers_have_no_locale_key(abroad, slug):
    abroad.write("POST", "pages/", page(slug, {"en": {"headline": "Plum"}}))
    assert "locale" not in abroad.data(f"pages/recipe/{slug}/", {"locale": "en"})


def test_references_are_in_the_locale_asked_for(abroad, slug):
    abroad.write("POST", "content/", {"key": "jars", "status": "published", "fields": [{"en": {"name": slug}, "de": {"name": "Glas"}}]})
    jar = abroad.data("content/jars/", {"fields.name": slug})["jars"][0]["meta"]["id"]
    fields = {"headline": "H", "main_jar": jar}
    abroad.write("POST", "pages/", page(slug, {"en": fields, "de": fields, "pt-br": fields}))

    def main_jar(locale):
        return abroad.data(f"pages/recipe/{slug}/", {"locale": locale})["fields"]["main_jar"]

    assert main_jar("en")["name"] == slug
    assert main_jar("de")["name"] == "Glas"
    assert main_jar("pt-br") is None  # 12: missing in the locale


def test_search_in_a_locale(abroad, slug):
    abroad.write("POST", "pages/", page(slug, {"en": {"headline": f"Plum {slug}"}, "de": {"headline": f"Pflaume {slug}"}}))
    words = slug.replace("-", " ")
    assert slugs(abroad.read("pages/search/", {"query": f"{words} pflaume", "locale": "de"})) == [slug]
    assert slugs(abroad.read("pages/search/", {"query": f"{words} pflaume"})) == []


# Writing


def test_single_form_with_a_locale(abroad, slug):
    abroad.write("POST", "pages/", page(slug, {"headline": "Pflaume"}), {"locale": "de"})
    assert headline(abroad, slug, locale="de") == "Pflaume"
    assert abroad.get(f"pages/recipe/{slug}/").status_code == 404
    abroad.write("PATCH", f"pages/recipe/{slug}/", {"status": "published", "fields": {"headline": "Plum"}}, {"locale": "en"})
    assert (headline(abroad, slug), headline(abroad, slug, locale="de")) == ("Plum", "Pflaume")


def test_single_form_without_a_locale_is_the_default(abroad, slug):
    abroad.write("POST", "pages/", page(slug, {"headline": "Plum"}))
    assert headline(abroad, slug, locale="en") == "Plum"
    assert abroad.get(f"pages/recipe/{slug}/", {"locale": "de"}).status_code == 404


def test_empty_fields_are_the_single_form(abroad, slug):  # 23.9
    abroad.write("POST", "pages/", page(slug, {}, page_type="note"), {"locale": "de"})
    assert abroad.data(f"pages/note/{slug}/", {"locale": "de"})["fields"] == {"text": ""}
    assert abroad.get(f"pages/note/{slug}/").status_code == 404


def test_multi_form_changes_the_locales_it_names(abroad, slug):
    abroad.write("POST", "pages/", page(slug, {"en": {"headline": "Plum", "intro": "Soft"}, "de": {"headline": "Pflaume"}}))
    abroad.write("PATCH", f"pages/*/{slug}/", {"fields": {"en": {"headline": "Damson"}}})
    assert headline(abroad, slug) == "Damson"
    assert abroad.data(f"pages/recipe/{slug}/")["fields"]["intro"] == "Soft"
    assert headline(abroad, slug, locale="de") == "Pflaume"


def test_status_is_that_of_a_locale(abroad, slug):
    abroad.write("POST", "pages/", page(slug, {"en": {"headline": "Plum"}, "de": {"headline": "Pflaume"}}))
    abroad.write("PATCH", f"pages/recipe/{slug}/", {"status": "unpublished"}, {"locale": "de"})
    assert abroad.get(f"pages/recipe/{slug}/", {"locale": "de"}).status_code == 404
    assert headline(abroad, slug) == "Plum"


def test_slug_and_id_are_shared_by_the_locales(abroad, slug):
    abroad.write("POST", "content/", {"key": "makers", "status": "published", "fields": [{"en": {"name": slug}, "de": {"name": f"{slug}-de"}}]})
    english = abroad.data("content/makers/", {"fields.name": slug})["makers"][0]
    german = abroad.data("content/makers/", {"fields.name": f"{slug}-de", "locale": "de"})["makers"][0]
    assert english["meta"] == german["meta"]


def test_item_changed_in_one_locale(abroad, slug):
    abroad.write("POST", "content/", {"key": "makers", "status": "published", "fields": [{"en": {"name": slug}, "de": {"name": f"{slug}-de"}}]})
    path = f"content/makers/{abroad.data('content/makers/', {'fields.name': slug})['makers'][0]['meta']['id']}/"
    abroad.write("PATCH", path, {"fields": {"country": "Irland"}}, {"locale": "de"})
    assert abroad.data(path)["country"] == ""
    assert abroad.data(path, {"locale": "de"}) == abroad.data(path) | {"name": f"{slug}-de", "country": "Irland"}


@pytest.mark.parametrize("method, path", [("POST", "pages/"), ("POST", "posts/"), ("POST", "content/")])
def test_writing_in_an_unknown_locale(abroad, slug, method, path):
    body = page(slug, {"headline": "x"}) | {"key": "jars"}
    answer = abroad.send(method, path, body, {"locale": "xx"})
    assert (answer.status_code, answer.json()) == UNKNOWN


# Posts: a translation is a sibling with a slug of its own


def post(slug, **more):
    return {"title": "Plum", "slug": slug, "status": "published"} | more


def test_sibling_post(abroad, slug):
    abroad.write("POST", "posts/", post(slug))
    path = f"posts/{slug}/"
    assert abroad.get(path, {"locale": "de"}).json() == {"detail": "Not found."}
    abroad.write("PATCH", path, {"title": "Pflaume", "slug": f"pflaume-{slug}", "status": "published"}, {"locale": "de"})
    assert abroad.data(path)["title"] == "Plum"
    sibling = abroad.data(path, {"locale": "de"})
    assert (sibling["title"], sibling["slug"]) == ("Pflaume", f"pflaume-{slug}")
    assert abroad.data(f"posts/pflaume-{slug}/") == sibling  # without `locale`: the post itself
    assert abroad.data(f"posts/pflaume-{slug}/", {"locale": "en"})["slug"] == slug


def test_sibling_without_a_slug_gets_one(abroad, slug):  # 23.9
    abroad.write("POST", "posts/", post(slug))
    abroad.write("PATCH", f"posts/{slug}/", {"title": "Ameixa", "status": "published"}, {"locale": "pt-br"})
    assert abroad.data(f"posts/{slug}/", {"locale": "pt-br"})["slug"] == f"{slug}-pt-br"


def test_post_made_in_a_locale(abroad, slug):  # 23.9
    abroad.write("POST", "posts/", post(slug, tags=[slug]), {"locale": "de"})
    assert slugs(abroad.read("posts/", {"tag_slug": slug})) == []
    assert slugs(abroad.read("posts/", {"tag_slug": slug, "locale": "de"})) == [slug]


def test_lists_searches_and_feeds_of_a_locale(abroad, slug):
    abroad.write("POST", "posts/", post(slug, tags=[slug]))
    abroad.write("PATCH", f"posts/{slug}/", {"title": f"Pflaume {slug}", "slug": f"{slug}-x", "status": "published", "tags": [slug]}, {"locale": "de"})
    assert slugs(abroad.read("posts/", {"tag_slug": slug})) == [slug]
    assert slugs(abroad.read("posts/", {"tag_slug": slug, "locale": "de"})) == [f"{slug}-x"]
    words = {"query": f"pflaume {slug}".replace("-", " ")}
    assert slugs(abroad.read("posts/search/", words)) == []
    assert slugs(abroad.read("posts/search/", words | {"locale": "de"})) == [f"{slug}-x"]
    for feed in ["rss", "atom", "sitemap"]:
        assert f"/{slug}-x<" not in abroad.data(f"feeds/{feed}/", {"tag_slug": slug})
        assert f"/{slug}-x" in abroad.data(f"feeds/{feed}/", {"tag_slug": slug, "locale": "de"})


def test_neighbours_are_of_the_same_locale(abroad, slug):  # 6.3
    abroad.write("POST", "posts/", post(f"{slug}-1"), {"locale": "pt-br"})
    abroad.write("POST", "posts/", post(f"{slug}-between"))
    abroad.write("POST", "posts/", post(f"{slug}-2"), {"locale": "pt-br"})
    meta = abroad.read(f"posts/{slug}-2/")["meta"]
    assert meta["previous_post"]["slug"] == f"{slug}-1"
    assert meta["next_post"] is None


def test_recent_posts_of_a_locale(abroad, slug):  # 7
    abroad.write("POST", "posts/", post(slug, tags=[slug]))
    abroad.write("POST", "posts/", post(f"{slug}-de", tags=[slug]), {"locale": "de"})

    def recent(**params):
        tag = abroad.data(f"tags/{slug}/", {"include": "recent_posts", **params})
        return [one["slug"] for one in tag["recent_posts"]]

    assert recent(locale="de") == [f"{slug}-de"]
    assert recent(locale="en") == [slug]
