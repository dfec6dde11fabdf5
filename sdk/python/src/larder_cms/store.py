"""Where copies of answers are kept. Three methods are all it takes to write a store."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import uuid
from collections import OrderedDict
from pathlib import Path
from typing import Optional, Protocol, Union


class Store(Protocol):
    def get(self, key: str) -> Optional[str]: ...

    def set(self, key: str, text: str, max_age: float) -> None:
        """`max_age` is in seconds; after it the copy is of no use."""

    def delete(self, key: str) -> None: ...


class AsyncStore(Protocol):
    async def get(self, key: str) -> Optional[str]: ...

    async def set(self, key: str, text: str, max_age: float) -> None: ...

    async def delete(self, key: str) -> None: ...


AnyStore = Union[Store, AsyncStore]


class MemoryStore:
    """Keeps the copies used last in this process."""

    def __init__(self, entries: int = 500) -> None:
        self._entries = entries
        self._copies: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Optional[str]:
        with self._lock:
            if key in self._copies:
                self._copies.move_to_end(key)
            return self._copies.get(key)

    def set(self, key: str, text: str, max_age: float) -> None:
        with self._lock:
            self._copies[key] = text
            self._copies.move_to_end(key)
            if len(self._copies) > self._entries:
                self._copies.popitem(last=False)

    def delete(self, key: str) -> None:
        with self._lock:
            self._copies.pop(key, None)


class FileStore:
    """Copies in files: they outlive the process, and processes share them."""

    #: The oldest files are looked for at every so many writes.
    TIDY_EVERY = 100

    def __init__(self, folder: Union[str, os.PathLike[str]], files: int = 5000) -> None:
        self._folder = Path(folder)
        self._files = files
        self._writes = 0

    def get(self, key: str) -> Optional[str]:
        try:
            held = self._file(key).read_bytes()
        except FileNotFoundError:
            return None
        written, _, text = held.partition(b"\n")
        return text.decode() if written == _hash(text) else None

    def set(self, key: str, text: str, max_age: float) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(key)
        # Renamed when whole, so that nobody reads half of it and a full disk leaves what was there.
        draft = file.with_name(f"{file.name}.{uuid.uuid4().hex}.tmp")
        try:
            draft.write_bytes(_hash(text.encode()) + b"\n" + text.encode())
            os.replace(draft, file)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise
        self._writes += 1
        if self._writes % self.TIDY_EVERY == 0:
            self._tidy()

    def delete(self, key: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._file(key).unlink()

    def _file(self, key: str) -> Path:
        return self._folder / f"{_hash(key.encode()).decode()}.json"

    def _tidy(self) -> None:
        """Removes the oldest files, and drafts of processes that ended while writing."""
        files = sorted(self._folder.iterdir(), key=_time, reverse=True)
        for file in files[self._files :]:
            with contextlib.suppress(FileNotFoundError):
                file.unlink()


def _time(file: Path) -> float:
    # Another process may have removed it meanwhile.
    with contextlib.suppress(FileNotFoundError):
        return file.stat().st_mtime
    return 0.0


def _hash(held: bytes) -> bytes:
    return hashlib.sha256(held).hexdigest().encode()
