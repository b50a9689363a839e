"""The folders of this machine that a program may have read to it: none but those that were named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InputRefused, SettingsError
from assistant.kinds import printable


@dataclass(frozen=True, slots=True)
class Folders:
    """Folders that were named when the program was started, as real paths."""

    roots: tuple[Path, ...] = ()

    @classmethod
    def of(cls, paths: Iterable[str | Path]) -> Folders:
        """The folders of `paths`. Raises SettingsError for one that is none."""
        roots = []
        for path in paths:
            try:
                real = Path(path).resolve(strict=True)
            except (OSError, ValueError, RuntimeError):
                real = None
            if real is None or not real.is_dir():
                raise SettingsError(f"{path} is no folder. Name one that is there with --files.")
            roots.append(real)
        return cls(tuple(roots))

    def admit(self, given: str) -> Path:
        """The real path of a file or folder beneath one of the folders; a relative one counts from each.

        Raises InputRefused for any other, whether it is there or not, and for a folder with a link that leads
        out of them: what is read is what was allowed, wherever a link says it is.
        """
        name = printable(given) or '""'
        if not self.roots:
            raise InputRefused(
                name,
                "no files of this machine may be read",
                "Paste the text instead, or have the server started with --files DIR.",
            )
        inside = [path for root in self.roots if (path := _real(root, given)) and self._holds(path)]
        if not inside:
            raise InputRefused(
                name,
                "it lies outside the folders whose files may be read",
                "Name a file beneath one of them, or have the server started with another --files DIR.",
            )
        found = next((path for path in inside if path.exists()), inside[0])
        if found.is_dir() and (out := self._leads_out(found)):
            raise InputRefused(
                name,
                f"its link {printable(out.name)} leads out of the folders whose files may be read",
                "Remove that link, or name the files one by one.",
            )
        return found

    def _holds(self, path: Path) -> bool:
        return any(path.is_relative_to(root) for root in self.roots)

    def _leads_out(self, folder: Path) -> Path | None:
        links = (path for path in folder.rglob("*") if path.is_symlink())
        return next((link for link in links if not (real := _real(link)) or not self._holds(real)), None)


def _real(*parts: str | Path) -> Path | None:
    """The path with every link followed, None where it cannot be one."""
    try:
        return Path(*parts).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
