"""Which server is asked, and which is left alone for a while."""

from __future__ import annotations

import email.utils
import math
import threading
from dataclasses import dataclass
from typing import Optional

from .settings import Settings


@dataclass
class Server:
    #: Without `/v2` and without a slash at its end.
    base: str
    faults: int = 0
    rest_until: float = -math.inf


class Servers:
    """Shared by all threads of a client, with the stock of retries."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._all = [Server(base) for base in settings.addresses()]
        self._budget = settings.retry_budget
        self._lock = threading.Lock()

    @property
    def primary(self) -> Server:
        return self._all[0]

    def choose(self, now: float) -> tuple[Server, bool]:
        """The first that does not rest, else the one whose rest ends first; and whether it rests."""
        with self._lock:
            server = min(self._all, key=lambda one: max(one.rest_until, now))
            return server, server.rest_until > now

    def rest(self, server: Server, now: float, retry_after: float) -> None:
        """For a time that doubles with each fault in a row, or as long as the server asked for."""
        with self._lock:
            pause = min(self._settings.cool_off * 2.0**server.faults, self._settings.cool_off_cap)
            server.rest_until = now + max(pause, retry_after)
            # The doubling is at its limit long before; a number without one would overflow after days.
            server.faults = min(server.faults + 1, 60)

    def recover(self, server: Server) -> None:
        with self._lock:
            server.faults = 0
            server.rest_until = -math.inf

    def earn(self) -> None:
        with self._lock:
            self._budget = min(self._budget + self._settings.retry_ratio, self._settings.retry_budget)

    def spend(self) -> bool:
        """Whether there was a retry left."""
        with self._lock:
            if self._budget < 1:
                return False
            self._budget -= 1
            return True


def retry_after(header: Optional[str], wall: float) -> float:
    """A Retry-After header in seconds; 0 when there is none that means anything."""
    if not header:
        return 0.0
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        return max(email.utils.parsedate_to_datetime(header).timestamp() - wall, 0.0)
    except (TypeError, ValueError, IndexError, OverflowError):
        return 0.0
