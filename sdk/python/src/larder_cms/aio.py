"""The client for asyncio. Needs the package `httpx`: `pip install larder-cms[async]`."""

from __future__ import annotations

import asyncio
import copy as copying
import dataclasses
import inspect
import json
from typing import Any, Awaitable, Callable, Generator, Mapping, Optional, Sequence, TypeVar, Union, cast

import httpx

from .copies import Copy
from .errors import BadAnswer, LarderError, NetworkError, Timeout
from .reading import Answer, Found, Limits, Load, Pause, Question, Reader, Remove, Reply, Request, Save, Step
from .resources import ContentFields, Feeds, Named, Pages, Params, Posts
from .settings import Settings
from .store import MemoryStore

T = TypeVar("T")


class AsyncButterCMS:
    """As `ButterCMS`, with methods to await. Belongs to one event loop.

        async with AsyncButterCMS("READ_TOKEN", base_url="https://cms.example.com") as butter:
            posts = await butter.posts.all()
    """

    def __init__(
        self,
        auth_token: str,
        base_url: Union[str, Sequence[str], None] = None,
        *,
        settings: Optional[Settings] = None,
        **options: Any,
    ) -> None:
        settings = settings or Settings()
        given = options if base_url is None else {**options, "base_url": base_url}
        self._reader = Reader(auth_token, dataclasses.replace(settings, **given))
        # Our own limits hold for a try as a whole, which those of httpx cannot.
        self._http = httpx.AsyncClient(timeout=None, follow_redirects=False)
        self._store_rests_until = float("-inf")
        self._flights: dict[object, Flight] = {}
        self._renewals: dict[str, asyncio.Task[None]] = {}
        self.authors = Named[Awaitable[Answer]](self, "authors")
        self.categories = Named[Awaitable[Answer]](self, "categories")
        self.tags = Named[Awaitable[Answer]](self, "tags")
        self.content_fields = ContentFields[Awaitable[Answer]](self, "content")
        self.feeds = Feeds[Awaitable[Answer]](self, "feeds")
        self.pages = Pages[Awaitable[Answer]](self, "pages")
        self.posts = Posts[Awaitable[Answer]](self, "posts")

    async def __aenter__(self) -> AsyncButterCMS:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Waits for renewals and closes connections."""
        await self.settle()
        await self._http.aclose()

    async def settle(self) -> None:
        """Waits until no copy is being renewed any more."""
        await asyncio.gather(*self._renewals.values())

    async def read(self, parts: list[str], params: Params = None, limits: Optional[Limits] = None) -> Answer:
        """What is at the path below `/v2`."""
        question = self._reader.question(parts, params, limits)
        copy = await self._carry_out(self._reader.look_up(question))
        found, renew = self._reader.judge(question, copy)
        if copy and renew and question.key not in self._renewals:
            self._renewals[str(question.key)] = asyncio.ensure_future(self._renew(question, copy))
        if found is None:
            found = await self._fly(question, copy)
        return found.answer()

    async def write(
        self, method: str, parts: list[str], body: Optional[Mapping[str, Any]] = None, limits: Optional[Limits] = None
    ) -> Answer:
        """Sends a change, once, to the primary."""
        sent = None if body is None else json.dumps(body).encode()
        try:
            return self._reader.changed(await self._send(self._reader.change(method, parts, sent, limits)))
        except LarderError as error:
            error.tries = 1
            raise

    async def _fly(self, question: Question, copy: Optional[Copy]) -> Found:
        """Joins the flight that answers the question, or begins it."""
        # Callers with other limits do not wait for each other, and previews are not shared.
        key = dataclasses.astuple(question) if question.key else object()
        flight = self._flights.get(key)
        if flight is None:
            task = asyncio.ensure_future(self._carry_out(self._reader.ask(question, copy)))
            flight = self._flights[key] = Flight(task)
            task.add_done_callback(lambda _: self._land(key, task))
        else:
            self._reader.settings.log("coalesced", question=question.text)
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        except asyncio.CancelledError:
            flight.waiting -= 1
            if not flight.waiting:
                self._land(key, flight.task)
                flight.task.cancel()
            raise
        except LarderError as error:
            # One of its own for each caller: raising it writes into it.
            raise copying.copy(error) from error.__cause__

    def _land(self, key: object, task: asyncio.Task[Found]) -> None:
        flight = self._flights.get(key)
        if flight and flight.task is task:
            del self._flights[key]

    async def _renew(self, question: Question, copy: Copy) -> None:
        try:
            await self._carry_out(self._reader.renew(question, copy))
        except LarderError as error:
            self._reader.settings.log("revalidate_failed", kind=error.kind)
        finally:
            self._renewals.pop(str(question.key), None)

    async def _carry_out(self, steps: Generator[Step, Any, T]) -> T:
        try:
            step = next(steps)
            while True:
                try:
                    came = await self._do(step)
                except LarderError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(came)
        except StopIteration as end:
            return cast(T, end.value)

    async def _do(self, step: Step) -> object:
        if isinstance(step, Request):
            return await self._send(step)
        if isinstance(step, Load):
            return await self._use_store("get", step.key)
        if isinstance(step, Save):
            await self._use_store("set", step.key, step.text, step.max_age)
        elif isinstance(step, Remove):
            await self._use_store("delete", step.key)
        elif isinstance(step, Pause):
            await self._reader.settings.clock.pause_async(step.seconds)
        return None

    async def _send(self, request: Request) -> Reply:
        try:
            return await asyncio.wait_for(self._exchange(request), request.limit)
        except asyncio.TimeoutError:
            raise Timeout(f"No whole answer within {request.limit:g} s") from None

    async def _exchange(self, request: Request) -> Reply:
        began = False
        try:
            async with self._http.stream(
                request.method, request.url, headers=request.headers, content=request.body
            ) as response:
                began = True
                body = await response.aread()
                return Reply(response.status_code, {name.lower(): value for name, value in response.headers.items()}, body)
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            said = str(problem) or type(problem).__name__
            if began:
                raise BadAnswer(f"The answer was cut off: {said}") from problem
            raise NetworkError(f"The server could not be reached: {said}") from problem

    async def _use_store(self, operation: str, *arguments: Any) -> Any:
        """The store, with everything that may be wrong with it taken as "there is no copy"."""
        settings = self._reader.settings
        if settings.store is None or settings.clock.monotonic() < self._store_rests_until:
            return None
        use: Callable[..., Any] = getattr(settings.store, operation)
        try:
            if isinstance(settings.store, MemoryStore):
                return use(*arguments)
            # A store that blocks must not block the loop.
            work = use(*arguments) if inspect.iscoroutinefunction(use) else asyncio.to_thread(use, *arguments)
            return await asyncio.wait_for(work, settings.store_timeout)
        except asyncio.TimeoutError:
            # Waiting for it each time would slow every call.
            self._store_rests_until = settings.clock.monotonic() + settings.cool_off
            said = f"no answer within {settings.store_timeout:g} s"
        except Exception as problem:
            said = str(problem)
        settings.log("store_error", operation=operation, message=said)
        return None


@dataclasses.dataclass
class Flight:
    """One request on its way, and how many wait for its answer."""

    task: asyncio.Task[Found]
    waiting: int = 0
