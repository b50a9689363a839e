"""A provider of OpenID Connect on loopback: whoever comes picks who they are.

    with provider({"Anna": {"sub": "1", "name": "Anna"}}) as issuer:
        secrets(folder, issuer)          # .streamlit/secrets.toml of a chat that asks for a sign-in

It checks what a client has to send: its name and secret, the address to come back to, and the S256 proof.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets as random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT, SECRET = "assistant", "client-secret-of-the-tests"
_KEY = jwk.RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig", "alg": "RS256"})

People = Mapping[str, Mapping[str, str]]


class Handler(BaseHTTPRequestHandler):
    """One request; `people` by the word on their button, `codes` by what stands for a consent."""

    people: People
    codes: dict[str, dict[str, str]]

    @property
    def issuer(self) -> str:
        return f"http://{self.headers['Host']}"

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, self._pairs(urlsplit(self.path).query)
        if path == "/.well-known/openid-configuration":
            self._json(self._described())
        elif path == "/jwks":
            self._json({"keys": [_KEY.as_dict(private=False)]})
        elif path == "/authorize" and query.get("client_id") == CLIENT:
            links = "".join(
                f'<p><a href="/consent?{urlencode({**query, "who": who})}">Continue as {who}</a></p>'
                for who in self.people
            )
            self._send(200, f"<title>Provider</title>{links}".encode(), "text/html")
        elif path == "/consent":
            code = random.token_urlsafe(16)
            self.codes[code] = query
            self.send_response(302)
            back = urlencode({"code": code, "state": query["state"]})
            self.send_header("Location", f"{query['redirect_uri']}?{back}")
            self.end_headers()
        else:
            self._send(404, b"", "text/plain")

    def do_POST(self) -> None:
        sent = self._pairs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        asked = self.codes.pop(sent.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or self._client(sent) != (CLIENT, SECRET)
            or sent.get("redirect_uri") != asked["redirect_uri"]
            or proof.decode().rstrip("=") != asked.get("code_challenge")
        ):
            self._json({"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        claims: dict[str, object] = {**self.people[asked["who"]], "iss": self.issuer, "aud": CLIENT}
        claims |= {"iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, _KEY)
        self._json({"access_token": "t", "token_type": "Bearer", "expires_in": 300, "id_token": token})

    def _described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _client(self, sent: Mapping[str, str]) -> tuple[str, str]:
        kind, _, coded = self.headers.get("Authorization", "").partition(" ")
        if kind == "Basic":
            name, _, secret = base64.b64decode(coded).decode().partition(":")
            return unquote(name), unquote(secret)
        return sent.get("client_id", ""), sent.get("client_secret", "")

    def _pairs(self, text: str) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(text).items()}

    def _json(self, value: object, status: int = 200) -> None:
        self._send(status, json.dumps(value).encode(), "application/json")

    def _send(self, status: int, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Says nothing on the terminal."""


@contextmanager
def provider(people: People) -> Iterator[str]:
    """A running provider; gives its address, which is the issuer of its tokens."""
    handler = type("Bound", (Handler,), {"people": people, "codes": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def secrets(folder: Path, issuer: str) -> None:
    """Writes the file that makes a chat started in `folder` ask for a sign-in."""
    file = folder / ".streamlit" / "secrets.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{random.token_hex(32)}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
""",
        encoding="utf-8",
    )
