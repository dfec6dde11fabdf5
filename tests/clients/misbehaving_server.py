"""An HTTP server that does, request by request, what servers do when they are ill.

What it does is data: a list of behaviours, one for each request in order; the last one goes on for ever. A behaviour is
an object; README.md lists its keys. Nothing but Python's own library, so that every SDK's own tests can use it too:

    python3 misbehaving_server.py '[{"fault": "hang"}, {"version": 2}]'

prints its address and serves until its standard input ends.
"""

import contextlib
import gzip
import json
import pathlib
import socket
import ssl
import struct
import sys
import threading

CERTIFICATE = pathlib.Path(__file__).with_name("self-signed.pem")

# How long between two bytes of a slow answer. Short, so that a client sees that bytes keep coming.
DRIP = 0.02

HTML = b"<!DOCTYPE html><title>Please wait</title><p>We will be back soon.</p>"


class Request:
    """What a client sent, as the scenarios look at it."""

    def __init__(self, head, body):
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = first.split(" ", 2)
        self.headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        self.body = body


class MisbehavingServer:
    """Listens on a free loopback port until `stop`.

    `refuse` keeps the port and lets nobody in: connections to it are refused for sure, which a port that was
    closed again cannot promise.
    """

    def __init__(self, name="a", behaviours=(), tls=False, refuse=False):
        self.name = name
        self.behaviours = list(behaviours) or [{}]
        self.requests = []
        self.answered = 0
        self.gone = 0
        self.released = threading.Event()
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.connections = set()
        self.tls = None
        if tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(CERTIFICATE)
        self.port = 0
        self.listener = self.bind()
        self.port = self.listener.getsockname()[1]
        self.address = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        if not refuse:
            self.listen()

    def bind(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        return listener

    def listen(self):
        # A herd of clients connects at once; none of them may be turned away by a short queue.
        self.listener.listen(2048)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def misbehave(self, behaviours):
        """From the next request on, these behaviours."""
        with self.lock:
            self.behaviours = list(behaviours)
            self.answered = 0

    def go_away(self):
        """Closes every connection, and refuses new ones from now on."""
        # Closing alone does not wake the thread that accepts, and leaves its queue open.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.close_connections()
        self.listener = self.bind()

    def come_back(self):
        self.listen()

    def close_connections(self):
        with self.lock:
            connections, self.connections = self.connections, set()
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def stop(self):
        self.stopping.set()
        self.released.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.close_connections()

    # One connection

    def accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with self.lock:
            self.connections.add(connection)
        plain = connection
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while (request := read_request(connection)) and self.answer(connection, request):
                pass
        except OSError:
            pass  # The client has gone, or does not trust us.
        finally:
            with self.lock:
                self.connections.discard(plain)
            connection.close()

    def answer(self, connection, request):
        """Whether the connection can take another request."""
        with self.lock:
            behaviour = self.behaviours[min(self.answered, len(self.behaviours) - 1)]
            self.answered += 1
            self.requests.append(request)
        if behaviour.get("hold"):
            self.released.wait()
        fault = behaviour.get("fault")
        if fault:
            FAULTS[fault](self, connection, behaviour)
            return False
        status, headers, body = self.healthy(behaviour, request)
        connection.sendall(message(status, headers, body))
        return headers.get("Connection") != "close"

    def healthy(self, behaviour, request):
        """Status, headers and body of an answer that is as HTTP wants it, with whatever status."""
        status = behaviour.get("status", 200)
        headers = {"Content-Type": "application/json", **behaviour.get("headers", {})}
        if status != 200:
            body = behaviour.get("body", {"detail": f"Status {status}."})
            return status, headers, b"" if status in (204, 304) else json.dumps(body).encode()
        version = behaviour.get("version", 1)
        body = behaviour.get("body", {"data": {"server": self.name, "version": version, "path": request.target.split("?")[0]}})
        etag = f'"{self.name}-{version}"'
        headers.setdefault("ETag", etag)
        if request.headers.get("if-none-match") == etag:
            return 304, headers, b""
        body = json.dumps(body).encode()
        if behaviour.get("gzip"):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body)
        return 200, headers, body

    # What goes wrong. Each gets the connection after the request was read.

    def reset_in_headers(self, connection, behaviour):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: applica")
        reset(connection)

    def reset_in_body(self, connection, behaviour):
        connection.sendall(message(200, JSON, b'{"data": {"server', promised=5000))
        reset(connection)

    def wrong_content_length(self, connection, behaviour):
        """More was promised than comes before an orderly end."""
        connection.sendall(message(200, JSON, b'{"data": {"server": "cut off"}}', promised=5000))

    def slow_drip(self, connection, behaviour):
        connection.sendall(message(200, JSON, b"", promised=10_000_000))
        self.drip(connection, b" ")

    def slow_headers(self, connection, behaviour):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self.drip(connection, b"x")

    def drip(self, connection, byte):
        while not self.stopping.wait(DRIP):
            connection.sendall(byte)

    def hang(self, connection, behaviour):
        """Says nothing until the client goes."""
        if connection.recv(1) == b"":
            self.gone += 1

    def close(self, connection, behaviour):
        """Ends the connection without a word."""

    def html(self, connection, behaviour):
        connection.sendall(message(behaviour.get("status", 200), {"Content-Type": "text/html"} | LAST, HTML))

    def empty(self, connection, behaviour):
        connection.sendall(message(200, JSON | LAST, b""))

    def not_an_object(self, connection, behaviour):
        connection.sendall(message(200, JSON | LAST, b"[1, 2, 3]"))

    def truncated_gzip(self, connection, behaviour):
        whole = gzip.compress(json.dumps({"data": {"text": "jam " * 500}}).encode())
        connection.sendall(message(200, {**JSON, **LAST, "Content-Encoding": "gzip"}, whole[: len(whole) // 2]))

    def not_http(self, connection, behaviour):
        connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")


JSON = {"Content-Type": "application/json"}
# Said before a connection is closed after a whole answer: no client is to send its next request into it.
LAST = {"Connection": "close"}

FAULTS = {
    name.replace("_", "-"): getattr(MisbehavingServer, name)
    for name in (
        "reset_in_headers", "reset_in_body", "wrong_content_length", "slow_drip", "slow_headers", "hang", "close", "html",
        "empty", "not_an_object", "truncated_gzip", "not_http",
    )
}


def message(status, headers, body, promised=None):
    lines = [f"HTTP/1.1 {status} Status"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if status not in (204, 304):
        lines.append(f"Content-Length: {len(body) if promised is None else promised}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def read_request(connection):
    """`None` when the client closed the connection."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return None
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    request = Request(head, body)
    while len(request.body) < int(request.headers.get("content-length", 0)):
        piece = connection.recv(65536)
        if not piece:
            return None
        request.body += piece
    return request


def reset(connection):
    """Closes with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def main():
    server = MisbehavingServer(behaviours=json.loads(sys.argv[1]) if len(sys.argv) > 1 else [])
    print(server.address, flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
