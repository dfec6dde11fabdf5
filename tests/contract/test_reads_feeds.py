"""Section 8: feeds, which are XML inside JSON."""

import datetime
import email.utils
import re
import xml.etree.ElementTree as ElementTree

import pytest

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
MEDIA = "{http://search.yahoo.com/mrss/}content"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWEST_FIRST = ["/creme-brulee", "/jam-season", "/boiling-jars"]


def feed(site, name, **params):
    text = site.data(f"feeds/{name}/", params)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    return ElementTree.fromstring(text.encode())


def tags(element):
    return [child.tag for child in element]


def links(site, name, **params):
    root = feed(site, name, **params)
    if name == "rss":
        return [item.findtext("link") for item in root.iter("item")]
    if name == "atom":
        return [entry.find(f"{ATOM}link").get("href") for entry in root.iter(f"{ATOM}entry")]
    return [url.findtext(f"{SITEMAP}loc") for url in root.iter(f"{SITEMAP}url")]


each_feed = pytest.mark.parametrize("name", ["rss", "atom", "sitemap"])


def test_rss_channel(pantry):
    rss = feed(pantry, "rss")
    assert (rss.tag, rss.attrib, tags(rss)) == ("rss", {"version": "2.0"}, ["channel"])
    channel = rss[0]
    assert tags(channel) == ["title", "link", "description", f"{ATOM}link", "language", "lastBuildDate"] + ["item"] * 3
    assert [channel[place].text for place in [0, 1, 2, 4]] == ["Latest blog posts", "rss/", None, "en-us"]
    assert channel[3].attrib == {"href": "rss/", "rel": "self"}


def test_rss_items(pantry):
    newest = pantry.data("posts/")[0]["published"]
    channel = feed(pantry, "rss")[0]
    creme, jam, _ = channel.iter("item")
    assert tags(creme) == ["title", "link", CREATOR, "pubDate", "guid", "description", f"{CONTENT}encoded"]
    # The picture stands between link and creator, when there is one.
    assert tags(jam) == ["title", "link", MEDIA, CREATOR, "pubDate", "guid", "description", f"{CONTENT}encoded"]
    assert jam.find(MEDIA).attrib == {"medium": "image", "url": "http://127.0.0.1:9/jam.jpg"}
    assert [jam.findtext(tag) for tag in ["title", "link", "guid", "description"]] == [
        "Jam <season> & sugar", "/jam-season", "/jam-season", "It begins <soon> & sweetly",
    ]  # fmt: skip
    assert jam.findtext(CREATOR) == "Ada Keller"
    assert jam.findtext(f"{CONTENT}encoded").strip() == "<p>Strawberries &amp; sugar ]]> jam</p>"
    assert channel.findtext("lastBuildDate") == creme.findtext("pubDate") == rfc822(newest)


def test_atom(pantry):
    root = feed(pantry, "atom")
    assert root.tag == f"{ATOM}feed"
    assert root.attrib == {"{http://www.w3.org/XML/1998/namespace}lang": "en-us"}
    named = [f"{ATOM}{tag}" for tag in ["title", "link", "link", "id", "updated", "entry", "entry", "entry"]]
    assert tags(root) == named
    assert (root[0].text, root[3].text) == ("Latest blog posts", "rss/")
    assert [link.attrib for link in root[1:3]] == [{"href": "rss/", "rel": "alternate"}, {"href": "atom/", "rel": "self"}]

    jam = root[6]
    assert tags(jam) == [f"{ATOM}{tag}" for tag in ["title", "link", "published", "updated", "author", "id", "summary"]]
    assert jam.find(f"{ATOM}link").attrib == {"href": "/jam-season", "rel": "alternate"}
    assert jam.findtext(f"{ATOM}title") == "Jam <season> & sugar"
    assert jam.findtext(f"{ATOM}author/{ATOM}name") == "Ada Keller"
    assert jam.findtext(f"{ATOM}id") == "/jam-season"
    assert jam.find(f"{ATOM}summary").attrib == {"type": "html"}
    assert jam.findtext(f"{ATOM}summary") == "It begins <soon> & sweetly"


def test_times_of_atom(pantry):  # 23.13
    posts = pantry.data("posts/")
    root = feed(pantry, "atom")
    for entry, post in zip(root.iter(f"{ATOM}entry"), posts, strict=True):
        assert entry.findtext(f"{ATOM}published") == post["published"].replace("Z", "+00:00")
        assert entry.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}published")
    assert root.findtext(f"{ATOM}updated") == posts[0]["published"].replace("Z", "+00:00")


def test_sitemap(pantry):
    root = feed(pantry, "sitemap")
    assert root.tag == f"{SITEMAP}urlset"
    assert root.attrib == {
        "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation": "http://www.sitemaps.org/schemas/sitemap/0.9 "
        "http://www.sitemaps.org/schemas/sitemap/0.9/sitemap.xsd"
    }
    for url in root:
        assert tags(url) == [f"{SITEMAP}loc", f"{SITEMAP}lastmod"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", url.findtext(f"{SITEMAP}lastmod"))


@each_feed
def test_published_posts_newest_first(pantry, name):
    assert links(pantry, name) == NEWEST_FIRST


@each_feed
def test_feed_of_a_category_or_tag(pantry, name):
    assert links(pantry, name, category_slug="recipes") == NEWEST_FIRST[:2]
    assert links(pantry, name, tag_slug="safety") == NEWEST_FIRST[2:]
    assert links(pantry, name, category_slug="recipes", tag_slug="glass") == NEWEST_FIRST[:1]


@each_feed
def test_feed_of_nothing(pantry, name):  # 23.13
    assert links(pantry, name, category_slug="nothing") == []
    assert links(pantry, name, category_slug="dreams") == []


def test_feed_without_items_dates_from_the_site(pantry):  # 23.13
    rss = feed(pantry, "rss", tag_slug="nothing")[0]
    made = email.utils.parsedate_to_datetime(rss.findtext("lastBuildDate"))
    assert made <= datetime.datetime.now(datetime.UTC)
    atom = feed(pantry, "atom", tag_slug="nothing").findtext(f"{ATOM}updated")
    assert datetime.datetime.fromisoformat(atom).replace(microsecond=0) == made


def test_rss_and_atom_show_the_newest_hundred(kitchen, slug):
    for number in range(101):
        kitchen.write("POST", "posts/", {"title": "T", "slug": f"{slug}-{number}", "status": "published", "tags": [slug]})
    newest = f"/{slug}-100"
    for name, count in [("rss", 100), ("atom", 100), ("sitemap", 101)]:
        listed = links(kitchen, name, tag_slug=slug)
        assert (len(listed), listed[0]) == (count, newest)


def rfc822(timestamp):
    return datetime.datetime.fromisoformat(timestamp).strftime("%a, %d %b %Y %H:%M:%S +0000")
