"""Time and chance, replaceable in tests. Time-outs are not here: they are always real."""

from __future__ import annotations

import asyncio
import random
import threading
import time


class Clock:
    """Seconds, everywhere."""

    def wall(self) -> float:
        """Since 1970; may jump."""
        return time.time()

    def monotonic(self) -> float:
        """Since any moment; never jumps."""
        return time.monotonic()

    def random(self) -> float:
        """At least 0, less than 1."""
        return random.random()

    def pause(self, seconds: float, cancelled: threading.Event) -> None:
        """Ends early when `cancelled` is set."""
        cancelled.wait(seconds)

    async def pause_async(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
