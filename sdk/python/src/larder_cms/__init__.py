"""Client for larder and ButterCMS that keeps a site up while its CMS is down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .cancel import Cancel
from .clock import Clock
from .errors import (
    BadAnswer,
    BadRequest,
    Cancelled,
    Forbidden,
    LarderError,
    NetworkError,
    NotFound,
    RateLimited,
    ServerError,
    Timeout,
    Unauthorized,
)
from .reading import Answer, Limits
from .redis import AsyncRedisStore, RedisStore
from .settings import Settings, Stale
from .store import AsyncStore, FileStore, MemoryStore, Store
from .sync import ButterCMS
from .version import __version__

if TYPE_CHECKING:
    from .aio import AsyncButterCMS

__all__ = [
    "Answer",
    "AsyncButterCMS",
    "AsyncRedisStore",
    "AsyncStore",
    "BadAnswer",
    "BadRequest",
    "ButterCMS",
    "Cancel",
    "Cancelled",
    "Clock",
    "FileStore",
    "Forbidden",
    "LarderError",
    "Limits",
    "MemoryStore",
    "NetworkError",
    "NotFound",
    "RateLimited",
    "RedisStore",
    "ServerError",
    "Settings",
    "Stale",
    "Store",
    "Timeout",
    "Unauthorized",
    "__version__",
]


def __getattr__(name: str) -> Any:
    # Only who uses asyncio needs httpx.
    if name == "AsyncButterCMS":
        from .aio import AsyncButterCMS

        return AsyncButterCMS
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
