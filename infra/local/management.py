"""RabbitMQ's management API: virtual hosts, one user per service, and what each may touch.

A service may declare and read its own queues, publish on ``brand.events`` only what carries its own name, and nothing
of another service. The default exchange is closed to all of them: it would reach every queue by name. Another
department may publish its own types on ``departments`` and do nothing else.
"""

import re
import secrets
import ssl
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx

EVENTS, DEPARTMENTS = "brand.events", "departments"
LISTENING = ("registry", "activities")
"""The services that take what other departments publish."""
SERVICES = ("registry", "review", "activities", "notify")
OURS = "|".join(("brand", *SERVICES))
KIND = re.compile(r"(?!(?:" + OURS + r")(?:\.|$))[a-z0-9_]+(\.[a-z0-9_]+)*\.?")
"""A type of a department's own, or how types begin when it ends with a dot: never one of ours, never everything."""


@cache
def trusted() -> ssl.SSLContext:
    """Whom httpx trusts, read once: a client reads it anew (some 40 ms of work), which tells when one polls."""
    return httpx.create_ssl_context()


class Management:
    """One broker's management API; raises ``httpx.HTTPError`` when it does not answer or refuses."""

    def __init__(self, url: str, user: str, password: str, amqp: str) -> None:
        self.url, self.user, self._password, self._amqp = url, user, password, amqp

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - any JSON
        """Ask for ``/api/<path>`` and return its JSON (None when there is none)."""
        auth = (self.user, self._password)
        place, trust = f"{self.url}/api/{path}", trusted()
        answer = httpx.request(method, place, auth=auth, json=body, timeout=30, trust_env=False, verify=trust)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def answers(self) -> bool:
        """Whether the API is up and knows this user."""
        try:
            self.call("GET", "whoami")
        except httpx.HTTPError:
            return False
        return True

    def amqp_url(self, vhost: str, user: str | None = None, password: str | None = None) -> str:
        """The AMQP URL of a user (the administrator when none is named)."""
        who = f"{quote(user or self.user, safe='')}:{quote(password or self._password, safe='')}"
        return f"amqp://{who}@{self._amqp}/{quote(vhost, safe='')}"

    def provision(
        self, vhost: str, services: Sequence[str] = SERVICES, passwords: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """Make the virtual host and one user per service in it; returns each service's AMQP URL.

        Idempotent. A user is called ``<vhost>.<service>``, so that two virtual hosts share none; its password is new
        each time unless given.
        """
        place = quote(vhost, safe="")
        self.call("PUT", f"vhosts/{place}", {})
        self._allow(place, self.user, ".*", ".*")
        urls = {}
        for service in services:
            user, password = f"{vhost}.{service}", (passwords or {}).get(service) or secrets.token_urlsafe(18)
            self.call("PUT", f"users/{quote(user, safe='')}", {"password": password, "tags": ""})
            own = rf"^({service}\.|brand\.).*"
            there = rf"^({service}\.|brand\.|departments$).*" if service in LISTENING else own
            self._allow(place, user, own, there, configure=there)
            topics = {"exchange": EVENTS, "write": rf"^{service}\..*", "read": ".*"}
            self.call("PUT", f"topic-permissions/{place}/{quote(user, safe='')}", topics)
            urls[service] = self.amqp_url(vhost, user, password)
        return urls

    def department(self, vhost: str, name: str, types: Sequence[str], password: str | None = None) -> str:
        """Make the user of another department; returns its AMQP URL.

        ``types``: each a type it may publish or, with a dot at its end, how such types begin (``safety.``). Raises
        ``ValueError`` for what would reach further. It may declare, read and reach nothing else. The broker checks the
        routing key, the reader that the event's type is the same.
        """
        if strange := [kind for kind in types if not KIND.fullmatch(kind)] or ([] if types else [""]):
            raise ValueError(f"no types of a department's own: {strange}; write for example safety.")
        place, user = quote(vhost, safe=""), f"{vhost}.dept.{name}"
        password = password or secrets.token_urlsafe(18)
        self.call("PUT", f"users/{quote(user, safe='')}", {"password": password, "tags": ""})
        self._allow(place, user, f"^{DEPARTMENTS}$", "^$", configure="^$")
        own = "|".join(re.escape(kind) + ("" if kind.endswith(".") else "$") for kind in types)
        topics = {"exchange": DEPARTMENTS, "write": f"^({own})", "read": "^$"}
        self.call("PUT", f"topic-permissions/{place}/{quote(user, safe='')}", topics)
        return self.amqp_url(vhost, user, password)

    def remove(self, vhost: str) -> None:
        """Drop a virtual host with its queues, and the users that ``provision`` made for it."""
        self.call("DELETE", f"vhosts/{quote(vhost, safe='')}")
        for user in self.call("GET", "users"):
            if user["name"].startswith(f"{vhost}."):
                self.call("DELETE", f"users/{quote(user['name'], safe='')}")

    def _allow(self, place: str, user: str, write: str, read: str, *, configure: str = "") -> None:
        body = {"configure": configure or write, "write": write, "read": read}
        self.call("PUT", f"permissions/{place}/{quote(user, safe='')}", body)
