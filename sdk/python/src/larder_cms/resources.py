"""The methods of the official SDK, under its names.

`R` is what they return: an `Answer`, or what an `Answer` is awaited from.
"""

from __future__ import annotations

from typing import Any, Generic, Mapping, Optional, Protocol, Sequence, TypeVar, Union

from .reading import Limits

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

Params = Optional[Mapping[str, Any]]


class Caller(Protocol[R_co]):
    """A client, as its resources see it."""

    def read(self, parts: list[str], params: Params, limits: Optional[Limits]) -> R_co: ...

    def write(self, method: str, parts: list[str], body: Optional[Mapping[str, Any]], limits: Optional[Limits]) -> R_co: ...


class Resource(Generic[R]):
    def __init__(self, client: Caller[R], root: str) -> None:
        self._client = client
        self._root = root

    def _read(self, parts: Sequence[object], params: Params, limits: Optional[Limits]) -> R:
        # An empty slug asks for the list, as in the official SDK.
        return self._client.read([self._root, *(str(part) for part in parts if part != "")], params, limits)

    def _write(self, method: str, parts: Sequence[object], body: Optional[Mapping[str, Any]], limits: Optional[Limits]) -> R:
        return self._client.write(method, [self._root, *map(str, parts)], body, limits)


class Feeds(Resource[R]):
    def get(self, slug: str = "", params: Params = None, *, limits: Optional[Limits] = None) -> R:
        """`slug` is `rss`, `atom` or `sitemap`; the XML is a text in `data`."""
        return self._read([slug], params, limits)


class Named(Resource[R]):
    """Authors, categories and tags."""

    def all(self, params: Params = None, *, limits: Optional[Limits] = None) -> R:
        return self._read([], params, limits)

    def get(self, slug: str = "", params: Params = None, *, limits: Optional[Limits] = None) -> R:
        return self._read([slug], params, limits)


class Posts(Resource[R]):
    def all(self, params: Params = None, *, limits: Optional[Limits] = None) -> R:
        return self._read([], params, limits)

    def get(self, slug: str, params: Params = None, *, limits: Optional[Limits] = None) -> R:
        return self._read([slug], params, limits)

    def search(self, query: str, params: Params = None, *, limits: Optional[Limits] = None) -> R:
        return self._read(["search"], {**(params or {}), "query": query}, limits)

    def create(self, post: Mapping[str, Any], *, limits: Optional[Limits] = None) -> R:
        """Needs a write token, as all that write do."""
        return self._write("POST", [], post, limits)

    def update(self, slug: str, post: Mapping[str, Any], *, limits: Optional[Limits] = None) -> R:
        return self._write("PATCH", [slug], post, limits)

    def delete(self, slug: str, *, limits: Optional[Limits] = None) -> R:
        return self._write("DELETE", [slug], None, limits)


class Pages(Resource[R]):
    def all(self, page_type: str, params: Params = None, *, limits: Optional[Limits] = None) -> R:
        return self._read([page_type], params, limits)

    def get(self, page_type: str, page_slug: str, params: Params = None, *, limits: Optional[Limits] = None) -> R:
        return self._read([page_type, page_slug], params, limits)

    def search(self, query: str, params: Params = None, *, limits: Optional[Limits] = None) -> R:
        return self._read(["search"], {**(params or {}), "query": query}, limits)

    def create(self, page: Mapping[str, Any], *, limits: Optional[Limits] = None) -> R:
        return self._write("POST", [], page, limits)

    def update(self, page_type: str, page_slug: str, page: Mapping[str, Any], *, limits: Optional[Limits] = None) -> R:
        """`page_type` may be `*`."""
        return self._write("PATCH", [page_type, page_slug], page, limits)

    def delete(self, page_type: str, page_slug: str, *, limits: Optional[Limits] = None) -> R:
        return self._write("DELETE", [page_type, page_slug], None, limits)


class ContentFields(Resource[R]):
    def get(self, keys: Union[str, Sequence[str], None] = None, params: Params = None, *, limits: Optional[Limits] = None) -> R:
        """Collections by their keys."""
        named = keys if isinstance(keys, str) else ",".join(keys or ())
        return self._read([], {**(params or {}), "keys": named}, limits)

    def create(self, items: Mapping[str, Any], *, limits: Optional[Limits] = None) -> R:
        return self._write("POST", [], items, limits)

    def update(self, key: str, item_id: int, item: Mapping[str, Any], *, limits: Optional[Limits] = None) -> R:
        return self._write("PATCH", [key, item_id], item, limits)

    def delete(self, key: str, item_id: int, *, limits: Optional[Limits] = None) -> R:
        return self._write("DELETE", [key, item_id], None, limits)
