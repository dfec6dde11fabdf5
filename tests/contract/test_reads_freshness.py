"""Sections 15 and 22.4: an answered write is in every answer that shows it, however often that was read before."""

from concurrent.futures import ThreadPoolExecutor

import pytest


def post(slug, **more):
    return {"title": "T", "slug": slug, "status": "published"} | more


def make_item(site, key, name, **fields):
    site.write("POST", "content/", {"key": key, "status": "published", "fields": {"name": name} | fields})
    return site.data(f"content/{key}/", {"fields.name": name})[key][0]["meta"]["id"]


def test_missing_post_appears_and_goes(kitchen, slug):
    for _ in range(2):
        assert kitchen.get(f"posts/{slug}/").status_code == 404
        kitchen.write("POST", "posts/", post(slug))
        assert kitchen.get(f"posts/{slug}/").status_code == 200
        kitchen.remove(f"posts/{slug}/")


def test_missing_page_appears_and_goes(kitchen, slug):
    page = {"title": "T", "slug": slug, "page_type": "note", "status": "published", "fields": {"text": "x"}}
    for path in [f"pages/note/{slug}/", f"pages/*/{slug}/"]:
        assert kitchen.get(path).status_code == 404
        kitchen.write("POST", "pages/", page)
        assert kitchen.get(path).status_code == 200
        kitchen.remove(path)
        assert kitchen.get(path).status_code == 404


def test_neighbours_follow_the_list(kitchen, slug):
    kitchen.write("POST", "posts/", post(f"{slug}-1"))
    assert kitchen.read(f"posts/{slug}-1/")["meta"]["next_post"] is None
    kitchen.write("POST", "posts/", post(f"{slug}-2", title="Two"))
    assert kitchen.read(f"posts/{slug}-1/")["meta"]["next_post"]["slug"] == f"{slug}-2"
    kitchen.write("PATCH", f"posts/{slug}-2/", {"title": "Deux", "slug": f"{slug}-deux"})
    following = kitchen.read(f"posts/{slug}-1/")["meta"]["next_post"]
    assert (following["title"], following["slug"]) == ("Deux", f"{slug}-deux")
    kitchen.remove(f"posts/{slug}-deux/")
    assert kitchen.read(f"posts/{slug}-1/")["meta"]["next_post"] is None


def test_counts_follow_the_list(kitchen, slug):
    def count():
        return kitchen.read("posts/", {"tag_slug": slug, "page_size": 1})["meta"]["count"]

    assert count() == 0
    for number in range(1, 4):
        kitchen.write("POST", "posts/", post(f"{slug}-{number}", tags=[slug]))
        assert count() == number
    kitchen.write("PATCH", f"posts/{slug}-1/", {"tags": []})
    assert count() == 2
    kitchen.write("PATCH", f"posts/{slug}-2/", {"status": "draft"})
    assert count() == 1


@pytest.mark.parametrize("levels", [2, 3])
def test_referenced_items_are_fresh_inside_what_references_them(kitchen, slug, levels):
    maker = make_item(kitchen, "makers", f"{slug}-maker")
    jar = make_item(kitchen, "jars", slug, maker=maker)
    fields = {"headline": "H", "main_jar": jar, "blocks": [{"hero": {"jar": jar}}], "steps": [{"text": "x", "jar": jar}]}
    kitchen.write("POST", "pages/", {"title": "T", "slug": slug, "page_type": "recipe", "status": "published", "fields": fields})

    def jars():
        shown = kitchen.data(f"pages/recipe/{slug}/", {"levels": levels})["fields"]
        return [shown["main_jar"], shown["blocks"][0]["fields"]["jar"], shown["steps"][0]["jar"]]

    for size in [1, 2]:
        kitchen.write("PATCH", f"content/jars/{jar}/", {"fields": {"size": size}})
        assert [one["size"] for one in jars()] == [size] * 3
    if levels == 3:
        kitchen.write("PATCH", f"content/makers/{maker}/", {"fields": {"country": "Wales"}})
        assert [one["maker"]["country"] for one in jars()] == ["Wales"] * 3
    kitchen.write("PATCH", f"content/jars/{jar}/", {"status": "draft"})
    assert jars() == [None] * 3
    kitchen.write("PATCH", f"content/jars/{jar}/", {"status": "published"})
    assert None not in jars()


def test_filters_and_orders_follow_the_fields(kitchen, slug):
    for name, servings in [("a", 1), ("b", 2)]:
        fields = {"headline": slug, "servings": servings}
        kitchen.write("POST", "pages/", {"title": "T", "slug": f"{slug}-{name}", "page_type": "recipe", "status": "published", "fields": fields})

    def listed(**params):
        return [page["slug"][-1] for page in kitchen.data("pages/recipe/", {"fields.headline": slug, **params})]

    assert (listed(order="servings"), listed(**{"fields.servings": 2})) == (["a", "b"], ["b"])
    kitchen.write("PATCH", f"pages/recipe/{slug}-a/", {"fields": {"servings": 3}})
    assert (listed(order="servings"), listed(**{"fields.servings": 3})) == (["b", "a"], ["a"])


def test_every_client_sees_its_own_write_at_once(kitchen, slug):
    def write_and_read(number):
        mine = f"{slug}-{number}"
        kitchen.write("POST", "posts/", post(mine, tags=[slug]))
        listed = kitchen.data("posts/", {"tag_slug": slug, "page_size": 100})
        feed = kitchen.data("feeds/rss/", {"tag_slug": slug})
        return (
            kitchen.get(f"posts/{mine}/").status_code == 200
            and mine in [one["slug"] for one in listed]
            and f"/{mine}<" in feed
        )

    with ThreadPoolExecutor(8) as clients:
        assert all(clients.map(write_and_read, range(64)))
