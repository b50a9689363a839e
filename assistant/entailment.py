"""The trained judge: a cross-encoder that reads a claim and its evidence together, offline.

It gives calibrated probabilities that the evidence supports the claim, refutes it, or does neither. It
shares the embedder's tokenizer and vocabulary table; its own file is the encoder with its head. How it was
made, what it scores and what it is bad at: `weights/judge/MODEL_CARD.md`. Which of its opinions count, and
when a rule overrides it, is decided in `ruling`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import WEIGHTS
from assistant.encoding import (
    BAD_FILES,
    TABLE,
    TEXT_LIMIT,
    TOKENIZER,
    PieceTokenizer,
    VocabularyTable,
    batches,
    padded,
    piece_tokenizer,
    session,
    vocabulary_table,
)
from assistant.errors import JudgeError

JUDGE = Path(__file__).with_name("weights") / "judge"
CLAIM_SHARE = 2  # a claim may take half of a window
OVERLAP = 4  # of a window's tokens, one part in so many is read again in the next


@dataclass(frozen=True, slots=True)
class Opinion:
    """The three probabilities of one pair; they add up to 1."""

    supports: float
    refutes: float
    neutral: float

    @property
    def best(self) -> str:
        """The likeliest label."""
        return max(("neutral", "supports", "refutes"), key=lambda label: getattr(self, label))

    def of_the_sides(self) -> Opinion:
        """The opinion of a pair that is known to be decided: support and refutation alone, added up to 1."""
        both = self.supports + self.refutes
        return Opinion(self.supports / both, self.refutes / both, 0.0) if both else Opinion(0.5, 0.5, 0.0)


class Entailment:
    """The local cross-encoder. Files are read at the first pair; safe to share between threads.

    Evidence that does not fit a window of `max_tokens` with its claim is read in windows that overlap by a
    quarter. The window that takes a side most surely speaks for the whole; where one supports and another
    refutes, the two are set against each other and what is left is neutral.
    """

    def __init__(self, folder: Path | None = None, shared: Path | None = None, threads: int = 2) -> None:
        """`folder` holds manifest.json and encoder.onnx, `shared` the embedder's tokenizer and table.

        Raises JudgeError when a file is missing or has another size than the manifest says.
        """
        self._folder, self._shared, self._threads = folder or JUDGE, shared or WEIGHTS, max(1, threads)
        self._lock = threading.Lock()
        self._loaded: tuple[PieceTokenizer, VocabularyTable, Any] | None = None
        try:
            manifest = json.loads((self._folder / "manifest.json").read_text(encoding="utf-8"))
            self.name = str(manifest["name"])
            self._limit = int(manifest["max_tokens"])
            self._scale = np.array(manifest["calibration"]["scale"], np.float64)
            self._shift = np.array(manifest["calibration"]["shift"], np.float64)
            self.thresholds = {
                label: float(manifest["thresholds"][label]) for label in ("supports", "refutes")
            }
            for name, entry in manifest["files"].items():
                if (found := (self._folder / name).stat().st_size) != entry["bytes"]:
                    raise ValueError(f"{name} has {found:,} bytes instead of {entry['bytes']:,}")
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(error) from error

    def opinions(self, pairs: Sequence[tuple[str, str]]) -> list[Opinion]:
        """One for each (claim, evidence), in order; equal pairs get equal opinions up to 1e-5."""
        if not pairs:
            return []
        tokenizer, table, runner = self._load()
        windows = [self._windows(tokenizer, *pair) for pair in pairs]
        flat = [ids for group in windows for ids in group]
        logits = np.empty((len(flat), 3), np.float64)
        for batch in batches(flat, self._threads):
            logits[batch] = self._run(runner, table, [flat[i] for i in batch])
        calibrated = _softmax(logits * self._scale + self._shift)
        found, at = [], 0
        for group in windows:
            found.append(_joined(calibrated[at : at + len(group)]))
            at += len(group)
        return found

    def _windows(self, tokenizer: PieceTokenizer, claim: str, evidence: str) -> list[list[int]]:
        """The pair as `<s> claim </s></s> evidence </s>`, as often as the evidence needs windows."""
        start, end = tokenizer.START, tokenizer.END
        # The ids come between a start and an end piece, which stand elsewhere here.
        head = tokenizer.ids(_clean(claim), self._limit // CLAIM_SHARE + 2)[1:-1]
        body = tokenizer.ids(_clean(evidence), TEXT_LIMIT)[1:-1]
        room = self._limit - len(head) - 4
        step = room - room // OVERLAP
        starts = range(0, max(1, len(body) - room // OVERLAP), step)
        return [[start, *head, end, end, *body[at : at + room], end] for at in starts]

    def _run(self, runner: Any, table: VocabularyTable, ids: list[list[int]]) -> Any:
        tokens, mask = padded(ids)
        inputs = {"inputs_embeds": table.look_up(tokens), "attention_mask": mask}
        try:
            return runner.run(None, inputs)[0]
        except Exception as error:  # onnxruntime's errors have no common type
            raise JudgeError(f"The judge failed: {error}. {BAD_FILES}") from error

    def _load(self) -> tuple[PieceTokenizer, VocabularyTable, Any]:
        with self._lock:
            if self._loaded is None:
                try:
                    self._loaded = (
                        piece_tokenizer(self._shared / TOKENIZER),
                        vocabulary_table(self._shared / TABLE),
                        session(self._folder / "encoder.onnx", self._threads),
                    )
                except (OSError, EOFError, ValueError, RuntimeError) as error:
                    raise self._damaged(error) from error
            return self._loaded

    def _damaged(self, error: Exception) -> JudgeError:
        why = f"{type(error).__name__}: {error}" if isinstance(error, KeyError | TypeError) else str(error)
        return JudgeError(f"The judge's files in {self._folder} cannot be used: {why}. {BAD_FILES}")


def _clean(text: str) -> str:
    """Text that can be encoded: a lone surrogate becomes a question mark."""
    return text[:TEXT_LIMIT].encode("utf-8", "replace").decode("utf-8")


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    wide = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: NDArray[np.float64] = wide / wide.sum(axis=1, keepdims=True)
    return found


def _joined(windows: NDArray[np.float64]) -> Opinion:
    """One opinion of the windows of a pair, columns in the order supports, refutes, neutral."""
    if len(windows) == 1:
        return Opinion(*map(float, windows[0]))
    supports, refutes = float(windows[:, 0].max()), float(windows[:, 1].max())
    if windows[:, 0].argmax() == windows[:, 1].argmax():
        return Opinion(*map(float, windows[windows[:, 0].argmax()]))
    for_it, against = supports * (1 - refutes), refutes * (1 - supports)
    return Opinion(for_it, against, 1 - for_it - against)
