"""Turns recorded ButterCMS exchanges into shapes: what an answer looks like, without what it said.

    python3 derive.py FOLDER_OF_RECORDINGS

writes one JSON file per recording beside this script:

    request   method, path, query, and whether the token was good
    status    as recorded
    headers   those that belong to the API (not to the recording's hosting or CDN)
    body      its shape

A shape keeps JSON keys in order and replaces each value by its type: "string", "datetime" (text in
the API's timestamp form), "integer", "number", "boolean", "null". A list becomes the list of its
elements' different shapes. A feed becomes {"xml": [tag, attributes, children]}. Error bodies are the
API's own words and are kept.

No recorded text, name or id gets in. The slugs and keys of the recorded account are replaced by the
invented ones of site/content.json, by their place in the path alone, so this script need not know them.
"""

import datetime
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree
from urllib.parse import parse_qsl, urlsplit

HEADERS = [
    "Content-Type", "Allow", "Www-Authenticate", "Vary", "Access-Control-Allow-Origin",
    "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
]

# What the invented site has in each place of a path, and what it does not have.
THERE = {
    "authors": ["ada-keller"], "categories": ["recipes"], "tags": ["fruit"], "posts": ["jam-season"],
    "feeds": ["rss", "atom", "sitemap"], "pages": ["season-page", "autumn"],
}
MISSING = "not-there"
API_WORDS = {"rss", "atom", "sitemap", "search", "*"}

QUERY_WORDS = "plums and quinces"
POST_QUERY_WORDS = "jam strawberries"
FILTER_VALUE = "Shop"


def main(folder):
    target = pathlib.Path(__file__).parent
    recordings = sorted(pathlib.Path(folder).glob("*/*.json"))
    collections = Collections()
    for recording in recordings:
        exchange = json.loads(recording.read_text())["interactions"][0]
        name = recording.stem.removeprefix("test_")
        text = json.dumps(derive(exchange, collections), indent=2, ensure_ascii=False)
        (target / f"{name}.json").write_text(text + "\n")
    print(f"{len(recordings)} shapes in {target}")


class Collections:
    """Invented keys for recorded collection keys."""

    def __init__(self):
        self.invented = {}

    def rename(self, key, exists):
        if not exists:
            return MISSING
        # The recordings ask for a collection of menus before they ask for its entries.
        return self.invented.setdefault(key, ["menu", "menu_entry"][len(self.invented) % 2])


def derive(exchange, collections):
    request, response = exchange["request"], exchange["response"]
    status = response["status"]["code"]
    body = json.loads(response["body"]["string"])
    path, query = neutral_request(request["uri"], status, collections)
    recorded = {name.lower(): values for name, values in response["headers"].items()}
    return {
        "request": {"method": request["method"], "path": path, "query": query, "token": "wrong" if status == 401 else "good"},
        "status": status,
        "headers": {name: ", ".join(recorded[name.lower()]) for name in HEADERS if name.lower() in recorded},
        "body": neutral_error(body, query) if status >= 400 else shape(renamed(body, collections)),
    }


def neutral_request(uri, status, collections):
    split = urlsplit(uri)
    resource, *rest = split.path.removeprefix("/v2/").split("/")
    slash = [""] if rest and rest[-1] == "" else []
    rest = [part for part in rest if part]
    exists = status != 404
    if resource == "content":
        rest = [collections.rename(key, exists) for key in rest]
    else:
        rest = [
            part if part in API_WORDS else there(resource, place) if exists else MISSING
            for place, part in enumerate(rest)
        ]
    query = {}
    for key, value in parse_qsl(split.query, keep_blank_values=True):
        if key == "keys":
            value = ",".join(collections.rename(one, exists) for one in value.split(","))
        elif key == "query":
            value = POST_QUERY_WORDS if resource == "posts" else QUERY_WORDS
        elif key.startswith("fields."):
            value = FILTER_VALUE
        query[key] = value
    if resource == "content" and not rest and not query:
        # The recorder dropped parameters with a blank value; this one was sent.
        query = {"keys": ""}
    return "/".join(["", "v2", resource, *rest, *slash]), query


def there(resource, place):
    return THERE[resource][place]


def renamed(body, collections):
    """Collections answer under their own key."""
    if isinstance(body.get("data"), dict):
        body["data"] = {collections.invented.get(key, key): value for key, value in body["data"].items()}
    return body


def neutral_error(body, query):
    return {key: re.sub(r"Content key \S+", f"Content key {query.get('keys')}", text) for key, text in body.items()}


def shape(value):
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        shapes = []
        for inner in map(shape, value):
            # Equal dicts may still differ in the order of keys.
            if json.dumps(inner) not in map(json.dumps, shapes):
                shapes.append(inner)
        return shapes
    return {"xml": xml_shape(ElementTree.fromstring(value.encode()))} if is_xml(value) else type_of(value)


def is_xml(value):
    return isinstance(value, str) and value.startswith("<?xml")


def type_of(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "datetime" if is_datetime(value) else "string"


def is_datetime(text):
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", text):
        return False
    datetime.datetime.fromisoformat(text)
    return True


def xml_shape(element):
    return [element.tag, sorted(element.attrib), [xml_shape(child) for child in element]]


if __name__ == "__main__":
    main(sys.argv[1])
