"""The client for programs that wait for their answers."""

from __future__ import annotations

import copy as copying
import dataclasses
import json
import threading
from concurrent.futures import Future
from typing import Any, Callable, Generator, Mapping, Optional, Sequence, TypeVar, Union, cast

from .cancel import Cancel
from .copies import Copy
from .errors import Cancelled, LarderError
from .reading import Answer, Found, Limits, Load, Pause, Question, Reader, Remove, Request, Save, Step
from .resources import ContentFields, Feeds, Named, Pages, Params, Posts
from .settings import Settings
from .store import MemoryStore, Store
from .transport import Attempt, Pool

T = TypeVar("T")


class ButterCMS:
    """`ButterCMS("READ_TOKEN", base_url="https://cms.example.com").posts.all()`; the options are the fields of `Settings`.

    May be used by many threads at once.
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
        self._pool = Pool()
        self._store = StoreGuard(self._reader.settings)
        self._flights: dict[object, Flight] = {}
        self._renewals: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()
        self.authors = Named[Answer](self, "authors")
        self.categories = Named[Answer](self, "categories")
        self.tags = Named[Answer](self, "tags")
        self.content_fields = ContentFields[Answer](self, "content")
        self.feeds = Feeds[Answer](self, "feeds")
        self.pages = Pages[Answer](self, "pages")
        self.posts = Posts[Answer](self, "posts")

    def read(self, parts: list[str], params: Params = None, limits: Optional[Limits] = None) -> Answer:
        """What is at the path below `/v2`."""
        cancel = limits.cancel if limits else None
        question = self._reader.question(parts, params, limits)
        copy = self._carry_out(self._reader.look_up(question))
        found, renew = self._reader.judge(question, copy)
        if copy and renew:
            self._renew(question, copy)
        if found is None:
            found = self._join(question, copy).wait(cancel)
        return found.answer()

    def write(
        self, method: str, parts: list[str], body: Optional[Mapping[str, Any]] = None, limits: Optional[Limits] = None
    ) -> Answer:
        """Sends a change, once, to the primary."""
        sent = None if body is None else json.dumps(body).encode()
        request = self._reader.change(method, parts, sent, limits)
        try:
            return self._reader.changed(Attempt(self._pool, request).wait(request.limit))
        except LarderError as error:
            error.tries = 1
            raise

    def settle(self) -> None:
        """Waits until no copy is being renewed any more: for programs about to end."""
        while self._renewals:
            for thread in list(self._renewals.values()):
                thread.join()

    def _join(self, question: Question, copy: Optional[Copy]) -> Flight:
        """The flight that answers the question: one that is under way, or a new one."""
        # Callers with other limits do not wait for each other, and previews are not shared.
        key = dataclasses.astuple(question) if question.key else object()
        with self._lock:
            flight = self._flights.get(key)
            joined = flight is not None
            if flight is None:
                flight = self._flights[key] = Flight(lambda: self._land(key))
            flight.waiting += 1
        if joined:
            self._reader.settings.log("coalesced", question=question.text)
        else:
            flight.start(lambda new: self._carry_out(self._reader.ask(question, copy), new))
        return flight

    def _land(self, key: object) -> None:
        with self._lock:
            self._flights.pop(key, None)

    def _renew(self, question: Question, copy: Copy) -> None:
        key = str(question.key)

        def work() -> None:
            try:
                self._carry_out(self._reader.renew(question, copy))
            except LarderError as error:
                self._reader.settings.log("revalidate_failed", kind=error.kind)
            finally:
                self._renewals.pop(key, None)

        with self._lock:
            if key in self._renewals:
                return
            thread = self._renewals[key] = threading.Thread(target=work, name="larder-renewal", daemon=True)
        thread.start()

    def _carry_out(self, steps: Generator[Step, Any, T], flight: Optional[Flight] = None) -> T:
        try:
            step = next(steps)
            while True:
                try:
                    came = self._do(step, flight)
                except LarderError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(came)
        except StopIteration as end:
            return cast(T, end.value)

    def _do(self, step: Step, flight: Optional[Flight]) -> object:
        if isinstance(step, Request):
            attempt = Attempt(self._pool, step)
            if flight:
                flight.attempt = attempt
                flight.check()
            return attempt.wait(step.limit)
        if isinstance(step, Load):
            return self._store.get(step.key)
        if isinstance(step, Save):
            self._store.set(step.key, step.text, step.max_age)
        elif isinstance(step, Remove):
            self._store.delete(step.key)
        elif isinstance(step, Pause):
            self._reader.settings.clock.pause(step.seconds, flight.cancelled if flight else threading.Event())
            if flight:
                flight.check()
        return None


class Flight:
    """One request on its way, and everybody who waits for its answer. It runs in a thread of its own, so that whoever began it can
    leave like all others."""

    def __init__(self, land: Callable[[], None]) -> None:
        self.waiting = 0
        self.cancelled = threading.Event()
        self.attempt: Optional[Attempt] = None
        self._land = land
        self._future: Future[Found] = Future()
        self._lock = threading.Lock()

    def start(self, carry_out: Callable[[Flight], Found]) -> None:
        def work() -> None:
            try:
                found = carry_out(self)
            except BaseException as error:
                self._land()
                self._future.set_exception(error)
            else:
                self._land()
                self._future.set_result(found)

        threading.Thread(target=work, name="larder-call", daemon=True).start()

    def check(self) -> None:
        if self.cancelled.is_set():
            if self.attempt:
                self.attempt.abort()
            raise Cancelled()

    def wait(self, cancel: Optional[Cancel]) -> Found:
        if cancel:
            woken = threading.Event()
            cancel.listen(woken.set)
            self._future.add_done_callback(lambda _: woken.set())
            woken.wait()
            cancel.forget(woken.set)
            if cancel.cancelled:
                self._leave()
                raise Cancelled()
        try:
            return self._future.result()
        except LarderError as error:
            # One of its own for each caller: raising it writes into it.
            raise copying.copy(error) from error.__cause__

    def _leave(self) -> None:
        with self._lock:
            self.waiting -= 1
            if self.waiting:
                return
        self._land()
        self.cancelled.set()
        if self.attempt:
            self.attempt.abort()


class StoreGuard:
    """The store, with everything that may be wrong with it taken as "there is no copy"."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = cast(Optional[Store], settings.store)
        self._rest_until = float("-inf")

    def get(self, key: str) -> Optional[str]:
        return self._safely("get", lambda store: store.get(key))

    def set(self, key: str, text: str, max_age: float) -> None:
        self._safely("set", lambda store: store.set(key, text, max_age))

    def delete(self, key: str) -> None:
        self._safely("delete", lambda store: store.delete(key))

    def _safely(self, operation: str, use: Callable[[Store], T]) -> Optional[T]:
        store, clock = self._store, self._settings.clock
        if store is None or clock.monotonic() < self._rest_until:
            return None
        try:
            if isinstance(store, MemoryStore):
                return use(store)
            return within(self._settings.store_timeout, lambda: use(store))
        except TimeoutError as late:
            # Waiting for it each time would slow every call.
            self._rest_until = clock.monotonic() + self._settings.cool_off
            problem: Exception = late
        except Exception as error:
            problem = error
        self._settings.log("store_error", operation=operation, message=str(problem))
        return None


def within(seconds: float, work: Callable[[], T]) -> T:
    """What `work` returns, or TimeoutError. It goes on in its thread, which nobody waits for."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="larder-store", daemon=True).start()
    # concurrent.futures has a TimeoutError of its own before Python 3.11.
    from concurrent.futures import TimeoutError as Late

    try:
        return future.result(seconds)
    except Late:
        raise TimeoutError(f"no answer within {seconds:g} s") from None
