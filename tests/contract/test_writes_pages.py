"""Sections 15, 15.1 and 23.5 to 23.15: writing pages."""

import pytest


def body(slug, **more):
    return {"title": "T", "slug": slug, "page_type": "recipe", "status": "published", "fields": {"headline": "H"}} | more


@pytest.fixture
def page(kitchen, slug):
    """Path of a live page with every kind of field filled."""
    jar = make_jar(kitchen, slug)
    kitchen.write("POST", "pages/", body(f"{slug}-next"))
    kitchen.write("POST", "pages/", body(slug, fields={
        "headline": "Cake", "intro": "Soft", "method": "<p>Mix</p>", "card": "<b>x</b>", "notes": "*y*", "servings": 4.5,
        "vegan": True, "cooked": "2025-03-15", "served": "2025-03-15T18:30:00", "season": "autumn", "tint": "#FF5733",
        "picture": {"url": "http://127.0.0.1:9/cake.jpg", "alt": "A cake"}, "main_jar": jar, "jars": [jar],
        "next": f"{slug}-next", "related": [f"{slug}-next"], "seo": {"title": "S", "description": "D"},
        "blocks": [{"hero": {"headline": "Bake", "jar": jar}}, {"cta": {"label": "Buy", "target": "https://example.com/"}}],
        "steps": [{"text": "Stone", "jar": jar}, {"text": "Bake"}],
    }))  # fmt: skip
    return f"pages/recipe/{slug}/"


def make_jar(site, name):
    site.write("POST", "content/", {"key": "jars", "status": "published", "fields": [{"name": name}]})
    return site.data("content/jars/", {"fields.name": name})["jars"][0]["meta"]["id"]


def fields(site, path, **params):
    return site.data(path, params)["fields"]


# 15: every write


def test_answer_of_a_write(kitchen, slug):  # 15, 22.4
    made = kitchen.send("POST", "pages/", body(slug))
    assert made.status_code == 202
    assert made.text.startswith('{"status":"pending"')
    changed = kitchen.send("PATCH", f"pages/recipe/{slug}/", {"title": "U"})
    assert (changed.status_code, changed.text[:19]) == (202, '{"status":"pending"')
    removed = kitchen.send("DELETE", f"pages/recipe/{slug}/")
    assert (removed.status_code, removed.content) == (204, b"")


def test_writes_work_without_the_closing_slash(kitchen, slug):  # 1
    kitchen.write("POST", "pages", body(slug))
    kitchen.write("PATCH", f"pages/recipe/{slug}", {"title": "U"})
    assert kitchen.data(f"pages/recipe/{slug}/")["name"] == "U"
    kitchen.remove(f"pages/recipe/{slug}")


def test_writes_work_under_the_doubled_prefix(kitchen, slug):  # 21
    kitchen.write("POST", "v2/pages/", body(slug))
    assert kitchen.data(f"pages/recipe/{slug}/")["name"] == "T"


# POST


def test_new_page(kitchen, slug):
    kitchen.write("POST", "pages/", body(slug, title="Cake", fields={"headline": "Hello", "servings": 3}))
    page = kitchen.data(f"pages/recipe/{slug}/")
    assert (page["name"], page["slug"], page["page_type"], page["status"]) == ("Cake", slug, "recipe", "published")
    assert page["fields"]["headline"] == "Hello"
    assert page["fields"]["intro"] == ""  # optional fields may be left out


def test_new_page_is_a_draft_unless_said(kitchen, slug):
    draft = body(slug)
    del draft["status"]
    kitchen.write("POST", "pages/", draft)
    assert kitchen.get(f"pages/recipe/{slug}/").status_code == 404
    assert kitchen.data(f"pages/recipe/{slug}/", {"preview": 1})["status"] == "draft"


def test_page_type_with_a_hyphen(kitchen, slug):  # Ruby
    old = body(slug)
    old["page-type"] = old.pop("page_type")
    kitchen.write("POST", "pages/", old)
    assert kitchen.data(f"pages/recipe/{slug}/")["page_type"] == "recipe"


def test_same_slug_in_another_type(kitchen, slug):
    kitchen.write("POST", "pages/", body(slug))
    kitchen.write("POST", "pages/", body(slug, page_type="note", fields={"text": "x"}))
    assert kitchen.data(f"pages/note/{slug}/")["fields"] == {"text": "x"}


def test_slug_taken(kitchen, slug):
    kitchen.write("POST", "pages/", body(slug))
    error = kitchen.refused("POST", "pages/", body(slug))
    assert list(error) == ["slug"] and all(isinstance(text, str) for text in error["slug"])


def test_slug_of_a_deleted_page_is_free(kitchen, slug):  # 23.6
    kitchen.write("POST", "pages/", body(slug, title="Old"))
    kitchen.remove(f"pages/recipe/{slug}/")
    assert kitchen.get(f"pages/recipe/{slug}/", {"preview": 1}).status_code == 404
    kitchen.write("POST", "pages/", body(slug, title="New"))
    assert kitchen.data(f"pages/recipe/{slug}/")["name"] == "New"


# PATCH and PUT


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_change_keeps_what_was_not_sent(kitchen, page, method):
    before = kitchen.data(page)
    kitchen.write(method, page, {"fields": {"intro": "Crisp"}})
    after = kitchen.data(page)
    assert after["fields"] == before["fields"] | {"intro": "Crisp"}
    for key in ["name", "slug", "status", "published"]:  # 23.1, 23.6
        assert after[key] == before[key]
    assert after["updated"] > before["updated"]


def test_change_by_slug_alone(kitchen, page, slug):
    kitchen.write("PATCH", f"pages/*/{slug}/", {"title": "U", "fields": {"intro": "Crisp"}})
    assert kitchen.data(page)["name"] == "U"
    assert fields(kitchen, page)["intro"] == "Crisp"


def test_delete_by_slug_alone(kitchen, page, slug):
    kitchen.remove(f"pages/*/{slug}/")
    answer = kitchen.get(page)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Page not found."})


def test_changed_slug(kitchen, page, slug):
    kitchen.write("PATCH", page, {"slug": f"{slug}-moved"})
    assert kitchen.get(page).status_code == 404
    assert kitchen.data(f"pages/recipe/{slug}-moved/")["fields"]["headline"] == "Cake"


def test_components_merge_key_by_key(kitchen, page):
    kitchen.write("PATCH", page, {"fields": {"seo": {"title": "New"}}})
    assert fields(kitchen, page)["seo"] == {"title": "New", "description": "D"}


def test_empty_list_for_a_component_changes_nothing(kitchen, page):  # 23.8: PHP's empty object
    kitchen.write("PATCH", page, {"fields": {"seo": []}})
    assert fields(kitchen, page)["seo"] == {"title": "S", "description": "D"}


def test_lists_are_replaced_whole(kitchen, page, slug):
    jar = make_jar(kitchen, f"{slug}-other")
    kitchen.write("PATCH", page, {"fields": {"steps": [{"text": "Only"}], "blocks": [{"cta": {"label": "Go"}}], "jars": [jar]}})
    after = fields(kitchen, page)
    assert after["steps"] == [{"text": "Only", "jar": None}]
    assert after["blocks"] == [{"type": "cta", "fields": {"label": "Go", "target": ""}}]
    assert [one["meta"]["id"] for one in after["jars"]] == [jar]


def test_change_of_a_draft_stays_a_draft(kitchen, slug):
    kitchen.write("POST", "pages/", body(slug, status="draft"))
    kitchen.write("PATCH", f"pages/recipe/{slug}/", {"fields": {"intro": "x"}})
    assert kitchen.get(f"pages/recipe/{slug}/").status_code == 404


def test_scheduled_is_ignored_on_update(kitchen, page):
    kitchen.write("PATCH", page, {"status": "scheduled", "scheduled": "2199-01-01T00:00:00Z", "title": "U"})
    after = kitchen.data(page)
    assert (after["status"], after["scheduled"], after["name"]) == ("published", None, "U")


@pytest.mark.parametrize("target", ["type", "star"])
def test_object_as_read_can_be_sent_back(kitchen, page, slug, target):  # 15: the round trip of the PHP SDK
    before = kitchen.data(page)
    sent = before | {"fields": before["fields"] | {"intro": "Crisp"}}
    kitchen.write("PATCH", page if target == "type" else f"pages/*/{slug}/", sent)
    after = kitchen.data(page)
    assert after["fields"] == sent["fields"]
    assert {**after, "updated": None} == {**sent, "updated": None}


@pytest.mark.parametrize("params", [{"levels": 3}, {"alt_media_text": 1}])
def test_other_forms_of_an_object_can_be_sent_back(kitchen, page, params):
    before = kitchen.data(page, params)
    kitchen.write("PATCH", page, before)
    assert kitchen.data(page, params)["fields"] == before["fields"]


def test_read_only_keys_are_ignored(kitchen, page):
    before = kitchen.data(page)
    kitchen.write("PATCH", page, {
        "page_type": None, "published": "2001-01-01T00:00:00Z", "updated": None, "created": None, "id": 1, "url": "/x",
        "deleted": True, "rank": 1, "anything": {"else": 1},
    })  # fmt: skip
    after = kitchen.data(page)
    assert {**after, "updated": None} == {**before, "updated": None}


# Pickers, references, clearing


def test_both_forms_of_a_picker(kitchen, page):
    short = [{"cta": {"label": "One"}}, {"hero": {"headline": "Two"}}]
    kitchen.write("PATCH", page, {"fields": {"blocks": short}})
    from_short = fields(kitchen, page)["blocks"]
    kitchen.write("PATCH", page, {"fields": {"blocks": []}})
    assert fields(kitchen, page)["blocks"] == []
    kitchen.write("PATCH", page, {"fields": {"blocks": from_short}})
    assert fields(kitchen, page)["blocks"] == from_short
    assert [block["type"] for block in from_short] == ["cta", "hero"]


def test_references_by_slug_id_and_object(kitchen, page, slug):
    jar = fields(kitchen, page)["main_jar"]
    following = fields(kitchen, page)["next"]
    for form in [jar["meta"]["id"], jar]:
        kitchen.write("PATCH", page, {"fields": {"main_jar": None, "jars": []}})
        kitchen.write("PATCH", page, {"fields": {"main_jar": form, "jars": [form]}})
        assert fields(kitchen, page)["main_jar"] == jar, form
        assert fields(kitchen, page)["jars"] == [jar], form
    for form in [following["slug"], following]:
        kitchen.write("PATCH", page, {"fields": {"next": None, "related": []}})
        kitchen.write("PATCH", page, {"fields": {"next": form, "related": [form]}})
        assert fields(kitchen, page)["next"] == following, form
        assert fields(kitchen, page)["related"] == [following], form


@pytest.mark.parametrize("nothing", ["", None, []])
def test_references_are_cleared(kitchen, page, nothing):
    kitchen.write("PATCH", page, {"fields": {"main_jar": nothing, "jars": nothing, "next": nothing, "related": nothing}})
    after = fields(kitchen, page)
    assert (after["main_jar"], after["jars"], after["next"], after["related"]) == (None, [], None, [])


def test_blanks_for_every_field(kitchen, slug):  # documented: every key present, "" for blanks
    keys = ["intro", "method", "card", "notes", "servings", "vegan", "cooked", "served", "season", "tint", "picture", "source",
            "contact", "signup", "main_jar", "jars", "next", "related", "background", "blocks", "steps"]  # fmt: skip
    kitchen.write("POST", "pages/", body(slug, fields={"headline": "H"} | {key: "" for key in keys}))
    kitchen.write("POST", "pages/", body(f"{slug}-bare"))
    assert fields(kitchen, f"pages/recipe/{slug}/") == fields(kitchen, f"pages/recipe/{slug}-bare/")


# 23.8: spellings


@pytest.mark.parametrize("field, sent, read", [
    ("servings", "12.5", 12.5),
    ("servings", 12, 12),
    ("vegan", True, True), ("vegan", "true", True), ("vegan", 1, True), ("vegan", "1", True),
    ("vegan", False, False), ("vegan", "false", False), ("vegan", 0, False), ("vegan", "0", False),
    ("cooked", "2025-03-15", "2025-03-15T00:00:00"),
    ("cooked", "2025-03-15T00:00:00", "2025-03-15T00:00:00"),
    ("served", "2025-03-15T18:30:00", "2025-03-15T18:30:00"),
    ("served", "2025-03-15T18:30:00Z", "2025-03-15T18:30:00"),
    ("served", "2025-03-15T18:30:00+02:00", "2025-03-15T16:30:00"),
    ("served", "2025-03-15", "2025-03-15T00:00:00"),
    ("picture", "http://127.0.0.1:9/a.jpg", "http://127.0.0.1:9/a.jpg"),
    ("picture", {"url": "http://127.0.0.1:9/a.jpg", "alt": "A"}, "http://127.0.0.1:9/a.jpg"),
    ("extra", {"any": [1, "thing", None]}, {"any": [1, "thing", None]}),
])  # fmt: skip
def test_spellings_of_values(kitchen, slug, field, sent, read):
    kitchen.write("POST", "pages/", body(slug, fields={"headline": "H", field: sent}))
    assert fields(kitchen, f"pages/recipe/{slug}/")[field] == read


@pytest.mark.parametrize("text", ['<p onclick="x()">a</p><script>alert(1)</script>', "<b>unclosed", "a & b < c", "\u2028 \U0001f351 \\ \" '"])
def test_text_is_kept_byte_for_byte(kitchen, slug, text):  # 23.4
    kitchen.write("POST", "pages/", body(slug, fields={"headline": text, "method": text, "card": text, "notes": text}))
    after = fields(kitchen, f"pages/recipe/{slug}/")
    assert [after[key] for key in ["headline", "method", "card", "notes"]] == [text] * 4


def test_picture_that_cannot_be_fetched_stays(kitchen, slug):  # 23.18
    picture = {"url": "http://127.0.0.1:9/gone.jpg", "alt": "Gone"}
    kitchen.write("POST", "pages/", body(slug, fields={"headline": "H", "picture": picture}))
    assert fields(kitchen, f"pages/recipe/{slug}/", alt_media_text=1)["picture"] == picture


# Single pages


def test_single_page_is_filled_by_its_first_change(kitchen):  # 23.15
    assert kitchen.get("pages/*/imprint/").status_code == 404
    kitchen.write("PATCH", "pages/*/imprint/", {"title": "Imprint", "status": "published", "fields": {"text": "Ada Keller"}})
    page = kitchen.data("pages/*/imprint/")
    assert (page["name"], page["page_type"], page["fields"]) == ("Imprint", None, {"text": "Ada Keller"})
    assert page in kitchen.data("pages/*/")


# Refusals


def test_single_pages_cannot_be_created(kitchen, slug):  # 23.7
    error = kitchen.refused("POST", "pages/", body(slug, page_type="*"))
    assert error == {"error": "Single pages cannot be created through the API."}


def test_page_without_title_and_slug(kitchen):  # 4
    assert kitchen.refused("POST", "pages/", {"page_type": "recipe", "fields": {"headline": "H"}}) == {
        "title": ["You must specify a page title."],
        "slug": ["You must specify a page slug."],
    }


def test_page_without_type(kitchen, slug):  # 23.7
    typeless = body(slug)
    del typeless["page_type"]
    assert kitchen.refused("POST", "pages/", typeless) == {"page_type": ["You must specify a page type."]}


def test_page_of_an_unknown_type(kitchen, slug):  # 23.7
    error = kitchen.refused("POST", "pages/", body(slug, page_type="soup"))
    assert error == {"page_type": ["Page type soup does not exist."]}


def test_required_fields_are_asked_of_live_pages_only(kitchen, slug):  # 15.1, 23.6
    missing = {"headline": ["This field is required."]}
    assert kitchen.refused("POST", "pages/", body(slug, fields={})) == missing
    kitchen.write("POST", "pages/", body(slug, status="draft", fields={}))
    assert kitchen.refused("PATCH", f"pages/recipe/{slug}/", {"status": "published"}) == missing
    kitchen.write("PATCH", f"pages/recipe/{slug}/", {"status": "published", "fields": {"headline": "H"}})
    assert kitchen.refused("PATCH", f"pages/recipe/{slug}/", {"fields": {"headline": ""}}) == missing
    kitchen.write("PATCH", f"pages/recipe/{slug}/", {"status": "draft", "fields": {"headline": ""}})


def test_refused_page_is_not_made(kitchen, slug):
    kitchen.refused("POST", "pages/", body(slug, fields={"headline": "H", "soup": 1}))
    assert kitchen.get(f"pages/recipe/{slug}/", {"preview": 1}).status_code == 404


def test_ambiguous_star(kitchen, slug):  # 9.3, 23.7
    kitchen.write("POST", "pages/", body(slug))
    kitchen.write("POST", "pages/", body(slug, page_type="note", fields={"text": "x"}))
    several = (403, {"detail": "Multiple pages found. Specify a page type."})
    answers = [kitchen.get(f"pages/*/{slug}/")]
    answers += [kitchen.send(method, f"pages/*/{slug}/", {"title": "U"}) for method in ["PATCH", "PUT"]]
    answers += [kitchen.send("DELETE", f"pages/*/{slug}/")]
    assert [(answer.status_code, answer.json()) for answer in answers] == [several] * 4


@pytest.mark.parametrize("path", ["pages/recipe/nowhere/", "pages/soup/nowhere/", "pages/*/nowhere/"])
def test_change_of_a_page_that_is_not_there(kitchen, path):  # 15
    answers = [kitchen.send("PATCH", path, {"title": "U"}), kitchen.send("PUT", path, {"title": "U"}), kitchen.send("DELETE", path)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(404, {"detail": "Page not found."})] * 3
