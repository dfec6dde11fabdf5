"""What a call can fail with; docs/clients/behaviour.md says when each is raised."""

from __future__ import annotations

from typing import Any, Mapping, Optional


class LarderError(Exception):
    """The base of all of them."""

    kind = "error"

    def __init__(
        self,
        message: str,
        status: Optional[int] = None,
        body: Optional[dict[str, Any]] = None,
        headers: Optional[Mapping[str, str]] = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        #: The error's JSON, as the server sent it.
        self.body = body
        #: With names in lower case.
        self.headers = headers or {}
        #: How many requests were made for the call.
        self.tries = 0

    @property
    def detail(self) -> Optional[str]:
        detail = (self.body or {}).get("detail")
        return detail if isinstance(detail, str) else None


class BadRequest(LarderError):
    kind = "bad_request"


class Unauthorized(LarderError):
    kind = "unauthorized"


class Forbidden(LarderError):
    kind = "forbidden"


class NotFound(LarderError):
    kind = "not_found"


class RateLimited(LarderError):
    kind = "rate_limited"


class ServerError(LarderError):
    kind = "server_error"


class NetworkError(LarderError):
    """No answer began."""

    kind = "network"


class BadAnswer(LarderError):
    """An answer began, and was cut off or is not larder's."""

    kind = "bad_answer"


class Timeout(LarderError):
    kind = "timeout"


class Cancelled(LarderError):
    kind = "cancelled"

    def __init__(self, message: str = "The call was cancelled") -> None:
        super().__init__(message)


KINDS: dict[int, type[LarderError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    408: ServerError,
    410: NotFound,
    429: RateLimited,
}


def is_ill(status: int) -> bool:
    """Whether a status says that the server, not the question, is at fault."""
    return status >= 500 or status in (408, 429)


def error_of(status: int, headers: Mapping[str, str], body: Optional[dict[str, Any]]) -> LarderError:
    """The error of an answer that is not a success; `body` is None when it was not a JSON object."""
    if body is None and not is_ill(status):
        return BadAnswer(f"The answer is not a JSON object ({status})", status, None, headers)
    kind = KINDS.get(status, ServerError if is_ill(status) else BadRequest)
    said = "; ".join(f"{name}: {value}" for name, value in (body or {}).items()) or "The server failed"
    return kind(f"{said} ({status})", status, body, headers)
