"""Clients that never ask a second time: whatever goes wrong with a request is a failure that is kept.

Some hold a connection open and ask on it without a pause or after one, some connect for each request, some speak HTTP/2.
A connection that the server has said it will close is not used again; that is no second try.
"""

import contextlib
import http.client
import itertools
import socket
import ssl
import threading
import urllib.parse

import hpack
from hyperframe.frame import (
    DataFrame, Frame, GoAwayFrame, HeadersFrame, PingFrame, RstStreamFrame, SettingsFrame, WindowUpdateFrame,
)
from larder_site import PATIENCE, await_until

# How many of each kind there are.
BUSY, IDLE, FRESH, HTTP2 = 4, 6, 2, 2
# How long the idle ones think before they ask again, in seconds.
THINKING = 0.7


class Clients:
    """Asks for `paths` of `base` until the block ends, which fails unless every answer was 200."""

    def __init__(self, base, paths, http2=True, trusting=None):
        """`trusting` is a file with the authority that vouches for a server that speaks HTTPS."""
        address = urllib.parse.urlsplit(base)
        self.host, self.port, self.paths, self.trusting = address.hostname, address.port, paths, trusting
        self.failures, self.answers = [], 0
        self.lock, self.over = threading.Lock(), threading.Event()
        kinds = [self.busy] * BUSY + [self.idle] * IDLE + [self.fresh] * FRESH + [self.http2] * (HTTP2 if http2 else 0)
        self.threads = [threading.Thread(target=self.run, args=[kind]) for kind in kinds]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.go_on()
        return self

    def __exit__(self, kind, error, trace):
        self.over.set()
        for thread in self.threads:
            thread.join()
        if error is None:
            assert self.failures == [], (len(self.failures), self.answers, self.failures[:5])

    def go_on(self, more=200):
        """Returns after that many further answers, or at the first failure."""
        enough = self.answers + more
        await_until(lambda: self.answers >= enough or self.failures, "the clients")

    def run(self, ask):
        paths = itertools.cycle(self.paths)
        with contextlib.closing(ask(paths)) as asking:
            while not self.over.is_set():
                try:
                    self.note(next(asking), ask.__name__)
                except Exception as error:  # Whatever it is, a request has failed.
                    self.note(repr(error), ask.__name__)
                    return

    def note(self, status, kind):
        with self.lock:
            self.answers += 1
            if status != 200:
                self.failures.append((kind, status))

    # Kinds of clients: each yields the status of an answer, again and again.

    def busy(self, paths):
        if self.trusting:
            context = through_tls(self.trusting, "http/1.1")
            connection = http.client.HTTPSConnection(self.host, self.port, timeout=PATIENCE, context=context)
        else:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            for path in paths:
                # It connects anew after an answer with `Connection: close`, and only then.
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                yield answer.status

    def idle(self, paths):
        for status in self.busy(paths):
            yield status
            self.over.wait(THINKING)

    def fresh(self, paths):
        for path in paths:
            yield from itertools.islice(self.busy([path]), 1)

    def http2(self, paths):
        connection = None
        for path in paths:
            if connection is None or connection.is_ended:
                over = socket.create_connection((self.host, self.port), timeout=PATIENCE)
                if self.trusting:
                    over = through_tls(self.trusting, "h2").wrap_socket(over, server_hostname=self.host)
                connection = Http2(self.host, self.port, over)
            yield connection.get(path)


def through_tls(trusting, protocol):
    context = ssl.create_default_context(cafile=trusting)
    context.set_alpn_protocols([protocol])
    return context


class Http2:
    """One connection of HTTP/2, begun without asking (RFC 9113, 3.3), or in TLS that has agreed on it. Of frames, because libraries give all requests up when the
    server says that it will take no more, and those that were sent before must be answered."""

    def __init__(self, host, port, over):
        self.authority = f"{host}:{port}"
        self.socket = over
        self.encoder, self.decoder = hpack.Encoder(), hpack.Decoder()
        self.stream, self.received = -1, b""
        # Those of the last answer.
        self.headers = {}
        # Whether the server has said that it takes no more requests.
        self.is_ended = False
        self.socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SettingsFrame(0).serialize())

    def get(self, path):
        self.stream += 2
        head = [(":method", "GET"), (":path", path), (":scheme", "http"), (":authority", self.authority)]
        self.send(HeadersFrame(self.stream, self.encoder.encode(head), flags=["END_HEADERS", "END_STREAM"]))
        status = None
        while True:
            frame = self.read()
            if isinstance(frame, HeadersFrame):
                self.headers = dict(self.decoder.decode(frame.data))
                status = int(self.headers[":status"])
            elif isinstance(frame, DataFrame) and frame.flow_controlled_length:
                for stream in (0, self.stream):
                    self.acknowledge(WindowUpdateFrame(stream, window_increment=frame.flow_controlled_length))
            elif isinstance(frame, SettingsFrame) and "ACK" not in frame.flags:
                self.acknowledge(SettingsFrame(0, flags=["ACK"]))
            elif isinstance(frame, PingFrame) and "ACK" not in frame.flags:
                self.acknowledge(PingFrame(0, frame.opaque_data, flags=["ACK"]))
            elif isinstance(frame, GoAwayFrame):
                self.is_ended = True
                assert frame.last_stream_id >= self.stream, "a request was sent and not taken"
            elif isinstance(frame, RstStreamFrame):
                raise ConnectionError(f"the stream was reset: {frame.error_code}")
            if isinstance(frame, (HeadersFrame, DataFrame)) and "END_STREAM" in frame.flags:
                if self.is_ended:
                    self.socket.close()
                return status

    def send(self, frame):
        self.socket.sendall(frame.serialize())

    def acknowledge(self, frame):
        # A server that has sent all it had to, and said that it takes no more, need not hear it.
        with contextlib.suppress(OSError):
            self.send(frame)

    def read(self):
        head = self.take(9)
        frame, length = Frame.parse_frame_header(memoryview(head))
        frame.parse_body(memoryview(self.take(length)))
        return frame

    def take(self, length):
        while len(self.received) < length:
            data = self.socket.recv(65536)
            if not data:
                raise ConnectionError("closed under a request")
            self.received += data
        taken, self.received = self.received[:length], self.received[length:]
        return taken
