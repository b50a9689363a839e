"""Libraries that machines share, or that move: nobody stops anybody, no index is believed blindly."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from assistant import chroma
from assistant.errors import LibraryError, SettingsError
from assistant.library import Library
from assistant.models import Filters
from assistant.settings import Settings
from tests.fakes import FakeEmbedder, article, articles, complete, near, opened

WORDS = ("zaatar", "anti-war", "3.5", "o'neil", "\\", "a" * 5000)


def test_opening_a_library_does_not_stop_one_who_adds(settings: Settings) -> None:
    trouble: list[str] = []

    def open_often() -> None:
        try:
            for _ in range(25):
                opened(settings).close()
        except Exception as error:
            trouble.append(repr(error))

    with opened(settings) as library:
        library.add(articles(1))
        threads = [threading.Thread(target=open_often) for _ in range(2)]
        for thread in threads:
            thread.start()
        for number in range(1, 12):
            library.add([article(number)])
        for thread in threads:
            thread.join()
        assert not trouble
        complete(library, articles(12))


@pytest.mark.parametrize("word", WORDS, ids=["apostrophe", "parts", "number", "name", "backslash", "long"])
def test_every_word_can_be_stored_and_asked_for(settings: Settings, word: str) -> None:
    item = article(1, f"The {word} came into the harbour on that day, and nobody knew why it had come.")
    with opened(settings) as library:
        library.add([item, article(2)])
        assert library.catalogue.article_of(
            library.catalogue.search_words(["harbour"], 9, Filters())
        ).values()
        library.catalogue.search_words([word], 9, Filters())  # raises nothing
        assert library.check() == []


def test_a_library_that_moves_between_folder_and_server_takes_its_index_along(
    tmp_path: Path, servers: tuple[str, str]
) -> None:
    folder = Settings(library=tmp_path / "library")
    server = folder.model_copy(update={"chroma_url": servers[1], "chroma_collection": f"m{time.time_ns()}"})
    with opened(folder) as library:
        library.add(articles(3))
        assert near(library, article(1)) == {article(1).id}
    with opened(server) as library:
        library.add([article(3)])
        library.remove(article(0).id)
        complete(library, articles(3, 1))
    with opened(folder) as library:
        assert near(library, article(0)) == set() and near(library, article(3)) == {article(3).id}
        complete(library, articles(3, 1))


def test_a_collection_of_another_library_is_left_alone(tmp_path: Path, servers: tuple[str, str]) -> None:
    name = f"o{time.time_ns()}"
    one, other = (
        Settings(library=tmp_path / place, chroma_url=servers[1], chroma_collection=name) for place in "ab"
    )
    with opened(one) as library:
        library.add(articles(2))
        with opened(other) as second, pytest.raises(LibraryError, match="belongs to another library"):
            second.add([article(7)])
        complete(library, articles(2))


def test_a_server_that_accepts_and_says_nothing_is_told_soon(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma, "_GREETING_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://user:secret@127.0.0.1:{silent.getsockname()[1]}"
        with opened(settings.model_copy(update={"chroma_url": url, "chroma_collection": "abc"})) as library:
            library.add(articles(2))
            found, (notice,) = library.nearest(library.embedder.embed(["x"], "query")[0], 3, Filters())
            assert len(found) == 3 and notice.code == "index_unreachable" and "secret" not in notice.text


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://user:TOPSECRET@127.0.0.1:9/news",
        "postgresql://127.0.0.1:9/news?user=u&password=TOPSECRET",
        "postgresql://user:TOPSECRET@127.0.0.1:nine/news",
        "mysql://user:TOPSECRET@127.0.0.1/news",
    ],
)
def test_no_message_shows_the_password_of_a_database(tmp_path: Path, address: str) -> None:
    given: dict[str, Any] = {"database_url": SecretStr(address), "chroma_url": "http://127.0.0.1:9"}
    with pytest.raises((LibraryError, SettingsError)) as raised:
        Library.open(Settings(library=tmp_path / "library", **given), FakeEmbedder())
    assert "TOPSECRET" not in str(raised.value) and "DATABASE_URL" in str(raised.value)


@pytest.mark.parametrize("name", ["a?b", "a%20b", "a#b", "ü b"])
def test_a_library_is_in_the_folder_that_was_named(tmp_path: Path, name: str) -> None:
    settings = Settings(library=tmp_path / name)
    with opened(settings) as library:
        library.add(articles(1))
    file = settings.library / "catalogue.sqlite3"
    assert [path.name for path in tmp_path.iterdir()] == [name]
    db = sqlite3.connect(file)
    assert db.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    db.close()
