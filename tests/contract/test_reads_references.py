"""Section 12: references and `levels`."""

import pytest


def recipe(site, slug, **params):
    return site.data(f"pages/recipe/{slug}/", params)["fields"]


def test_level_1_keeps_uris(pantry):
    plum, pear, *_ = pantry.ids("jars")
    cake = recipe(pantry, "plum-cake", levels=1)
    assert cake["main_jar"] == f"/v2/content/?keys=jars[_id={plum}]"
    assert cake["jars"] == [f"/v2/content/?keys=jars[_id={plum}]", f"/v2/content/?keys=jars[_id={pear}]"]
    assert cake["next"] == "/v2/pages/recipe/pear-tart/"
    assert cake["background"] == "/v2/pages/*/about/"
    assert cake["blocks"][0]["fields"]["jar"] == f"/v2/content/?keys=jars[_id={plum}]"
    assert cake["steps"][0]["jar"] == f"/v2/content/?keys=jars[_id={plum}]"


def test_level_2_is_the_default(pantry):
    assert recipe(pantry, "plum-cake") == recipe(pantry, "plum-cake", levels=2)
    orla = pantry.ids("makers")[0]
    cake = recipe(pantry, "plum-cake")
    assert cake["main_jar"] == pantry.data("content/jars/", {"levels": 1})["jars"][0]
    assert cake["main_jar"]["maker"] == f"/v2/content/?keys=makers[_id={orla}]"


def test_expanded_page_is_a_whole_page(pantry):
    cake = recipe(pantry, "plum-cake")
    assert cake["next"] == pantry.data("pages/recipe/pear-tart/", {"levels": 1})
    assert cake["background"] == pantry.data("pages/*/about/")


def test_level_3_goes_one_further(pantry):
    cake = recipe(pantry, "plum-cake", levels=3)
    assert cake["main_jar"]["maker"]["name"] == "Orla"
    assert cake["steps"][0]["jar"]["maker"]["name"] == "Orla"
    assert cake["blocks"][0]["fields"]["jar"]["maker"]["name"] == "Orla"


def test_circles_end_at_the_level(pantry):
    fields = recipe(pantry, "plum-cake", levels=5)
    for slug in ["pear-tart", "plum-cake", "pear-tart", "plum-cake"]:
        assert fields["next"]["slug"] == slug
        fields = fields["next"]["fields"]
    assert fields["next"] == "/v2/pages/recipe/pear-tart/"


@pytest.mark.parametrize("asked, meant", [(0, 1), (-3, 1), (6, 5), (99, 5)])
def test_levels_out_of_range_are_clamped(pantry, asked, meant):
    assert recipe(pantry, "plum-cake", levels=asked) == recipe(pantry, "plum-cake", levels=meant)


def test_levels_apply_to_lists_and_collections(pantry):
    assert pantry.data("pages/recipe/", {"levels": 1})[2]["fields"]["next"] == "/v2/pages/recipe/pear-tart/"
    pear = pantry.data("content/shelves/", {"levels": 3})["shelves"][0]["jars"][0]
    assert pear["maker"]["name"] == "Paco"
    assert pantry.data("content/", {"keys": "shelves", "levels": 3})["shelves"][0]["jars"][0] == pear


def test_drafts_are_left_out(pantry):
    assert [page["slug"] for page in recipe(pantry, "plum-cake")["related"]] == ["fig-salad", "pear-tart"]
    assert [jar["name"] for jar in pantry.data("content/shelves/")["shelves"][0]["jars"]] == ["Pear", "Plum"]
    assert pantry.data("content/jars/")["jars"][2]["maker"] is None


def test_drafts_are_left_out_at_level_1_too(pantry):
    assert recipe(pantry, "plum-cake", levels=1)["related"] == ["/v2/pages/recipe/fig-salad/", "/v2/pages/recipe/pear-tart/"]
    assert pantry.data("content/jars/", {"levels": 1})["jars"][2]["maker"] is None


def test_preview_shows_referenced_drafts(pantry):
    related = recipe(pantry, "plum-cake", preview=1)["related"]
    assert [page["slug"] for page in related] == ["secret-stew", "fig-salad", "pear-tart"]
    assert pantry.data("content/jars/", {"preview": 1})["jars"][2]["maker"]["name"] == "Quinn"


def test_deleted_targets_are_left_out(kitchen, slug):
    kitchen.write("POST", "content/", {"key": "makers", "status": "published", "fields": {"name": slug}})
    maker = kitchen.data("content/makers/", {"fields.name": slug})["makers"][0]["meta"]["id"]
    kitchen.write("POST", "content/", {"key": "jars", "status": "published", "fields": {"name": slug, "maker": maker}})

    def jar(**params):
        return kitchen.data("content/jars/", {"fields.name": slug, **params})["jars"][0]

    assert jar()["maker"]["name"] == slug
    kitchen.remove(f"content/makers/{maker}/")
    assert jar()["maker"] is None
    assert jar(preview=1)["maker"] is None
