"""Short ways to load things, for the tests of loading."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from assistant import loading
from assistant.errors import InputRefused
from assistant.models import Article
from assistant.settings import load as load_settings

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
PARSE = load_settings(parse_seconds=20.0)
BODY = "The minister said on Monday that the bridge will open in May.\n\nThe mayor denied it.\n"


def upload(name: str, data: str | bytes, **given: str | None) -> list[Article | InputRefused]:
    raw = data.encode() if isinstance(data, str) else data
    return list(loading.load_bytes(name, raw, settings=PARSE, **given))


def article(name: str, data: str | bytes, **given: str | None) -> Article:
    (result,) = upload(name, data, **given)
    assert isinstance(result, Article), result
    return result


def refusal(name: str, data: str | bytes) -> InputRefused:
    (result,) = upload(name, data)
    assert isinstance(result, InputRefused), result
    assert result.name.startswith(name)
    assert result.hint.endswith("."), "each refusal ends with a next step"
    return result


def load(*paths: Path | str) -> list[Article | InputRefused]:
    return list(loading.load(paths, settings=PARSE))


def codes(found: Article) -> list[str]:
    return [notice.code for notice in found.notices]


def skipped(found: Article) -> list[str]:
    return [found.text[start:end] for start, end in found.skip]


def zipped(*members: tuple[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files, made by the standard library."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def named(value: object) -> str:
    """The id of a parameter: of bytes none, since an archive made anew differs by its time."""
    return value if isinstance(value, str) else type(value).__name__


def reasons(results: list[Article | InputRefused]) -> list[str]:
    """For each result the file that it is an article of, or why it is none."""
    return [item.file or "" if isinstance(item, Article) else item.why for item in results]
