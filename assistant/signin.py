"""Who uses the pages: what a sign-in tells of a person, and the library that is theirs alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError
from assistant.settings import Settings

PEOPLE = "people"
_NEEDED = ("client_id", "client_secret", "server_metadata_url")
_SHARED = ("redirect_uri", "cookie_secret")
_SECRET = 32  # characters of a secret that signs who somebody is


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed in. `id`: 32 hexadecimal digits, of the provider and its own name for them."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Provider:
    """A way to sign in; `name` is None for the one that has no name."""

    name: str | None
    label: str


def person(claims: Mapping[str, Any]) -> Person:
    """Whose claims these are. Raises SettingsError where they do not say.

    Never by an e-mail address or a name: those change, are given anew, and may be chosen by whoever signs in.
    """
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not (isinstance(issuer, str) and issuer and isinstance(subject, str) and subject):
        raise SettingsError(
            "The provider of the sign-in does not say who you are (no iss and sub in its token), so "
            "no library "
            "can be yours. Set another provider in secrets.toml."
        )
    told = hashlib.sha256(f"{len(issuer)}:{issuer}{subject}".encode("utf-8", "replace")).hexdigest()[:32]
    named = (claims.get(part) for part in ("name", "email", "preferred_username"))
    return Person(told, next((name[:80] for name in named if isinstance(name, str) and name.strip()), "you"))


def library_of(settings: Settings, somebody: Person) -> Settings:
    """The settings for the library of one person. Raises SettingsError where it could not be theirs alone."""
    if settings.database_url is not None:
        raise SettingsError(
            "Sign-in gives each person a library of their own, and a database holds one library for "
            "all. Unset "
            "DATABASE_URL, which puts each person's catalogue in a folder, or remove [auth] from "
            "secrets.toml, "
            "which gives everyone the one library."
        )
    return settings.model_copy(
        update={
            "library": settings.library / PEOPLE / somebody.id,
            "chroma_collection": f"{settings.chroma_collection}-{somebody.id}",
        }
    )


def providers(auth: Mapping[str, Any]) -> tuple[Provider, ...]:
    """The ways to sign in that `[auth]` of secrets.toml configures. Raises SettingsError."""
    missing = [name for name in _SHARED if not auth.get(name)]
    if missing:
        raise SettingsError(f"[auth] in secrets.toml lacks {' and '.join(missing)}. Add it, and start again.")
    if len(str(auth["cookie_secret"])) < _SECRET:
        raise SettingsError(
            f"cookie_secret in secrets.toml is shorter than {_SECRET} characters, so that it could be "
            "guessed and "
            "anyone could sign in as anyone. Make one with: python -c 'import secrets; "
            "print(secrets.token_hex(32))'"
        )
    sections: dict[str | None, Mapping[str, Any]] = {
        name: part for name, part in auth.items() if isinstance(part, Mapping) and name != "client_kwargs"
    }
    if any(auth.get(name) for name in _NEEDED):
        sections[None] = auth
    if not sections:
        raise SettingsError(f"[auth] in secrets.toml names no provider: {', '.join(_NEEDED)}. Add them.")
    for name, part in sections.items():
        if missing := [key for key in _NEEDED if not part.get(key)]:
            where = f"[auth.{name}]" if name else "[auth]"
            raise SettingsError(
                f"{where} in secrets.toml lacks {' and '.join(missing)}. Add it, and start again."
            )
    return tuple(Provider(name, f"Sign in with {name}" if name else "Sign in") for name in sections)


def unread(files: Sequence[str]) -> str:
    """What to say where there is a secrets.toml that cannot be read: a sign-in in it would not be asked for.

    Empty where there is none.
    """
    there = [file for file in files if Path(file).exists()]
    if not there:
        return ""
    return (
        "The file secrets.toml cannot be read, so whether a sign-in is asked for is not known, and "
        "nothing is "
        "shown. Mend it (the terminal of the chat says what is wrong), or remove it."
    )


def exposed(address: str | None) -> bool:
    """Whether a server bound to `address` can be reached from other machines."""
    if not address:
        return True
    if address == "localhost" or address.startswith("unix:"):
        return False
    try:
        return not ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return True
