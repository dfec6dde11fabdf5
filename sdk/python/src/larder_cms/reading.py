"""What is done to read, step by step, without doing any of it.

The functions here are generators: they yield what is to be done next and are sent what came of it. `sync` and `aio` do it, each in its
own way, so that both follow the same rules: docs/clients/behaviour.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Generator, Mapping, Optional, Union

from .cancel import Cancel
from .copies import Copy, copy_of, json_object
from .errors import BadAnswer, BadRequest, Cancelled, LarderError, NotFound, Timeout, error_of, is_ill
from .question import hash_of, is_on, path_of, query_of
from .servers import Server, Servers, retry_after
from .settings import Settings, Stale
from .version import __version__

CLIENT = f"larder-python/{__version__}"


class Answer(dict[str, Any]):
    """The API's JSON. `stale` says whether it is a copy that no server has confirmed."""

    stale = False


@dataclass(frozen=True)
class Limits:
    """Of one call, where they differ from the client's."""

    timeout: Optional[float] = None
    try_timeout: Optional[float] = None
    retries: Optional[int] = None
    #: Ends a read of the blocking client from another thread. With asyncio, cancel the task.
    cancel: Optional[Cancel] = None


@dataclass(frozen=True)
class Question:
    #: Path and query below `/v2`, without the token.
    text: str
    #: In the store; None for previews, which have no copies.
    key: Optional[str]
    timeout: float
    try_timeout: float
    retries: int


@dataclass(frozen=True)
class Reply:
    """What a server answered, whatever it is. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


# What the steps yield


@dataclass(frozen=True)
class Request:
    """Is sent a `Reply`, or thrown NetworkError, BadAnswer or Timeout."""

    method: str
    url: str
    headers: dict[str, str]
    body: Optional[bytes]
    limit: float


@dataclass(frozen=True)
class Pause:
    seconds: float


@dataclass(frozen=True)
class Load:
    """Is sent the text in the store, or None."""

    key: str


@dataclass(frozen=True)
class Save:
    key: str
    text: str
    max_age: float


@dataclass(frozen=True)
class Remove:
    key: str


Step = Union[Request, Pause, Load, Save, Remove]
Steps = Generator[Step, Any, "Found"]


@dataclass(frozen=True)
class Found:
    """The text of an answer, to be parsed once for every caller."""

    text: str
    stale: bool

    def answer(self) -> Answer:
        answer = Answer(json_object(self.text) or {})
        answer.stale = self.stale
        return answer


class Reader:
    """Knows the rules, and how the servers are."""

    def __init__(self, token: str, settings: Settings) -> None:
        if not token:
            raise ValueError("larder's API token is not set")
        self.settings = settings
        self._token = token
        self._servers = Servers(settings)
        self._prefix = f"larder:1:{hash_of(token)}:"

    def question(self, parts: list[str], params: Optional[Mapping[str, Any]], limits: Optional[Limits]) -> Question:
        settings, limits = self.settings, limits or Limits()
        asked = {name: value for name, value in (params or {}).items() if name != "auth_token"}
        if settings.preview:
            asked["preview"] = 1
        text = _path(parts) + query_of(asked)
        drafts = is_on(asked.get("preview")) or is_on(asked.get("test"))
        return Question(
            text,
            None if drafts else self._prefix + text,
            settings.timeout if limits.timeout is None else limits.timeout,
            settings.try_timeout if limits.try_timeout is None else limits.try_timeout,
            settings.retries if limits.retries is None else limits.retries,
        )

    # Copies

    def look_up(self, question: Question) -> Generator[Load, Optional[str], Optional[Copy]]:
        return copy_of((yield Load(question.key))) if question.key else None

    def judge(self, question: Question, copy: Optional[Copy]) -> tuple[Optional[Found], bool]:
        """The copy, when nobody has to be waited for; and whether it should be renewed meanwhile."""
        if copy is None:
            return None, False
        settings, age = self.settings, self._age(copy)
        # 0 is never: an answer of this very moment is asked for again too.
        if settings.fresh and 0 <= age <= settings.fresh:
            settings.log("fresh", question=question.text)
            return Found(copy.body, stale=False), False
        if settings.stale_while_revalidate and 0 <= age <= settings.fresh + settings.stale_while_revalidate:
            return self._stale(question, copy, "revalidate"), True
        return None, False

    def renew(self, question: Question, copy: Copy) -> Steps:
        # As old as can be: a renewal that fails must not renew the copy with itself.
        return self.ask(question, Copy(-math.inf, copy.etag, copy.body))

    # Servers

    def ask(self, question: Question, copy: Optional[Copy]) -> Steps:
        """Try after try, until an answer, a copy or the end."""
        settings, clock, servers = self.settings, self.settings.clock, self._servers
        end = clock.monotonic() + question.timeout
        servers.earn()
        error: Optional[LarderError] = None
        failed: Optional[Server] = None
        wanted = 0.0
        tries = pauses = 0
        while True:
            server, resting = servers.choose(clock.monotonic())
            if copy and resting and self._age(copy) <= settings.stale_if_error:
                return self._stale(question, copy, "error", error)
            if error:
                if tries > question.retries:
                    break
                if resting:
                    jitter = clock.random() * min(settings.backoff_cap, settings.backoff_base * 2.0**pauses)
                    pause = max(jitter, wanted if server is failed else 0.0)
                    if clock.monotonic() + pause >= end or not servers.spend():
                        break
                    pauses += 1
                    settings.log("pause", milliseconds=pause * 1000)
                    yield Pause(pause)
            tries += 1
            left = end - clock.monotonic()
            settings.log("try", server=server.base, question=question.text)
            try:
                return (yield from self._try_once(server, question, copy, min(question.try_timeout, left)))
            except Cancelled:
                raise
            except LarderError as caught:
                error = caught
            error.tries = tries
            if error.status and not is_ill(error.status) and not isinstance(error, BadAnswer):
                servers.recover(server)
                if isinstance(error, NotFound) and question.key:
                    yield Remove(question.key)
                raise error
            settings.log("fault", server=server.base, kind=error.kind, status=error.status)
            failed = server
            wanted = retry_after(error.headers.get("retry-after"), clock.wall()) if is_ill(error.status or 0) else 0.0
            servers.rest(server, clock.monotonic(), wanted)
            if isinstance(error, Timeout) and left <= question.try_timeout:
                break
        if copy and self._age(copy) <= settings.stale_if_error:
            return self._stale(question, copy, "error", error)
        raise error

    def _try_once(self, server: Server, question: Question, copy: Optional[Copy], limit: float) -> Steps:
        joint = "&" if "?" in question.text else "?"
        url = f"{server.base}/v2{question.text}{joint}{query_of({'auth_token': self._token})[1:]}"
        headers = {"X-Butter-Client": CLIENT, "Accept-Encoding": "gzip"}
        if copy and copy.etag:
            headers["If-None-Match"] = copy.etag
        reply: Reply = yield Request("GET", url, headers, None, limit)
        etag: Optional[str]
        if reply.status == 304 and copy and copy.etag:
            self.settings.log("not_modified", question=question.text)
            text, etag = copy.body, reply.headers.get("etag", copy.etag)
        else:
            body = json_object(reply.body)
            if reply.status != 200 or body is None:
                raise error_of(reply.status, reply.headers, body)
            text, etag = reply.body.decode(), reply.headers.get("etag")
        self._servers.recover(server)
        if question.key and "no-store" not in reply.headers.get("cache-control", "").lower():
            settings = self.settings
            max_age = max(settings.fresh + settings.stale_while_revalidate, settings.stale_if_error)
            yield Save(question.key, Copy(settings.clock.wall(), etag, text).text(), max_age)
        return Found(text, stale=False)

    # Changes

    def change(self, method: str, parts: list[str], body: Optional[bytes], limits: Optional[Limits]) -> Request:
        """Sent once, to the primary."""
        headers = {"X-Butter-Client": CLIENT, "Authorization": f"Token {self._token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        timeout = limits.timeout if limits and limits.timeout is not None else self.settings.timeout
        return Request(method, f"{self._servers.primary.base}/v2{_path(parts)}", headers, body, timeout)

    def changed(self, reply: Reply) -> Answer:
        body = json_object(reply.body)
        if not 200 <= reply.status < 300 or (body is None and reply.status != 204):
            raise error_of(reply.status, reply.headers, body)
        return Answer(body or {})

    def _stale(self, question: Question, copy: Copy, reason: str, error: Optional[LarderError] = None) -> Found:
        self.settings.log("stale", reason=reason, question=question.text)
        if self.settings.on_stale:
            self.settings.on_stale(Stale(reason, max(self._age(copy), 0.0), question.text, error))
        return Found(copy.body, stale=True)

    def _age(self, copy: Copy) -> float:
        return self.settings.clock.wall() - copy.stored


def _path(parts: list[str]) -> str:
    try:
        return path_of(parts)
    except ValueError as problem:
        raise BadRequest(str(problem)) from None
