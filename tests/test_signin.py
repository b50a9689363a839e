"""Who a person is, whose a library is, and that nothing opens where it cannot be told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import SecretStr

from assistant import signin
from assistant.errors import SettingsError
from assistant.settings import Settings

AUTH = {"redirect_uri": "http://127.0.0.1/oauth2callback", "cookie_secret": "x" * 32}
WAY = {"client_id": "c", "client_secret": "s", "server_metadata_url": "http://127.0.0.1/"}


@given(some.text(min_size=1), some.text(min_size=1), some.text(min_size=1), some.text(min_size=1))
def test_two_persons_are_two_and_one_is_one(issuer: str, subject: str, other: str, email: str) -> None:
    told = signin.person({"iss": issuer, "sub": subject, "email": email})
    assert re.fullmatch("[0-9a-f]{32}", told.id)
    assert told.id == signin.person({"iss": issuer, "sub": subject, "email": "another", "name": "new"}).id
    assert (told.id == signin.person({"iss": issuer, "sub": other, "email": email}).id) == (subject == other)
    assert (
        signin.person({"iss": issuer + subject, "sub": other}).id
        != signin.person({"iss": issuer, "sub": subject + other}).id
    )


@pytest.mark.parametrize(
    "claims",
    [{}, {"sub": "1"}, {"iss": "i"}, {"iss": "", "sub": "1"}, {"iss": "i", "sub": ""}, {"iss": 1, "sub": 2}],
)
def test_somebody_whom_the_provider_does_not_name_gets_no_library(claims: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="no iss and sub"):
        signin.person({**claims, "email": "me@post.example"})


def test_each_person_has_a_folder_and_a_collection() -> None:
    shared = Settings(library=Path("library"), chroma_url="http://127.0.0.1:1")
    anna = signin.person({"iss": "i", "sub": "../../other"})
    made = signin.library_of(shared, anna)
    assert made.library == Path("library") / "people" / anna.id
    assert made.chroma_collection == f"passages-{anna.id}"
    assert Settings(chroma_collection=made.chroma_collection).chroma_collection == made.chroma_collection


def test_a_database_for_all_is_refused_with_what_to_do() -> None:
    shared = Settings(database_url=SecretStr("postgresql://u:secret@h/d"), chroma_url="http://127.0.0.1:1")
    with pytest.raises(
        SettingsError, match=r"one library for all\. Unset DATABASE_URL.* or remove"
    ) as refused:
        signin.library_of(shared, signin.person({"iss": "i", "sub": "1"}))
    assert "u:secret" not in str(refused.value)


def test_every_way_to_sign_in_has_its_button() -> None:
    named = {**AUTH, "desk": WAY, "agency": WAY}
    assert [way.label for way in signin.providers(named)] == ["Sign in with desk", "Sign in with agency"]
    assert [(way.name, way.label) for way in signin.providers({**AUTH, **WAY})] == [(None, "Sign in")]


@pytest.mark.parametrize(
    ("auth", "said"),
    [
        ({}, "lacks redirect_uri and cookie_secret"),
        (AUTH, "names no provider"),
        ({**AUTH, **WAY, "cookie_secret": "short"}, "could be guessed"),
        ({**AUTH, "client_id": "c"}, r"\[auth\] in secrets.toml lacks client_secret and server_metadata_url"),
        ({**AUTH, "desk": {"client_id": "c"}}, r"\[auth.desk\] in secrets.toml lacks"),
    ],
)
def test_what_a_sign_in_lacks_is_named(auth: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        signin.providers(auth)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.0.0.2", "localhost", "::1", "[::1]", "unix:/run/chat.sock"]
)
def test_loopback_is_not_exposed(address: str) -> None:
    assert not signin.exposed(address)


@pytest.mark.parametrize(
    "address", [None, "", "0.0.0.0", "::", "192.168.1.5", "news.example", "127.0.0.1.example"]
)
def test_everything_else_is(address: str | None) -> None:
    assert signin.exposed(address)
