"""Where the workspace is kept: JSON documents by kind and id in one sqlite3 file, written as things happen."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Store:
    """Documents by kind and id. ``path`` None keeps them in memory, and they end with the process.

    Opened in one thread and used in the event loop's, never in two at once.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        # The log is not forced to disk at each write: a killed process loses nothing, a power cut the last moments.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS documents"
            " (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID"
        )

    def put(self, kind: str, key: str, document: Any) -> None:
        """Keep a document, in place of an older one with the same id."""
        body = json.dumps(document, separators=(",", ":"))
        self._connection.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", (kind, key, body))

    def drop(self, kind: str, key: str) -> None:
        """Forget a document; one that is not there is no news."""
        self._connection.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, key))

    def all(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Answer (id, document) of everything of a kind, by id."""
        rows = self._connection.execute("SELECT id, body FROM documents WHERE kind = ? ORDER BY id", (kind,))
        for key, body in rows:
            yield key, json.loads(body)

    def clear(self) -> None:
        """Forget everything."""
        self._connection.execute("DELETE FROM documents")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
