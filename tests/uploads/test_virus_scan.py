"""ClamAV's real daemon, with a signature of our own, looks at what is uploaded."""

import datetime
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mobility.applications import drafts, record
from mobility.applications.record import Submission
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.uploads import inspection, virus_scan
from mobility.uploads.virus_scan import Scanner
from portal.settings import BadSettings, clamd
from tests.helpers.assessing import assessed
from tests.helpers.portal_server import running
from tests.helpers.scans import Scans
from tests.helpers.student import Student

VIRUS = b"an invented virus, known to this test alone"
CLAMD = shutil.which("clamd", path="/usr/bin:/usr/sbin:/usr/local/sbin") or "clamd"


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scanner, Scanner]]:
    """A running clamd: by its Unix socket, and by its port."""
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "ours.ndb").write_text(f"Invented:0:*:{VIRUS.hex()}\n")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "clamd.conf").write_text(
        f"Foreground yes\nDatabaseDirectory {folder}\nLocalSocket {folder}/clamd.ctl\n"
        f"TCPSocket {port}\nTCPAddr 127.0.0.1\nLogFile {folder}/log\nTemporaryDirectory {folder}\n"
    )
    command = [CLAMD, f"--config-file={folder}/clamd.conf"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout
            heard = []
            for line in server.stdout:
                heard.append(line)
                if "Self checking" in line:
                    break
            else:
                pytest.fail("".join(heard))
            yield Scanner(path=f"{folder}/clamd.ctl"), Scanner(host="127.0.0.1", port=port)
        finally:
            server.terminate()


def infected(scans: Scans) -> Path:
    return scans.bytes("infected.pdf", scans.pdf().read_bytes() + b"% " + VIRUS)


def test_a_file_is_passed_or_refused_by_either_socket(daemon: tuple[Scanner, Scanner], scans: Scans) -> None:
    large = scans.pdf_of(19_000_000)
    for scanner in daemon:
        assert virus_scan.passed(scans.pdf(), scanner)
        assert virus_scan.passed(large, scanner)
        with pytest.raises(inspection.Refused, match="virus scanner"):
            virus_scan.passed(infected(scans), scanner)


def test_an_infected_upload_is_refused_and_a_clean_one_kept(
    daemon: tuple[Scanner, Scanner], scans: Scans, book: Rulebook, tmp_path: Path, in_march: datetime.datetime
) -> None:
    with running(tmp_path / "instance", in_march, scanner=daemon[0]) as portal:
        student = Student(portal, book)
        student.begin()
        answer = student.upload("transcript", infected(scans))
        assert answer.status_code == 422
        assert "The virus scanner found something in this file" in answer.text
        assert student.upload("passport", scans.pdf()).status_code == 200
        (draft,) = drafts.every(portal.settings.kept)
        assert [(file.slot, file.unscanned) for file in draft.files] == [("passport", False)]


def test_while_the_scanner_is_silent_files_are_kept_and_marked(
    scans: Scans, book: Rulebook, call: Call, tmp_path: Path, in_march: datetime.datetime
) -> None:
    with running(tmp_path / "instance", in_march, scanner=Scanner(path=str(tmp_path / "none"))) as portal:
        student = Student(portal, book)
        student.begin()
        assert student.upload("passport", scans.pdf()).status_code == 200
        (draft,) = drafts.every(portal.settings.kept)
    answered = drafts.answer(draft, book.application.sample())
    told = record.of(Submission(assessed(book, call, answered), "R2027A-0001", in_march, False))
    assert [mark for mark in told["marks"] if "viruses" in mark] == [
        "not checked for viruses: Copy of passport"
    ]


def test_the_setting_names_a_socket_or_a_port() -> None:
    assert clamd({}) is None
    assert clamd({"MOBILITY_CLAMD": "unix:/run/clamav/clamd.ctl"}) == Scanner(path="/run/clamav/clamd.ctl")
    assert clamd({"MOBILITY_CLAMD": "tcp://localhost:3310"}) == Scanner(host="localhost", port=3310)
    for wrong in ("/run/clamav/clamd.ctl", "tcp://localhost", "http://localhost:3310"):
        with pytest.raises(BadSettings):
            clamd({"MOBILITY_CLAMD": wrong})
