"""Opening an index in a process of its own first: bits that are wrong in it can end whoever reads it.

`python -m assistant.probe FOLDER` is that process; it reads every vector and searches for a sample of them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from assistant.chroma import IndexDamaged, connect, shut

_SAMPLES = 50
_SECONDS = 600.0
_PAGE = 2_000  # vectors in memory at once


def probe(folder: Path) -> IndexDamaged | None:
    """What is wrong with the index in a folder that nobody has open, as far as reading it tells."""
    if not folder.exists():
        return None
    command = [sys.executable, "-m", "assistant.probe", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return IndexDamaged(f"reading it took longer than {_SECONDS:g} s")
    if done.returncode == 0:
        return None
    said = done.stderr.strip().splitlines()
    return IndexDamaged("reading it ends the program" if done.returncode < 0 or not said else said[-1])


def main() -> None:
    """Reads the whole index; leaves with status 1 and a line on stderr where Chroma cannot."""
    client = None
    try:
        client, collection = connect(Path(sys.argv[1]))
        total = collection.count()
        for first in range(0, total, _PAGE):
            held = collection.get(limit=_PAGE, offset=first, include=["embeddings"])["embeddings"]
            vectors = np.asarray(held if held is not None else [], np.float32)
            for vector in vectors[:: max(1, total // _SAMPLES)]:
                collection.query(query_embeddings=vector[None, :], n_results=min(20, total), include=[])
    except Exception as error:  # Chroma's errors have no common type
        sys.stderr.write(f"it cannot be read: {type(error).__name__}\n")
        sys.exit(1)
    finally:
        if client is not None:
            shut(client)


if __name__ == "__main__":
    main()
