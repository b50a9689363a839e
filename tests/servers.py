"""A real Chroma server and a real PostgreSQL for the suite: those that the environment names, else our own.

`TEST_CHROMA_URL` and `TEST_DATABASE_URL` name servers that run already; .ci/run starts both. Without them a
Chroma server is started from its package, and PostgreSQL where its programs are installed.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.settings import Settings

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and (process is None or process.poll() is None):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing answers on port {port}")


@contextmanager
def chroma(folder: Path) -> Iterator[str]:
    """The address of a Chroma server."""
    if given := os.environ.get("TEST_CHROMA_URL"):
        yield given
        return
    port = free_port()
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder)]
    with (folder.parent / "chroma.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)], stdout=log, stderr=log
        )
    try:
        _wait(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


@contextmanager
def postgres() -> Iterator[str | None]:
    """The address of a PostgreSQL server on which databases may be made; None where there is none."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    initdb = shutil.which("initdb") or next((str(path / "initdb") for path in reversed(_PROGRAMS)), None)
    as_user = ["setpriv", "--reuid=nobody", "--clear-groups"] if os.geteuid() == 0 else []
    if initdb is None or (as_user and shutil.which("setpriv") is None):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="postgres-") as made:
        if as_user:  # PostgreSQL refuses root, and nobody else gets into pytest's own folders
            shutil.chown(made, "nobody")
        yield from _serve(Path(initdb).resolve().parent, Path(made), as_user)


def _serve(programs: Path, folder: Path, as_user: list[str]) -> Iterator[str]:
    data, port = folder / "data", free_port()
    make = [*as_user, str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-N"]
    subprocess.run(make, check=True, capture_output=True)
    serve = [*as_user, str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([*serve, "-c", "fsync=off"], stdout=log, stderr=log)
    try:
        _wait(port, server)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def own_schema(server: str, name: str) -> Iterator[str]:
    """An address at which everything is made in a schema of that name; gone afterwards."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE SCHEMA "{name}"'.encode())
        try:
            yield f"{server}?options=-csearch_path%3D{name}"
        finally:
            admin.execute(f'DROP SCHEMA "{name}" CASCADE'.encode())


def stores_in_environment(settings: Settings) -> dict[str, str]:
    """The variables that give a child process the stores of these settings."""
    if settings.database_url is None or settings.chroma_url is None:
        return {}
    return {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "CHROMA_URL": settings.chroma_url,
        "NEWS_ASSISTANT_CHROMA_COLLECTION": settings.chroma_collection,
    }


def main(command: list[str]) -> int:
    """Runs a command with both servers beside it; gives its exit status."""
    with tempfile.TemporaryDirectory(prefix="chroma-") as folder, postgres() as database:
        if database is None:
            sys.stderr.write("PostgreSQL is not installed: the tests over servers will be skipped\n")
            return subprocess.call(command)
        with chroma(Path(folder) / "chroma") as index:
            sys.stderr.write(f"PostgreSQL and Chroma run on loopback: {index}\n")
            environment = os.environ | {"TEST_DATABASE_URL": database, "TEST_CHROMA_URL": index}
            return subprocess.call(command, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
