import os

from flask import Flask, redirect, render_template_string
from larder_cms import ButterCMS, FileStore, LarderError, NotFound
from werkzeug.serving import make_server

app = Flask(__name__)

butter = ButterCMS(
    os.environ["LARDER_TOKEN"],
    store=FileStore(os.environ.get("COPIES", ".copies")),
    on_stale=lambda stale: app.logger.warning("The CMS is away: %s is %.0f s old", stale.question, stale.age),
)

LAYOUT = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ title }}</title>
<nav>{% for item in menu %}<a href="{{ item.url }}">{{ item.label }}</a>{{ " · " if not loop.last }}{% endfor %}</nav>
<main><h1>{{ title }}</h1>
{% for post in posts %}<h2><a href="/blog/{{ post.slug }}">{{ post.title }}</a></h2><p>{{ post.summary }}</p>{% endfor %}
{# The body is HTML that larder has cleaned. #}{{ body | safe }}</main></html>"""


def page(title, posts=(), body=""):
    menu = butter.content_fields.get(["navigation_menu"])["data"]["navigation_menu"][0]["menu_items"]
    return render_template_string(LAYOUT, title=title, menu=menu, posts=posts, body=body)


@app.get("/")
def home():
    return redirect("/blog")


@app.get("/blog")
def blog():
    return page("Blog", posts=butter.posts.all({"exclude_body": True})["data"])


@app.get("/blog/<slug>")
def post(slug):
    found = butter.posts.get(slug)["data"]
    return page(found["title"], body=found["body"])


@app.errorhandler(NotFound)
def nothing_there(error):
    return "There is no such page.", 404


@app.errorhandler(LarderError)
def cms_away(error):
    return "Please come back in a minute.", 503


if __name__ == "__main__":
    server = make_server("127.0.0.1", int(os.environ.get("PORT", 5000)), app, threaded=True)
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
