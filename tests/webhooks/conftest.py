"""A site with webhooks, and receivers on this machine, which larder is allowed to ask."""

import contextlib
import json
import signal

import pytest
from larder_site import Site, await_until

from webhooks.receiver import listening

MODEL = {
    "larder_schema": 1,
    "locales": [{"slug": "en", "name": "English"}, {"slug": "es", "name": "Spanish"}],
    "components": [],
    "page_types": [{"key": "note", "name": "Note", "fields": [{"key": "text", "name": "Text", "type": "short_text"}]}],
    "single_pages": [{"key": "about", "name": "About", "fields": [{"key": "text", "name": "Text", "type": "short_text"}]}],
    "collections": [
        {"key": "jars", "name": "Jars", "label": "name", "fields": [{"key": "name", "name": "Name", "type": "short_text"}]}
    ],
}


class Hooked(Site):
    """A site with webhooks."""

    def add(self, address, *more):
        """Adds a webhook; returns what `webhook add` tells of it."""
        return json.loads(self.larder("webhook", "add", address, "--json", *more))

    def sent(self, webhook, *more):
        """The log of a webhook, oldest first; with a number, that message alone."""
        log = json.loads(self.larder("webhook", "log", str(webhook["id"]), "--json", *more))
        return log[::-1] if isinstance(log, list) else log

    def webhook(self, webhook):
        """How a webhook stands."""
        return next(one for one in json.loads(self.larder("webhook", "list", "--json")) if one["id"] == webhook["id"])

    def settled(self, webhook):
        """The log once nothing of it is still to be sent."""

        def look():
            log = self.sent(webhook)
            return log if all(one["done"] for one in log) else None

        return await_until(look, "everything to be sent")

    def page(self, slug, state="published", text="rye", **more):
        fields = {"text": text}
        body = {"title": slug.title(), "slug": slug, "page_type": "note", "status": state, "fields": fields}
        return self.write("POST", "pages/", body | more, {"locale": "en"})


@contextlib.contextmanager
def hooked(folder, options=("--allow-private-fetch", "127.0.0.1")):
    """A new site in `folder`, served until the block ends."""
    site = Hooked(folder)
    site.make(MODEL)
    site.options = list(options)
    site.start()
    try:
        yield site
    except BaseException:
        site.end(signal.SIGTERM)
        raise
    else:
        site.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with hooked(tmp_path_factory.mktemp("hooked")) as site:
        yield site


@pytest.fixture
def receiver():
    with listening() as receiver:
        yield receiver
