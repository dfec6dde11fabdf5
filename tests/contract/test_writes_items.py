"""Sections 15.2 and 23: writing collection items."""

import pytest


def jars(site, name, **params):
    return site.data("content/jars/", {"fields.name": name, **params})["jars"]


def make(site, name, status="published", **fields):
    """Path of a new jar."""
    site.write("POST", "content/", {"key": "jars", "status": status, "fields": [{"name": name} | fields]})
    return f"content/jars/{jars(site, name, preview=1)[0]['meta']['id']}/"


def test_new_item(kitchen, slug):
    kitchen.write("POST", "content/", {"key": "jars", "status": "published", "fields": [{"name": slug, "size": 300}]})
    (jar,) = jars(kitchen, slug)
    assert (jar["size"], jar["made"], jar["maker"]) == (300, None, None)


def test_new_item_is_a_draft_unless_said(kitchen, slug):
    kitchen.write("POST", "content/", {"key": "jars", "fields": [{"name": slug}]})
    assert jars(kitchen, slug) == []
    assert len(jars(kitchen, slug, preview=1)) == 1


def test_fields_as_a_bare_object(kitchen, slug):
    kitchen.write("POST", "content/", {"key": "jars", "status": "published", "fields": {"name": slug}})
    assert len(jars(kitchen, slug)) == 1


def test_several_items_at_once(kitchen, slug):
    kitchen.write("POST", "content/", {"key": "jars", "status": "published", "fields": [{"name": slug, "size": 1}, {"name": slug, "size": 2}]})
    assert [jar["size"] for jar in jars(kitchen, slug)] == [1, 2]


def test_several_items_are_made_together_or_not_at_all(kitchen, slug):  # 23.7
    several = [{"name": slug}, {"name": slug, "size": "not a number"}]
    kitchen.refused("POST", "content/", {"key": "jars", "status": "published", "fields": several})
    assert jars(kitchen, slug, preview=1) == []


@pytest.mark.parametrize("key", [{}, {"key": "jars"}])
def test_collection_named_in_the_path(kitchen, slug, key):
    kitchen.write("POST", "content/jars/", {"status": "published", "fields": [{"name": slug}], **key})
    assert len(jars(kitchen, slug)) == 1


def test_patch_changes_what_was_sent(kitchen, slug):
    path = make(kitchen, slug, size=300, made="2025-03-15")
    kitchen.write("PATCH", path, {"fields": {"size": 400}})
    (jar,) = jars(kitchen, slug)
    assert (jar["size"], jar["made"]) == (400, "2025-03-15T00:00:00")


def test_put_empties_what_was_not_sent(kitchen, slug):
    maker = make_maker(kitchen, slug)
    path = make(kitchen, slug, size=300, made="2025-03-15", maker=maker, picture="http://127.0.0.1:9/a.jpg")
    kitchen.write("PUT", path, {"fields": {"name": slug, "size": 400}})
    (jar,) = jars(kitchen, slug)  # 23.6: still published
    assert (jar["size"], jar["made"], jar["maker"], jar["picture"]) == (400, None, None, "")


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_fields_as_an_array_of_one(kitchen, slug, method):
    path = make(kitchen, slug)
    kitchen.write(method, path, {"fields": [{"name": slug, "size": 5}]})
    assert jars(kitchen, slug)[0]["size"] == 5


@pytest.mark.parametrize("nothing", ["", None, []])
def test_references_are_cleared(kitchen, slug, nothing):
    maker = make_maker(kitchen, slug)
    path = make(kitchen, slug, maker=maker)
    assert jars(kitchen, slug)[0]["maker"]["name"] == slug
    kitchen.write("PATCH", path, {"fields": {"maker": nothing}})
    assert jars(kitchen, slug)[0]["maker"] is None


def test_item_as_read_can_be_sent_back(kitchen, slug):  # 15
    path = make(kitchen, slug, size=300, maker=make_maker(kitchen, slug))
    before = kitchen.data(path)
    fields = {key: value for key, value in before.items() if key != "meta"}
    kitchen.write("PATCH", path, {"status": "published", "fields": fields | {"size": 301}})
    assert kitchen.data(path) == before | {"size": 301}


def test_components_and_repeaters(kitchen, slug):  # 22.8
    jar = int(make(kitchen, slug).split("/")[2])
    row = {"text": "left", "jar": jar}
    kitchen.write("POST", "content/", {"key": "shelves", "status": "published", "fields": [
        {"name": slug, "jars": [jar], "seo": {"title": "S", "description": "D"}, "rows": [row, {"text": "right"}]},
    ]})  # fmt: skip
    (shelf,) = kitchen.data("content/shelves/", {"fields.name": slug})["shelves"]
    kitchen.write("PATCH", f"content/shelves/{shelf['meta']['id']}/", {"fields": {"seo": {"title": "New"}, "rows": [row]}})
    (shelf,) = kitchen.data("content/shelves/", {"fields.name": slug, "levels": 1})["shelves"]
    assert shelf["seo"] == {"title": "New", "description": "D"}
    assert shelf["rows"] == [{"text": "left", "jar": f"/v2/content/?keys=jars[_id={jar}]"}]


def test_deleted_item_is_gone(kitchen, slug):
    path = make(kitchen, slug)
    kitchen.remove(path)
    assert jars(kitchen, slug, preview=1) == []
    answers = [kitchen.get(path), kitchen.send("PATCH", path, {"fields": {"size": 1}}), kitchen.send("DELETE", path)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(404, {"detail": "Not found."})] * 3


def test_body_sent_with_a_delete_is_ignored(kitchen, slug):
    path = make(kitchen, slug)
    answer = kitchen.send("DELETE", path, {"anything": 1})
    assert (answer.status_code, answer.content) == (204, b"")


def test_item_of_another_collection(kitchen, slug):
    path = make(kitchen, slug).replace("jars", "makers")
    answers = [kitchen.get(path), kitchen.send("PATCH", path, {"fields": {}})]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(404, {"detail": "Not found."})] * 2


def test_unknown_collection(kitchen):  # 23.7
    item = {"status": "published", "fields": [{"name": "x"}]}
    assert kitchen.refused("POST", "content/", {"key": "spoons", **item}) == {"key": ["Collection spoons does not exist."]}
    answer = kitchen.send("POST", "content/spoons/", item)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_scheduled_is_ignored_on_update(kitchen, slug):
    path = make(kitchen, slug)
    kitchen.write("PATCH", path, {"status": "scheduled", "fields": {"size": 2}})
    assert jars(kitchen, slug)[0]["size"] == 2


def make_maker(site, name):
    site.write("POST", "content/", {"key": "makers", "status": "published", "fields": [{"name": name}]})
    return site.data("content/makers/", {"fields.name": name})["makers"][0]["meta"]["id"]
