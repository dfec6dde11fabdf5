"""Readers that keep asking for what is warm, and every fault must leave them alone."""

import itertools
import threading

import requests
from larder_site import PATIENCE, await_until

THREADS = 3


class Readers:
    """A few threads that ask for warm addresses until the block ends. Each answer must be 200 with the
    bytes and the entity tag it had at first."""

    def __init__(self, site, paths):
        self.site, self.paths = site, paths
        self.failures = []
        self.answers = 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=[number]) for number in range(THREADS)]

    def __enter__(self):
        self.expected = {path: self.warm(path) for path in self.paths}
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind, error, trace):
        self.over.set()
        for thread in self.threads:
            thread.join()
        if error is None:
            assert self.failures == [], self.failures[:5]
            assert self.answers > 0

    def warm(self, path):
        """The answer once it is a hit."""
        return await_until(lambda: self.hit(path), f"{path} to be warm")

    def hit(self, path):
        answer = self.get(self.site.session, path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.headers["X-Cache"] == "HIT" and (answer.content, answer.headers["ETag"])

    def get(self, session, path):
        params = {"auth_token": self.site.read_token}
        return session.get(self.site.url(path), params=params, headers={"Accept-Encoding": "identity"}, timeout=PATIENCE)

    def ask(self, number):
        session = requests.Session()
        for path in itertools.islice(itertools.cycle(self.paths), number, None):
            if self.over.is_set():
                return
            try:
                answer = self.get(session, path)
            except requests.RequestException as error:
                self.failures.append((path, repr(error)))
                continue
            self.answers += 1
            if (answer.content, answer.headers.get("ETag")) != self.expected[path] or answer.status_code != 200:
                self.failures.append((path, answer.status_code, answer.text[:200]))

    def go_on(self, more=200):
        """Returns after that many further answers, or at the first failure."""
        enough = self.answers + more
        await_until(lambda: self.answers >= enough or self.failures, "the readers")
