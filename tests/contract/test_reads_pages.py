"""Sections 9 and 11: pages, their fields, their lists."""

import pytest

PICTURE = "http://127.0.0.1:9/cake.jpg"


def slugs(answer):
    return [page["slug"] for page in answer["data"]]


# 9.1: the page object


def test_keys_of_a_page(pantry):
    page = pantry.data("pages/recipe/plum-cake/")
    recorded = ["slug", "name", "published", "updated", "page_type", "fields"]
    assert [key for key in page if key in recorded] == recorded
    assert set(page) - set(recorded) == {"status", "scheduled"}
    assert (page["name"], page["page_type"], page["status"], page["scheduled"]) == ("Plum cake", "recipe", "published", None)


def test_single_pages_have_no_type(pantry):
    assert pantry.data("pages/*/about/")["page_type"] is None


def test_fields_come_in_the_order_of_the_model(pantry):
    assert list(pantry.data("pages/recipe/fig-salad/")["fields"]) == [
        "headline", "intro", "method", "card", "notes", "servings", "vegan", "cooked", "served", "season", "tint",
        "picture", "source", "contact", "extra", "signup", "main_jar", "jars", "next", "related", "background", "seo",
        "blocks", "steps",
    ]  # fmt: skip


# 11: what each type of field becomes


@pytest.mark.parametrize("field, value", [
    ("headline", "Plum cake"),
    ("intro", "Soft & sweet"),
    ("method", "<p>Mix</p>"),
    ("card", '<div class="card">4 plums</div>'),
    ("servings", 4),
    ("vegan", False),
    ("cooked", "2025-03-15T00:00:00"),
    ("served", "2025-03-15T18:30:00"),
    ("season", "autumn"),
    ("tint", "#FF5733"),
    ("picture", PICTURE),
    ("signup", "form-42"),
    ("seo", {"title": "Cake", "description": "Sweet"}),
])  # fmt: skip
def test_values_of_fields(pantry, field, value):
    assert pantry.data("pages/recipe/plum-cake/")["fields"][field] == value


def test_markdown_is_served_unrendered(pantry):
    assert pantry.data("pages/recipe/plum-cake/")["fields"]["notes"] == "**Stir** well"


@pytest.mark.parametrize("field, value", [
    ("intro", ""), ("method", ""), ("card", ""), ("servings", None), ("cooked", None), ("season", ""), ("tint", ""),
    ("picture", ""), ("signup", ""), ("main_jar", None), ("jars", []), ("next", None), ("related", []),
    ("seo", {"title": "", "description": ""}), ("blocks", []), ("steps", []),
])  # fmt: skip
def test_values_of_empty_fields(pantry, field, value):
    assert pantry.data("pages/recipe/fig-salad/")["fields"][field] == value


def test_checkbox_is_false_when_never_set(kitchen, slug):
    kitchen.write("POST", "pages/", {"title": "T", "slug": slug, "page_type": "recipe", "status": "published", "fields": {"headline": "H"}})
    assert kitchen.data(f"pages/recipe/{slug}/")["fields"]["vegan"] is False


def test_picker_keeps_order_and_repeated_types(pantry):
    blocks = pantry.data("pages/recipe/plum-cake/")["fields"]["blocks"]
    assert [(block["type"], list(block["fields"])) for block in blocks] == [
        ("hero", ["headline", "picture", "jar"]), ("cta", ["label", "target"]), ("hero", ["headline", "picture", "jar"]),
    ]  # fmt: skip
    assert all(list(block) == ["type", "fields"] for block in blocks)
    assert blocks[2]["fields"] == {"headline": "Eat", "picture": "", "jar": None}


def test_repeater_is_a_list_of_plain_objects(pantry):
    steps = pantry.data("pages/recipe/plum-cake/")["fields"]["steps"]
    assert [list(step) for step in steps] == [["text", "jar"], ["text", "jar"]]
    assert steps[1] == {"text": "Bake", "jar": None}


def test_alternative_texts(pantry):
    with_alt = {"alt_media_text": 1}
    fields = pantry.data("pages/recipe/plum-cake/", with_alt)["fields"]
    assert fields["picture"] == {"url": PICTURE, "alt": "A cake"}
    assert pantry.data("pages/recipe/fig-salad/", with_alt)["fields"]["picture"] == {"url": "", "alt": ""}
    assert pantry.data("pages/recipe/", with_alt)[2]["fields"]["picture"]["alt"] == "A cake"
    assert pantry.data("pages/*/", with_alt)[0]["fields"]["picture"]["alt"] == "The kitchen"


def test_alternative_texts_deeper_down(pantry):  # 22.3
    fields = pantry.data("pages/recipe/plum-cake/", {"alt_media_text": 1})["fields"]
    jar = {"url": "http://127.0.0.1:9/plum.jpg", "alt": "A jar of plums"}
    assert fields["main_jar"]["picture"] == jar
    assert fields["steps"][0]["jar"]["picture"] == jar
    assert fields["blocks"][0]["fields"]["picture"] == {"url": "http://127.0.0.1:9/oven.jpg", "alt": "An oven"}


# 9.2: lists


def test_most_recently_published_first(pantry):
    answer = pantry.read("pages/recipe/")
    assert answer["meta"] == {"next_page": None, "previous_page": None, "count": 3}
    # The cake was edited last; what counts is when it was published (23.1).
    assert slugs(answer) == ["fig-salad", "pear-tart", "plum-cake"]


def test_listed_pages_are_whole(pantry):
    assert pantry.data("pages/recipe/")[2] == pantry.data("pages/recipe/plum-cake/")


def test_star_lists_single_pages_only(pantry):
    answer = pantry.read("pages/*/")
    assert slugs(answer) == ["about"]
    assert answer["data"][0]["fields"]["headline"] == "A small kitchen"


def test_star_ignores_filters_and_order(pantry):
    assert pantry.read("pages/*/", {"fields.nothing": "x", "order": "nothing"}) == pantry.read("pages/*/")


def test_type_without_pages(pantry):
    empty = {"meta": {"next_page": None, "previous_page": None, "count": 0}, "data": []}
    assert pantry.read("pages/blank/") == empty
    assert pantry.read("pages/blank/", {"page": 1}) == empty


@pytest.mark.parametrize("order, expected", [
    ("published", ["plum-cake", "pear-tart", "fig-salad"]),
    ("-published", ["fig-salad", "pear-tart", "plum-cake"]),
    ("updated", ["pear-tart", "fig-salad", "plum-cake"]),
    ("-updated", ["plum-cake", "fig-salad", "pear-tart"]),
    ("headline", ["fig-salad", "pear-tart", "plum-cake"]),
    ("-headline", ["plum-cake", "pear-tart", "fig-salad"]),
    ("servings", ["plum-cake", "pear-tart", "fig-salad"]),
    ("-servings", ["pear-tart", "plum-cake", "fig-salad"]),
    ("cooked", ["pear-tart", "plum-cake", "fig-salad"]),
    ("-cooked", ["plum-cake", "pear-tart", "fig-salad"]),
])  # fmt: skip
def test_order(pantry, order, expected):
    assert slugs(pantry.read("pages/recipe/", {"order": order})) == expected


def test_equal_values_are_ordered_by_slug(kitchen, slug):
    for name in ["b", "c", "a"]:
        fields = {"headline": slug, "servings": 5}
        kitchen.write("POST", "pages/", {"title": "T", "slug": f"{slug}-{name}", "page_type": "recipe", "status": "published", "fields": fields})
    answer = kitchen.read("pages/recipe/", {"fields.headline": slug, "order": "-servings"})
    assert slugs(answer) == [f"{slug}-a", f"{slug}-b", f"{slug}-c"]


# 9.3: one page


def test_one_page_has_no_meta(pantry):
    assert list(pantry.read("pages/recipe/plum-cake/")) == ["data"]


def test_star_finds_a_slug_in_any_type(pantry):
    assert pantry.data("pages/*/pear-tart/") == pantry.data("pages/recipe/pear-tart/")
    assert pantry.data("pages/*/first-note/")["page_type"] == "note"
    assert pantry.data("pages/*/about/")["name"] == "About us"


# 9.4: search


def search(site, query, **params):
    return site.read("pages/search/", {"query": query, **params})


def test_search_answers_like_a_list(pantry):
    answer = search(pantry, "sweet")
    assert answer == {"meta": {"next_page": None, "previous_page": None, "count": 1}, "data": [pantry.data("pages/recipe/plum-cake/")]}


@pytest.mark.parametrize("query, expected", [
    ("soft", "plum-cake"),  # long text
    ("mix", "plum-cake"),  # inside markup
    ("stone", "plum-cake"),  # inside a repeater
    ("eat", "plum-cake"),  # inside a picker
    ("1931", "about"),
])  # fmt: skip
def test_search_finds_the_text_of_a_page(pantry, query, expected):
    assert slugs(search(pantry, query)) == [expected]


def test_search_does_not_follow_references(pantry):
    # Orla made the jar of the cake's recipe; only a note says her name.
    assert [page["page_type"] for page in search(pantry, "orla")["data"]] == ["note"]


def test_search_within_a_type(pantry):
    assert slugs(search(pantry, "plum", page_type="recipe")) == ["plum-cake"]
    assert slugs(search(pantry, "kitchen", page_type="recipe")) == []
    assert slugs(search(pantry, "kitchen", page_type="*")) == ["about"]


def test_search_in_the_path_as_java_asks(pantry):
    assert pantry.read("pages/search/recipe/", {"query": "plum"}) == search(pantry, "plum", page_type="recipe")


def test_searching_for_nothing_finds_nothing(pantry):
    empty = {"meta": {"next_page": None, "previous_page": None, "count": 0}, "data": []}
    assert search(pantry, "") == empty
    assert pantry.read("pages/search/") == empty


def test_search_words_are_joined_by_and(pantry):  # 23.12
    assert slugs(search(pantry, "soft sweet")) == ["plum-cake"]
    assert slugs(search(pantry, "soft kitchen")) == []


def test_last_word_of_a_search_may_be_unfinished(pantry):  # 23.12
    assert slugs(search(pantry, "soft swe")) == ["plum-cake"]
    assert slugs(search(pantry, "swe soft")) == []


def test_search_pages_and_previews(pantry):
    assert search(pantry, "salad", page=1, page_size=1)["meta"]["count"] == 1
    assert slugs(search(pantry, "stew")) == []
    assert slugs(search(pantry, "stew", preview=1)) == ["secret-stew"]
    assert search(pantry, "plum", limit=1, page_type="recipe")["meta"] == {"count": 1, "next_offset": None, "previous_offset": None}


def test_search_takes_levels_and_alternative_texts(pantry):
    page = search(pantry, "soft", levels=1, alt_media_text=1)["data"][0]
    assert page["fields"]["next"] == "/v2/pages/recipe/pear-tart/"
    assert page["fields"]["picture"] == {"url": PICTURE, "alt": "A cake"}
