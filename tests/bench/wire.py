"""A client that costs little: what is measured is who answers."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from itertools import cycle, islice

_A_READ = 1 << 20
_GOOD = (b"HTTP/1.1 200", b"HTTP/1.1 201", b"HTTP/1.1 204")
_REFUSED = b'"success":false'  # of one record of a collection, in an answer of status 200


class Unexpected(Exception):
    """An answer which means that something else is measured than was meant."""


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """Return a whole HTTP request, ready to be sent."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


class Wire:
    """Kept connections to one server, one call under way on each: it never waits for us."""

    def __init__(self, port: int, connections: int = 4) -> None:
        self._connections = [
            socket.create_connection(("127.0.0.1", port)) for _ in range(connections)
        ]
        for one in self._connections:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def seconds(self, requests: Sequence[bytes]) -> float:
        """Return how long all of them take; raises Unexpected."""
        began = time.perf_counter()
        for at, connection in zip(range(len(requests)), cycle(self._connections), strict=False):
            if at >= len(self._connections):
                _answer(connection)
            connection.sendall(requests[at])
        for connection in islice(self._connections, len(requests)):
            _answer(connection)
        return time.perf_counter() - began

    def ask(self, one: bytes) -> bytes:
        """Return the body of one answer; raises Unexpected."""
        self._connections[0].sendall(one)
        return _answer(self._connections[0])

    def close(self) -> None:
        for one in self._connections:
            one.close()


def _answer(connection: socket.socket) -> bytes:
    got = connection.recv(_A_READ)
    head, end, body = got.partition(b"\r\n\r\n")
    while got and not end:
        got += connection.recv(_A_READ)
        head, end, body = got.partition(b"\r\n\r\n")
    if not head.startswith(_GOOD):
        raise Unexpected(got[:2000].decode(errors="replace"))
    parts, missing = [body], _length(head) - len(body)
    while missing > 0:
        parts.append(connection.recv(_A_READ))
        missing -= len(parts[-1])
    whole = b"".join(parts)
    if _REFUSED in whole:
        raise Unexpected(whole[:2000].decode(errors="replace"))
    return whole


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0
