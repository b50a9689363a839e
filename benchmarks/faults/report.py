"""What the faults of one case did: counts, and each broken promise with how to see it again."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.faults.commands import Ended


@dataclass
class Report:
    """One case: counts by what was counted; `broken` is empty where every promise was kept."""

    name: str
    counts: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, what: str, n: int = 1) -> None:
        """Adds to a count."""
        self.counts[what] = self.counts.get(what, 0) + n

    def promise(self, kept: bool, where: str, what: str) -> bool:
        """One promise; `where` is what was done before, `what` says how it was broken."""
        self.count("promises looked at")
        if not kept:
            self.broken.append(f"{where}: {what}")
            print(f"  BROKEN {self.broken[-1]}", flush=True)
        return kept

    def well_behaved(self, ended: Ended, where: str) -> bool:
        """No command may hang, crash, or print a traceback."""
        self.count("commands")
        return self.promise(ended.trouble is None, where, f"{ended} ({ended.trouble})")

    def note(self, text: str) -> None:
        """What was seen, for whoever reads along."""
        self.notes.append(text)
        print(f"  {text}", flush=True)

    def __str__(self) -> str:
        width = max([30, *map(len, self.counts)])
        lines = [f"{self.name}: {'BROKEN' if self.broken else 'kept'}"]
        lines += [f"  {what.ljust(width)}  {number:>8,}" for what, number in self.counts.items()]
        lines += [f"  skipped: {why}" for why in self.skipped]
        lines += [f"  broken: {what}" for what in self.broken]
        return "\n".join(lines)
