"""Writes quotes.jsonl."""

from tests.traps import FILE, serialised

FILE.write_text(serialised(), encoding="utf-8")
