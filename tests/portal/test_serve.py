"""Starting the portal: a real one only with its own key, and one command for site and portal."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from mobility.paths import CHECKOUT


@pytest.mark.parametrize("key", [None, "short"])
@pytest.mark.parametrize("start", [["-m", "portal.serve", "--production"], ["-c", "import portal.wsgi"]])
def test_a_real_portal_refuses_to_start_without_its_own_key(start: list[str], key: str | None) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "MOBILITY_SECRET_KEY"}
    if key:
        environment["MOBILITY_SECRET_KEY"] = key
    run = subprocess.run(
        [sys.executable, *start],
        env=environment,
        cwd=CHECKOUT.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "MOBILITY_SECRET_KEY" in run.stderr


def test_a_real_portal_has_no_pretended_date() -> None:
    command = [sys.executable, "-m", "portal.serve", "--production", "--as-of", "2027-03-01"]
    run = subprocess.run(command, cwd=CHECKOUT.root, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "real date" in run.stderr


def test_one_command_serves_site_and_portal_and_ctrl_c_stops_both(tmp_path: Path) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    server = subprocess.Popen(
        ["scripts/serve", "--port", str(port), "--data", str(tmp_path)],
        cwd=CHECKOUT.root,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert server.stdout
    said = []
    for line in server.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    address = f"http://127.0.0.1:{port}/"
    assert address in "".join(said)
    assert "Partners" in requests.get(address, timeout=10).text
    assert "Rehearsal." in requests.get(address + "apply/", timeout=10).text
    assert requests.get(address + "nowhere/", timeout=10).status_code == 404
    os.killpg(server.pid, signal.SIGINT)
    assert server.wait(10) == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=2)
