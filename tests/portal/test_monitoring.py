"""What whoever runs a portal sees of it: health, counts for Prometheus, and a log that names nobody."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from mobility.catalogue.rulebook import Rulebook
from mobility.paths import CHECKOUT, Instance
from tests.helpers.deployment import free_ports
from tests.helpers.follow_ups import until
from tests.helpers.scans import Scans
from tests.helpers.student import Student


@dataclass
class Watched:
    """A portal as scripts/serve starts it, with a port for whoever watches it, and its log."""

    address: str
    monitor: str
    kept: Instance
    parent: subprocess.Popen[bytes]
    log: Path

    def asked(self, path: str) -> tuple[int, str]:
        answer = requests.get(f"{self.monitor}{path}", timeout=20)
        return answer.status_code, answer.text

    def counts(self) -> dict[tuple[str, ...], float]:
        """The values of all metrics, by name and the values of labels in the order of their names."""
        families = text_string_to_metric_families(self.asked("/metrics")[1])
        return {
            (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
            for family in families
            for sample in family.samples
        }

    def ready(self) -> bool:
        with suppress(requests.RequestException):
            return self.asked("/readyz") == (200, "ready\n")
        return False


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("watched")
    port, monitor = free_ports(2)
    words = ["--no-site", "--processes", "1", "--port", str(port), "--monitor", str(monitor)]
    log = folder / "log"
    with log.open("wb") as lines:
        parent = subprocess.Popen(
            [sys.executable, "-m", "portal.serve", *words, "--data", str(folder / "data")],
            cwd=CHECKOUT.root,
            env={**os.environ, "MOBILITY_LOG": "json"},
            stdout=subprocess.DEVNULL,
            stderr=lines,
        )
    kept = Instance(folder / "data").rehearsal
    found = Watched(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{monitor}", kept, parent, log)
    try:
        until(found.ready)
        yield found
    finally:
        parent.send_signal(signal.SIGTERM)
        parent.wait(40)


def test_counts_tell_of_requests_and_uploads_and_the_log_of_nobody(
    watched: Watched, book: Rulebook, scans: Scans, invented: Callable[..., dict[str, Any]]
) -> None:
    student = Student(watched, book)
    link = student.begin(email="aigerim.watched@example.kz")
    answers = invented()
    student.answer({**answers, "email": "aigerim.watched@example.kz"})
    assert student.upload("passport", scans.pdf("MyOwnPassport.pdf", text="passport")).ok
    junk = scans.pdf("junk.pdf")
    junk.write_bytes(b"no document at all")
    student.upload("transcript", junk)
    student.get(f"/apply/back/{link.rsplit('/', 1)[1]}?from=mail")
    student.get("/apply/documents/of-nobody")
    assert watched.asked("/healthz") == (200, "alive\n")
    counts = watched.counts()
    assert counts["mobility_uploads_total", "kept"] == counts["mobility_uploads_total", "Refused"] == 1
    assert counts["mobility_uploaded_bytes_total",] > 500
    assert counts["mobility_requests_total", "POST", "303", "apply.upload"] == 1
    assert counts["mobility_uploads_being_looked_at",] == 0
    assert counts["mobility_processes",] == counts["mobility_processes_wanted",] == 2
    assert counts["mobility_disk_free_bytes",] > 0
    text = watched.log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert {line["view"] for line in lines if line["message"] == "answered"} >= {"apply.upload"}
    typed = {str(each) for each in answers.values() if isinstance(each, str) and len(each) > 3}
    secrets = {"aigerim.watched", link.rsplit("/", 1)[1], "MyOwnPassport", "of-nobody"}
    told = {*typed, *secrets} - {"autumn", "bachelor", "none"}  # words of ours, which answers may be, too
    assert len(told) > 20
    everything = text + watched.asked("/metrics")[1]
    # Seconds such as 13.4021 hold the GPA 3.40 by chance.
    assert [each for each in told if re.search(rf"(?<![0-9.]){re.escape(each)}(?![0-9])", everything)] == []


def test_what_stands_on_the_port_of_the_portal_is_not_for_those_who_watch(watched: Watched) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert requests.get(watched.address + path, timeout=20).status_code == 404
    assert watched.asked("/")[0] == 404


def test_a_portal_of_which_a_process_died_is_not_ready_until_it_is_replaced(watched: Watched) -> None:
    children = Path(f"/proc/{watched.parent.pid}/task/{watched.parent.pid}/children").read_text().split()
    serving = [
        int(pid) for pid in children if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    before = watched.counts()["mobility_processes",]
    for pid in serving:
        os.kill(pid, signal.SIGSTOP)
    assert before == 2
    status, said = watched.asked("/readyz")
    assert (status, said) == (503, "the portal does not answer\n")
    for pid in serving:
        os.kill(pid, signal.SIGKILL)
    until(lambda: watched.asked("/readyz")[0] == 200, 40)
    assert watched.asked("/healthz")[0] == 200
