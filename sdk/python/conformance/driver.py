"""The SDK in the conformance suite, blocking or with asyncio; tests/clients/README.md is the protocol."""

import asyncio
import json
import pathlib
import sys
import threading
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "src"))

import redis
import redis.asyncio

import larder_cms

BEGIN = 1767225600.0
SECONDS = (
    "timeout", "try_timeout", "backoff_base", "backoff_cap", "cool_off", "cool_off_cap", "fresh",
    "stale_while_revalidate", "stale_if_error", "store_timeout",
)
METHODS = {
    "post.list": "posts.all", "post.retrieve": "posts.get", "page.list": "pages.all", "page.retrieve": "pages.get",
    "content.retrieve": "content_fields.get", "feed.retrieve": "feeds.get", "author.list": "authors.all",
    "author.retrieve": "authors.get", "category.list": "categories.all", "category.retrieve": "categories.get",
    "tag.list": "tags.all", "tag.retrieve": "tags.get",
}
RESOURCES = {"post": "posts", "page": "pages", "content": "content_fields"}


class StillClock(larder_cms.Clock):
    def __init__(self, chance, pauses):
        self.chance, self.pauses = chance, pauses
        self.wall_now, self.monotonic_now = BEGIN, 0.0

    def wall(self):
        return self.wall_now

    def monotonic(self):
        return self.monotonic_now

    def random(self):
        return self.chance

    def advance(self, seconds):
        self.wall_now += seconds
        self.monotonic_now += seconds

    def pause(self, seconds, cancelled):
        self.pauses.append(seconds * 1000)
        self.advance(seconds)

    async def pause_async(self, seconds):
        self.pause(seconds, None)


class Driver:
    """What both drivers share: everything but how calls are made."""

    def __init__(self):
        self.butter = None
        self.log, self.pauses, self.stale, self.started = [], [], [], {}

    def reset(self, message):
        self.close()
        self.log, self.pauses, self.stale, self.started = [], [], [], {}
        self.clock = StillClock(message["random"], self.pauses)

    def open(self, message):
        options = dict(message["options"])
        token, base_url = options.pop("token"), options.pop("base_urls")
        if options.get("store"):
            options["store"] = self.store(options["store"])
        for name in SECONDS:
            if name in options:
                options[name] /= 1000
        self.butter = self.client(
            token, base_url, clock=self.clock, **options,
            on_log=lambda event, details: self.log.append({"event": event, **details}),
            on_stale=lambda stale: self.stale.append({"reason": stale.reason, "question": stale.question}),
        )

    def store(self, place):
        if "file" in place:
            return larder_cms.FileStore(place["file"])
        return self.redis_store(place["redis"])

    def close(self, message=None):
        self.butter = None

    def advance(self, message):
        self.clock.advance(message["ms"] / 1000)

    def jump(self, message):
        self.clock.wall_now += message["ms"] / 1000

    def events(self, message):
        seen = {"log": self.log[:], "pauses": self.pauses[:], "stale": self.stale[:]}
        # Another thread may add to them at this moment: what was seen is taken away, nothing else.
        for name, events in seen.items():
            del getattr(self, name)[: len(events)]
        return seen

    def method(self, message):
        resource, verb = message["method"].split(".")
        path = METHODS.get(message["method"]) or f"{RESOURCES[resource]}.{verb}"
        resource, verb = path.split(".")
        return getattr(getattr(self.butter, resource), verb)

    def arguments(self, message, cancel=None):
        """Positional and named ones."""
        options = message.get("options", {})
        limits = larder_cms.Limits(
            **{name: value / 1000 if name in SECONDS else value for name, value in options.items()}, cancel=cancel
        )
        args = list(message.get("args", []))
        if message["method"].split(".")[1] not in ("create", "update", "delete"):
            args.append(message.get("params"))
        return args, {"limits": limits}

    @staticmethod
    def answered(answer):
        return {"body": dict(answer) or None, "stale": answer.stale}

    @staticmethod
    def failed(error):
        return {
            "error": error.kind, "status": error.status, "detail": error.detail, "tries": error.tries, "body": error.body,
            "message": str(error),
        }


class SyncDriver(Driver):
    client = larder_cms.ButterCMS

    def redis_store(self, address):
        return larder_cms.RedisStore(address)

    def call(self, message):
        return self.wait_for(self.begin(message))

    def start(self, message):
        self.started[message["name"]] = self.begin(message)

    def cancel(self, message):
        self.started[message["name"]][0].cancel()

    def wait(self, message):
        return self.wait_for(self.started[message["name"]])

    def settle(self, message):
        self.butter.settle()

    def begin(self, message):
        cancel, outcomes = larder_cms.Cancel(), [None] * message.get("times", 1)
        method = self.method(message)
        args, named = self.arguments(message, cancel)

        def one(place):
            try:
                outcomes[place] = self.answered(method(*args, **named))
            except larder_cms.LarderError as error:
                outcomes[place] = self.failed(error)
            except BaseException:
                outcomes[place] = {"error": "crash", "message": traceback.format_exc()}

        threads = [threading.Thread(target=one, args=(place,), daemon=True) for place in range(len(outcomes))]
        for thread in threads:
            thread.start()
        return cancel, threads, outcomes

    def wait_for(self, begun):
        _, threads, outcomes = begun
        for thread in threads:
            thread.join()
        return {"outcomes": outcomes}

    def run(self):
        for line in sys.stdin:
            message = json.loads(line)
            try:
                answer = getattr(self, message["op"])(message) or {}
            except Exception:
                answer = {"failed": traceback.format_exc()}
            print(json.dumps({"id": message["id"], **answer}), flush=True)


class AsyncDriver(Driver):
    client = staticmethod(larder_cms.AsyncButterCMS)

    def redis_store(self, address):
        return larder_cms.AsyncRedisStore(address)

    async def call(self, message):
        return {"outcomes": await asyncio.gather(*self.begin(message))}

    def start(self, message):
        self.started[message["name"]] = self.begin(message)

    def cancel(self, message):
        for task in self.started[message["name"]]:
            task.cancel()

    async def wait(self, message):
        return {"outcomes": await asyncio.gather(*self.started[message["name"]])}

    async def settle(self, message):
        await self.butter.settle()

    def begin(self, message):
        method = self.method(message)
        args, named = self.arguments(message)

        async def one():
            try:
                return self.answered(await method(*args, **named))
            except larder_cms.LarderError as error:
                return self.failed(error)
            except asyncio.CancelledError:
                return {"error": "cancelled"}

        return [asyncio.ensure_future(one()) for _ in range(message.get("times", 1))]

    async def run(self):
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            message = json.loads(line)
            try:
                answer = getattr(self, message["op"])(message)
                answer = (await answer if asyncio.iscoroutine(answer) else answer) or {}
            except Exception:
                answer = {"failed": traceback.format_exc()}
            print(json.dumps({"id": message["id"], **answer}), flush=True)


if sys.argv[1] == "async":
    asyncio.run(AsyncDriver().run())
else:
    SyncDriver().run()
