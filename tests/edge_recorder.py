"""Stands in for a CDN's API: records what it is asked, and answers as a test says."""

import contextlib
import http.server
import json
import threading
import time

from larder_site import await_until


class Recorder:
    """Requests are dicts: method, path, headers (names in small letters), body, at (seconds)."""

    def __init__(self):
        self.requests = []
        # Returns status, headers, body for a request.
        self.answer = lambda request: (200, {}, b"")
        self.port = 0
        self.server = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        """Listens; on the same port as before, if it did before."""
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self):
                length = int(self.headers.get("Content-Length") or 0)
                request = {
                    "method": self.command, "path": self.path, "body": self.rfile.read(length).decode(),
                    "headers": {name.lower(): value for name, value in self.headers.items()}, "at": time.monotonic(),
                }
                recorder.requests.append(request)
                status, headers, body = recorder.answer(request)
                with contextlib.suppress(OSError):
                    self.send_response(status)
                    for name, value in {**headers, "Content-Length": str(len(body))}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)

            do_POST = do_PURGE = do_BAN = do_GET = handle_one

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def forget(self):
        self.requests.clear()

    def await_request(self, matches, what):
        return await_until(lambda: next((one for one in list(self.requests) if matches(one)), None), what)


def taken_by_fastly(request):
    """Each key gets the id of its purge; everything is answered with a status."""
    if request["path"].endswith("/purge_all"):
        return 200, {}, b'{"status":"ok"}'
    keys = json.loads(request["body"])["surrogate_keys"]
    return 200, {}, json.dumps({key: f"1-{place}" for place, key in enumerate(keys)}).encode()


def taken_by_cloudflare(_):
    return 200, {}, b'{"success":true,"errors":[],"messages":[],"result":{"id":"023e"}}'
