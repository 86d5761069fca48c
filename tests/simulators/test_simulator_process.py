"""A simulator as a process: its answers over the wire, its state across a restart."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time

import pytest
import requests

from tests.simulated import Control


@pytest.fixture
def start():
    """Return a function that starts a Salesforce simulator; all are ended afterwards."""
    processes = []

    def start(*more):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "sync_engine.simulators", "salesforce"]
        process = subprocess.Popen([*command, "--port", str(port), *more])
        processes.append(process)
        return process, _ready(process, Control(f"http://127.0.0.1:{port}"))

    yield start
    for process in processes:
        process.kill()
        process.wait()


def _ready(process, control):
    while True:
        assert process.poll() is None
        try:
            control.call("GET", "calls")
            return control
        except requests.ConnectionError:
            time.sleep(0.02)


def contacts(control):
    return control.call("GET", "records/Contact?limit=1000")


def end(process):
    process.send_signal(signal.SIGTERM)
    return process.wait(5)


def test_its_records_survive_a_restart_and_the_seed_comes_once(start, tmp_path):
    kept = ["--state", str(tmp_path / "new folder" / "salesforce.json"), "--seed", "demo"]
    process, control = start(*kept)
    assert len(contacts(control)) == 167
    assert len(control.call("GET", "records/Lead?limit=1000")) == 33
    token = control.call("POST", "token")["access_token"]
    control.call("POST", "records/Contact", by="Ada", values={"LastName": "Kept"})
    assert end(process) == 0
    process, control = start(*kept)
    assert [row["values"]["LastName"] for row in contacts(control)][0] == "Kept"
    assert len(contacts(control)) == 168
    answer = requests.get(
        f"{control.url}/services/data/v66.0/limits",
        headers={"Authorization": f"Bearer {token}"},
        timeout=5,
    )
    assert answer.status_code == 200


def test_a_second_one_on_the_same_port_leaves_the_state_alone(start, tmp_path):
    state = tmp_path / "salesforce.json"
    process, control = start("--state", str(state))
    port = control.url.rpartition(":")[2]
    command = [sys.executable, "-m", "sync_engine.simulators", "salesforce", "--port", port]
    second = subprocess.run([*command, "--state", str(state)], capture_output=True, timeout=20)
    assert second.returncode != 0
    assert not state.exists()


def test_a_slow_answer_does_not_keep_it_from_ending(start):
    process, control = start()
    control.call("POST", "faults", delay=30)
    with socket.create_connection(("127.0.0.1", int(control.url.rpartition(":")[2]))) as waiting:
        waiting.sendall(b"GET /services/data HTTP/1.1\r\nHost: x\r\n\r\n")
        control.call("GET", "faults")
        assert end(process) == 0


def test_a_truncated_answer_breaks_off_after_the_work_is_done(salesforce_control):
    salesforce_control.call("POST", "faults", path="/services/data", truncate=10, times=1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="10 bytes read"):
        requests.get(f"{salesforce_control.url}/services/data", timeout=5)
    assert requests.get(f"{salesforce_control.url}/services/data", timeout=5).status_code == 200


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_dropped_call_gets_no_answer_at_all(salesforce_control, moment):
    salesforce_control.call("POST", "faults", drop=True, moment=moment, times=1)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{salesforce_control.url}/services/data", timeout=5)
    assert requests.get(f"{salesforce_control.url}/services/data", timeout=5).status_code == 200
