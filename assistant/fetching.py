"""Pages and feeds from the web: what may be asked is asked once, politely, within limits.

Every redirect is checked as if it had been given first. What a page or a feed names may not reach
hosts that were allowed by name, unless it stands on such a host itself. No proxies, no cookies, no
credentials. Compression other than gzip and deflate was not asked for and is refused.
"""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpcore
import httpx

from assistant import __version__
from assistant.addresses import Target, allowed_places, joined, shown, target
from assistant.errors import AddressRefused, FetchFailed, InputRefused, SettingsError
from assistant.network import LATER, Budget, Guard, Resolver, system_resolver
from assistant.replies import BUSY, REDIRECTS, SAVE, Answer, Wanted, read
from assistant.robots import MOST_BYTES, PRODUCT, Rules, rules
from assistant.settings import Settings

AGENT = f"{PRODUCT}/{__version__} (reads articles and feeds that its user asks for; obeys robots.txt)"
MAX_REDIRECTS = 5
_LONGEST_WAIT = 30.0  # seconds that a busy site may ask for
_ROBOTS_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came from an address. `data` is decompressed, and empty when `not_modified`."""

    address: str
    url: str
    """Where it came from in the end, after redirects."""
    data: bytes
    media: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False


@dataclass(slots=True)
class _Host:
    """What has to be remembered of a host, so that it is asked one thing at a time."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    next: float = 0.0


class Fetcher:
    """Fetches for one run: it remembers each site's robots.txt and when it was last asked."""

    def __init__(
        self,
        *,
        seconds: float = 20.0,
        megabytes: float = 20.0,
        allow: str | Collection[str] = (),
        resolver: Resolver = system_resolver,
        pause: float = 1.0,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`allow` are "host:port" that may be private or on another port; `pause` is between two starts."""
        try:
            self._allow = allowed_places(allow)
        except InputRefused as refusal:
            raise SettingsError(f"The setting NEWS_ASSISTANT_FETCH_ALLOW cannot be used: {refusal}") from None
        self._seconds, self._size, self._pause = seconds, int(megabytes * 1e6), pause
        self._resolver, self._trust = resolver, trust
        self._hosts: dict[str, _Host] = {}
        self._rules: dict[str, Rules] = {}

    @classmethod
    def of(cls, settings: Settings) -> Fetcher:
        """The fetcher that the settings describe."""
        return cls(
            seconds=settings.fetch_seconds,
            megabytes=settings.fetch_megabytes,
            allow=settings.fetch_allow,
            pause=settings.fetch_pause,
        )

    def get(
        self,
        address: str,
        wanted: Wanted = "any",
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        named_by: str | None = None,
    ) -> Fetched:
        """What is at `address`, or `not_modified` where `etag` or `last_modified` still hold.

        `named_by` is the page or feed that names the address, if no person did. Raises InputRefused, or one
        of its kinds in `errors`, with what the user can do.
        """
        first = target(address, self._allow)
        if named_by is not None:
            self._step(first, target(named_by, self._allow), shown(address))
        budget = Budget(shown(address), self._seconds, self._size)
        asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        extra = {name: value for name, value in asked.items() if value}
        last, answer = self._follow(first, budget, wanted, extra)
        if answer.status == 304 and not extra:
            raise FetchFailed(budget.name, "its server said “not modified” to a first request", LATER)
        kind = answer.headers.get("content-type", "")
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", kind, re.IGNORECASE)
        return Fetched(
            address=address,
            url=last.url,
            data=answer.data,
            media=answer.media,
            charset=charset[1] if charset else None,
            etag=answer.validator("etag"),
            last_modified=answer.validator("last-modified"),
            not_modified=answer.status == 304,
        )

    # From one address to the next

    def _follow(
        self, first: Target, budget: Budget, wanted: Wanted, extra: dict[str, str]
    ) -> tuple[Target, Answer]:
        """Where the redirects from `first` end, and what is there."""
        here, seen = first, [first.url]
        while True:
            if wanted != "robots":
                site = self._rules_of(here, budget.name)
                if site.failed:
                    why = f"its robots.txt, which is read first, did not come: {site.failed[0]}"
                    raise FetchFailed(budget.name, why, site.failed[1])
                if not site.allow(here.url):
                    raise InputRefused(
                        budget.name, "its site asks programs not to read it (robots.txt)", SAVE
                    )
                with self._turn(here, site.delay, budget):
                    answer = self._patiently(here, budget, wanted, extra)
            else:
                answer = self._once(here, budget, wanted, extra)
            if answer.status not in REDIRECTS:
                return here, answer
            here = self._next(here, answer, budget.name)
            if here.url in seen:
                why = "it redirects in a circle, which sites do that insist on cookies"
                raise InputRefused(budget.name, why, SAVE)
            if len(seen) > MAX_REDIRECTS:
                raise InputRefused(budget.name, f"it redirects more than {MAX_REDIRECTS} times", SAVE)
            seen.append(here.url)

    def _next(self, here: Target, answer: Answer, name: str) -> Target:
        link = answer.headers.get("location")
        to = joined(here.url, link) if link else None
        if to is None:
            raise InputRefused(name, "it redirects without saying where to", SAVE)
        try:
            there = target(to, self._allow)
        except AddressRefused as refusal:
            raise AddressRefused(name, f"it redirects to {shown(to)}: {refusal.why}", SAVE) from None
        self._step(there, here, name)
        return there

    def _step(self, there: Target, here: Target, name: str) -> None:
        """Raises AddressRefused where a page of the public web leads to a host that a person allowed."""
        if there.by_name and not here.by_name:
            why = f"{shown(here.url)} leads to {shown(there.url)}, which only a person may ask for"
            raise AddressRefused(name, why, "If you want that page, add its own address.")

    # Manners

    def _rules_of(self, place: Target, name: str) -> Rules:
        """The rules for the site of an address, read once. Raises AddressRefused, as a page would."""
        known = self._rules.get(place.origin)
        if known is None:
            known = self._rules[place.origin] = self._read_rules(place, name)
        return known

    def _read_rules(self, place: Target, name: str) -> Rules:
        budget = Budget(name, min(self._seconds, _ROBOTS_SECONDS), MOST_BYTES * 2)
        try:
            at = target(f"{place.origin}/robots.txt", self._allow)
            _, answer = self._follow(at, budget, "robots", {})
        except AddressRefused:
            raise
        except InputRefused as refusal:
            return Rules(failed=(refusal.why, refusal.hint))
        if answer.status == 429 or answer.status >= 500:
            return Rules(failed=(f"its server answered with status {answer.status}", LATER))
        return rules(answer.data) if answer.status == 200 else Rules()

    @contextmanager
    def _turn(self, place: Target, delay: float, budget: Budget) -> Iterator[None]:
        """The host to oneself, some time after the last request to it began."""
        host, asked = self._hosts.setdefault(place.host, _Host()), time.monotonic()
        with host.lock:
            time.sleep(max(0.0, host.next - time.monotonic()))
            host.next = time.monotonic() + max(self._pause, delay)
            budget.excuse(time.monotonic() - asked)
            yield

    def _patiently(self, place: Target, budget: Budget, wanted: Wanted, extra: dict[str, str]) -> Answer:
        """The answer; a busy site gets the time that it asks for, once."""
        answer = self._once(place, budget, wanted, extra)
        wait = answer.wait if answer.status in BUSY else None
        if wait is not None and wait <= _LONGEST_WAIT:
            time.sleep(wait)
            budget.excuse(wait)
            answer = self._once(place, budget, wanted, extra)
        if answer.status in BUSY:
            wait = answer.wait or 0
            after = f"in {wait / 60:.0f} min" if wait >= 120 else f"in {wait:.0f} s" if wait else "later"
            why = f"its server is busy (status {answer.status})"
            raise FetchFailed(budget.name, why, f"Try again {after}.")
        return answer

    # One request

    def _once(self, place: Target, budget: Budget, wanted: Wanted, extra: dict[str, str]) -> Answer:
        """One request and its answer, over a connection of its own."""
        headers = {
            "Host": place.authority,
            "User-Agent": AGENT,
            "Accept": "*/*",
            "Accept-Encoding": "identity" if wanted == "robots" else "gzip, deflate",
            "Connection": "close",
            **extra,
        }
        url = httpcore.URL(
            scheme=place.scheme, host=place.host, port=place.port, target=place.path.encode("ascii")
        )
        connection = httpcore.HTTPConnection(
            url.origin,
            ssl_context=self._context() if place.scheme == "https" else None,
            network_backend=Guard(place, budget, self._resolver),
        )
        try:
            with connection, connection.stream("GET", url, headers=list(headers.items())) as response:
                return read(place, response, budget, wanted)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            budget.left()
            why = f"the connection to its server failed ({str(error) or type(error).__name__})"
            raise FetchFailed(budget.name, why, LATER) from None

    def _context(self) -> ssl.SSLContext:
        if self._trust is None:
            self._trust = httpx.create_ssl_context(trust_env=False)
        return self._trust
