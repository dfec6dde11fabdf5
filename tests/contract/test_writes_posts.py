"""Sections 15.3 and 23: writing posts."""

from concurrent.futures import ThreadPoolExecutor

import pytest


def body(slug, **more):
    return {"title": "T", "slug": slug, "status": "published"} | more


@pytest.fixture
def post(kitchen, slug):
    """Path of a live post with everything filled."""
    kitchen.write("POST", "posts/", body(
        slug, title="Jam", author={"email": "ada@example.com"}, body="<p>Boil</p>", summary="Short", seo_title="SEO",
        meta_description="Meta", featured_image="http://127.0.0.1:9/jam.jpg", featured_image_alt="A pot",
        categories=[f"{slug} one"], tags=[f"{slug}-a", f"{slug}-b"],
    ))  # fmt: skip
    return f"posts/{slug}/"


def slugs(objects):
    return [one["slug"] for one in objects]


# POST


def test_new_post(kitchen, post, slug):
    made = kitchen.data(post)
    assert (made["title"], made["slug"], made["status"], made["body"]) == ("Jam", slug, "published", "<p>Boil</p>")
    assert (made["summary"], made["seo_title"], made["meta_description"]) == ("Short", "SEO", "Meta")
    assert (made["featured_image"], made["featured_image_alt"]) == ("http://127.0.0.1:9/jam.jpg", "A pot")
    assert made["author"]["slug"] == "ada-keller"


def test_new_post_is_a_draft_unless_said(kitchen, slug):
    kitchen.write("POST", "posts/", {"title": "T", "slug": slug})
    assert kitchen.get(f"posts/{slug}/").status_code == 404
    assert kitchen.data(f"posts/{slug}/", {"preview": 1})["status"] == "draft"


@pytest.mark.parametrize("author", [
    {"email": "ben@example.com"},
    {"slug": "ben-idle"},
    {"first_name": "Ben", "last_name": "Idle", "email": "ben@example.com", "slug": "ben-idle", "bio": "", "recent_posts": []},
])  # fmt: skip
def test_forms_of_an_author(kitchen, slug, author):
    kitchen.write("POST", "posts/", body(slug, author=author))
    assert kitchen.data(f"posts/{slug}/")["author"]["slug"] == "ben-idle"


def test_unknown_author(kitchen, slug):
    for author in [{"email": "nobody@example.com"}, {"slug": "nobody"}]:
        error = kitchen.refused("POST", "posts/", body(slug, author=author))
        assert list(error) == ["author"] and all(isinstance(text, str) for text in error["author"])


def test_default_author(kitchen, slug):  # 23.14
    kitchen.write("POST", "posts/", body(slug))
    assert kitchen.data(f"posts/{slug}/")["author"] == kitchen.data("authors/")[0]


@pytest.mark.parametrize("key", ["categories", "tags"])
def test_unknown_categories_and_tags_are_made(kitchen, slug, key):
    name = f"New {slug}"
    kitchen.write("POST", "posts/", body(slug, **{key: [name]}))
    made = {"name": name, "slug": f"new-{slug}"}
    assert kitchen.data(f"posts/{slug}/")[key] == [made]
    assert kitchen.data(f"{key}/new-{slug}/") == made
    # By name or as an object it is the same one.
    for form in [name, made, {**made, "recent_posts": []}]:
        kitchen.write("PATCH", f"posts/{slug}/", {key: []})
        kitchen.write("PATCH", f"posts/{slug}/", {key: [form]})
        assert kitchen.data(f"posts/{slug}/")[key] == [made]
    assert slugs(kitchen.data(f"{key}/")).count(f"new-{slug}") == 1


def test_slug_taken(kitchen, post, slug):
    error = kitchen.refused("POST", "posts/", body(slug))
    assert list(error) == ["slug"] and all(isinstance(text, str) for text in error["slug"])


def test_one_of_many_wins_a_slug(kitchen, slug):
    with ThreadPoolExecutor(8) as clients:
        posts = [body(slug, title=f"T{number}") for number in range(16)]
        answers = list(clients.map(lambda post: kitchen.send("POST", "posts/", post), posts))
    assert sorted(answer.status_code for answer in answers) == [202] + [400] * 15
    assert all(list(answer.json()) == ["slug"] for answer in answers if answer.status_code == 400)
    (winner,) = [post for post, answer in zip(posts, answers, strict=True) if answer.status_code == 202]
    assert kitchen.data(f"posts/{slug}/")["title"] == winner["title"]


def test_slug_of_a_deleted_post_is_free(kitchen, post, slug):  # 23.6
    kitchen.remove(post)
    answer = kitchen.get(post, {"preview": 1})
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    kitchen.write("POST", "posts/", body(slug, title="New"))
    assert kitchen.data(post)["title"] == "New"


def test_post_without_title_and_slug(kitchen):  # 23.7
    required = ["This field is required."]
    assert kitchen.refused("POST", "posts/", {}) == {"title": required, "slug": required}
    assert kitchen.refused("POST", "posts/", {"slug": "x"}) == {"title": required}
    assert kitchen.refused("POST", "posts/", {"title": "x"}) == {"slug": required}


def test_title_has_at_most_200_characters(kitchen, slug):
    assert list(kitchen.refused("POST", "posts/", body(slug, title="é" * 201))) == ["title"]
    kitchen.write("POST", "posts/", body(slug, title="é" * 200))
    assert kitchen.data(f"posts/{slug}/")["title"] == "é" * 200


@pytest.mark.parametrize("more", [{"scheduled": "2199-01-01T00:00:00Z"}, {"status": "scheduled"}])
def test_scheduling_a_new_post_is_refused(kitchen, slug, more):
    assert isinstance(kitchen.refused("POST", "posts/", body(slug, **more)), dict)
    assert kitchen.get(f"posts/{slug}/", {"preview": 1}).status_code == 404


# PATCH and PUT


def test_patch_keeps_what_was_not_sent(kitchen, post):
    before = kitchen.data(post)
    kitchen.write("PATCH", post, {"summary": "Longer"})
    after = kitchen.data(post)
    assert after == before | {"summary": "Longer", "updated": after["updated"]}
    assert after["updated"] > before["updated"]


def test_changed_slug(kitchen, post, slug):
    kitchen.write("PATCH", post, {"slug": f"{slug}-moved"})
    assert kitchen.get(post).status_code == 404
    assert kitchen.data(f"posts/{slug}-moved/")["title"] == "Jam"


@pytest.mark.parametrize("key", ["categories", "tags"])
def test_categories_and_tags_are_replaced_whole(kitchen, post, slug, key):
    kitchen.write("PATCH", post, {key: [f"{slug}-z"]})
    assert slugs(kitchen.data(post)[key]) == [f"{slug}-z"]
    kitchen.write("PATCH", post, {key: []})
    assert kitchen.data(post)[key] == []


def test_scheduling_an_old_post_is_ignored_with_a_warning(kitchen, post, slug):  # 15.3
    change = body(slug, title="U", status="scheduled", scheduled="2199-01-01T00:00:00Z")
    answer = kitchen.send("PATCH", post, change)
    assert answer.status_code == 202
    assert answer.text.startswith('{"status":"pending"')
    warnings = answer.json()["warnings"]
    assert warnings and all(isinstance(text, str) for text in warnings)
    after = kitchen.data(post)
    assert (after["title"], after["status"], after["scheduled"]) == ("U", "published", None)


def test_no_warnings_without_a_reason(kitchen, post):
    assert not kitchen.write("PATCH", post, {"title": "U"}).get("warnings")


def test_put_replaces_the_post(kitchen, post, slug):
    before = kitchen.data(post)
    kitchen.write("PUT", post, {"title": "Only", "slug": slug})
    after = kitchen.data(post)
    for key in ["body", "summary", "seo_title", "meta_description", "featured_image_alt"]:
        assert after[key] == "", key
    assert (after["featured_image"], after["categories"], after["tags"]) == (None, [], [])
    assert (after["title"], after["status"], after["published"]) == ("Only", "published", before["published"])  # 23.6


def test_put_needs_a_title(kitchen, post):
    assert kitchen.refused("PUT", post, {"body": "x"}) == {"title": ["This field is required."]}


def test_put_without_slug_keeps_it(kitchen, post, slug):  # 23.6
    kitchen.write("PUT", post, {"title": "Only"})
    assert kitchen.data(post)["slug"] == slug


def test_object_as_read_can_be_sent_back(kitchen, post):  # 15: the round trip of the PHP SDK
    before = kitchen.data(post)
    kitchen.write("PATCH", post, before | {"title": "U"})
    after = kitchen.data(post)
    assert after == before | {"title": "U", "updated": after["updated"]}


def test_listed_and_found_objects_can_be_sent_back(kitchen, post, slug):
    before = kitchen.data(post)
    listed = kitchen.data("posts/", {"tag_slug": f"{slug}-a"})[0]
    kitchen.write("PATCH", post, listed)
    kitchen.write("PATCH", post, {**listed, "rank": 0.5, "id": 7, "deleted": None})
    after = kitchen.data(post)
    assert after == before | {"updated": after["updated"]}


def test_body_is_kept_byte_for_byte(kitchen, slug):  # 23.4
    text = '<p onclick="x()">a</p><script>alert(1)</script> & <b>'
    kitchen.write("POST", "posts/", body(slug, body=text))
    assert kitchen.data(f"posts/{slug}/")["body"] == text


def test_pictures_of_the_body_that_cannot_be_fetched_stay(kitchen, slug):  # 15.3, 16
    text = '<p><img src="http://127.0.0.1:9/gone.jpg" alt="Gone"></p>'
    kitchen.write("POST", "posts/", body(slug, body=text, upload_images_to_media_library=True))
    assert kitchen.data(f"posts/{slug}/")["body"] == text


def test_featured_image_is_cleared(kitchen, post):
    kitchen.write("PATCH", post, {"featured_image": None, "featured_image_alt": ""})
    after = kitchen.data(post)
    assert (after["featured_image"], after["featured_image_alt"]) == (None, "")


def test_delete(kitchen, post, slug):
    kitchen.remove(post)
    assert kitchen.data("posts/", {"tag_slug": f"{slug}-a", "preview": 1}) == []
    assert slug not in slugs(kitchen.data("categories/"))


def test_change_of_a_post_that_is_not_there(kitchen):  # 15
    change = body("nowhere")
    answers = [kitchen.send("PATCH", "posts/nowhere/", change), kitchen.send("PUT", "posts/nowhere/", change)]
    answers += [kitchen.send("DELETE", "posts/nowhere/")]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(404, {"detail": "Not found."})] * 3


def test_write_is_seen_by_every_answer_at_once(kitchen, post, slug):  # 15, 22.4
    def titles():
        return [
            kitchen.data(post)["title"],
            kitchen.data("posts/", {"tag_slug": f"{slug}-a"})[0]["title"],
            kitchen.data(f"tags/{slug}-a/", {"include": "recent_posts"})["recent_posts"][0]["title"],
            kitchen.data("posts/search/", {"query": slug.replace("-", " ")})[0]["title"],
        ]

    kitchen.write("PATCH", post, {"body": slug})
    for title in ["One", "Two", "Three"]:
        kitchen.write("PATCH", post, {"title": title})
        assert titles() == [title] * 4
        assert f"<title>{title}</title>" in kitchen.data("feeds/rss/", {"tag_slug": f"{slug}-a"})
