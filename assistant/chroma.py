"""Clients of Chroma, for a folder and for a server, and what can be wrong with either.

Measured facts of chromadb 1.5 that this file is built around:

- A folder that could not be opened stays in a cache of Chroma's, by its path, and cannot be opened in the
  same process after it was mended, so the cache is cleared.
- Clients of a server wait without a limit, and never close their connections.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import LibraryError, SettingsError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from chromadb.config import Settings as ChromaSettings

COLLECTION = "passages"

_GREETING_SECONDS = 10.0  # for its first word
_SERVER_SECONDS = 60.0  # for one request to a Chroma server


class IndexDamaged(LibraryError):
    """Chroma cannot answer, or answers less than it holds; the catalogue can search without it."""

    notice = "index_damaged"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The vector index is damaged ({what}). No article is lost: run `news-assistant rebuild` "
            "to make the index again from the catalogue."
        )


class IndexUnreachable(IndexDamaged):
    """The Chroma server does not answer, or refuses; what it holds may well be sound."""

    notice = "index_unreachable"

    def __init__(self, server: str, why: str) -> None:
        LibraryError.__init__(
            self,
            f"The Chroma server {_named(server)} cannot be used ({why}). No article is lost: start it, for "
            "example with `chroma run`, check CHROMA_URL and CHROMA_TOKEN, or unset CHROMA_URL.",
        )


def _named(url: str) -> str:
    address = urlsplit(url)
    return f"{address.scheme}://{address.hostname}:{address.port}" if address.port else str(address.hostname)


class IndexBehind(IndexDamaged):
    """What was added or removed last could not be written to the index."""

    notice = "index_behind"

    def __init__(self, why: str) -> None:
        LibraryError.__init__(
            self, f"The index is not in step, and the catalogue was searched instead. {why}"
        )


@dataclass(frozen=True, slots=True)
class Server:
    """A Chroma server and the collection on it that is this library's."""

    url: str
    collection: str
    library: str
    token: str | None = field(default=None, repr=False)
    tenant: str = "default_tenant"
    database: str = "default_database"


def connect(folder: Path) -> tuple[ClientAPI, Collection]:
    """The index in a folder, made if it is not there; raises whatever Chroma raises."""
    # Chroma takes one to two seconds to import, so nothing pays for it before the first search.
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    client: ClientAPI | None = None
    try:
        client = chromadb.PersistentClient(path=str(folder), settings=_quiet())
        collection = client.get_or_create_collection(
            COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        collection.get(limit=1, include=["embeddings"])
    except Exception:
        if client is not None:
            shut(client)
        SharedSystemClient.clear_system_cache()
        raise
    return client, collection


def reach(server: Server) -> ClientAPI:
    """A client of a server, which answers. Raises SettingsError or whatever Chroma raises."""
    import chromadb

    address = urlsplit(server.url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise SettingsError("CHROMA_URL is no address of a server. Write http://HOST:PORT, or unset it.")
    secure, token = address.scheme == "https", server.token
    port = address.port or (443 if secure else 8000)
    # Chroma's client asks the server as it is made, and would wait for ever for one that says nothing.
    import httpx

    httpx.get(f"{address.scheme}://{address.hostname}:{port}/api/v2/heartbeat", timeout=_GREETING_SECONDS)
    client = chromadb.HttpClient(
        host=address.hostname,
        port=port,
        ssl=secure,
        headers={"x-chroma-token": token, "Authorization": f"Bearer {token}"} if token else None,
        settings=_quiet(),
        tenant=server.tenant,
        database=server.database,
    )
    for session in _sessions(client):
        session.timeout = _SERVER_SECONDS
    return client


def own(client: ClientAPI, server: Server) -> Collection:
    """The library's collection on a server; LibraryError where it is another library's."""
    collection = client.get_or_create_collection(
        server.collection,
        embedding_function=None,
        metadata={"library": server.library},
        configuration={"hnsw": {"space": "cosine"}},
    )
    if (collection.metadata or {}).get("library") != server.library:
        raise LibraryError(
            f"The collection {server.collection} on {server.url} belongs to another library. Name another "
            "one with NEWS_ASSISTANT_CHROMA_COLLECTION, or delete it there."
        )
    return collection


def _quiet() -> ChromaSettings:
    from chromadb.config import Settings as ChromaSettings

    logging.getLogger("chromadb").setLevel(logging.ERROR)
    return ChromaSettings(anonymized_telemetry=False, allow_reset=False)


def shut(client: ClientAPI) -> None:
    """Closes a client and what it holds open."""
    # In the client of an embedded Chroma, though its interface does not name it; it frees the files.
    close: Callable[[], None] | None = getattr(client, "close", None)
    if close is not None:
        close()
    if getattr(client, "_identifier", None) not in _systems():
        for session in _sessions(client):
            session.close()


def _sessions(client: ClientAPI) -> list[Any]:
    """The connections of a client of a server: Chroma gives them no time limit, and never closes them."""
    parts = (client, getattr(client, "_admin_client", None))
    found = (getattr(getattr(part, "_server", None), "_session", None) for part in parts)
    return [session for session in found if session is not None]


def _systems() -> Any:
    """What clients of this process to one address share, by address; gone when the last one is closed."""
    from chromadb.api.shared_system_client import SharedSystemClient

    return getattr(SharedSystemClient, "_identifier_to_system", {})
