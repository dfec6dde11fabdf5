"""How a question is spelled: in the request, and in the key of its copy."""

from __future__ import annotations

from typing import Any, Mapping
from urllib.parse import quote


def path_of(parts: list[str]) -> str:
    """`/posts/jam/` of `["posts", "jam"]`. Raises ValueError when a part would climb out of its path."""
    if "." in parts or ".." in parts:
        raise ValueError(f"{'/'.join(parts)} is not a path")
    return "/" + "".join(f"{quote(part, safe='')}/" for part in parts)


def query_of(params: Mapping[str, Any]) -> str:
    """`?a=1&b=2`, sorted, so that one question has one spelling; empty without parameters."""
    pairs = [f"{quote(name, safe='')}={quote(_text(value), safe='')}" for name, value in sorted(params.items()) if value is not None]
    return "?" + "&".join(pairs) if pairs else ""


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_on(value: Any) -> bool:
    return str(value).lower() in ("1", "true")


def hash_of(text: str) -> str:
    """32-bit FNV-1a, as 8 hex digits: tells sites in one store apart without giving the token away."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return f"{value:08x}"
