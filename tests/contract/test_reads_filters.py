"""Sections 9.2, 10 and 23.10: filtering pages and collection items by their fields."""

import pytest


def recipes(site, *filters):
    params = [(f"fields.{field}", value) for field, value in filters] + [("order", "headline")]
    return [page["slug"] for page in site.data("pages/recipe/", params)]


@pytest.mark.parametrize("field, value, expected", [
    ("headline", "Plum cake", ["plum-cake"]),
    ("headline", "plum cake", []),  # text is compared exactly
    ("headline", "Plum", []),
    ("intro", "Soft & sweet", ["plum-cake"]),
    ("servings", "4", ["plum-cake"]),
    ("servings", "4.0", ["plum-cake"]),  # as a number
    ("servings", "5", []),
    ("vegan", "true", ["fig-salad", "pear-tart"]),
    ("vegan", "True", ["fig-salad", "pear-tart"]),
    ("vegan", "1", ["fig-salad", "pear-tart"]),
    ("vegan", "false", ["plum-cake"]),
    ("vegan", "0", ["plum-cake"]),
    ("cooked", "2025-03-15", ["plum-cake"]),
    ("cooked", "2025-03-15T00:00:00", ["plum-cake"]),
    ("cooked", "2025-03-16", []),
    ("served", "2025-03-15T18:30:00", ["plum-cake"]),
    ("season", "autumn", ["plum-cake"]),  # a dropdown's value ...
    ("season", "In autumn", []),  # ... not its label
    ("tint", "#FF5733", ["plum-cake"]),
    ("tint", "#ff5733", []),
    ("picture", "http://127.0.0.1:9/cake.jpg", ["plum-cake"]),
    ("seo.title", "Cake", ["plum-cake"]),
    ("steps.text", "Bake", ["plum-cake"]),  # any element of a repeater
    ("blocks.label", "Buy", ["plum-cake"]),  # any component of a picker
    ("blocks.cta.label", "Buy", ["plum-cake"]),
    ("blocks.hero.headline", "Eat", ["plum-cake"]),
    ("main_jar.name", "Plum", ["plum-cake"]),
    ("main_jar", "Plum", ["plum-cake"]),  # the label of the item
    ("jars.name", "Pear", ["plum-cake"]),  # any of many
    ("jars.name", "Fig", []),
    ("next", "plum-cake", ["pear-tart"]),
    ("next.slug", "plum-cake", ["pear-tart"]),
    ("next.headline", "Plum cake", ["pear-tart"]),  # without the inner `fields`
    ("related", "pear-tart", ["plum-cake"]),
    ("related.slug", "plum-cake", ["pear-tart"]),
    ("background", "about", ["plum-cake"]),
    ("background.slug", "about", ["plum-cake"]),
    ("servings", "", ["fig-salad"]),  # empty finds empty
    ("season", "", ["fig-salad"]),
])  # fmt: skip
def test_filter_of_pages(pantry, field, value, expected):
    assert recipes(pantry, (field, value)) == expected


def test_filter_by_the_id_of_an_item(pantry):
    plum, pear, *_ = pantry.ids("jars")
    assert recipes(pantry, ("main_jar", plum)) == ["plum-cake"]
    assert recipes(pantry, ("main_jar", pear)) == []
    assert recipes(pantry, ("jars", pear)) == ["plum-cake"]


def test_several_filters_all_hold(pantry):
    assert recipes(pantry, ("vegan", "true"), ("season", "spring")) == ["pear-tart"]
    assert recipes(pantry, ("vegan", "false"), ("season", "spring")) == []


def test_count_is_that_of_the_matches(pantry):
    answer = pantry.read("pages/recipe/", {"fields.vegan": "true", "page_size": 1})
    assert answer["meta"] == {"next_page": 2, "previous_page": None, "count": 2}


def test_filter_sees_drafts_only_with_preview(pantry):
    assert recipes(pantry, ("headline", "Secret stew")) == []
    params = {"fields.headline": "Secret stew", "preview": 1}
    assert [page["slug"] for page in pantry.data("pages/recipe/", params)] == ["secret-stew"]


@pytest.mark.parametrize("text", ["' OR '1'='1", "x'; DROP TABLE entries; --", '" OR 1=1', "%", "_", "*", "\\"])
def test_values_of_filters_are_only_compared(pantry, text):
    assert recipes(pantry, ("headline", text)) == []


@pytest.mark.parametrize("field, value, expected", [
    ("name", "Plum", ["Plum"]),
    ("name", "plum", []),
    ("size", "400.0", ["Plum"]),
    ("size", "250.5", ["Pear"]),
    ("made", "2025-03-15", ["Plum"]),
    ("maker.name", "Paco", ["Pear"]),
    ("maker", "Orla", ["Plum"]),
    ("size", "", ["Fig"]),
])  # fmt: skip
def test_filter_of_items(pantry, field, value, expected):
    answer = pantry.read("content/jars/", {f"fields.{field}": value})
    assert [jar["name"] for jar in answer["data"]["jars"]] == expected
    assert answer["meta"]["count"] == len(expected)


@pytest.mark.parametrize("field, value", [
    ("jars.name", "Pear"), ("seo.title", "Top shelf"), ("rows.text", "left"), ("rows.jar.name", "Plum"),
])  # fmt: skip
def test_filter_deep_inside_items(pantry, field, value):
    assert [shelf["name"] for shelf in pantry.data("content/shelves/", {f"fields.{field}": value})["shelves"]] == ["Top"]
    assert pantry.data("content/shelves/", {f"fields.{field}": "nothing like it"})["shelves"] == []


def test_filter_of_several_collections(pantry):  # 10: it applies to every key that has the field
    found = pantry.data("content/", {"keys": "jars,makers", "fields.size": "400"})
    assert [jar["name"] for jar in found["jars"]] == ["Plum"]
    assert [maker["name"] for maker in found["makers"]] == ["Orla", "Paco"]


# 4, 23.10: fields that are not there


@pytest.mark.parametrize("params, named", [
    ({"fields.nothing": "x"}, "nothing"),
    ({"fields.seo.nothing": "x"}, "seo.nothing"),
    ({"fields.main_jar.nothing": "x"}, "main_jar.nothing"),
    ({"fields.blocks.nothing": "x"}, "blocks.nothing"),
    ({"fields.blocks.cta.nothing": "x"}, "blocks.cta.nothing"),
    ({"order": "nothing"}, "nothing"),
    ({"order": "-nothing"}, "nothing"),
])  # fmt: skip
def test_unknown_field_of_pages(pantry, params, named):
    answer = pantry.get("pages/recipe/", params)
    assert (answer.status_code, answer.json()) == (400, {"detail": f"Invalid field filter: {named}"})


@pytest.mark.parametrize("params, named", [
    ({"fields.nothing": "x"}, "nothing"),
    ({"fields.maker.nothing": "x"}, "maker.nothing"),
    ({"order": "nothing"}, "nothing"),
    ({"order": "-nothing"}, "nothing"),
])  # fmt: skip
def test_unknown_field_of_items(pantry, params, named):
    for path in ["content/jars/", "content/?keys=jars"]:
        answer = pantry.get(path, params)
        assert (answer.status_code, answer.json()) == (403, {"detail": f"Invalid filter: {named}"})
