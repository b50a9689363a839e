"""The only place that opens a connection to an address which a user or a page named.

A name is looked up once for a connection, every address in the answer is checked, and one of those very
addresses is connected to; so a name that leads elsewhere a moment later (DNS rebinding) gains nothing. The
name itself stays in the Host header and in the TLS handshake. Time and bytes have one budget for all
that is asked on behalf of one address, so that a server which sends a byte a second ends too.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

import httpcore

from assistant.addresses import ON_PURPOSE, Target, not_public
from assistant.errors import AddressRefused, FetchFailed, InputRefused

Resolver = Callable[[str, int], list[str]]
"""Host and port to IP addresses. Raises OSError where there are none."""

LATER = "Try again later."
_MOST_ADDRESSES = 4  # of one name are tried


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses that this machine's own resolver gives, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


class Budget:
    """The seconds and bytes that all connections for one address may take together."""

    def __init__(self, name: str, seconds: float, size: int) -> None:
        self.name, self.size = name, size
        self._seconds, self._end, self._taken = seconds, time.monotonic() + seconds, 0

    def left(self) -> float:
        """Seconds left. Raises FetchFailed when there are none."""
        if (left := self._end - time.monotonic()) <= 0:
            raise self.late()
        return left

    def late(self) -> FetchFailed:
        """The refusal when time is up."""
        why = f"it did not come within {self._seconds:g} s"
        return FetchFailed(
            self.name, why, "Try again later, or raise NEWS_ASSISTANT_FETCH_SECONDS for a slow site."
        )

    def take(self, count: int) -> None:
        """Counts bytes that came. Raises InputRefused when they are too many."""
        self._taken += count
        if self._taken > self.size:
            raise self.too_large()

    def too_large(self) -> InputRefused:
        """The refusal when it is more than is read, on the wire or after decompression."""
        why = f"it is larger than {self.size / 1e6:g} MB"
        return InputRefused(
            self.name,
            why,
            "Save only the article's text and add that, or raise NEWS_ASSISTANT_FETCH_MEGABYTES.",
        )

    def excuse(self, seconds: float) -> None:
        """Adds time that was spent on manners, which is not the page's."""
        self._end += seconds


class Guard(httpcore.NetworkBackend):
    """Connects to the machine of one target, if that is one of the public internet or allowed by name."""

    def __init__(self, target: Target, budget: Budget, resolver: Resolver) -> None:
        self._target, self._budget, self._resolver = target, budget, resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the budget's time is the limit
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """A connection to one of the host's addresses. Raises AddressRefused when any of them is private."""
        if (host, port) != (self._target.host, self._target.port):
            raise AddressRefused(self._budget.name, "it would connect to another machine", ON_PURPOSE)
        addresses = self._addresses(host, port)
        if not self._target.by_name:
            self._check(host, addresses)
        tried, reason = addresses[:_MOST_ADDRESSES], "no answer"
        for place, address in enumerate(tried):
            try:
                return _Stream(
                    self._open(address, port, self._budget.left() / (len(tried) - place)), self._budget
                )
            except OSError as error:
                reason = (error.strerror or str(error) or type(error).__name__).lower()
        self._budget.left()
        raise FetchFailed(self._budget.name, f"its server could not be reached ({reason})", LATER)

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            pass
        answer: list[list[str] | Exception] = []

        def ask() -> None:
            try:
                answer.append(self._resolver(host, port))
            except Exception as error:  # handed to the thread that waits
                answer.append(error)

        # In a thread of its own, since a look-up cannot be given a time limit.
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(self._budget.left())
        if not answer:
            raise self._budget.late()
        found = answer[0]
        if isinstance(found, Exception) and not isinstance(found, OSError | UnicodeError):
            raise found
        if isinstance(found, Exception) or not found:
            why = f"no machine is known under the name {host}"
            raise FetchFailed(self._budget.name, why, "Check its spelling and that you are online.")
        return found

    def _check(self, host: str, addresses: list[str]) -> None:
        for address in addresses:
            if kind := not_public(address):
                leads = "it leads" if address == host else f"the name {host} leads"
                raise AddressRefused(self._budget.name, f"{leads} to {address}, {kind}", ON_PURPOSE)

    def _open(self, address: str, port: int, seconds: float) -> socket.socket:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(seconds)
            sock.connect((address, port))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # Under its public address, too, this machine's own services are not for pages to reach.
            if not self._target.by_name and sock.getsockname()[0] == address:
                raise AddressRefused(
                    self._budget.name, f"it leads to {address}, this machine itself", ON_PURPOSE
                )
        except BaseException:
            sock.close()
            raise
        return sock


class _Stream(httpcore.NetworkStream):
    """A socket whose every wait ends with the budget."""

    def __init__(self, sock: socket.socket, budget: Budget) -> None:
        self._sock, self._budget = sock, budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        self._sock.settimeout(self._budget.left())
        try:
            data = self._sock.recv(max_bytes)
        except TimeoutError:
            raise self._budget.late() from None
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error
        self._budget.take(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._sock.settimeout(self._budget.left())
        try:
            self._sock.sendall(buffer)
        except TimeoutError:
            raise self._budget.late() from None
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        self._sock.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        try:
            self._sock.settimeout(self._budget.left())
            return _Stream(ssl_context.wrap_socket(self._sock, server_hostname=server_hostname), self._budget)
        except ssl.SSLCertVerificationError as error:
            self.close()
            why = f"its certificate does not prove whose it is ({error.verify_message})"
            raise InputRefused(
                self._budget.name, why, "Check the address; a page that another could have sent is not read."
            ) from None
        except TimeoutError:
            self.close()
            raise self._budget.late() from None
        except (OSError, ValueError) as error:
            self.close()
            raise httpcore.ConnectError(str(error)) from error

    def get_extra_info(self, info: str) -> Any:
        return self._sock if info == "ssl_object" and isinstance(self._sock, ssl.SSLSocket) else None
