"""A program that is told of changes: it keeps what it gets and answers as the test says."""

import contextlib
import http.server
import json
import threading

from larder_site import PATIENCE


class Got:
    """One request that arrived."""

    def __init__(self, handler, body):
        self.path = handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        self.raw = body
        self.json = json.loads(body)

    @property
    def id(self):
        return self.headers.get("webhook-id")

    @property
    def event(self):
        return self.json["webhook"]["event"]

    @property
    def data(self):
        return self.json["data"]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        got = Got(self, self.rfile.read(int(self.headers["Content-Length"])))
        receiver = self.server.receiver
        with receiver.changed:
            receiver.got.append(got)
            receiver.changed.notify_all()
        with contextlib.suppress(ConnectionError):
            receiver.answer(self, got)

    def log_message(self, *_):
        pass


def ok(handler, _):
    handler.send_response(204)
    handler.end_headers()


def status(code, body=b"", **headers):
    """Answers so, always."""

    def answer(handler, _):
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


class Receiver:
    def __init__(self, server):
        self.server = server
        self.got = []
        self.changed = threading.Condition()
        self.answer = ok

    @property
    def address(self):
        host, port = self.server.server_address[:2]
        return f"http://{host}:{port}/hook"

    def until(self, enough, what):
        """Waits until what arrived so far is enough; returns it."""
        with self.changed:
            assert self.changed.wait_for(lambda: enough(self.got), PATIENCE), f"waited for {what}: {self.events()}"
            return list(self.got)

    def events(self):
        return [got.event for got in self.got]


@contextlib.contextmanager
def listening(host="127.0.0.1", port=0):
    server = http.server.ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    server.receiver = receiver = Receiver(server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE)
