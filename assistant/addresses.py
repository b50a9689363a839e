"""Web addresses: which are well formed, and which machines on the network are public.

The form is checked when an address is given, the machine when it is connected to (`network`), since a
name can lead to another machine a moment later.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from assistant.errors import AddressRefused, InputRefused

PORTS = {"http": 80, "https": 443}
ON_PURPOSE = (
    "Give the address of a page on the public web. To read from a private host on purpose, name it and its "
    "port in NEWS_ASSISTANT_FETCH_ALLOW, such as localhost:8000."
)
_CHECK = "Check the address: it begins with https:// and the name of a site."
_LONGEST = 4_000
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?")

# Python's `is_global` differs by version here, and counts multicast and relays as global.
_REFUSED_4 = [
    ip_network(block)
    for block in ("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/3", "168.63.129.16/32")
]  # protocol use (one cloud's metadata is there), 6to4 relays, benchmarks, multicast, Azure's host
_UNICAST_6 = IPv6Network("2000::/3")  # all that was ever given out as public
_REFUSED_6 = [
    ip_network(block)
    for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "3ffe::/16", "2620:4f:8000::/48")
]  # Teredo and other protocol use, examples, 6to4, examples, the old test network, AS112
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """A well-formed address in its normal form, without what stands behind `#`."""

    url: str
    scheme: str
    host: str
    port: int
    path: str
    """Path and query, as they are sent."""
    by_name: bool
    """Whether host and port were allowed by name, so that the machine may be a private one."""

    @property
    def origin(self) -> str:
        """Scheme, host and port, which one robots.txt is for."""
        return f"{self.scheme}://{_bracketed(self.host)}:{self.port}"

    @property
    def authority(self) -> str:
        """The Host header."""
        usual = self.port == PORTS[self.scheme]
        return _bracketed(self.host) if usual else f"{_bracketed(self.host)}:{self.port}"


def is_address(given: str) -> bool:
    """Whether a person who gives this means something on the web, and not a file."""
    return re.match(r"\s*[a-z][a-z0-9+.-]+://", given, re.IGNORECASE) is not None


def shown(address: str) -> str:
    """An address as messages name it: short, printable, and without a password."""
    text = "".join(char if char.isprintable() else "\ufffd" for char in address.strip())
    text = re.sub(r"(?<=//)[^/?#]*@", "***@", text)
    return text if len(text) <= 200 else f"{text[:200]}…"


def without_part(address: str) -> str:
    """The address of a page, without the part of it that stands behind `#`."""
    return address.strip().split("#")[0]


def joined(base: str, link: str) -> str | None:
    """The address that a link on a page leads to, None where it is none."""
    try:
        return str(httpx.URL(base).join(link.strip()))
    except (httpx.InvalidURL, ValueError):
        return None


def target(address: str, allowed: Collection[str] = ()) -> Target:
    """The parts of an address; `allowed` are "host:port" that may be private or on another port.

    Raises AddressRefused where the form itself is one that no news site has.
    """
    name, text = shown(address), address.strip()
    try:
        if len(text) > _LONGEST or "\\" in text or re.search(r"\s", text):
            raise ValueError
        url = httpx.URL(text).copy_with(fragment=None)
        host = url.raw_host.decode("ascii")
        port = url.port or PORTS.get(url.scheme, 0)
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise AddressRefused(name, "it is not a well-formed web address", _CHECK) from None
    if url.scheme not in PORTS:
        kind = f"addresses of the kind {url.scheme}: are not read" if url.scheme else "it names no web site"
        raise AddressRefused(name, kind, "Add a file by its path." if url.scheme == "file" else _CHECK)
    if url.userinfo or re.match(r"[^/?#]*//[^/?#]*@", text):
        why = "it holds a user name or a password, which is never sent"
        raise AddressRefused(name, why, "Give the address without the part before the @.")
    place = f"{_bracketed(host)}:{port}"
    by_name = place in allowed
    if odd := _odd_host(host):
        raise AddressRefused(name, odd, ON_PURPOSE)
    if not by_name and (port not in PORTS.values() or url.port == 0):
        raise AddressRefused(name, f"it asks for port {url.port}, and news is on 80 and 443", ON_PURPOSE)
    path = url.raw_path.decode("ascii")
    return Target(str(url), url.scheme, host, port, path if path.startswith("/") else f"/{path}", by_name)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _odd_host(host: str) -> str | None:
    """Why a host is none that may be looked up: numbers that stand for an address, zones, odd characters."""
    if not host:
        return "it names no host"
    try:
        IPv6Address(host) if ":" in host else IPv4Address(host)
        return None if "%" not in host else "its host names an interface of this machine"
    except ValueError:
        pass
    last = host.rstrip(".").rsplit(".", 1)[-1]
    if re.fullmatch(r"\d+|0x[0-9a-f]*", last):
        return "its host is a number in a form that hides where it leads"
    if ":" in host or "%" in host or not _HOST.fullmatch(host) or ".." in host or len(host) > 253:
        return "its host is not the name of a site"
    return None


def not_public(address: str) -> str | None:
    """What kind of machine an IP address names when it is not one on the public internet, else None.

    Method: Python's registry of special addresses (`is_global`), the blocks that it counts as public
    but are none, and IPv4 addresses inside IPv6 ones taken out first. Anything unreadable is not public.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return "no address"
    if isinstance(ip, IPv6Address):
        if ip.scope_id:
            return "an address of one interface"
        inner = ip.ipv4_mapped or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inner is None:
            public = ip.is_global and ip in _UNICAST_6 and not any(ip in block for block in _REFUSED_6)
            return None if public else _kind(ip)
        ip = inner
    public = ip.is_global and not any(ip in block for block in _REFUSED_4)
    return None if public else _kind(ip)


def _kind(ip: IPv4Address | IPv6Address) -> str:
    if ip.is_loopback or ip.is_unspecified:
        return "this machine itself"
    if ip.is_link_local:
        return "a machine or a service of the local network"
    if ip.is_multicast:
        return "a group of machines"
    return "a private or reserved address"


def allowed_places(given: str | Collection[str]) -> frozenset[str]:
    """ "host:port" entries, in lower case. Raises InputRefused for one that is no such pair."""
    entries = given.split(",") if isinstance(given, str) else given
    places = frozenset(entry.strip().lower() for entry in entries if entry.strip())
    for place in places:
        if not re.fullmatch(r"(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\]):\d{1,5}", place):
            raise InputRefused(place, "it is not a host and a port", "Write it like localhost:8000.")
    return places
