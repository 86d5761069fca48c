"""How long one call may take in all, and how long its answer may be (sync.md 3).

A time-out of a socket begins anew with every byte: a server that sends one now and then would hold
a call for ever. Here the whole answer has one deadline, below both CRMs' libraries.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any

import requests.adapters
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

# Seconds: to connect, to agree on TLS and to send, each; and for all of the answer. A minute
# together.
CONNECT = 5
ANSWER = 45

# What both libraries are told.
TIMEOUTS = (CONNECT, ANSWER)

# Bytes on the wire. The largest answer that is asked for, 2,000 rows with long texts, is a tenth.
LONGEST = 64 * 1024 * 1024


class _Answer(io.RawIOBase):
    """What arrives on a socket, until the time or the room is used up."""

    def __init__(self, arriving: io.RawIOBase, socket_: socket.socket) -> None:
        self._arriving, self._socket = arriving, socket_
        self._until, self._room = time.monotonic() + ANSWER, LONGEST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        seconds = self._until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("The answer took too long.")
        self._socket.settimeout(seconds)
        count = self._arriving.readinto(buffer)
        self._room -= count or 0
        if self._room < 0:
            raise OSError("The answer is too long.")
        return count

    def close(self) -> None:
        self._arriving.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Answer(self.fp.detach(), sock))


class _Connection(HTTPConnection):
    response_class = _Response


class _TlsConnection(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def bound(connections: PoolManager) -> None:
    """Give every call through these connections a deadline and a longest answer."""
    connections.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


class _BoundAdapter(requests.adapters.HTTPAdapter):
    """The same for a session of requests."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        bound(self.poolmanager)


def bind(session: requests.Session) -> None:
    """Bound a session's calls, and let it know no proxy and no .netrc of the environment."""
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, _BoundAdapter())
