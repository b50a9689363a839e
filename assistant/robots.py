"""What a site's robots.txt lets this program read (RFC 9309).

Method: protego, as Scrapy uses it, over the groups that speak to this program or to all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protego import Protego

PRODUCT = "news-assistant"
MOST_BYTES = 500 * 1024  # RFC 9309 asks for as much; what follows is not read
_LONGEST_DELAY = 10.0
_GROUP = re.compile(r"\s*user[ -]?agent\s*[:\s]\s*(?P<agent>[^#]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one site, or why they could not be read and what to do: then nothing may be asked."""

    parsed: Protego | None = None
    failed: tuple[str, str] | None = None

    def allow(self, url: str) -> bool:
        """Whether an address may be read."""
        return not self.failed and (self.parsed is None or self.parsed.can_fetch(url, PRODUCT))

    @property
    def delay(self) -> float:
        """Seconds that the site wants between two requests, up to a cap."""
        wanted = self.parsed.crawl_delay(PRODUCT) if self.parsed else None
        return min(float(wanted or 0), _LONGEST_DELAY)


def rules(data: bytes) -> Rules:
    """The rules in a robots.txt."""
    from protego import Protego

    text = data[:MOST_BYTES].decode("utf-8-sig", "replace")
    return Rules(Protego.parse("\n".join(_for_us(line) for line in text.splitlines())))


def _for_us(line: str) -> str:
    """The line, with all other programs under one name: thousands of them would each get all rules."""
    found = _GROUP.match(line)
    if not found:
        return line
    agent = found["agent"].strip().lower()
    return line if agent == "*" or agent == PRODUCT else "User-agent: another"
