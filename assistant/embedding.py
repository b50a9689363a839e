"""Texts to vectors: the local model (multilingual-e5-small, int8, offline) or an OpenAI-compatible endpoint.

Both give float32 vectors of unit length, so a dot product is the cosine. How the local weights were made
and what they cost in accuracy is in `weights/embedder/MODEL_CARD.md`.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import threading
import unicodedata
import zlib
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import EmbedderError

Kind = Literal["query", "passage"]
Vectors = NDArray[np.float32]

WEIGHTS = Path(__file__).with_name("weights") / "embedder"
TABLE_HEADER = np.dtype([("magic", "S4"), ("rows", "<u4"), ("columns", "<u4"), ("block", "<u4")])
TABLE_MAGIC = b"Q4V1"
TEXT_LIMIT = 16_384  # characters; no 512 pieces are longer, and a page of megabytes must not be split whole
TOKENS_PER_THREAD = 256  # padded tokens of one batch; measured best for 1 and for 2 threads
_BAD_FILES = "Install the package again, or run `git checkout -- assistant/weights` in a checkout."


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


class PieceTokenizer:
    """XLM-RoBERTa's unigram tokenizer (Kudo 2018): the most probable split of each word into pieces.

    Written here because the `tokenizers` library needs 290 MB for this vocabulary and this 40 MB; against
    the encoder its time does not count. The special pieces cannot be written in a text: "</s>" in an
    article is four ordinary characters.
    """

    START, END, UNKNOWN = 0, 2, 3
    # SentencePiece's rule set nmt: control characters go, line ends and invisible characters are spaces.
    _NMT = dict.fromkeys([*range(1, 9), 0x0B, *range(0x0E, 0x20), 0x7F, 0x8F, 0x9F], "") | dict.fromkeys(
        [9, 10, 12, 13, 0x1680, *range(0x200B, 0x2010), 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD], " "
    )

    def __init__(self, path: Path) -> None:
        """Reads "piece TAB log probability" lines; a line's number is the piece's id."""
        self._ids: dict[str, int] = {}
        self._scores = array("d")
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines):
                piece, score = line.rstrip("\n").split("\t")
                self._scores.append(float(score))
                if not (piece.startswith("<") and piece in {"<s>", "<pad>", "</s>", "<unk>", "<mask>"}):
                    self._ids[piece] = number
        self._longest = max(map(len, self._ids))
        self._unknown_score = min(self._scores) - 10  # SentencePiece's penalty
        self._cached = lru_cache(maxsize=20_000)(self._split)

    def ids(self, text: str, limit: int) -> list[int]:
        """The text's pieces between a start and an end piece, cut to `limit` in all."""
        text = unicodedata.normalize("NFKC", text[:TEXT_LIMIT].translate(self._NMT))
        found = [self.START]
        for word in re.sub(" {2,}", " ", text).removeprefix(" ").split(" "):
            found.extend(self._cached("▁" + word) if len(word) < 40 else self._split("▁" + word))
            if len(found) >= limit:
                break
        return [*found[: limit - 1], self.END]

    def _split(self, word: str) -> tuple[int, ...]:
        """Viterbi: best[i] is the highest sum of log probabilities of pieces that spell word[:i]."""
        size = len(word)
        best, last = [0.0] + [-math.inf] * size, [(0, 0)] * (size + 1)
        for start in range(size):
            for end in range(start + 1, min(start + self._longest, size) + 1):
                piece = self._ids.get(word[start:end])
                score = best[start] + (self._unknown_score if piece is None else self._scores[piece])
                if (piece is not None or end == start + 1) and score > best[end]:
                    best[end], last[end] = score, (start, self.UNKNOWN if piece is None else piece)
        found: list[int] = []
        while size:
            size, piece = last[size]
            if not (piece == self.UNKNOWN and found and found[-1] == piece):  # a run of unknowns is one
                found.append(piece)
        return tuple(reversed(found))


class VocabularyTable:
    """The 250,037 word vectors at 4 bits, on disk; only the rows of a batch are ever unpacked.

    A row is 12 blocks of 18 bytes: an f16 scale, then 16 bytes whose low nibbles are weights 0 to 15 and
    whose high nibbles are weights 16 to 31, each minus 8 and times the scale (ggml's Q4_0).
    """

    def __init__(self, path: Path) -> None:
        header = np.fromfile(path, TABLE_HEADER, count=1)
        if len(header) != 1 or header["magic"][0] != TABLE_MAGIC or header["block"][0] != 32:
            raise ValueError(f"{path.name} does not begin like a vocabulary table")
        self.rows, self.columns = int(header["rows"][0]), int(header["columns"][0])
        shape = (self.rows, self.columns // 32, 18)
        self.blocks = np.memmap(path, np.uint8, "r", offset=TABLE_HEADER.itemsize, shape=shape)

    def look_up(self, ids: NDArray[np.int64]) -> Vectors:
        """Vectors of shape (*ids.shape, columns)."""
        unique, places = np.unique(ids, return_inverse=True)
        blocks = np.asarray(self.blocks[unique])
        scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
        nibbles = blocks[..., 2:]
        weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
        table: Vectors = (weights * scales).reshape(len(unique), self.columns)
        return table[places.reshape(ids.shape)]


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
        for batch in self._batches(ids):
            vectors[batch] = self._run(session, table, [ids[i] for i in batch])
        return vectors

    def _batches(self, ids: list[list[int]]) -> Iterator[list[int]]:
        """Positions in `ids`, shortest first, so that little of a batch is padding."""
        batch: list[int] = []
        for place in sorted(range(len(ids)), key=lambda i: len(ids[i])):
            if batch and (len(batch) + 1) * len(ids[place]) > TOKENS_PER_THREAD * self._threads:
                yield batch
                batch = []
            batch.append(place)
        yield batch

    def _run(self, session: Any, table: VocabularyTable, ids: list[list[int]]) -> Vectors:
        longest = max(map(len, ids))
        tokens = np.ones((len(ids), longest), np.int64)  # 1 is the padding piece
        mask = np.zeros((len(ids), longest), np.int64)
        for row, items in enumerate(ids):
            tokens[row, : len(items)] = items
            mask[row, : len(items)] = 1
        inputs = {"inputs_embeds": table.look_up(tokens), "attention_mask": mask}
        try:
            return _unit(session.run(None, inputs)[0])
        except Exception as error:  # onnxruntime's errors have no common type
            raise EmbedderError(f"The local embedder failed: {error}. {_BAD_FILES}") from error

    def _load(self) -> tuple[PieceTokenizer, VocabularyTable, Any]:
        with self._lock:
            if self._loaded is None:
                try:
                    tokenizer = PieceTokenizer(self._folder / "tokenizer.tsv.gz")
                    table = VocabularyTable(self._folder / "vocabulary.q4")
                    self._loaded = tokenizer, table, _session(self._folder / "encoder.onnx", self._threads)
                except (OSError, EOFError, ValueError, zlib.error, RuntimeError) as error:
                    raise self._damaged(error) from error
            return self._loaded

    def _damaged(self, error: Exception) -> EmbedderError:
        why = f"{type(error).__name__}: {error}" if isinstance(error, KeyError | TypeError) else str(error)
        return EmbedderError(f"The embedder's files in {self._folder} cannot be used: {why}. {_BAD_FILES}")


def _session(path: Path, threads: int) -> Any:
    import onnxruntime

    runtime: Any = onnxruntime  # it exports nothing to a type checker
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Waiting threads would otherwise burn the processor that the page and Chroma need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common type
        raise ValueError(f"{path.name} does not load ({error})") from error


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
