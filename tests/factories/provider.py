"""A small OpenID Connect provider over real HTTP: discovery aside, what a bureau's own one would answer.

It signs with RS256, checks client, redirect address and PKCE, and can be told to misbehave.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "shiwufang", "a secret of two"


class Provider:
    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {"sub": "u-1", "preferred_username": "T960"}
        self.userinfo: dict[str, Any] = {"sub": "u-1"}
        self.token_changes: dict[str, Any] = {}
        self.sign_with = self.key
        self.asked: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def settings(self) -> dict[str, Any]:
        return {
            "OIDC_ON": True,
            "OIDC_RP_CLIENT_ID": CLIENT,
            "OIDC_RP_CLIENT_SECRET": SECRET,
            "OIDC_ISSUER": self.issuer,
            "OIDC_OP_AUTHORIZATION_ENDPOINT": f"{self.issuer}/authorize",
            "OIDC_OP_TOKEN_ENDPOINT": f"{self.issuer}/token",
            "OIDC_OP_USER_ENDPOINT": f"{self.issuer}/userinfo",
            "OIDC_OP_JWKS_ENDPOINT": f"{self.issuer}/jwks",
        }

    def agree(self, address: str) -> str:
        """What the browser does at the provider: log in there, and be sent back with a code."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize") and asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT and "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(12)
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def tokens(self, said: dict[str, str]) -> dict[str, Any] | None:
        asked = self.asked.pop(said.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(said.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if (
            asked is None
            or (said.get("client_id"), said.get("client_secret")) != (CLIENT, SECRET)
            or said.get("redirect_uri") != asked["redirect_uri"]
            or proof.decode() != asked["code_challenge"]
        ):
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"], **self.claims}
        token = jwt.encode({**claims, **self.token_changes}, self.sign_with, "RS256", headers={"kid": "one"})
        return {"access_token": "at", "token_type": "Bearer", "id_token": token, "expires_in": 60}

    def jwks(self) -> dict[str, Any]:
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}

    def handler(provider: Provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def answer(self, body: Any, status: int = 200) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self) -> None:  # noqa: N802
                self.answer(provider.jwks() if self.path == "/jwks" else provider.userinfo)

            def do_POST(self) -> None:  # noqa: N802
                raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
                made = provider.tokens({key: values[0] for key, values in parse_qs(raw).items()})
                self.answer(made or {"error": "invalid_grant"}, 200 if made else 400)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler
