"""What can be set; docs/clients/behaviour.md says exactly what each does. All times are seconds."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Callable, Optional, Sequence, Union

from .clock import Clock
from .errors import LarderError
from .store import AnyStore, MemoryStore

Log = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True)
class Stale:
    """What `on_stale` is told."""

    #: "revalidate" or "error".
    reason: str
    age: float
    #: Path and query, without the token.
    question: str
    error: Optional[LarderError] = None


@dataclass(frozen=True)
class Settings:
    #: The server, or the primary and its standbys. Without it `LARDER_URL` of the environment is taken.
    base_url: Union[str, Sequence[str], None] = None
    #: The whole call, pauses included.
    timeout: float = 10.0
    #: One request, from its first byte out to its last byte in.
    try_timeout: float = 3.0
    #: Tries after the first.
    retries: int = 3
    backoff_base: float = 0.1
    backoff_cap: float = 2.0
    #: Retries in stock at most, and what a call adds to them.
    retry_budget: float = 10.0
    retry_ratio: float = 0.1
    cool_off: float = 1.0
    cool_off_cap: float = 30.0
    #: How long a copy is as good as an answer; how long after that it is returned while it is renewed; how old it may
    #: be when servers fail.
    fresh: float = 0.0
    stale_while_revalidate: float = 0.0
    stale_if_error: float = 604_800.0
    #: None for no store at all.
    store: Optional[AnyStore] = field(default_factory=MemoryStore)
    store_timeout: float = 0.25
    #: Asks for drafts in every call.
    preview: bool = False
    on_log: Optional[Log] = None
    on_stale: Optional[Callable[[Stale], None]] = None
    clock: Clock = field(default_factory=Clock)

    def addresses(self) -> list[str]:
        given: Sequence[str]
        if self.base_url is None:
            given = [part for part in os.environ.get("LARDER_URL", "").split(",") if part.strip()]
        else:
            given = [self.base_url] if isinstance(self.base_url, str) else self.base_url
        if not given:
            raise ValueError("larder's address is not set: give base_url or set LARDER_URL")
        return [_base(address) for address in given]

    def log(self, event: str, **details: Any) -> None:
        if self.on_log:
            self.on_log(event, details)


def _base(address: str) -> str:
    base = address.strip().rstrip("/")
    return base[: -len("/v2")] if base.endswith("/v2") else base
