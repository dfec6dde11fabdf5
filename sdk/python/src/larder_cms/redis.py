"""Copies in Redis. Needs the package `redis`: `pip install larder-cms[redis]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Union

if TYPE_CHECKING:
    import redis
    import redis.asyncio


class RedisStore:
    """`client` is a `redis.Redis`, or the address of a server."""

    def __init__(self, client: Union[redis.Redis, str]) -> None:
        self._client: Any = client
        if isinstance(client, str):
            import redis

            self._client = redis.Redis.from_url(client)

    def get(self, key: str) -> Optional[str]:
        return _text(self._client.get(key))

    def set(self, key: str, text: str, max_age: float) -> None:
        self._client.set(key, text, px=_milliseconds(max_age))

    def delete(self, key: str) -> None:
        self._client.delete(key)


class AsyncRedisStore:
    """`client` is a `redis.asyncio.Redis`, or the address of a server."""

    def __init__(self, client: Union[redis.asyncio.Redis, str]) -> None:
        self._client: Any = client
        if isinstance(client, str):
            import redis.asyncio

            self._client = redis.asyncio.Redis.from_url(client)

    async def get(self, key: str) -> Optional[str]:
        return _text(await self._client.get(key))

    async def set(self, key: str, text: str, max_age: float) -> None:
        await self._client.set(key, text, px=_milliseconds(max_age))

    async def delete(self, key: str) -> None:
        await self._client.delete(key)


def _text(held: Union[bytes, str, None]) -> Optional[str]:
    return held.decode() if isinstance(held, bytes) else held


def _milliseconds(seconds: float) -> int:
    return max(round(seconds * 1000), 1)
