"""Plays one scenario: its servers misbehave, a driver calls, and what comes out is compared."""

import contextlib
import json
import pathlib
import socket
import subprocess
import time
import urllib.parse

from misbehaving_server import MisbehavingServer

SCENARIOS = pathlib.Path(__file__).with_name("scenarios")

# Long enough for a loaded machine: what a scenario does not limit itself must never end by time.
GENEROUS = {"try_timeout": 60_000, "timeout": 60_000, "store_timeout": 30_000}
PATIENCE = 300


def all_scenarios():
    """Every scenario with the topic it is filed under, in the order of the files."""
    scenarios = []
    for name in ("faults", "retries", "copies", "together", "stores", "requests"):
        scenarios += [dict(one, topic=name) for one in json.loads((SCENARIOS / f"{name}.json").read_text())]
    return scenarios


class Stage:
    """What a scenario plays on: the servers, a folder, Redis, and the driver."""

    def __init__(self, scenario, driver, folder, redis, full_disk):
        self.scenario, self.driver, self.folder = scenario, driver, folder
        self.redis, self.full_disk = redis, full_disk
        self.servers = {}
        for name, how in scenario["servers"].items():
            how = how if isinstance(how, dict) else {"do": how}
            self.servers[name] = MisbehavingServer(name, how.get("do", ()), how.get("tls", False), how.get("refuse", False))
        # Everything since the scenario began.
        self.log, self.pauses, self.stale, self.said = [], [], [], []

    def play(self):
        self.driver.ask("reset", random=self.scenario.get("random", 1.0))
        self.open()
        for number, step in enumerate(self.scenario["steps"]):
            try:
                self.step(step)
            except AssertionError as problem:
                self.collect()
                raise AssertionError(f"step {number}, {json.dumps(step)}: {problem}\nlog: {self.log}") from None

    def stop(self):
        for server in self.servers.values():
            server.stop()

    def open(self):
        options = {"token": "READ_TOKEN", **GENEROUS, **self.scenario["client"]}
        options["base_urls"] = [self.url(base) for base in options["base_urls"]]
        if "store" in options:
            options["store"] = self.store(options["store"])
        self.driver.ask("open", options=options)

    def url(self, base):
        """`a` is server a, `a/v2/` an address on it, and everything with a scheme is itself."""
        name, slash, rest = base.partition("/")
        return self.servers[name].address + slash + rest if name in self.servers else base

    def store(self, name):
        if name == "file":
            return {"file": str(self.folder / "copies")}
        if name == "full":
            return {"file": str(self.full_disk / "copies")}
        if name == "unwritable":
            # Below a file: not even root can make a folder there.
            (self.folder / "file").touch()
            return {"file": str(self.folder / "file" / "copies")}
        if name == "redis":
            self.redis.start()
            self.redis.empty()
            return {"redis": self.redis.url}
        if name == "hanging":
            return {"redis": f"redis://127.0.0.1:{self.servers['r'].port}"}
        assert name is None, name
        return None

    # Steps

    def step(self, step):
        action = next(verb for verb in VERBS if verb in step)
        VERBS[action](self, step)

    def call(self, step):
        message = {key: step[key] for key in ("args", "params", "options", "times") if key in step}
        if "start" in step:
            self.driver.ask("start", name=step["start"], method=step["call"], **message)
        else:
            self.compare(self.driver.ask("call", method=step["call"], **message), step)

    def cancel(self, step):
        self.driver.ask("cancel", name=step["cancel"])

    def wait(self, step):
        self.compare(self.driver.ask("wait", name=step["wait"]), step)

    def compare(self, answer, step):
        outcomes = answer["outcomes"]
        expected = step["expect"]
        self.said.append(outcomes)
        for outcome in outcomes:
            seen = dict(outcome)
            data = (outcome.get("body") or {}).get("data")
            if isinstance(data, dict):
                seen |= {"server": data.get("server"), "version": data.get("version")}
            if "error" not in expected:
                assert "error" not in outcome, f"expected {expected}, got {outcome}"
            for key, value in expected.items():
                assert key in seen and seen[key] == value, f"expected {expected}, got {outcome}"

    def advance(self, step):
        self.driver.ask("advance", ms=step["advance"])

    def jump(self, step):
        self.driver.ask("jump", ms=step["jump"])

    def settle(self, step):
        self.driver.ask("settle")

    def reopen(self, step):
        self.driver.ask("close")
        self.collect()
        options = dict(self.scenario["client"])
        # The store as it is: `store` would empty it.
        options = {"token": "READ_TOKEN", **GENEROUS, **options, "base_urls": [self.url(base) for base in options["base_urls"]]}
        options["store"] = {"redis": self.redis.url} if options["store"] == "redis" else {"file": str(self.folder / "copies")}
        self.driver.ask("open", options=options)

    def go_away(self, step):
        self.servers[step["go_away"]].go_away()

    def come_back(self, step):
        self.servers[step["come_back"]].come_back()

    def release(self, step):
        self.servers[step["release"]].released.set()

    def switch_redis(self, step):
        {"stop": self.redis.stop, "start": self.redis.start}[step["redis"]]()

    def redis_has(self, step):
        key = step["redis_has"]
        assert self.redis.command("EXISTS", key) == "1", f"keys: {self.redis.command('KEYS', '*')}"
        copy = json.loads(self.redis.command("GET", key))
        assert set(copy) == {"stored", "etag", "body"}, copy
        assert int(self.redis.command("PTTL", key)) > 0, "the copy would stay in Redis for ever"

    def damage(self, step):
        how = step["damage"]
        if how == "redis":
            for key in self.redis.command("KEYS", "*").split():
                self.redis.command("SET", key, '{"stored": "yesterday"')
            return
        files = list((self.folder / "copies").rglob("*.json"))
        assert files, "there is no file to damage"
        for file in files:
            held = file.read_bytes()
            file.write_bytes({"cut": held[: len(held) // 2], "empty": b"", "flip": held.replace(b"jam", b"jaw")}[how])
            assert file.read_bytes() != held

    def await_(self, step):
        wanted = step["await"]
        deadline = time.monotonic() + PATIENCE
        while True:
            self.collect()
            seen = {
                "requests": {name: len(server.requests) for name, server in self.servers.items()},
                "gone": {name: server.gone for name, server in self.servers.items()},
                "log": self.counts(),
            }
            if all(seen[kind].get(name, 0) >= number for kind, each in wanted.items() for name, number in each.items()):
                return
            assert time.monotonic() < deadline, f"waited {PATIENCE} s, seen: {seen}"
            time.sleep(0.01)

    # What is looked at

    def collect(self):
        events = self.driver.ask("events")
        self.log += events["log"]
        self.pauses += events["pauses"]
        self.stale += events["stale"]

    def counts(self):
        counts = {}
        for event in self.log:
            counts[event["event"]] = counts.get(event["event"], 0) + 1
        return counts

    def check(self, step):
        self.collect()
        for what, expected in step["check"].items():
            seen = getattr(self, f"seen_{what}")(expected)
            assert seen == expected, f"{what}: expected {expected}, seen {seen}"

    def seen_requests(self, expected):
        return {name: len(self.servers[name].requests) for name in expected}

    def seen_tries(self, expected):
        tries = [event["server"].rstrip("/") for event in self.log if event["event"] == "try"]
        return {name: tries.count(self.servers[name].address) for name in expected}

    def seen_conditional(self, expected):
        return {name: sum("if-none-match" in one.headers for one in self.servers[name].requests) for name in expected}

    def seen_pauses(self, expected):
        return [round(pause) for pause in self.pauses]

    def seen_on_stale(self, expected):
        return [one["reason"] for one in self.stale]

    def seen_log(self, expected):
        counts = self.counts()
        enough = {name for name, number in expected.items() if number == ">=1" and counts.get(name, 0) >= 1}
        return {name: ">=1" if name in enough else counts.get(name, 0) for name in expected}

    def seen_secret(self, secret):
        assert secret not in json.dumps([self.log, self.stale, self.said]), f"{secret} was told: {self.log} {self.said}"
        return secret

    # Of the last request

    def last(self):
        return [request for server in self.servers.values() for request in server.requests][-1]

    def seen_last_path(self, possible):
        """One of several, where the official SDKs differ."""
        target = self.last().target
        plain = urllib.parse.unquote(target.split("?")[0])
        keys = urllib.parse.parse_qs(urllib.parse.urlsplit(target).query).get("keys")
        return possible if (f"{plain}?keys={keys[0]}" if keys else plain) in possible else plain

    def seen_last_raw_path(self, expected):
        return self.last().target.split("?")[0]

    def seen_last_query(self, expected):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.last().target).query, keep_blank_values=True)
        return {name: query.get(name, [None])[-1] for name in expected}

    def seen_last_method(self, expected):
        return self.last().method

    def seen_last_body(self, expected):
        body = self.last().body
        return json.loads(body) if body else None

    def seen_last_authorization(self, expected):
        assert "auth_token" not in self.last().target
        return self.last().headers.get("authorization")


VERBS = {
    "start": Stage.call, "call": Stage.call, "cancel": Stage.cancel, "wait": Stage.wait, "await": Stage.await_, "check": Stage.check,
    "advance": Stage.advance, "jump": Stage.jump, "settle": Stage.settle, "reopen": Stage.reopen, "go_away": Stage.go_away,
    "come_back": Stage.come_back, "release": Stage.release, "redis": Stage.switch_redis, "redis_has": Stage.redis_has,
    "damage": Stage.damage,
}


class Redis:
    """A redis-server of ours, on a free port, without any file."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        if self.process:
            return
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            assert self.process.poll() is None, "redis-server ended"
            assert time.monotonic() < deadline, "redis-server does not listen"
            time.sleep(0.01)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def empty(self):
        self.command("FLUSHALL")

    def command(self, *words):
        done = subprocess.run(["redis-cli", "-p", str(self.port), *words], capture_output=True, text=True, check=True)
        return done.stdout.strip()
