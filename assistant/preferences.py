"""What a person chose on the Settings page, for one library: a small file in its folder.

What the environment, a `.env` file or an argument sets wins over it. The key of an endpoint is never
among it: that is held by `credentials`, and goes only to the address that it was given for.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, NoReturn
from urllib.parse import urlsplit

from pydantic import AliasChoices, SecretStr, TypeAdapter, ValidationError

from assistant.endpoint import OPENAI
from assistant.errors import LibraryError, SettingsError
from assistant.settings import Settings

FILE = "preferences.json"
BUDGETS = (
    "max_tokens", "request_timeout", "token_timeout", "total_timeout", "retries", "context_chars",
    "small_library", "sources_asked", "passages_per_source",
)  # fmt: skip
FIELDS = ("engine", "base_url", "model", "temperature", *BUDGETS, "embedder", "embedding_model", "judge")
LABELS = {
    "engine": "Engine",
    "base_url": "Endpoint address",
    "model": "Model",
    "temperature": "Temperature",
    "max_tokens": "Longest answer of the model, in tokens",
    "request_timeout": "Seconds until the first token",
    "token_timeout": "Seconds between two tokens",
    "total_timeout": "Seconds for a whole answer",
    "retries": "Tries again before the first token",
    "context_chars": "Longest text of passages in one prompt, in characters",
    "small_library": "Articles up to which every one is asked",
    "sources_asked": "Most articles asked in a larger library",
    "passages_per_source": "Passages read from each source",
    "embedder": "Embedder",
    "embedding_model": "Embedding model",
    "judge": "Judge",
}
_MOST_BYTES, _MOST_TEXT = 100_000, 300


@dataclass(frozen=True, slots=True)
class Preferences:
    """The settings that were chosen, by name; what is not in it was left as it is."""

    chosen: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file holds, and what was wrong with it, in words."""

    preferences: Preferences
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """What a number may be: from `least` (itself left out where `above`) to `most`, whole or not."""

    least: float
    most: float | None
    above: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an endpoint, and the address that it was given for."""

    secret: str = field(repr=False)
    address: str


def read(folder: Path) -> Kept:
    """What was chosen for the library in a folder; what cannot be used is left out, and named."""
    file = folder / FILE
    try:
        if not file.exists():
            return Kept(Preferences())
        if file.stat().st_size > _MOST_BYTES:
            raise ValueError("it is far too long")
        held = json.loads(file.read_text(encoding="utf-8"), parse_constant=_refuse)
        if not isinstance(held, dict):
            raise ValueError("it holds no settings")
    except (OSError, ValueError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else f"{type(error).__name__}"
        return Kept(
            Preferences(),
            f"The file {file.name} in the library's folder cannot be read ({why}), and nothing in it holds. "
            "Save your settings again to write it anew.",
        )
    chosen, wrong = {}, []
    for name in FIELDS:
        if name in held:
            try:
                chosen[name] = _checked(name, held[name])
            except SettingsError:
                wrong.append(name)
    problem = (
        f"The file {file.name} in the library's folder has values that cannot be used and do not hold: "
        f"{', '.join(wrong)}. Save your settings again to write it anew."
    )
    return Kept(_made(chosen), problem if wrong else None)


def write(folder: Path, preferences: Preferences) -> None:
    """Keeps what was chosen, in place of what was kept before. Raises LibraryError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=folder, prefix=f".{FILE}.", delete=False
        ) as file:
            try:
                json.dump(dict(preferences.chosen), file, indent=2, sort_keys=True)
                file.write("\n")
                file.close()
                Path(file.name).replace(folder / FILE)
            except OSError:
                with suppress(OSError):
                    Path(file.name).unlink()
                raise
    except OSError as error:
        raise LibraryError(
            f"The settings cannot be saved in the library's folder ({error.strerror}). Free space, change "
            "its permissions, or set them in the environment or in .env."
        ) from error


def checked(values: Mapping[str, Any]) -> Preferences:
    """Preferences of these values, without those that are the defaults. Raises SettingsError, which names
    what it is about."""
    return _made({name: _checked(name, value) for name, value in values.items() if name in FIELDS})


def fixed(settings: Settings) -> dict[str, str]:
    """What the environment, `.env` or an argument sets, each with the variables that may have set it.

    `settings`: as loaded, with nothing applied.
    """
    return {name: variables(name) for name in (*FIELDS, "api_key") if name in settings.model_fields_set}


def variables(name: str) -> str:
    """The variables of a setting: "NEWS_ASSISTANT_MODEL or OPENAI_MODEL"."""
    alias = Settings.model_fields[name].validation_alias
    if isinstance(alias, AliasChoices):
        return " or ".join(str(choice) for choice in alias.choices)
    return f"NEWS_ASSISTANT_{name.upper()}"


def applied(
    settings: Settings, preferences: Preferences, key: Key | None = None, *, own_address: bool = True
) -> Settings:
    """The settings as the pages use them. `own_address`: whether an address of a person's own holds.

    A key goes to the address that it came with: the environment's to the environment's address, and one
    that was typed to the address beside it. Otherwise a page could send the one to any server.
    """
    open_to = {name: value for name, value in preferences.chosen.items() if name in FIELDS}
    if not own_address:
        open_to.pop("base_url", None)
    changes = {name: value for name, value in open_to.items() if name not in settings.model_fields_set}
    made = settings.model_copy(update=changes)
    held = settings.api_key if same(made.base_url, settings.base_url) else None
    if held is None and key is not None and same(key.address, made.base_url):
        held = SecretStr(key.secret)
    return made.model_copy(update={"api_key": held})


def same(one: str | None, other: str | None) -> bool:
    """Whether two addresses of an endpoint are one; none stands for OpenAI's."""
    return (one or OPENAI).rstrip("/") == (other or OPENAI).rstrip("/")


def in_clear(address: str | None) -> bool:
    """Whether what goes to this address crosses a network for everyone on it to read."""
    parts = urlsplit(address or OPENAI)
    host = parts.hostname or ""
    return parts.scheme == "http" and host not in ("localhost", "::1") and not host.startswith("127.")


def shown(address: str | None) -> str:
    """An address as it may be shown: without a user, a password, a query or a fragment, which hold keys."""
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    return f"{parts.scheme}://{host}{port}{parts.path}"


def bounds(name: str) -> Range:
    """What a number of the settings may be."""
    info = Settings.model_fields[name]
    least, most, above = 0.0, None, False
    for rule in info.metadata:
        least = float(getattr(rule, "ge", getattr(rule, "gt", least)))
        above = above or hasattr(rule, "gt")
        most = float(rule.le) if hasattr(rule, "le") else most
    return Range(least, most, above, info.annotation is int)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _made(chosen: Mapping[str, Any]) -> Preferences:
    """Preferences without what is the default anyway."""
    fields = Settings.model_fields
    return Preferences(
        MappingProxyType({name: value for name, value in chosen.items() if value != fields[name].default})
    )


def _checked(name: str, value: object) -> Any:
    """`value` as the setting has it; an empty text is the default."""
    info = Settings.model_fields[name]
    if isinstance(value, str):
        value = value.strip() or info.default
    if isinstance(value, bool):
        raise _wrong(name, "it is no number and no text")
    if isinstance(value, str) and (len(value) > _MOST_TEXT or not value.isprintable()):
        raise _wrong(name, f"it is longer than {_MOST_TEXT} signs, or has some that are not printed")
    if name == "base_url" and isinstance(value, str):
        _check_address(value)
    kind: Any = info.annotation
    if info.metadata:
        kind = Annotated[kind, *info.metadata]
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise _wrong(name, error.errors()[0]["msg"].lower()) from None


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound or any(sign.isspace() for sign in address):
        raise _wrong("base_url", "it is no web address. Write one such as http://127.0.0.1:8080/v1")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise _wrong("base_url", "it may hold no user, password or query: give the key in its own box")


def _wrong(name: str, why: str) -> SettingsError:
    return SettingsError(f"“{LABELS[name]}” cannot be used: {why}. Change it and save again.")
