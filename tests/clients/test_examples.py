"""Each example site, started by its one command, shows the starter site's menu and blog."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import sys

import pytest
import requests
from larder_site import BINARY, environment

RUN = pathlib.Path(__file__).resolve().parents[2] / "docs/examples/run.py"
POST = "winter-at-the-mill"
TITLE = "Winter at the mill"

# Long enough for a loaded machine; a test that gets here has failed anyway.
PATIENCE = 300


@contextlib.contextmanager
def running(example, folder):
    settings = {"LARDER_BIN": BINARY, "PORT": "0", "COPIES": str(folder / "copies"), "OUT": str(folder / "built")}
    # A session of its own, so that everything it started is interrupted together, as Ctrl-C does.
    process = subprocess.Popen(
        [sys.executable, str(RUN), example], env=environment() | settings, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        said = ""
        while not (address := re.search(r"^(http://127\.0\.0\.1:\d+)/$", said, re.M)):
            line = process.stdout.readline()
            assert line, f"{example} ended: {said}"
            said += line
        yield address.group(1)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(PATIENCE)


def read(address):
    answer = requests.get(address, timeout=PATIENCE)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("example", ["express", "flask", "astro"])
def test_site(example, tmp_path):
    with running(example, tmp_path) as address:
        assert "Our mill" in read(f"{address}/")
        blog = read(f"{address}/blog")
        assert TITLE in blog and f"/blog/{POST}" in blog
        post = read(f"{address}/blog/{POST}")
        assert f"<h1>{TITLE}</h1>" in post and "<p>" in post
        assert requests.get(f"{address}/blog/nothing", timeout=PATIENCE).status_code == 404


def test_page_with_fetch(tmp_path):
    with running("html", tmp_path) as address:
        assert f'<a href="?post={POST}">{TITLE}</a>' in dom(f"{address}/", tmp_path)
        assert f"<h1>{TITLE}</h1>" in dom(f"{address}/?post={POST}", tmp_path)
        assert "There is no such post." in dom(f"{address}/?post=nothing", tmp_path)


def dom(address, folder):
    """A page as a browser has it in the end. The browser's own time stands still while requests are on their way."""
    done = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile", "--virtual-time-budget=2000",
         "--dump-dom", address],
        capture_output=True, text=True, timeout=PATIENCE, check=True,
    )
    return done.stdout
