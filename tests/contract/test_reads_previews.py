"""Sections 14, 22.1, 22.2, 22.7 and 23.1, 23.5: drafts, previews, scheduling."""

from larder_site import await_until

FAR = "2199-01-01T09:00:00Z"


def make_page(site, slug, status="published", **fields):
    fields = {"headline": "First"} | fields
    site.write("POST", "pages/", {"title": "T", "slug": slug, "page_type": "recipe", "status": status, "fields": fields})
    return f"pages/recipe/{slug}/"


def make_post(site, slug, status="published"):
    site.write("POST", "posts/", {"title": "First", "slug": slug, "status": status, "tags": [slug]})
    return f"posts/{slug}/"


def make_item(site, name, status="published"):
    site.write("POST", "content/", {"key": "makers", "status": status, "fields": {"name": name}})
    return f"content/makers/{items(site, name, preview=1)[0]['meta']['id']}/"


def items(site, name, **params):
    return site.data("content/makers/", {"fields.name": name, **params})["makers"]


# Pages


def test_draft_page_needs_preview(kitchen, slug):
    path = make_page(kitchen, slug, "draft")
    answer = kitchen.get(path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Page not found."})
    page = kitchen.data(path, {"preview": 1})
    assert (page["status"], page["published"], page["scheduled"]) == ("draft", None, None)


def test_draft_over_a_live_page(kitchen, slug):
    path = make_page(kitchen, slug)
    live = kitchen.data(path)
    kitchen.write("PATCH", path, {"status": "draft", "fields": {"headline": "Second"}})
    assert kitchen.data(path) == live
    draft = kitchen.data(path, {"preview": 1})
    assert (draft["fields"]["headline"], draft["status"]) == ("Second", "draft")
    assert draft["published"] == live["published"]


def test_publishing_the_draft_keeps_the_time_of_the_first_publish(kitchen, slug):  # 23.1
    path = make_page(kitchen, slug)
    first = kitchen.data(path)
    kitchen.write("PATCH", path, {"status": "draft", "fields": {"headline": "Second"}})
    kitchen.write("PATCH", path, {"status": "published"})
    second = kitchen.data(path)
    assert (second["fields"]["headline"], second["status"]) == ("Second", "published")
    assert second["published"] == first["published"]
    assert second["updated"] > first["updated"]


def test_previewed_lists_show_the_newest_version(kitchen, slug):
    path = make_page(kitchen, slug, intro=slug)
    kitchen.write("PATCH", path, {"status": "draft", "fields": {"headline": "Second"}})
    listed = {"fields.intro": slug}
    assert kitchen.data("pages/recipe/", listed)[0]["fields"]["headline"] == "First"
    assert kitchen.data("pages/recipe/", listed | {"preview": 1})[0]["fields"]["headline"] == "Second"


def test_page_taken_off(kitchen, slug):  # 23.5
    path = make_page(kitchen, slug)
    kitchen.write("PATCH", path, {"status": "unpublished"})
    assert kitchen.get(path).status_code == 404
    page = kitchen.data(path, {"preview": 1})
    assert (page["status"], page["published"]) == ("draft", None)
    kitchen.write("PATCH", path, {"status": "published"})
    assert kitchen.data(path)["status"] == "published"


# Posts and items: a draft takes them off


def test_draft_post_is_taken_off(kitchen, slug):
    path = make_post(kitchen, slug)
    published = kitchen.data(path)["published"]
    kitchen.write("PATCH", path, {"status": "draft"})
    assert kitchen.get(path).status_code == 404
    post = kitchen.data(path, {"preview": 1})
    assert (post["status"], post["published"]) == ("draft", None)
    kitchen.write("PATCH", path, {"status": "published"})
    assert kitchen.data(path)["published"] > published  # 23.1: set anew


def test_draft_item_is_taken_off(kitchen, slug):
    path = make_item(kitchen, slug)
    assert len(items(kitchen, slug)) == 1
    kitchen.write("PATCH", path, {"status": "draft"})
    assert items(kitchen, slug) == []
    assert len(items(kitchen, slug, preview=1)) == 1
    assert len(items(kitchen, slug, test=1)) == 1
    assert kitchen.get(path).status_code == 404
    kitchen.write("PATCH", path, {"status": "published"})
    assert len(items(kitchen, slug)) == 1


# Who may look


def test_barred_token_sees_what_is_published(kitchen, slug):  # 22.2: ignored, never an error
    path = make_page(kitchen, slug)
    kitchen.write("PATCH", path, {"status": "draft", "fields": {"headline": "Second"}})
    draft_post = make_post(kitchen, f"{slug}-post", "draft")
    make_item(kitchen, slug, "draft")

    def seen(path, params):
        return kitchen.get(path, params, token=kitchen.browser_token)

    assert seen(path, {"preview": 1}).json()["data"]["fields"]["headline"] == "First"
    assert seen(draft_post, {"preview": 1}).status_code == 404
    assert seen("content/makers/", {"preview": 1, "fields.name": slug}).json()["data"]["makers"] == []
    assert seen("content/makers/", {"test": 1, "fields.name": slug}).json()["data"]["makers"] == []
    assert seen("posts/", {"preview": 1}).json() == seen("posts/", {}).json()


def test_previews_see_changes_at_once(kitchen, slug):
    path = make_page(kitchen, slug, "draft")
    for headline in ["Second", "Third"]:
        kitchen.write("PATCH", path, {"fields": {"headline": headline}})
        assert kitchen.data(path, {"preview": 1})["fields"]["headline"] == headline


# Scheduling: by the dashboard or the command line, never by the write API


def test_scheduled_post(kitchen, slug):
    path = make_post(kitchen, slug, "draft")
    kitchen.larder("publish", f"post:{slug}", "--at", FAR)

    def scheduled():
        post = kitchen.data(path, {"preview": 1})
        return post["status"] == "scheduled" and post

    # The command is another process; the server notices soon after.
    post = await_until(scheduled, "the scheduled post")
    assert (post["scheduled"], post["published"]) == (FAR, None)
    assert kitchen.get(path).status_code == 404
    listed = {"tag_slug": slug}
    assert [one["status"] for one in kitchen.data("posts/", listed | {"preview": 1})] == ["scheduled"]
    assert kitchen.data("posts/", listed) == []


def test_scheduled_version_over_a_live_page(kitchen, slug):
    path = make_page(kitchen, slug)
    live = kitchen.data(path)
    kitchen.write("PATCH", path, {"status": "draft", "fields": {"headline": "Second"}})
    kitchen.larder("publish", f"page:recipe/{slug}", "--at", FAR)

    def scheduled():
        page = kitchen.data(path, {"preview": 1})
        return page["status"] == "scheduled" and page

    page = await_until(scheduled, "the scheduled page")
    assert (page["scheduled"], page["fields"]["headline"]) == (FAR, "Second")
    assert kitchen.data(path) == live


def test_scheduled_time_that_has_passed(kitchen, slug):
    path = make_page(kitchen, slug, "draft")
    kitchen.larder("publish", f"page:recipe/{slug}", "--at", "2001-01-01T09:00:00Z")
    await_until(lambda: kitchen.get(path).status_code == 200, "the page to go live")
    page = kitchen.data(path)
    assert (page["status"], page["scheduled"]) == ("published", None)


def test_published_and_unpublished_on_the_command_line(kitchen, slug):
    path = make_post(kitchen, slug, "draft")
    kitchen.larder("publish", f"post:{slug}")
    await_until(lambda: kitchen.get(path).status_code == 200, "the post to go live")
    kitchen.larder("unpublish", f"post:{slug}")
    await_until(lambda: kitchen.get(path).status_code == 404, "the post to be taken off")
