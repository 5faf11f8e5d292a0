"""A sign-in service over real HTTP: it publishes its keys, and can be shut, slowed, made to rotate, or to lie."""

import json
import threading
import time
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from infra.local.processes import ports
from tests.support.harness.forgery import Mint

DISCOVERY, JWKS = "/.well-known/openid-configuration", "/keys"


class SignOn:
    """Down until ``open``; ``keys`` are those that it publishes now, ``asked`` counts what was asked by path."""

    def __init__(self, home: Path) -> None:
        self.port = ports(home, "sign-on")["sign-on"]
        self.url = f"http://127.0.0.1:{self.port}"
        self.mint = Mint(home, self.url)
        self.keys = [self.mint.key]
        self.asked: Counter[str] = Counter()
        self.seconds = 0.0
        self.lies: dict[str, Any] = {}
        """What it says of itself in its discovery document, instead of the truth."""
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        """Whole answers by path, instead of the right ones."""
        self._server: ThreadingHTTPServer | None = None

    def open(self) -> None:
        """Answer from now on."""
        this = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                this.asked[self.path] += 1
                time.sleep(this.seconds)
                status, headers, body = this.answer(self.path)
                with suppress(ConnectionError):  # who asked may have given up
                    self.send_response(status)
                    for name, value in {"Content-Length": str(len(body)), **headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def shut(self) -> None:
        """Refuse connections from now on."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """What is said at this path now."""
        if path in self.answers:
            return self.answers[path]
        about = {"issuer": self.url, "jwks_uri": f"{self.url}{JWKS}", **self.lies}
        said = {DISCOVERY: about, JWKS: {"keys": [key.as_dict(private=False) for key in self.keys]}}
        if path not in said:
            return 404, {}, b""
        return 200, {"Content-Type": "application/json"}, json.dumps(said[path]).encode()
