"""The systemd units, as systemd itself reads and judges them."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from mobility.applications.resumable import MOST_TOGETHER
from mobility.uploads import sandbox
from portal import processes
from tests.helpers.deployment import FILES

UNITS = [
    *("mobility.service", "mobility-site.service", "mobility-site.timer"),
    *("mobility-backup.service", "mobility-backup.timer"),
]
MOST_EXPOSED = {"mobility.service": 1.5, "mobility-site.service": 1.0, "mobility-backup.service": 1.5}
"""Of 10: what systemd calls OK ends at 5, and most services shipped by Debian stand at 9.6."""


def test_systemd_finds_no_mistake_in_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = (FILES / name).read_text().replace("/srv/mobility/.venv/bin/", "/usr/bin/")
        (tmp_path / name).write_text(text.replace("/usr/bin/mobility", "/usr/bin/true"))
    (tmp_path / "mobility.service").write_text(
        (tmp_path / "mobility.service").read_text().replace("/usr/bin/python ", "/usr/bin/true ")
    )
    paths = [str(tmp_path / name) for name in UNITS]
    run = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout + run.stderr) == (0, "")


@pytest.mark.parametrize("name", MOST_EXPOSED)
def test_a_service_has_no_more_rights_than_it_needs(name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--json=short", str(FILES / name)]
    judged = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    exposed = {each["json_field"] for each in judged if each["exposure"]}
    assert not exposed & {"ProtectSystem", "NoNewPrivileges", "CapabilityBoundingSet_CAP_SYS_ADMIN"}
    limit = str(int(MOST_EXPOSED[name] * 10))
    subprocess.run([*command[:3], f"--threshold={limit}", command[-1]], check=True, capture_output=True)


SANDBOX_NEEDS = {
    "clone", "clone3", "execve", "kill", "landlock_add_rule", "landlock_create_ruleset",
    "landlock_restrict_self", "pidfd_open", "prctl", "prlimit64", "recvmsg", "sendmsg", "setpgid",
    "setpriority", "socketpair", "unshare", "wait4",
}  # fmt: skip
"""The system calls by which `mobility.uploads.sandbox` starts its worker, and that shuts itself in."""


def calls(names: str) -> set[str]:
    """The system calls of a line of SystemCallFilter, with those of its groups."""
    found: set[str] = set()
    for name in names.removeprefix("~").split():
        if name.startswith("@"):
            command = ["systemd-analyze", "syscall-filter", name]
            listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
            inside = [line.strip() for line in listed if line.startswith("    ") and "#" not in line]
            found |= calls(" ".join(inside))
        else:
            found.add(name)
    return found


def test_the_portal_may_shut_in_the_process_that_reads_files() -> None:
    unit = (FILES / "mobility.service").read_text()
    lines = re.findall(r"^SystemCallFilter=(.*)$", unit, re.M)
    allowed = set().union(*(calls(line) for line in lines if not line.startswith("~")))
    denied = set().union(*(calls(line) for line in lines if line.startswith("~")))
    assert allowed - denied >= SANDBOX_NEEDS
    # Filters of its own need this; memory must be enough for what runs at once beside the portal.
    assert "NoNewPrivileges=true" in unit
    assert int(re.findall(r"^LimitNOFILE=(\d+)$", unit, re.M)[0]) >= sandbox.Limits().files
    assert "OOMPolicy=continue" in unit and "LimitAS" not in unit and "LimitNPROC" not in unit
    assert "MemoryDenyWriteExecute=true" not in unit


def test_without_namespaces_what_reads_files_still_opens_no_socket() -> None:
    """The unit lets nothing make namespaces, so that the sandbox's own filter keeps it from the network."""
    assert "RestrictNamespaces=true" in (FILES / "mobility.service").read_text()
    assert {"no sockets", "no look into other processes"} <= set(sandbox.protections())


def test_the_portal_may_write_its_data_alone_and_the_site_is_public() -> None:
    portal, site = ((FILES / name).read_text() for name in UNITS[:2])
    assert "ProtectSystem=strict" in portal and "UMask=0077" in portal and "StateDirectoryMode=0700" in portal
    assert "ReadWritePaths" not in portal + site
    assert "UMask=0022" in site and "StateDirectoryMode=0755" in site
    assert re.search(r"^User=(.*)$", portal, re.M)[1] != re.search(r"^User=(.*)$", site, re.M)[1]  # type: ignore[index]


def test_a_stop_leaves_the_portal_time_to_end_its_processes() -> None:
    unit = (FILES / "mobility.service").read_text()
    assert "KillMode=mixed" in unit, "the first process is told, and ends the others"
    waits = [*re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.M)]
    waits += re.findall(r"--stop-timeout (\d+)", (FILES / "Containerfile").read_text())
    assert len(waits) == 2 and min(map(int, waits)) > processes.LAST > processes.DRAIN
    threads_of_16 = 16 * (processes.THREADS + 8)
    assert int(re.findall(r"^TasksMax=(\d+)$", unit, re.M)[0]) > threads_of_16


def test_every_web_server_lets_a_whole_form_through() -> None:
    for name in ("nginx/mobility.conf", "Caddyfile"):
        most = max(int(size) for size in re.findall(r"size (\d+)m", (FILES / name).read_text(), re.I))
        assert MOST_TOGETHER + 200_000 <= most * 1_000_000 <= 1.1 * MOST_TOGETHER
