"""Section 10: collections in all their forms."""

import pytest


def names(items):
    return [item["name"] for item in items]


def test_one_collection(pantry):
    answer = pantry.read("content/makers/")
    orla, paco, _ = pantry.ids("makers")
    assert answer == {
        "meta": {"count": 2, "next_page": None, "previous_page": None},
        "data": {"makers": [
            {"meta": {"id": orla}, "name": "Orla", "country": "Ireland"},
            {"meta": {"id": paco}, "name": "Paco", "country": "Spain"},
        ]},
    }  # fmt: skip


def test_keys_of_an_item(pantry):
    jar = pantry.data("content/jars/")["jars"][2]
    assert list(jar) == ["meta", "name", "size", "made", "picture", "maker"]
    assert list(jar["meta"]) == ["id"]
    assert isinstance(jar["meta"]["id"], int)
    assert (jar["size"], jar["made"], jar["picture"]) == (None, None, "")


def test_ids_are_unique_over_all_collections(pantry):
    ids = [id for key in ["makers", "jars", "shelves", "labels"] for id in pantry.ids(key)]
    assert len(ids) == len(set(ids))


def test_several_collections(pantry):
    answer = pantry.read("content/", {"keys": "jars,makers"})
    assert list(answer) == ["data"]
    assert list(answer["data"]) == ["jars", "makers"]
    assert answer["data"]["makers"] == pantry.data("content/makers/")["makers"]
    assert pantry.read("content/", {"keys": "makers"})["data"]["makers"] == answer["data"]["makers"]


def test_several_collections_in_the_path(pantry):  # 23.17
    for path in ["content/jars,makers/", "content/jars%2Cmakers/", "content/jars,makers"]:
        assert pantry.read(path) == pantry.read("content/", {"keys": "jars,makers"})


def test_no_collections(pantry):
    assert pantry.read("content/", {"keys": ""}) == {}
    assert pantry.read("content/") == {}


def test_path_wins_over_keys(pantry):
    assert pantry.read("content/jars/", {"keys": "makers"}) == pantry.read("content/jars/")


def test_one_item(pantry):
    plum = pantry.ids("jars")[0]
    item = pantry.data("content/jars/")["jars"][0]
    assert pantry.read(f"content/jars/{plum}/") == {"data": item}


def test_one_item_by_its_uri(pantry):
    plum = pantry.ids("jars")[0]
    item = pantry.data("content/jars/")["jars"][0]
    assert pantry.read(f"content/?keys=jars[_id={plum}]") == {"data": {"jars": [item]}}
    assert pantry.read("content/", {"keys": f"jars[_id={plum}]"}) == {"data": {"jars": [item]}}


def test_uri_of_a_reference_can_be_followed(pantry):  # 12
    uri = pantry.data("content/shelves/", {"levels": 1})["shelves"][0]["jars"][0]
    assert names(pantry.data(uri.removeprefix("/v2/"))["jars"]) == ["Pear"]


def test_all_items_unless_paged(pantry):
    texts = [f"L{number:02}" for number in range(1, 13)]
    assert [item["text"] for item in pantry.data("content/", {"keys": "labels"})["labels"]] == texts
    assert [item["text"] for item in pantry.data("content/labels/")["labels"]] == texts[:10]
    assert [item["text"] for item in pantry.data("content/labels/", {"page": 2})["labels"]] == texts[10:]


def test_each_key_is_paged_by_itself(pantry):
    second = pantry.data("content/", {"keys": "jars,makers", "page": 2, "page_size": 2})
    assert names(second["jars"]) == ["Fig"]
    assert names(second["makers"]) == []  # 23.11: past the end of one key


@pytest.mark.parametrize("order, expected", [
    ("name", ["Fig", "Pear", "Plum"]),
    ("-name", ["Plum", "Pear", "Fig"]),
    ("size", ["Pear", "Plum", "Fig"]),
    ("-size", ["Plum", "Pear", "Fig"]),
    ("made", ["Pear", "Plum", "Fig"]),
    ("id", ["Plum", "Pear", "Fig"]),
    ("-id", ["Fig", "Pear", "Plum"]),
])  # fmt: skip
def test_order(pantry, order, expected):
    assert names(pantry.data("content/jars/", {"order": order})["jars"]) == expected
    assert names(pantry.data("content/", {"keys": "jars", "order": order})["jars"]) == expected


def test_order_by_time(kitchen, slug):
    for name in ["one", "two"]:
        kitchen.write("POST", "content/", {"key": "makers", "status": "published", "fields": {"name": name, "country": slug}})
    first = kitchen.data("content/makers/", {"fields.country": slug})["makers"][0]["meta"]["id"]
    kitchen.write("PATCH", f"content/makers/{first}/", {"fields": {"name": "one again"}})

    def ordered(order):
        return names(kitchen.data("content/makers/", {"fields.country": slug, "order": order})["makers"])

    assert ordered("published") == ["one again", "two"]
    assert ordered("-published") == ["two", "one again"]
    assert ordered("updated") == ["two", "one again"]
    assert ordered("-updated") == ["one again", "two"]


def test_new_items_go_last(kitchen, slug):
    for name in ["b", "a", "c"]:
        kitchen.write("POST", "content/", {"key": "makers", "status": "published", "fields": {"name": name, "country": slug}})
    assert names(kitchen.data("content/makers/", {"fields.country": slug})["makers"]) == ["b", "a", "c"]


@pytest.mark.parametrize("params", [{"preview": 1}, {"test": 1}, {"test": 1, "preview": 1}])
def test_preview_and_its_older_name(pantry, params):
    assert names(pantry.data("content/makers/", params)["makers"]) == ["Orla", "Paco", "Quinn"]
    assert names(pantry.data("content/", {"keys": "makers", **params})["makers"]) == ["Orla", "Paco", "Quinn"]


def test_alternative_texts(pantry):
    jars = pantry.data("content/jars/", {"alt_media_text": 1})["jars"]
    assert jars[0]["picture"] == {"url": "http://127.0.0.1:9/plum.jpg", "alt": "A jar of plums"}
    assert jars[1]["picture"] == {"url": "", "alt": ""}


def test_components_and_repeaters_in_collections(pantry):  # 22.8
    shelf = pantry.data("content/shelves/")["shelves"][0]
    assert shelf["seo"] == {"title": "Top shelf", "description": ""}
    assert [(row["text"], row["jar"]["name"]) for row in shelf["rows"]] == [("left", "Plum")]
