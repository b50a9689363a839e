"""Texts to vectors: the local model (multilingual-e5-small, int8, offline) or an OpenAI-compatible endpoint.

Both give float32 vectors of unit length, so a dot product is the cosine. How the local weights were made
and what they cost in accuracy is in `weights/embedder/MODEL_CARD.md`.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from assistant.encoding import (
    BAD_FILES,
    TABLE,
    TEXT_LIMIT,
    TOKENIZER,
    PieceTokenizer,
    Vectors,
    VocabularyTable,
    batches,
    padded,
    piece_tokenizer,
    session,
    vocabulary_table,
)
from assistant.errors import EmbedderError, SettingsError
from assistant.settings import Settings

Kind = Literal["query", "passage"]

WEIGHTS = Path(__file__).with_name("weights") / "embedder"


class Embedder(Protocol):
    """Anything that turns texts into vectors; the two classes below are the ones that exist."""

    @property
    def fingerprint(self) -> str:
        """Equal exactly when two embedders' vectors may be compared; stored with a library."""

    @property
    def name(self) -> str:
        """For people, such as "multilingual-e5-small int8"."""

    @property
    def dimensions(self) -> int:
        """Columns of what `embed` returns."""

    def embed(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """Vectors of shape (len(texts), dimensions), unit length, in the order of the texts.

        Raises EmbedderError when there can be none.
        """


class LocalEmbedder:
    """multilingual-e5-small on the processor, without a network. Safe to share between threads.

    Files are read at the first `embed`; the constructor only compares their sizes with the manifest, so
    that a missing or cut file is named at once. Texts beyond 512 tokens (about 2,000 characters of
    English) are cut: split articles into passages first.
    """

    def __init__(self, folder: Path | None = None, threads: int = 2) -> None:
        """`folder` holds manifest.json and the files that it names; EmbedderError when it does not."""
        self._folder, self._threads = folder or WEIGHTS, max(1, threads)
        self._lock = threading.Lock()
        self._loaded: tuple[PieceTokenizer, VocabularyTable, Any] | None = None
        try:
            manifest = json.loads((self._folder / "manifest.json").read_text(encoding="utf-8"))
            sizes = {name: entry["bytes"] for name, entry in manifest["files"].items()}
            hashes = ",".join(manifest["files"][name]["sha256"][:12] for name in sorted(sizes))
            self.name = str(manifest["name"])
            self.dimensions = int(manifest["dimensions"])
            self._limit = int(manifest["max_tokens"])
            self.fingerprint = f"{self.name};{hashes};{manifest['tokenizer']};mean;{self._limit}"
            for name, size in sizes.items():
                if (found := (self._folder / name).stat().st_size) != size:
                    raise ValueError(f"{name} has {found:,} bytes instead of {size:,}")
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(error) from error

    def embed(self, texts: Sequence[str], kind: Kind) -> Vectors:
        """See `Embedder.embed`. Equal texts get equal vectors up to 1e-6, whatever else is in the call."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        tokenizer, table, session = self._load()
        # A lone surrogate is not text and would not encode; it becomes a question mark.
        clean = (text[:TEXT_LIMIT].encode("utf-8", "replace").decode("utf-8") for text in texts)
        ids = [tokenizer.ids(f"{kind}: {text}", self._limit) for text in clean]
        vectors = np.empty((len(ids), self.dimensions), np.float32)
        for batch in batches(ids, self._threads):
            vectors[batch] = self._run(session, table, [ids[i] for i in batch])
        return vectors

    def _run(self, session: Any, table: VocabularyTable, ids: list[list[int]]) -> Vectors:
        tokens, mask = padded(ids)
        inputs = {"inputs_embeds": table.look_up(tokens), "attention_mask": mask}
        try:
            return _unit(session.run(None, inputs)[0])
        except Exception as error:  # onnxruntime's errors have no common type
            raise EmbedderError(f"The local embedder failed: {error}. {BAD_FILES}") from error

    def _load(self) -> tuple[PieceTokenizer, VocabularyTable, Any]:
        with self._lock:
            if self._loaded is None:
                try:
                    self._loaded = (
                        piece_tokenizer(self._folder / TOKENIZER),
                        vocabulary_table(self._folder / TABLE),
                        session(self._folder / "encoder.onnx", self._threads),
                    )
                except (OSError, EOFError, ValueError, zlib.error, RuntimeError) as error:
                    raise self._damaged(error) from error
            return self._loaded

    def _damaged(self, error: Exception) -> EmbedderError:
        why = f"{type(error).__name__}: {error}" if isinstance(error, KeyError | TypeError) else str(error)
        return EmbedderError(f"The embedder's files in {self._folder} cannot be used: {why}. {BAD_FILES}")


def _unit(vectors: Any) -> Vectors:
    """The rows scaled to length 1, as float32; ValueError for a row that has no direction."""
    wide = np.asarray(vectors, np.float64)
    lengths = np.linalg.norm(wide, axis=-1, keepdims=True)
    if not np.isfinite(lengths).all() or not lengths.all():
        raise ValueError("a vector is zero or not finite")
    unit: Vectors = (wide / lengths).astype(np.float32)
    return unit


class OpenAIEmbedder:
    """Any endpoint that speaks OpenAI's /v1/embeddings.

    The fingerprint holds the model and the asked dimensions, not the address: the same model behind
    another port gives the same vectors.
    """

    def __init__(
        self,
        model: str,
        api_key: str | None = None,
        base_url: str | None = None,
        dimensions: int | None = None,
        timeout: float = 30.0,
        batch: int = 64,
        retries: int = 2,
    ) -> None:
        """`timeout` in seconds for one request of at most `batch` texts; nothing is contacted yet."""
        if not api_key and not base_url:
            raise EmbedderError(
                "The embeddings endpoint needs a key. Set NEWS_ASSISTANT_API_KEY, or set "
                "NEWS_ASSISTANT_EMBEDDER=local to work without an endpoint."
            )
        self.name = f"{model} over the network"
        self.fingerprint = f"openai-compatible;{model};{dimensions or 'default'}"
        self._model, self._key, self._url = model, api_key, base_url
        self._asked, self._seen = dimensions, dimensions
        self._timeout, self._batch, self._retries = timeout, batch, retries
        self._lock = threading.Lock()
        self._client: Any = None

    @property
    def dimensions(self) -> int:
        """As asked for, else as the endpoint last replied, which costs one request the first time."""
        return self._seen or self.embed(["dimensions"], "query").shape[1]

    def embed(self, texts: Sequence[str], kind: Kind) -> Vectors:  # noqa: ARG002 (no prefixes here)
        """See `Embedder.embed`; the reply's count, dimensions and numbers are checked."""
        if not texts:
            return np.zeros((0, self._seen or 0), np.float32)
        # An empty input is refused by the endpoints, a lone surrogate by the JSON encoder.
        clean = [text.encode("utf-8", "replace").decode("utf-8") or " " for text in texts]
        try:
            vectors = _unit(self._connected().embed_documents(clean))
            if vectors.ndim != 2 or len(vectors) != len(clean):
                raise ValueError(f"{len(clean)} texts were sent, the reply has shape {vectors.shape}")
            if vectors.shape[1] != (self._seen or vectors.shape[1]):
                raise ValueError(f"vectors of {vectors.shape[1]} numbers, {self._seen} were expected")
        except Exception as error:  # openai, httpx and JSON errors have no common type
            raise self._failure(error) from error
        self._seen = vectors.shape[1]
        return vectors

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                from langchain_openai import OpenAIEmbeddings
                from pydantic import SecretStr

                self._client = OpenAIEmbeddings(
                    model=self._model,
                    api_key=SecretStr(self._key or "none"),
                    base_url=self._url,
                    dimensions=self._asked,
                    timeout=self._timeout,
                    max_retries=self._retries,
                    chunk_size=self._batch,
                    check_embedding_ctx_length=False,  # True loads tiktoken, which downloads its tables
                )
            return self._client

    def _failure(self, error: Exception) -> EmbedderError:
        why = " ".join(str(error).split()).replace(self._key or "\0", "***")[:300] or "no reason given"
        steps = {
            "AuthenticationError": "Check NEWS_ASSISTANT_API_KEY",
            "PermissionDeniedError": "Check what the key may use",
            "NotFoundError": "Check NEWS_ASSISTANT_EMBEDDING_MODEL and the base URL",
            "RateLimitError": "Wait a minute and try again",
            "APITimeoutError": "Raise NEWS_ASSISTANT_REQUEST_TIMEOUT or try again",
            "APIConnectionError": "Check that the server runs and that NEWS_ASSISTANT_BASE_URL is right",
            "ValueError": "Check that the endpoint serves this model's embeddings",
        }
        step = steps.get(type(error).__name__, "Try again or check the endpoint")
        return EmbedderError(
            f"The embeddings endpoint gave no vectors for {self._model}: {type(error).__name__}: {why}. "
            f"{step}, or set NEWS_ASSISTANT_EMBEDDER=local."
        )


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name. Raises EmbedderError or SettingsError."""
    if settings.embedder == "local":
        return LocalEmbedder(threads=settings.threads)
    if settings.api_key is None and settings.base_url is None:
        raise SettingsError(
            "The embedder `openai` needs an endpoint. Set OPENAI_API_KEY or OPENAI_BASE_URL, "
            "or set NEWS_ASSISTANT_EMBEDDER=local."
        )
    return OpenAIEmbedder(
        model=settings.embedding_model,
        api_key=settings.api_key.get_secret_value() if settings.api_key else "unused",
        base_url=settings.base_url,
        timeout=settings.request_timeout,
    )


def called(fingerprint: str) -> str:
    """The embedder of a fingerprint, for people: "multilingual-e5-small int8", "NAME over the network"."""
    first, _, rest = fingerprint.partition(";")
    return f"{rest.partition(';')[0]} over the network" if first == "openai-compatible" else first
