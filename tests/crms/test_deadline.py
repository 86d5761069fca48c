"""A call ends: by its deadline, or by the longest answer, whatever the other side sends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from itertools import chain, repeat

import pytest

from sync_engine.core.errors import CrmError
from sync_engine.core.values import Crm
from sync_engine.crms import deadline, oauth
from sync_engine.crms.base import Row
from tests.crms.test_oauth import app_at
from tests.simulated import hubspot_client, salesforce_client

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ROWS = [Row({"Title": "Countess"}, id="003000000000001AAA")]


class Server:
    """Answers every call with these pieces, one after the other, until the caller hangs up.
    pause: seconds between them"""

    def __init__(self, pieces: list[bytes], pause: float) -> None:
        self._pieces, self._pause = pieces, pause
        self._over, self._listener = threading.Event(), socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            with caller:
                self._answer(caller)

    def _answer(self, caller: socket.socket) -> None:
        caller.recv(65_536)
        try:
            for piece in chain(self._pieces, repeat(b" ")):
                caller.sendall(piece)
                if self._over.wait(self._pause):
                    return
        except OSError:
            return

    def close(self) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@pytest.fixture(params=["headers", "body", "chunks"])
def dripping(request, monkeypatch) -> Iterator[Server]:
    """A server that always sends a little more, so that no time-out of a socket ever comes."""
    monkeypatch.setattr(deadline, "ANSWER", 0.3)
    first = {
        "headers": HEAD + b"X-Slow: ",
        "body": HEAD + b"Content-Length: 1000000\r\n\r\n",
        "chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n",
    }
    server = Server([first[request.param]], pause=0.02)
    yield server
    server.close()


@pytest.fixture
def pouring(monkeypatch) -> Iterator[Server]:
    """A server that sends more than anybody has asked for."""
    monkeypatch.setattr(deadline, "LONGEST", 100_000)
    server = Server([HEAD + b"Content-Length: 200000\r\n\r\n", b" " * 200_000], pause=0)
    yield server
    server.close()


def client_of(crm: Crm, url: str):
    return (hubspot_client if crm is Crm.HUBSPOT else salesforce_client)(url, "token")


@pytest.mark.parametrize("crm", list(Crm))
def test_a_write_past_its_deadline_is_in_doubt(dripping, crm):
    (outcome,) = client_of(crm, dripping.url).update("Contact", ROWS)
    assert outcome.in_doubt


@pytest.mark.parametrize("crm", list(Crm))
def test_a_read_past_its_deadline_is_a_passing_error(dripping, crm):
    with pytest.raises(CrmError) as failed:
        client_of(crm, dripping.url).identity()
    assert failed.value.problem.type.slug == "temporary"
    assert not failed.value.in_doubt


@pytest.mark.parametrize("crm", list(Crm))
def test_a_token_that_drips_in_is_not_waited_for(dripping, crm):
    with pytest.raises(CrmError) as failed:
        oauth.refresh(app_at(crm, dripping.url), "token")
    assert failed.value.problem.type.slug == "temporary"


@pytest.mark.parametrize("crm", list(Crm))
def test_an_answer_that_is_too_long_is_not_read_to_its_end(pouring, crm):
    (outcome,) = client_of(crm, pouring.url).update("Contact", ROWS)
    assert outcome.in_doubt
