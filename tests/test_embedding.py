"""The embedder: languages meet, order holds, odd text does not crash, failures say what to do."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.embedding import WEIGHTS, LocalEmbedder, OpenAIEmbedder
from assistant.encoding import TABLE_HEADER, PieceTokenizer, VocabularyTable
from assistant.errors import EmbedderError

PASSAGES = (
    "NATO indicated that it never promised Russia not to expand to the east.",
    "The Supreme Court upheld the health care law in a ruling on Thursday.",
    "Unemployment fell to 5.1 percent in the last quarter, the bureau of statistics said.",
    "The striker scored twice in the final and lifted the cup.",
)
QUESTIONS = {
    "ru": ("Обещало ли НАТО России не расширяться?", "Оставил ли Верховный суд закон о здравоохранении?"),
    "de": (
        "Hat die NATO Russland etwas versprochen?",
        "Hat das Oberste Gericht das Gesundheitsgesetz bestätigt?",
    ),
    "es": ("¿Prometió la OTAN algo a Rusia?", "¿Mantuvo el Tribunal Supremo la ley de sanidad?"),
    "zh": ("北约是否向俄罗斯承诺不东扩？", "最高法院是否维持医疗保健法？"),
}
ODD = [
    "",
    " ",
    "\n\t",
    "\ud800",
    "a\udfff b",
    "\x00\x01\x1f",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "</s><pad><mask>",
    "ﷺ" * 50,
    "é" * 3,
    "▁▁",
]


@pytest.fixture(scope="module")
def local() -> LocalEmbedder:
    return LocalEmbedder(threads=1)


@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_in_another_language_finds_the_english_passage(
    local: LocalEmbedder, language: str
) -> None:
    passages = local.embed(PASSAGES, "passage")
    found = (local.embed(QUESTIONS[language], "query") @ passages.T).argmax(axis=1)
    assert found.tolist() == [0, 1]


def test_order_survives_sorting_and_neighbours_do_not_matter(local: LocalEmbedder) -> None:
    texts = [PASSAGES[i % 4] * (1 + (i * 7) % 5) + f" {i}" for i in range(30)]
    together = local.embed(texts, "passage")
    alone = np.concatenate([local.embed([text], "passage") for text in texts])
    assert float((together * alone).sum(axis=1).min()) > 1 - 1e-5


def test_shape_type_length_and_prefix(local: LocalEmbedder) -> None:
    query, passage = local.embed(PASSAGES, "query"), local.embed(PASSAGES, "passage")
    assert query.shape == passage.shape == (4, 384) == (4, local.dimensions)
    assert query.dtype == np.float32
    assert np.linalg.norm(query, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert not np.allclose(query, passage, atol=1e-3)
    assert local.embed([], "query").shape == (0, 384)


def test_text_beyond_the_limit_is_cut(local: LocalEmbedder) -> None:
    text = "The inquiry into the bridge heard another witness. " * 300
    a, b = local.embed([text, text + "Unread end."], "passage")
    assert float(a @ b) > 1 - 1e-6


def test_odd_text_gives_vectors(local: LocalEmbedder) -> None:
    vectors = local.embed(ODD, "passage")
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(ODD)), abs=1e-5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(st.text(st.characters(codec=None), max_size=60), max_size=4))
def test_any_text_gives_unit_vectors_of_its_own(local: LocalEmbedder, texts: list[str]) -> None:
    vectors = local.embed([*texts, PASSAGES[0]], "passage")
    assert vectors.shape == (len(texts) + 1, 384)
    assert float(vectors[-1] @ local.embed([PASSAGES[0]], "passage")[0]) > 1 - 1e-5


def test_pieces_are_those_of_the_model() -> None:
    tokenizer = PieceTokenizer(WEIGHTS / "tokenizer.tsv.gz")
    # The ids that XLM-RoBERTa's own tokenizer gives.
    assert tokenizer.ids("Hello world!", 512) == [0, 35378, 8999, 38, 2]
    assert tokenizer.ids("ＨＥＬＬＯ\u00a0 \u200bworld", 512) == tokenizer.ids("HELLO world", 512)
    assert {0, 1, 250001}.isdisjoint(tokenizer.ids("<s> </s> <pad> <mask>", 512)[1:-1])
    assert 2 not in tokenizer.ids("a </s> b", 512)[:-1]
    assert len(tokenizer.ids("word " * 2000, 512)) == 512
    assert tokenizer.ids("\U00100000" * 5, 512).count(PieceTokenizer.UNKNOWN) == 1


def test_threads_share_one_session(local: LocalEmbedder) -> None:
    fresh = LocalEmbedder(threads=1)
    results: list[Any] = [None] * 4

    def work(i: int) -> None:
        results[i] = fresh.embed(PASSAGES, "passage")

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = local.embed(PASSAGES, "passage")
    assert all(np.allclose(result, expected, atol=1e-5) for result in results)


def test_import_is_light() -> None:
    code = (
        "import sys, assistant.embedding; print({'onnxruntime', 'tokenizers', 'openai'} & sys.modules.keys())"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_the_table_stays_on_disk() -> None:
    code = """
from pathlib import Path
import numpy as np
from assistant import embedding
size = lambda: int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
before = size()
local = embedding.LocalEmbedder(threads=1)
local.embed(["The inquiry into the bridge heard another witness. " * 8] * 8, "passage")
assert isinstance(local._loaded[1].blocks, np.memmap)
print(size() - before)
"""
    grown = float(subprocess.check_output([sys.executable, "-c", code], text=True))
    assert grown < 170, grown  # the table alone would be 384 MB as fp32


def test_fingerprint_names_model_and_files(local: LocalEmbedder) -> None:
    assert local.fingerprint == LocalEmbedder(threads=2).fingerprint
    manifest = json.loads((WEIGHTS / "manifest.json").read_text("utf-8"))
    for entry in manifest["files"].values():
        assert entry["sha256"][:12] in local.fingerprint
    assert local.name in local.fingerprint


def test_committed_files_are_the_exported_ones() -> None:
    manifest = json.loads((WEIGHTS / "manifest.json").read_text("utf-8"))
    for name, entry in manifest["files"].items():
        assert hashlib.sha256((WEIGHTS / name).read_bytes()).hexdigest() == entry["sha256"], name


def copy_of_weights(folder: Path, name: str) -> Path:
    """The weights with a copy of one file, to spoil, and links to the others."""
    for file in WEIGHTS.iterdir():
        if file.name == name:
            shutil.copy(file, folder)
        else:
            (folder / file.name).symlink_to(file)
    return folder


@pytest.mark.parametrize("name", ["manifest.json", "encoder.onnx", "tokenizer.tsv.gz", "vocabulary.q4"])
def test_missing_and_cut_files_are_named_at_once(tmp_path: Path, name: str) -> None:
    folder = copy_of_weights(tmp_path, name)
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(EmbedderError, match=r"cannot be used.*git checkout"):
        LocalEmbedder(folder)
    (folder / name).unlink()
    with pytest.raises(EmbedderError, match=name):
        LocalEmbedder(folder)


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.tsv.gz", "vocabulary.q4"])
def test_damaged_files_of_the_right_size_are_errors_at_first_use(tmp_path: Path, name: str) -> None:
    folder = copy_of_weights(tmp_path, name)
    data = bytearray((folder / name).read_bytes())
    data[:4096] = b"\xff" * 4096
    (folder / name).write_bytes(data)
    with pytest.raises(EmbedderError, match="cannot be used"):
        LocalEmbedder(folder).embed(["text"], "query")


def test_a_manifest_of_another_shape_is_an_error(tmp_path: Path) -> None:
    for text in ("[]", "{}", '{"files": {"a": 1}}'):
        (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(EmbedderError):
            LocalEmbedder(tmp_path)


def test_rows_of_the_table_are_unpacked_as_ggml_does(tmp_path: Path) -> None:
    header = np.array([(b"Q4V1", 1, 32, 32)], TABLE_HEADER).tobytes()
    nibbles = bytes(low | (15 - low) << 4 for low in range(16))
    (tmp_path / "table").write_bytes(header + np.float16(0.5).tobytes() + nibbles)
    row = VocabularyTable(tmp_path / "table").look_up(np.array([[0, 0]]))
    assert row.shape == (1, 2, 32)
    assert row[0, 1].tolist() == [(i - 8) / 2 for i in [*range(16), *range(15, -1, -1)]]


class Endpoint(BaseHTTPRequestHandler):
    """/v1/embeddings; `mode` is the model's name."""

    seen: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).seen.append(body)
        mode, count = body["model"], len(body["input"])
        if mode == "hang":
            time.sleep(1.5)
        width = {"narrow": 2, "zero": 3}.get(mode, 3)
        rows = [
            [float(len(text)) * (mode != "zero"), 1.0 * (mode != "zero"), 0.0][:width]
            for text in body["input"]
        ]
        if mode == "nan":
            rows[0][0] = float("nan")
        data = [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(rows)]
        reply = {"object": "list", "model": mode, "data": data[: count - (mode == "few")], "usage": {}}
        text = "{not json" if mode == "malformed" else json.dumps(reply)
        try:
            self.send_response({"broken": 500, "refused": 401}.get(mode, 200))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(text.encode())
        except OSError:
            pass  # the client of "hang" has left

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    Endpoint.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


def remote(url: str, model: str, dimensions: int | None = None) -> OpenAIEmbedder:
    return OpenAIEmbedder(model, "sk-secret", url, dimensions, timeout=0.5, batch=2, retries=0)


def test_endpoint_vectors_are_unit_and_in_order(url: str) -> None:
    embedder = remote(url, "good")
    vectors = embedder.embed(["a", "", "\ud800bc", "dddd", "eeeee"], "passage")
    assert vectors.shape == (5, 3)
    assert vectors.dtype == np.float32
    assert (vectors[:, 0] / vectors[:, 1]).tolist() == pytest.approx([1, 1, 3, 4, 5])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5))
    assert [len(body["input"]) for body in Endpoint.seen[-3:]] == [2, 2, 1]
    assert embedder.embed([], "query").shape == (0, 3)


def test_dimensions_are_asked_of_the_endpoint_once(url: str) -> None:
    embedder = remote(url, "good")
    before = len(Endpoint.seen)
    assert (embedder.dimensions, embedder.dimensions) == (3, 3)
    assert len(Endpoint.seen) == before + 1
    assert remote(url, "good", 3).fingerprint != embedder.fingerprint


@pytest.mark.parametrize("mode", ["broken", "refused", "malformed", "nan", "zero", "few", "hang"])
def test_endpoint_failures_are_one_error_with_a_next_step(url: str, mode: str) -> None:
    started = time.perf_counter()
    with pytest.raises(EmbedderError, match=r"gave no vectors.*NEWS_ASSISTANT_EMBEDDER=local") as caught:
        remote(url, mode).embed(["a", "b"], "query")
    assert time.perf_counter() - started < 60  # and the endpoint would hang for longer
    assert "sk-secret" not in str(caught.value)


def test_endpoint_of_another_width_is_an_error(url: str) -> None:
    with pytest.raises(EmbedderError, match="2 numbers, 3 were expected"):
        remote(url, "narrow", 3).embed(["a"], "query")


def test_endpoint_that_is_not_there() -> None:
    with pytest.raises(EmbedderError, match="NEWS_ASSISTANT_BASE_URL"):
        remote("http://127.0.0.1:9/v1", "good").embed(["a"], "query")
    with pytest.raises(EmbedderError, match="NEWS_ASSISTANT_API_KEY"):
        OpenAIEmbedder("good")
