"""HTTP for both simulators: one request in, one response out, on one asyncio thread.

No framework: a simulator spells its CRM's own paths, errors and headers, and has to answer
thousands of calls a second on one core.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote

import orjson

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# Key among the scope's extensions: {"drop": function that cuts the connection, "close": one that
# sends what is written first}.
DROP = "sync_engine.simulators.drop"


class NotJson(ValueError):
    """The body is not JSON. The message says where."""


@dataclass(frozen=True)
class Request:
    """headers: names in lower case. path: percent-decoded; raw_path: as it was sent."""

    method: str
    path: str
    raw_path: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes
    peer: str = "127.0.0.1"

    @cached_property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(self.query_string, keep_blank_values=True)

    def first(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The path's segments, each percent-decoded by itself, without empty ones."""
        return tuple(unquote(part) for part in self.raw_path.split("/") if part)

    @cached_property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> Any:
        """Parse the body; raises NotJson. An empty body is None."""
        if not self.body:
            return None
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise NotJson(str(error)) from error


@dataclass
class Response:
    """delay: seconds to wait before it is sent. drop: close the connection instead of answering.
    keep: bytes of the body that are sent before the connection is closed; None: all, and it stays."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    keep: int | None = None


def json_response(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        status,
        orjson.dumps(body),
        {"content-type": "application/json;charset=UTF-8", **(headers or {})},
    )


def html_response(status: int, body: str) -> Response:
    return Response(status, body.encode(), {"content-type": "text/html;charset=UTF-8"})


def redirect(to: str) -> Response:
    return Response(302, b"", {"location": to})


class App:
    """The ASGI door in front of a function from Request to Response."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        response = self._answer(await _request(scope, receive))
        if response.delay:
            await asyncio.sleep(response.delay)
        if response.drop:
            scope["extensions"][DROP]["drop"]()
            await receive()  # until the server has noticed
            return
        body = response.body
        headers = [(name.encode(), value.encode()) for name, value in response.headers.items()]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        if response.keep is not None:
            await send(
                {"type": "http.response.body", "body": body[: response.keep], "more_body": True}
            )
            scope["extensions"][DROP]["close"]()
            await receive()
            return
        await send({"type": "http.response.body", "body": body})


async def _request(scope: Scope, receive: Receive) -> Request:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    client = scope.get("client") or ("127.0.0.1", 0)
    raw: bytes = scope["raw_path"]
    return Request(
        method=scope["method"],
        path=scope["path"],
        raw_path=raw.decode("latin-1").split("?")[0],
        query_string=scope["query_string"].decode("latin-1"),
        headers={
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        },
        body=body,
        peer=client[0],
    )


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
