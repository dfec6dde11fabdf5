"""The last good answer to a question, as it is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Optional


@dataclass(frozen=True)
class Copy:
    #: Seconds since 1970.
    stored: float
    etag: Optional[str]
    #: The answer's text.
    body: str

    def text(self) -> str:
        return json.dumps({"stored": round(self.stored * 1000), "etag": self.etag, "body": self.body}, ensure_ascii=False)


def copy_of(text: Optional[str]) -> Optional[Copy]:
    """None for everything that is not a whole copy."""
    held = json_object(text) if text else None
    if held is None:
        return None
    stored, etag, body = held.get("stored"), held.get("etag"), held.get("body")
    if not isinstance(stored, (int, float)) or not isinstance(body, str) or json_object(body) is None:
        return None
    return Copy(stored / 1000, etag if isinstance(etag, str) else None, body)


def json_object(text: str | bytes) -> Optional[dict[str, Any]]:
    """The object a text is in JSON; None for everything else."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
