"""A larder site under test: made on the command line, served by the binary, reached over HTTP.

All Python tests start here. Nothing in this module knows how larder works inside.
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import time

import requests

TESTS = pathlib.Path(__file__).resolve().parent
BINARY = os.environ.get(
    "LARDER_BIN", str(TESTS.parent / "target/x86_64-unknown-linux-gnu/release/larder")
)
LISTENING = re.compile(r"larder is listening on (https?://\S+)")

# Long enough for a loaded machine; a test that gets here has failed anyway.
PATIENCE = 60

# The requests of the tests never leave the machine, whatever proxy its owner has set.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"


def await_until(condition, what):
    """Returns the first true value of `condition()`."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


class Site:
    """One site folder, and the server of it while it runs."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.data_dir = self.folder / "site"
        self.log = self.folder / "larder.log"
        self.base = None
        self.process = None
        self.session = requests.Session()
        self.read_token = self.write_token = self.browser_token = None
        # What `larder serve` is told beyond where the site is.
        self.options = []

    # Making a site

    def larder(self, *arguments):
        """Runs one command on the site; returns what it printed."""
        done = subprocess.run(
            [BINARY, *arguments, "--data", str(self.data_dir)],
            env=environment(), capture_output=True, text=True, timeout=PATIENCE,
        )
        assert done.returncode == 0, f"larder {' '.join(arguments)}: {done.stderr}{done.stdout}"
        return done.stdout.strip()

    def make(self, model, authors=(), settings=()):
        """Makes the folder, applies the content model, adds the three tokens every test needs."""
        self.larder("init")
        self.apply(model)
        for author in authors:
            flags = [part for key, value in author.items() for part in (f"--{key.replace('_', '-')}", value)]
            self.larder("author", "add", *flags)
        for key, value in dict(settings).items():
            self.larder("setting", "set", key, value)
        self.add_tokens()

    def add_tokens(self):
        self.read_token = self.larder("token", "add", "--kind", "read", "--name", "reader")
        self.write_token = self.larder("token", "add", "--kind", "write", "--name", "writer")
        self.browser_token = self.larder("token", "add", "--kind", "read", "--name", "browser", "--no-preview")

    def apply(self, model):
        """`model` is a schema file, or its content as a dict."""
        if isinstance(model, dict):
            path = self.folder / "schema.json"
            path.write_text(json.dumps(model))
            model = path
        self.larder("schema", "apply", str(model), "--yes")

    # Serving it

    def start(self, binary=BINARY, options=(), listen="127.0.0.1:0", **process):
        """`options` are those of `larder serve` beside the site's own; `process` is what `subprocess.Popen` shall do differently."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [binary, "serve", "--data", str(self.data_dir), "--listen", listen, *self.options, *options],
                **{"env": environment(), "stdout": subprocess.PIPE, "stderr": log, "text": True} | process,
            )
        first = self.process.stdout.readline()
        said = LISTENING.search(first)
        assert said, f"larder serve said {first!r}: {self.log.read_text()}"
        self.base = said.group(1)
        # A full pipe would stop the server; nobody reads the rest.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        await_until(self.is_ready, f"{self.base}/readyz")

    def is_ready(self):
        assert self.process.poll() is None, f"larder ended: {self.log.read_text()}"
        with contextlib.suppress(requests.ConnectionError):
            return self.session.get(f"{self.base}/readyz", timeout=PATIENCE).status_code == 200

    def stop(self):
        """Ends the server politely. A panic, even one it survived, fails the test."""
        self.end(signal.SIGTERM)
        assert "panicked at" not in self.log.read_text(errors="replace"), self.log.read_text(errors="replace")

    def kill(self):
        """kill -9."""
        self.end(signal.SIGKILL)

    def end(self, how):
        if self.process:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
            self.process = None
        self.session.close()

    # Talking to it. Paths are below /v2/.

    def url(self, path):
        return f"{self.base}/v2/{path}"

    def get(self, path, params=(), token=None, **options):
        """Asks with the token in the query, as the SDKs do; `token=""` sends none."""
        pairs = list(params.items()) if isinstance(params, dict) else list(params)
        token = self.read_token if token is None else token
        if token:
            pairs.append(("auth_token", token))
        return self.session.get(
            self.url(path), params=pairs, allow_redirects=False, timeout=PATIENCE, **options
        )

    def read(self, path, params=()):
        """The JSON of an answer that must be 200."""
        answer = self.get(path, params)
        assert answer.status_code == 200, f"GET {path} {params}: {answer.status_code} {answer.text[:2000]}"
        return answer.json()

    def data(self, path, params=()):
        return self.read(path, params)["data"]

    def send(self, method, path, body=None, params=None, token=None, **options):
        """Asks for a change with the write token in the header."""
        headers = {"Authorization": f"Token {self.write_token if token is None else token}"}
        headers.update(options.pop("headers", {}))
        return self.session.request(
            method, self.url(path), params=params, json=body, headers=headers,
            allow_redirects=False, timeout=PATIENCE, **options,
        )

    def write(self, method, path, body, params=None):
        """A change that must be accepted; returns the answer's JSON."""
        answer = self.send(method, path, body, params)
        assert answer.status_code == 202, f"{method} {path}: {answer.status_code} {answer.text[:2000]}"
        return answer.json()

    def remove(self, path):
        answer = self.send("DELETE", path)
        assert (answer.status_code, answer.content) == (204, b""), f"DELETE {path}: {answer.status_code} {answer.text}"

    def refused(self, method, path, body, params=None):
        """A change that must be answered 400; returns the error's JSON."""
        answer = self.send(method, path, body, params)
        assert answer.status_code == 400, f"{method} {path}: {answer.status_code} {answer.text[:2000]}"
        return answer.json()

    # Filling it

    def fill(self, calls):
        """Sends write-API calls in order; the text "@jars/0" in a body becomes the id of the first jar."""
        for call in calls:
            self.write(call["method"], call["path"], self.with_ids(call["body"]), call.get("params"))

    def with_ids(self, value):
        if isinstance(value, dict):
            return {key: self.with_ids(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.with_ids(inner) for inner in value]
        if isinstance(value, str) and value.startswith("@"):
            key, place = value[1:].split("/")
            return self.ids(key)[int(place)]
        return value

    def ids(self, collection):
        """Ids of all items of a collection, drafts included, in the editor's order."""
        items = self.data("content/", {"keys": collection, "preview": 1})[collection]
        return [item["meta"]["id"] for item in items]


def environment():
    """Ours without the developer's own LARDER_* settings."""
    return {key: value for key, value in os.environ.items() if not key.startswith("LARDER_")}


@contextlib.contextmanager
def serving(folder, model, authors=(), settings=(), content=()):
    """A new site in `folder`, filled and served until the block ends."""
    site = Site(folder)
    site.make(model, authors, settings)
    site.start()
    try:
        site.fill(content)
        yield site
    except BaseException:
        site.end(signal.SIGTERM)
        raise
    else:
        site.stop()


@contextlib.contextmanager
def serving_folder(folder, description):
    """Like `serving`, from a folder with schema.json and content.json."""
    content = json.loads((description / "content.json").read_text())
    with serving(folder, description / "schema.json", content["authors"], content.get("settings", ()), content["calls"]) as site:
        yield site
