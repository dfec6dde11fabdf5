"""HTTP for threads, on Python's own `http.client`: connections that are kept, and attempts that can be ended."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import selectors
import socket
import ssl
import threading
import zlib
from typing import Optional
from urllib.parse import SplitResult, urlsplit

from .errors import BadAnswer, Cancelled, LarderError, NetworkError, Timeout
from .reading import Reply, Request

Origin = tuple[str, str]


class Pool:
    """Connections that wait for their next request."""

    #: For each server; more are closed after use.
    IDLE = 10

    def __init__(self) -> None:
        self._idle: dict[Origin, list[http.client.HTTPConnection]] = {}
        self._lock = threading.Lock()
        self._tls: Optional[ssl.SSLContext] = None

    def take(self, origin: Origin) -> Optional[http.client.HTTPConnection]:
        """One that the server has not closed meanwhile."""
        while True:
            with self._lock:
                waiting = self._idle.get(origin)
                if not waiting:
                    return None
                connection = waiting.pop()
            if not _says_something(connection):
                return connection
            connection.close()

    def connect(self, origin: Origin, limit: float) -> http.client.HTTPConnection:
        scheme, place = origin
        if scheme != "https":
            return http.client.HTTPConnection(place, timeout=limit)
        # Reading the certificates of the system takes long; once is enough.
        self._tls = self._tls or ssl.create_default_context()
        return http.client.HTTPSConnection(place, timeout=limit, context=self._tls)

    def give_back(self, origin: Origin, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            waiting = self._idle.setdefault(origin, [])
            if len(waiting) < self.IDLE:
                waiting.append(connection)
                return
        connection.close()


class Attempt:
    """One request, in a thread of its own: looking up a host name cannot be ended, only left."""

    def __init__(self, pool: Pool, request: Request) -> None:
        self._pool, self._request = pool, request
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._connection: Optional[http.client.HTTPConnection] = None
        self._aborted = False
        self._reply: Optional[Reply] = None
        self._error: Optional[LarderError] = None
        threading.Thread(target=self._run, name="larder-request", daemon=True).start()

    def wait(self, limit: float) -> Reply:
        ended = self._ended.wait(limit)
        if self._aborted:
            raise Cancelled()
        if not ended:
            self.abort()
            raise Timeout(f"No whole answer within {limit:g} s")
        if self._reply is None:
            raise self._error or NetworkError("The server could not be reached")
        return self._reply

    def abort(self) -> None:
        """Wakes whoever waits, and ends what the thread is doing with the server."""
        with self._lock:
            self._aborted = True
            held = self._connection.sock if self._connection else None
        self._ended.set()
        if held:
            with contextlib.suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        try:
            self._reply = self._send()
        except LarderError as error:
            self._error = error
        finally:
            self._ended.set()

    def _send(self) -> Reply:
        url = urlsplit(self._request.url)
        origin = (url.scheme, url.netloc)
        # A server may close a waiting connection at the moment it is used. A read is tried again then; a write is not,
        # so it gets a new one.
        waiting = self._pool.take(origin) if self._request.method == "GET" else None
        try:
            return self._exchange(waiting or self._pool.connect(origin, self._request.limit), origin, url)
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise NetworkError(f"The server could not be reached: {problem or type(problem).__name__}") from problem

    def _exchange(self, connection: http.client.HTTPConnection, origin: Origin, url: SplitResult) -> Reply:
        try:
            self._hold(connection)
            target = f"{url.path}?{url.query}" if url.query else url.path
            connection.request(self._request.method, target, self._request.body, self._request.headers)
            response = connection.getresponse()
            try:
                body = response.read()
                if response.getheader("Content-Encoding", "").lower() == "gzip":
                    body = gzip.decompress(body)
            except (OSError, EOFError, http.client.HTTPException, ValueError, zlib.error) as problem:
                raise BadAnswer(f"The answer was cut off: {problem or type(problem).__name__}") from problem
            headers = {name.lower(): value for name, value in response.getheaders()}
        except BaseException:
            connection.close()
            raise
        if response.will_close or self._release():
            connection.close()
        else:
            self._pool.give_back(origin, connection)
        return Reply(response.status, headers, body)

    def _hold(self, connection: http.client.HTTPConnection) -> None:
        if connection.sock is None:
            connection.connect()
        else:
            connection.sock.settimeout(self._request.limit)
        with self._lock:
            self._connection = connection
            if self._aborted:
                raise Cancelled()

    def _release(self) -> bool:
        """Whether the connection was ended from outside meanwhile."""
        with self._lock:
            self._connection = None
            return self._aborted


def _says_something(connection: http.client.HTTPConnection) -> bool:
    """Whether a connection that should be silent was closed, or got what nobody asked for."""
    if connection.sock is None:
        return True
    with selectors.DefaultSelector() as selector:
        selector.register(connection.sock, selectors.EVENT_READ)
        return bool(selector.select(0))
