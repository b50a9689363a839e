"""What a library holds, read from a copy of its files by a process of its own, beside a sound library.

`python -m benchmarks.faults.content LIBRARY SOUND` prints it as JSON; `state` starts that child. The names of
the catalogue's tables and columns, and of Chroma's collection, are all that is known here of the inside.
"""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import ROOT, environment

ARTICLE = "id, title, text, outlet, date, url, language"
PASSAGE = 'id, article, ordinal, start, "end", text'
CLOSE = 1e-4  # how far two vectors of one text may be from each other, embedded in different company
NEIGHBOURS = 10  # a vector has to be among so many when it is searched for


@dataclass(frozen=True, slots=True)
class State:
    """How a library differs from the sound one; every number but the first two should be 0.

    `absent`: articles of the sound one that are not there or not whole yet; `doubled`: titles or vectors
    that are there more than once; `changed`: articles or passages with another content or vector;
    `missing`, `orphans`: passages that only the catalogue has, or only Chroma; `lost`: passages that a search
    for their own vectors does not find. `unreadable` says why nothing could be counted, `no_index` why
    nothing could be counted in Chroma.
    """

    articles: int = 0
    passages: int = 0
    absent: int = 0
    doubled: int = 0
    changed: int = 0
    missing: int = 0
    orphans: int = 0
    lost: int = 0
    unreadable: str = ""
    no_index: str = ""

    @property
    def sound(self) -> bool:
        """Whether all that is there is right, though not all may be there."""
        return self.right and not (self.missing or self.orphans or self.lost or self.no_index)

    @property
    def right(self) -> bool:
        """Whether no content is wrong, whatever the index holds."""
        return not (self.doubled or self.changed or self.unreadable)

    @property
    def complete(self) -> bool:
        """Whether it is as good as the sound one."""
        return self.sound and not self.absent

    def __str__(self) -> str:
        if self.unreadable:
            return f"unreadable: {self.unreadable}"
        return ", ".join(f"{name} {value}" for name, value in asdict(self).items() if value != "")


def state(library: Path, sound: Path) -> State:
    """Looks at a library that no process uses; `sound` is a library folder with all that may be in it."""
    with tempfile.TemporaryDirectory(prefix="content-") as scratch:
        copy = Path(scratch) / "library"
        shutil.copytree(library, copy)
        command = [sys.executable, "-m", "benchmarks.faults.content", str(copy), str(sound)]
        done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)
    lines = done.stdout.splitlines()
    why = f"status {done.returncode}: {' '.join(done.stderr.strip().splitlines()[-1:])[:300]}"
    if not lines:
        return State(unreadable=why)
    found = State(**json.loads(lines[-1]))
    return replace(found, no_index=why) if done.returncode else found


def tally(library: Path) -> dict[str, int]:
    """Articles by their state, and `writing` 1 while Chroma is written; empty without a catalogue."""
    with tempfile.TemporaryDirectory(prefix="tally-") as scratch:
        for name in ("catalogue.sqlite3", "catalogue.sqlite3-wal"):
            if (library / name).exists():
                shutil.copy(library / name, scratch)
        try:
            db = _opened(Path(scratch))
            found = dict(db.execute("SELECT state, count(*) FROM articles GROUP BY state"))
            found["writing"] = db.execute(
                "SELECT count(*) FROM meta WHERE name = 'index' AND value = 'writing'"
            ).fetchone()[0]
            db.close()
        except sqlite3.Error:
            return {}
    return found


def _opened(library: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"file:{library / 'catalogue.sqlite3'}?mode=rw", uri=True)
    db.row_factory = sqlite3.Row
    return db


@dataclass(frozen=True, slots=True)
class _Held:
    articles: dict[str, tuple[Any, ...]]
    passages: dict[str, tuple[Any, ...]]
    vectors: dict[str, NDArray[np.float32]]


def _held(library: Path) -> _Held:
    """What can be found in a catalogue: articles that are not pending, and their passages."""
    db = _opened(library)
    live = "state != 'pending' AND replaced_by IS NULL"
    articles = {row["id"]: tuple(row) for row in db.execute(f"SELECT {ARTICLE} FROM articles WHERE {live}")}
    where = f"article IN (SELECT id FROM articles WHERE {live})"
    passages = {row["id"]: tuple(row) for row in db.execute(f"SELECT {PASSAGE} FROM passages WHERE {where}")}
    rows = db.execute(f"SELECT id, vector FROM passages WHERE {where}")
    vectors = {row["id"]: np.frombuffer(row["vector"] or b"", np.float32) for row in rows}
    db.close()
    return _Held(articles, passages, vectors)


def _indexed(library: Path) -> tuple[Counter[str], Any]:
    """Ids in Chroma, each with how often it is there, and the collection; none where there is no Chroma."""
    if not (library / "chroma").is_dir():
        return Counter(), None
    import chromadb
    from chromadb.config import Settings
    from chromadb.errors import NotFoundError

    logging.getLogger("chromadb").setLevel(logging.ERROR)
    client = chromadb.PersistentClient(str(library / "chroma"), Settings(anonymized_telemetry=False))
    try:
        collection = client.get_collection("passages", embedding_function=None)
    except NotFoundError:
        return Counter(), None
    return Counter(collection.get(include=[])["ids"]), collection


def _lost(collection: Any, vectors: dict[str, NDArray[np.float32]]) -> int:
    ids = list(vectors)
    lost = 0
    for first in range(0, len(ids), 200):
        part = ids[first : first + 200]
        queries = np.stack([vectors[key] for key in part])
        found = collection.query(query_embeddings=queries, n_results=NEIGHBOURS, include=[])["ids"]
        lost += sum(key not in near for key, near in zip(part, found, strict=True))
    return lost


def compare(library: Path, sound: Path) -> Iterator[State]:
    """As `state`, on the folder itself and in this process: first without Chroma, which may end it."""
    held, right = _held(library), _held(sound)
    of: Counter[str] = Counter(passage[1] for passage in held.passages.values())
    whole: Counter[str] = Counter(passage[1] for passage in right.passages.values())
    titles = Counter(row[1] for row in held.articles.values())
    changed = [key for key, row in held.articles.items() if right.articles.get(key) != row]
    changed += [key for key in held.articles if of[key] != whole[key]]
    changed += [key for key, row in held.passages.items() if right.passages.get(key) != row]
    changed += [
        key
        for key, vector in held.vectors.items()
        if key in right.vectors and not _equal(vector, right.vectors[key])
    ]
    catalogue = State(
        articles=len(held.articles),
        passages=len(held.passages),
        absent=len(right.articles.keys() - held.articles.keys()),
        doubled=sum(titles.values()) - len(titles),
        changed=len(changed),
    )
    yield catalogue
    ids, collection = _indexed(library)
    there = {key: vector for key, vector in held.vectors.items() if key in ids and vector.size}
    yield replace(
        catalogue,
        doubled=catalogue.doubled + sum(ids.values()) - len(ids),
        missing=len(held.passages.keys() - ids.keys()),
        orphans=len(ids.keys() - held.passages.keys()),
        lost=_lost(collection, there) if there else 0,
    )


def _equal(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, atol=CLOSE))


if __name__ == "__main__":
    for one in compare(Path(sys.argv[1]), Path(sys.argv[2])):
        print(json.dumps(asdict(one)), flush=True)
