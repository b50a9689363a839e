"""Every setting, in one object, and the only place that reads the environment.

Order: arguments, then environment variables, then a `.env` file in the current folder, then defaults.
Variables are `NEWS_ASSISTANT_<NAME>`; the endpoint is also read from the names that every
OpenAI-compatible tool uses.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError

MAX_QUESTION = 2_000
MAX_FILE_BYTES = 50_000_000


class Settings(BaseSettings):
    """Typed settings; unknown `NEWS_ASSISTANT_` names are ignored, wrong values are refused by name."""

    model_config = SettingsConfigDict(
        env_prefix="NEWS_ASSISTANT_",
        env_file=".env",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        populate_by_name=True,
    )

    library: Path = Field(default=Path("library"), description="Folder of the library")
    engine: Literal["auto", "extractive", "llm"] = Field(
        default="auto", description="auto takes llm when a key or a base URL is set"
    )
    model: str = Field(
        default="gpt-5-mini",
        description="Model that writes answers",
        validation_alias=AliasChoices("NEWS_ASSISTANT_MODEL", "OPENAI_MODEL"),
    )
    api_key: SecretStr | None = Field(
        default=None,
        description="Key of the endpoint",
        validation_alias=AliasChoices("NEWS_ASSISTANT_API_KEY", "OPENAI_API_KEY"),
    )
    base_url: str | None = Field(
        default=None,
        description="Any OpenAI-compatible endpoint, such as http://127.0.0.1:8080/v1",
        validation_alias=AliasChoices("NEWS_ASSISTANT_BASE_URL", "OPENAI_BASE_URL", "OPENAI_API_BASE"),
    )
    temperature: float | None = Field(
        default=None, ge=0, le=2, description="Left to the endpoint when unset, since some models refuse it"
    )
    max_tokens: int = Field(default=4_000, ge=64, description="Longest answer of the model, in tokens")
    request_timeout: float = Field(default=30.0, gt=0, description="Seconds until the first token")
    token_timeout: float = Field(default=20.0, gt=0, description="Seconds between two tokens")
    total_timeout: float = Field(
        default=120.0, gt=0, description="Seconds for a whole answer, retries included"
    )
    retries: int = Field(default=2, ge=0, le=10, description="Tries again before the first token")
    context_chars: int = Field(default=24_000, ge=1_000, description="Longest text of passages in one prompt")

    embedder: Literal["local", "openai"] = Field(default="local", description="What makes the vectors")
    embedding_model: str = Field(
        default="text-embedding-3-small", description="Model, when embedder is openai"
    )
    judge: Literal["guarded", "rules", "trained"] = Field(
        default="guarded",
        description="What tells support from contradiction: rules, a local model, or both (guarded)",
    )
    threads: int = Field(
        default_factory=lambda: min(4, os.cpu_count() or 1), ge=1, description="Threads of the local models"
    )

    database_url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL for the catalogue, in place of SQLite; needs a Chroma server too",
        validation_alias=AliasChoices("NEWS_ASSISTANT_DATABASE_URL", "DATABASE_URL"),
    )
    chroma_url: str | None = Field(
        default=None,
        description="A Chroma server in place of the folder's own index, such as http://127.0.0.1:8000",
        validation_alias=AliasChoices("NEWS_ASSISTANT_CHROMA_URL", "CHROMA_URL"),
    )
    chroma_token: SecretStr | None = Field(
        default=None,
        description="Token of the Chroma server or of Chroma Cloud",
        validation_alias=AliasChoices("NEWS_ASSISTANT_CHROMA_TOKEN", "CHROMA_TOKEN", "CHROMA_API_KEY"),
    )
    chroma_tenant: str = Field(
        default="default_tenant",
        description="Tenant on the Chroma server",
        validation_alias=AliasChoices("NEWS_ASSISTANT_CHROMA_TENANT", "CHROMA_TENANT"),
    )
    chroma_database: str = Field(
        default="default_database",
        description="Database on the Chroma server",
        validation_alias=AliasChoices("NEWS_ASSISTANT_CHROMA_DATABASE", "CHROMA_DATABASE"),
    )
    chroma_collection: str = Field(
        default="passages",
        pattern="^[a-zA-Z0-9][a-zA-Z0-9._-]{1,510}[a-zA-Z0-9]$",
        description="Collection on the Chroma server; one for each library",
    )

    scheduler: str | None = Field(
        default=None,
        description="Dask scheduler of `add --engine dask`, such as tcp://host:8786; unset: own workers",
    )

    small_library: int = Field(default=12, ge=1, description="Up to this many articles, every one is asked")
    sources_asked: int = Field(default=12, ge=1, description="Most articles asked in a larger library")
    passages_per_source: int = Field(default=4, ge=1, description="Passages read from each source")

    prompts: Path | None = Field(default=None, description="Folder of prompts, in place of the shipped one")
    parse_seconds: float = Field(
        default=8.0, gt=0, description="Longest time for reading one HTML, PDF, Word or mail file"
    )
    parse_megabytes: int = Field(
        default=420, ge=300, description="Memory of the process that reads HTML, PDF, Word and mail"
    )

    fetch_seconds: float = Field(default=20.0, gt=0, description="Longest time for one page from the web")
    fetch_megabytes: float = Field(
        default=20.0, gt=0, description="Largest page or feed from the web, also after decompression"
    )
    fetch_pause: float = Field(
        default=1.0, ge=0, description="Seconds between two requests to the same host, at least"
    )
    fetch_allow: str = Field(
        default="", description="Hosts that may be private or on any port: host:port, comma-separated"
    )
    feed_entries: int = Field(
        default=100, ge=1, description="Most pages of one feed or sitemap that one run reads"
    )

    @model_validator(mode="after")
    def _shared_by_both(self) -> Settings:
        if self.database_url and not self.chroma_url:
            raise ValueError(
                "A catalogue in PostgreSQL is shared, and an index in a folder is not: set CHROMA_URL too, "
                "such as http://127.0.0.1:8000"
            )
        return self

    def in_folder(self, library: Path) -> Settings:
        """The same for a library in a folder of its own, whatever stores these name."""
        return self.model_copy(update={"library": library, "database_url": None, "chroma_url": None})

    @property
    def chosen_engine(self) -> Literal["extractive", "llm"]:
        """The engine that `auto` stands for here."""
        if self.engine != "auto":
            return self.engine
        return "llm" if self.api_key or self.base_url else "extractive"


def load(**overrides: Any) -> Settings:
    """Settings with `overrides` on top; arguments that are None count as not given.

    Raises SettingsError, which names the variable and the values that it may have.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        variable = name if name.startswith(("NEWS_", "OPENAI_")) else f"NEWS_ASSISTANT_{name}"
        raise SettingsError(
            f"The setting {variable} cannot be used: {first['msg'].lower()}. "
            f"Change it in the environment or in .env, or unset it."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The file .env in this folder cannot be read: {error}. Save it as UTF-8 text, or remove it."
        ) from error


def packaged(name: str) -> Path:
    """A folder or file that ships at the top level (`prompts`, `corpus`, `app.py`).

    It is beside the package in a checkout and under `assistant/_data` in an installed wheel.
    """
    package = Path(__file__).parent
    beside = package.parent / name
    return beside if (package.parent / "pyproject.toml").exists() else package / "_data" / name
