"""What the two local models share: the tokenizer, the table of word vectors, batches, onnxruntime.

The files are the embedder's; the judge adds only an encoder of its own. A file is read once for a process.
"""

from __future__ import annotations

import gzip
import math
import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

TOKENIZER, TABLE = "tokenizer.tsv.gz", "vocabulary.q4"
TABLE_HEADER = np.dtype([("magic", "S4"), ("rows", "<u4"), ("columns", "<u4"), ("block", "<u4")])
TABLE_MAGIC = b"Q4V1"
TEXT_LIMIT = 16_384  # characters; no 512 pieces are longer, and a page of megabytes must not be split whole
TOKENS_PER_THREAD = 256  # padded tokens of one batch; measured best for 1 and for 2 threads
BAD_FILES = "Install the package again, or run `git checkout -- assistant/weights` in a checkout."
_PADDING = 1  # the id of the padding piece


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


def piece_tokenizer(path: Path) -> PieceTokenizer:
    """The tokenizer in a file, read once as long as the file stays the same."""
    return _tokenizer(path, _state(path))


def vocabulary_table(path: Path) -> VocabularyTable:
    """The table in a file, opened once as long as the file stays the same."""
    return _table(path, _state(path))


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


@lru_cache(maxsize=2)
def _tokenizer(path: Path, state: tuple[int, int]) -> PieceTokenizer:  # noqa: ARG001 (part of the key)
    return PieceTokenizer(path)


@lru_cache(maxsize=2)
def _table(path: Path, state: tuple[int, int]) -> VocabularyTable:  # noqa: ARG001
    return VocabularyTable(path)


def batches(ids: Sequence[Sequence[int]], threads: int) -> Iterator[list[int]]:
    """Positions in `ids`, shortest first, so that little of a batch is padding."""
    batch: list[int] = []
    for place in sorted(range(len(ids)), key=lambda i: len(ids[i])):
        if batch and (len(batch) + 1) * len(ids[place]) > TOKENS_PER_THREAD * threads:
            yield batch
            batch = []
        batch.append(place)
    yield batch


def padded(ids: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids and mask, both of shape (texts, longest)."""
    longest = max(map(len, ids))
    tokens = np.full((len(ids), longest), _PADDING, np.int64)
    mask = np.zeros((len(ids), longest), np.int64)
    for row, items in enumerate(ids):
        tokens[row, : len(items)] = items
        mask[row, : len(items)] = 1
    return tokens, mask


def session(path: Path, threads: int) -> Any:
    """An onnxruntime session over a file. Raises ValueError where it does not load."""
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
