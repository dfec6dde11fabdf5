"""Every event of ButterCMS with its payload, whoever makes the change."""

import datetime
import json
import re

import pytest
from fault.test_dashboard import Desk
from larder_site import await_until

from webhooks.conftest import MODEL
from webhooks.receiver import listening

SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\Z")


class Told:
    """A webhook that is told everything, from here on."""

    def __init__(self, site, receiver, *options):
        self.site, self.receiver = site, receiver
        self.webhook = site.add(receiver.address, *options)
        self.seen = 0

    def next(self):
        """What was posted since the last time, as events and their data; all of it has arrived, and nothing else."""
        log = self.site.sent(self.webhook, "--limit", "500")[self.seen:]
        self.seen += len(log)
        names = {one["id"] for one in log}
        arrived = {got.id: got for got in self.receiver.until(lambda got: names <= {one.id for one in got}, names)}
        for one in log:
            got = arrived[one["id"]]
            assert (got.event, got.data) == (one["event"], one["data"])
            assert got.json == {"data": one["data"], "webhook": {"event": one["event"], "target": self.receiver.address}}
        return [(one["event"], one["data"]) for one in log]

    def one(self):
        told = self.next()
        assert len(told) == 1, told
        return told[0]


@pytest.fixture(scope="module")
def told(site):
    with listening() as receiver:
        told = Told(site, receiver)
        yield told
        site.larder("webhook", "remove", str(told.webhook["id"]))


@pytest.fixture(scope="module")
def desk(site):
    return Desk(site)


def test_a_page_from_draft_to_deleted(site, told):
    site.page("rye", "draft")
    event, data = told.one()
    assert event == "page.draft"
    assert list(data) == [
        "id", "buttercms_id", "page_type", "editor", "name", "timestamp", "locale", "status", "updated", "published", "scheduled",
    ]
    assert (data["id"], data["page_type"], data["editor"], data["name"]) == ("rye", "note", "writer", "Rye")
    assert (data["locale"], data["status"], data["published"], data["scheduled"]) == (None, "draft", None, None)
    assert isinstance(data["buttercms_id"], int) and SECONDS.match(data["timestamp"])
    number = data["buttercms_id"]

    site.write("PATCH", "pages/note/rye/", {"status": "published"})
    event, data = told.one()
    live = site.data("pages/note/rye/")
    assert (event, data["status"], data["buttercms_id"]) == ("page.published", "published", number)
    assert (data["published"], data["updated"]) == (live["published"], live["updated"])

    site.write("PATCH", "pages/note/rye/", {"fields": {"text": "darker"}}, {"locale": "en"})
    assert told.one()[0] == "page.published"

    site.write("PATCH", "pages/note/rye/", {"status": "draft", "fields": {"text": "unfinished"}}, {"locale": "en"})
    event, data = told.one()
    assert (event, data["status"], data["published"]) == ("page.draft", "draft", live["published"])

    site.write("PATCH", "pages/note/rye/", {"status": "unpublished"})
    event, data = told.one()
    assert (event, data["status"], data["published"]) == ("page.unpublished", "draft", None)

    site.remove("pages/note/rye/")
    event, data = told.one()
    assert (event, data["status"], data["id"], data["name"]) == ("page.delete", "deleted", "rye", "Rye")


def test_languages_and_single_pages(site, told):
    fields = {"en": {"text": "bread"}, "es": {"text": "pan"}}
    body = {"title": "Bread", "slug": "bread", "page_type": "note", "status": "published", "fields": fields}
    site.write("POST", "pages/", body)
    assert [(event, data["locale"]) for event, data in told.next()] == [("page.published", None), ("page.published", "es")]

    # Where a page is found changes in all its languages.
    site.write("PATCH", "pages/note/bread/", {"slug": "loaf", "fields": {"text": "loaf"}}, {"locale": "en"})
    assert {(data["id"], data["locale"]) for _, data in told.next()} == {("loaf", None), ("loaf", "es")}

    site.remove("pages/note/loaf/")
    assert [(event, data["locale"]) for event, data in told.next()] == [("page.delete", None), ("page.delete", "es")]

    site.write("PATCH", "pages/*/about/", {"status": "published", "fields": {"text": "us"}}, {"locale": "en"})
    event, data = told.one()
    assert (event, data["page_type"], data["id"]) == ("page.published", "*", "about")


def test_a_post_and_its_translation(site, told):
    site.write("POST", "posts/", {"title": "Jam", "slug": "jam", "status": "published"})
    event, data = told.one()
    assert event == "post.published" and list(data) == ["id", "_id"]
    assert data["id"] == "jam" and isinstance(data["_id"], int)

    site.write("PATCH", "posts/jam/", {"title": "Mermelada", "slug": "mermelada", "status": "published"}, {"locale": "es"})
    event, data = told.one()
    assert event == "post.localization.published" and list(data) == ["id", "_id", "locale"]
    assert (data["id"], data["locale"]) == ("mermelada", "es")

    # Saved as a draft, a post is taken off: that alone is told.
    site.write("PATCH", "posts/jam/", {"status": "draft"})
    assert told.one() == ("post.delete", {"id": "jam", "_id": data["_id"] - 1})
    site.write("PATCH", "posts/jam/", {"title": "Plum jam"})
    assert told.one()[0] == "post.draft"
    site.remove("posts/mermelada/")
    assert told.one()[0] == "post.localization.delete"
    site.remove("posts/jam/")
    assert told.one()[0] == "post.delete"


def test_an_item(site, told):
    body = {"key": "jars", "status": "published", "fields": [{"en": {"name": "Plum"}, "es": {"name": "Ciruela"}}]}
    site.write("POST", "content/", body)
    events = told.next()
    assert [event for event, _ in events] == ["collectionitem.published"] * 2
    data = events[0][1]
    number = site.ids("jars")[0]
    assert data.pop("timestamp") == events[1][1]["timestamp"]
    assert data == {
        "id": "jars", "itemid": f"/v2/content/?keys=jars[_id={number}]", "label": "Plum", "editor": "writer",
        "locale": None, "status": "published",
    }
    assert (events[1][1]["label"], events[1][1]["locale"]) == ("Ciruela", "es")
    path = f"content/jars/{number}/"
    site.write("PATCH", path, {"status": "draft"}, {"locale": "en"})
    assert [(event, data["status"]) for event, data in told.next()][0] == ("collectionitem.unpublished", "draft")
    site.write("PATCH", path, {"fields": {"name": "Damson"}}, {"locale": "en"})
    event, data = told.next()[0]
    assert (event, data["label"], data["status"]) == ("collectionitem.draft", "Damson", "draft")
    site.remove(path)
    assert {(event, data["status"]) for event, data in told.next()} == {("collectionitem.delete", "deleted")}


def test_what_people_do_in_the_dashboard(site, told, desk):
    entry, rev = desk.begin()
    event, data = told.one()
    assert (event, data["id"]) == ("post.draft", "rye")
    # What the editor saves by itself is told once somebody saves it.
    saved = desk.save(entry, rev, 2, "dough").json()
    assert told.next() == []
    save = {"base": saved["rev"], "client": "tab00001", "seq": 3, "ops": [], "why": "saved"}
    assert desk.session.patch(desk.url(f"{entry}/draft"), json=save).status_code == 200
    assert told.one()[0] == "post.draft"

    def act(what, **sent):
        answer = desk.session.post(desk.url(f"{entry}/{what}"), json=sent, headers={"Accept": "application/json"})
        assert answer.status_code == 200, answer.text
        return answer

    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
    act("schedule", at=soon.strftime("%Y-%m-%dT%H:%M"))
    assert told.one()[0] == "post.draft"
    act("publish")
    assert told.one()[0] == "post.published"
    act("undo")
    assert told.one()[0] == "post.delete"
    act("publish")
    assert told.one()[0] == "post.published"
    act("unpublish")
    assert told.one()[0] == "post.delete"
    act("delete")
    assert told.one()[0] == "post.delete"
    act("undelete")
    assert told.one()[0] == "post.draft"


def test_the_clock_tells_whose_page_it_published(site, told, desk):
    """A scheduled page says so, and goes live as its own writer's."""
    site.page("oats", "draft")
    number = told.one()[1]["buttercms_id"]
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
    entry = f"/admin/c/p.note/{number}"
    answer = desk.session.post(
        desk.url(f"{entry}/schedule"), json={"at": at.strftime("%Y-%m-%dT%H:%M:%SZ")}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 200, answer.text
    event, data = told.one()
    assert (event, data["status"], data["editor"]) == ("page.draft", "scheduled", "Olga")
    assert data["scheduled"] is not None
    await_until(lambda: site.get("pages/note/oats/", {"locale": "en"}).status_code == 200, "the page to go live")
    event, data = told.one()
    assert (event, data["status"], data["editor"], data["scheduled"]) == ("page.published", "published", "writer", None)


def test_commands_and_what_they_bring(site, told, tmp_path):
    site.page("barley", "draft")
    told.next()
    site.larder("publish", "page:note/barley")
    event, data = told.one()
    assert (event, data["editor"]) == ("page.published", "command line")
    site.larder("unpublish", "page:note/barley")
    assert told.one()[0] == "page.unpublished"
    # A content type that goes takes its entries with it.
    without = MODEL | {"page_types": []}
    site.apply(without)
    gone = told.next()
    assert {event for event, _ in gone} == {"page.delete"} and "barley" in {data["id"] for _, data in gone}
    site.apply(MODEL)
    told.next()


def test_a_video(site, told, tmp_path):
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0\0\0\x08free")
    picture = tmp_path / "dot.gif"
    picture.write_bytes(b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;")
    site.larder("media", "add", str(picture))
    assert told.next() == []
    site.larder("media", "add", str(clip))
    log = site.sent(told.webhook)
    number = log[-1]["id"]
    got = told.receiver.until(lambda got: number in {one.id for one in got}, "the video")[-1]
    told.seen = len(log)
    assert got.event == "media.videouploaded"
    assert list(got.data) == ["id", "media_id", "filename", "size", "url"]
    assert (got.data["filename"], got.data["size"]) == ("clip.mp4", clip.stat().st_size)
    assert got.data["url"] == f"{site.base}/media/{got.data['id']}" and isinstance(got.data["media_id"], int)


def test_subscriptions_choose(site, receiver):
    """`*.all` covers a kind; a single name covers itself; who is off hears nothing."""
    pages = site.add(receiver.address, "--event", "page.*")
    drafts = site.add(receiver.address, "--event", "page.draft", "--event", "post.all")
    deaf = site.add(receiver.address)
    site.larder("webhook", "edit", str(deaf["id"]), "--off")
    site.page("wheat", "draft")
    site.write("PATCH", "pages/note/wheat/", {"status": "published"})
    site.write("POST", "posts/", {"title": "Wheat", "slug": "wheat", "status": "published"})
    assert [one["event"] for one in site.settled(pages)] == ["page.draft", "page.published"]
    assert [one["event"] for one in site.settled(drafts)] == ["page.draft", "post.published"]
    assert site.sent(deaf) == []
    for webhook in (pages, drafts, deaf):
        site.larder("webhook", "remove", str(webhook["id"]))


def test_what_is_told_is_there_when_it_is_asked_for(site, receiver):
    """Our own answers are fresh before anybody is told."""
    seen = []

    def look(handler, got):
        seen.append((got.data["name"], site.session.get(
            site.url("pages/note/fresh/"), params={"auth_token": site.read_token, "locale": "en"}
        ).json()["data"]["fields"]["text"]))
        handler.send_response(204)
        handler.end_headers()

    site.page("fresh", text="0")
    assert site.data("pages/note/fresh/", {"locale": "en"})["fields"]["text"] == "0"
    receiver.answer = look
    webhook = site.add(receiver.address, "--event", "page.published")
    for number in range(1, 21):
        site.write("PATCH", "pages/note/fresh/", {"title": str(number), "fields": {"text": str(number)}}, {"locale": "en"})
    site.settled(webhook)
    assert [name for name, _ in seen] == [str(number) for number in range(1, 21)], "in order"
    assert all(int(text) >= int(name) for name, text in seen), seen
    site.larder("webhook", "remove", str(webhook["id"]))


def test_an_archive_tells_what_it_brings_and_what_it_takes_away(site, receiver, tmp_path):
    site.page("kept")
    archive = tmp_path / "site.tar.gz"
    site.larder("export", str(archive))
    site.page("later")
    webhook = site.add(receiver.address, "--event", "page.published", "--event", "page.delete")
    site.larder("import", str(archive), "--replace")
    told = {(one["event"], one["data"]["id"]) for one in site.settled(webhook)}
    assert ("page.delete", "later") in told and ("page.published", "kept") in told
    assert ("page.delete", "kept") not in told and ("page.published", "later") not in told
    assert json.loads(site.larder("webhook", "list", "--json")), "webhooks stay"
