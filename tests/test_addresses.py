"""Which machines an address may lead to: a table of hostile ones, each refused before it is connected to.

Names are looked up by a resolver of the test's own, and the test's own "wire" leads every public address to
a good site on loopback and every private one to a site that counts who connects.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.addresses import not_public
from assistant.errors import AddressRefused, FetchFailed, InputRefused
from assistant.fetching import Fetcher
from tests.website import Page, Site, moved, refused, website

PUBLIC = "93.184.215.14"  # "example.com" of old; the wire of these tests keeps it on this machine
GOOD = Page(b"<html><body><p>An article.</p></body></html>")


@dataclass
class World:
    """A public internet of one good site, and a private network that no one may reach."""

    good: Site
    forbidden: Site
    names: dict[str, list[list[str]]]

    def resolver(self, host: str, port: int) -> list[str]:  # noqa: ARG002
        """The next answer for a name; the last one for all look-ups that follow."""
        answers = self.names.get(host, [[PUBLIC]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def fetcher(self, **given: object) -> Fetcher:
        settings: dict[str, object] = {"seconds": 2.0, "megabytes": 1.0, "pause": 0.0} | given
        return Fetcher(resolver=self.resolver, **settings)  # type: ignore[arg-type]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with website() as good, website({}) as forbidden:
        connect = socket.socket.connect

        def wired(self: socket.socket, address: tuple[str, int]) -> None:
            if not_public(address[0]) is None:
                connect(self, ("127.0.0.1", good.port))
            elif address[1] in (80, 443) or self.family == socket.AF_INET6:
                forbidden.connections += 1  # counted even where the machine has no such interface
                connect(self, ("127.0.0.1", forbidden.port))
            else:
                connect(self, address)

        monkeypatch.setattr(socket.socket, "connect", wired)
        yield World(good, forbidden, {})


FORMS = """
http://127.0.0.1/ http://127.1/ http://127.0.1/ http://2130706433/ http://0x7f000001/ http://0x7f.0.0.1/
http://0177.0.0.1/ http://017700000001/ http://127.0.0.01/ http://0/ http://0.0.0.0/ http://127。0。0。1/
http://①②⑦.⓪.⓪.①/ http://%31%32%37.0.0.1/ http://127.0.0.1./ http://1.1.1.0x1/ http://256.256.256.256/
http://[::]/ http://[::1]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[::127.0.0.1]/
http://[64:ff9b::127.0.0.1]/ http://[64:ff9b:1::7f00:1]/ http://[2002:7f00:1::]/
http://[2001:0:5ef5:79fb:0:59a:80ff:fffe]/ http://[fe80::1]/ http://[fe80::1%25eth0]/ http://[fc00::1]/
http://[fd00:ec2::254]/ http://[ff02::1]/ http://[2001:db8::1]/ http://[100::1]/ http://[fec0::1]/
http://10.0.0.1/ http://172.16.0.1/ http://192.168.0.1/ http://169.254.169.254/latest/meta-data/
http://100.64.0.1/ http://100.100.100.200/ http://192.0.0.192/ http://168.63.129.16/ http://192.0.2.1/
http://198.18.0.1/ http://198.51.100.1/ http://203.0.113.1/ http://224.0.0.1/ http://240.0.0.1/
http://255.255.255.255/ http://192.88.99.1/
file:///etc/passwd ftp://example.com/ gopher://example.com/ data:text/html,x javascript:alert(1) dict://x/
unix:/run/x.sock ws://example.com/ example.com //example.com/ http:// http:///a https: http:example.com
http://user@example.com/ http://user:secret@example.com/ http://example.com@127.0.0.1/ http://@example.com/
http://example.com\\@127.0.0.1/ http://127.0.0.1\\@example.com/ http://example.com:22/ http://example.com:8080/
http://example.com:0/ http://example.com:99999/ http://localhost:6379/ http://a..b/ http://-a.example/
http://exa%00mple.com/ http://exa%6dple.com/ http://[::1/ http://[example.com]/ http://a_b.example:81/
""".split()


@pytest.mark.parametrize("address", FORMS)
def test_no_form_of_an_address_reaches_the_private_network(world: World, address: str) -> None:
    world.names["127.0.0.1."] = [["127.0.0.1"]]
    refusal = refused(world.fetcher(), address, AddressRefused)
    assert "secret" not in str(refusal)
    assert (world.good.connections, world.forbidden.connections) == (0, 0)


def test_spaces_line_ends_and_other_odd_characters_are_no_address(world: World) -> None:
    for address in (
        "",
        " ",
        "http://a b/",
        "http://a.example/\r\nHost: x",
        "http://a.example/\x00",
        "http://" + "a" * 5000,
    ):
        refused(world.fetcher(), address, AddressRefused)
    assert world.good.connections == 0


NAMES: dict[str, list[list[str]]] = {
    "loopback": [["127.0.0.1"]],
    "private": [["10.1.2.3"]],
    "metadata": [["169.254.169.254"]],
    "shared": [["100.64.1.1"]],
    "mapped": [["::ffff:10.0.0.1"]],
    "nat64": [["64:ff9b::a00:1"]],
    "zone": [["fe80::1%lo"]],
    "mixed": [[PUBLIC, "127.0.0.1"]],
    "mixed-late": [[PUBLIC, PUBLIC, "::1"]],
    "nothing": [[]],
    "rubbish": [["not an address"]],
    "rebinding": [[PUBLIC], ["127.0.0.1"]],
    "rebinding-later": [[PUBLIC], [PUBLIC], ["127.0.0.1"]],
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_worth_no_more_than_where_it_leads_now(world: World, name: str) -> None:
    """The first look-up is for robots.txt; a name that rebinds is public then, and private for the page."""
    host = f"{name}.example"
    world.good.routes.update({"/": moved(f"http://{host}/next"), "/next": GOOD})
    world.names[host] = [list(answer) for answer in NAMES[name]]
    kind = FetchFailed if name == "nothing" else AddressRefused
    refusal = refused(world.fetcher(), f"http://{host}/", kind)
    assert world.forbidden.connections == 0
    assert name in ("nothing", "rubbish") or "NEWS_ASSISTANT_FETCH_ALLOW" in refusal.hint


def test_the_address_that_was_checked_is_the_one_connected_to(world: World) -> None:
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:  # noqa: ARG001
        asked.append(host)
        return [PUBLIC] if len(asked) < 3 else ["127.0.0.1"]

    world.good.routes["/"] = GOOD
    fetched = Fetcher(resolver=resolver, pause=0).get("http://example.com/")
    assert b"An article." in fetched.data
    assert asked == ["example.com"] * 2, "one look-up for each connection, and none behind the check's back"
    assert {one.headers["host"] for one in world.good.asked} == {"example.com"}
    assert world.forbidden.connections == 0


REDIRECTS = """
http://127.0.0.1/ http://localhost/ http://[::1]/ http://169.254.169.254/latest/ http://2130706433/ http://10.0.0.1/
http://[::ffff:127.0.0.1]/ http://inner.example/ file:///etc/passwd ftp://example.com/ data:text/html,x
javascript:alert(1) http://user:secret@example.com/ http://example.com:22/ //127.0.0.1/ /\\127.0.0.1/
http://127.0.0.1:{port}/ http://[fe80::1%25lo]/ gopher://example.com/_x
""".split()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", REDIRECTS)
def test_a_redirect_is_checked_as_if_it_had_been_given_first(world: World, to: str, status: int) -> None:
    world.names |= {"localhost": [["127.0.0.1"]], "inner.example": [["192.168.1.1"]]}
    world.good.routes["/"] = moved(to.format(port=world.forbidden.port), status)
    refusal = refused(world.fetcher(), "http://example.com/", InputRefused)
    assert isinstance(refusal, AddressRefused) or "\\" in to
    assert refusal.name == "http://example.com/"
    assert "secret" not in str(refusal)
    assert world.forbidden.connections == 0


def test_a_public_page_cannot_lead_to_a_host_that_a_person_allowed(world: World) -> None:
    with website({"/": GOOD}) as intranet:
        world.good.routes["/"] = moved(intranet.url())
        fetcher = world.fetcher(allow=[intranet.place])
        assert "only a person" in refused(fetcher, "http://example.com/", AddressRefused).why
        with pytest.raises(AddressRefused):
            fetcher.get(intranet.url(), named_by="http://example.com/feed.xml")
        assert intranet.connections == 0
        assert fetcher.get(intranet.url(), named_by=intranet.url("/feed.xml")).data == GOOD.body


def test_redirects_end(world: World) -> None:
    world.good.routes |= {f"/{n}": moved(f"/{n + 1}") for n in range(50)}
    world.good.routes |= {"/a": moved("/b"), "/b": moved("/a"), "/none": Page(status=302)}
    assert "more than 5" in refused(world.fetcher(), "http://example.com/0").why
    assert len(world.good.paths) == 6
    assert "circle" in refused(world.fetcher(), "http://example.com/a").why
    assert "where to" in refused(world.fetcher(), "http://example.com/none").why


def test_this_machine_under_its_public_address_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.good.routes["/"] = GOOD
    monkeypatch.setattr(socket.socket, "getsockname", lambda _: (PUBLIC, 40000))
    assert "this machine itself" in refused(world.fetcher(), "http://example.com/", AddressRefused).why
    assert world.good.asked == [], "nothing was sent"


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_judged_alike_in_every_dress(number: int) -> None:
    plain = not_public(str(IPv4Address(number)))
    mapped = not_public(str(IPv6Address((0xFFFF << 32) + number)))
    nat64 = not_public(str(IPv6Address((0x64FF9B << 96) + number)))
    assert (plain is None) == (mapped is None) == (nat64 is None)
    for dress in (number, (0x2002 << 112) + (number << 80), (0x20010000 << 96) + (number ^ 0xFFFFFFFF)):
        assert not_public(str(IPv6Address(dress))) is not None, "compatible, 6to4 and Teredo lead to anyone"


def test_a_redirect_needs_the_leave_of_each_site_on_the_way(world: World) -> None:
    closed = Page(b"User-agent: *\nDisallow: /closed", media="text/plain")
    world.good.routes |= {"/": moved("/closed"), "/robots.txt": closed}
    assert "robots" in refused(world.fetcher(), "http://example.com/").why
    assert world.good.paths == ["/"]


def test_over_tls_the_name_is_kept_and_the_certificate_has_to_fit(world: World, tmp_path: Path) -> None:
    context, trust, names = certified(tmp_path, "paper.example")
    world.good.context = context
    world.good.routes["/"] = GOOD
    assert world.fetcher(trust=trust).get("https://paper.example/").data == GOOD.body
    assert set(names) == {"paper.example"}
    assert "certificate" in refused(world.fetcher(trust=trust), "https://other.example/").why
    assert "certificate" in refused(world.fetcher(), "https://paper.example/").why
    assert world.good.paths == ["/"]


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext, list[str | None]]:
    """A server's context for `name`, a client's that trusts it, and the names that clients ask it for."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = folder / "site.pem"
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *private)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    names: list[str | None] = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    server.sni_callback = lambda _, asked, __: names.append(asked)
    return server, ssl.create_default_context(cafile=str(pem)), names


def test_a_slow_look_up_ends_too() -> None:
    def slow(host: str, port: int) -> list[str]:  # noqa: ARG001
        time.sleep(1.5)
        return [PUBLIC]

    start = time.monotonic()
    refused(Fetcher(seconds=0.3, resolver=slow), "http://example.com/", FetchFailed)
    assert time.monotonic() - start < 1
