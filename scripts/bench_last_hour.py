"""Figures of a call's last hour: submitting by real sockets beside 10, 1,000 and 10,000 other applications.

Each size is a data folder of its own, made anew unless `--keep` names where to keep it for the next time.
"""

import argparse
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

from mobility import storage
from mobility.applications import index, listing, lookup
from mobility.applications.assessment import Assessment
from mobility.catalogue import rulebook
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office.invented import people
from mobility.paths import CHECKOUT, Instance
from scripts import invented_applications as invented
from scripts.bench_uploads import Client, in_threads, running, scan

_STUDENTS = 16
_CROWDS = 8
_PAUSE = 10
"""Seconds between two crowds: one address on the net may open so many links a minute, and no more."""
_ALONE = 20
_FORM = "application/x-www-form-urlencoded"


def whole_drafts(instance: Instance, book: Rulebook, call: Call, folder: Path, count: int) -> Iterator[str]:
    """The secrets of drafts that need only be submitted, each with documents of 1 MB."""
    page, model, made = folder / "scan.pdf", None, 0
    page.write_bytes(scan())
    for answers in people(book, random.Random(2)):
        answers |= {"gpa": "3.95", "email": f"last-{made}@example.kz"}
        model = model or invented.whole(Instance(folder / "model"), book, call, answers, page)
        secret, draft = invented.like(instance, call, answers, model)
        if Assessment(book, call, draft, None, invented.midst(call).date()).lacks:
            continue  # a host that asks for more
        yield secret
        made += 1
        if made == count:
            return


class Student(Client):
    """A browser in which one application is open."""

    def __init__(self, port: int, secret: str):
        super().__init__(port)
        fields = {"csrf_token": self.token(), "secret": secret}
        status, _ = self.ask("POST", "/apply/open", urllib.parse.urlencode(fields).encode(), _FORM)
        assert status in (302, 303), status
        self.head = self.token()

    def submit(self) -> float:
        """Seconds until the receipt is there."""
        begun = time.perf_counter()
        body = urllib.parse.urlencode({"csrf_token": self.head}).encode()
        status, _ = self.ask("POST", "/apply/submit", body, _FORM)
        seconds = time.perf_counter() - begun
        assert status == 303, status
        _, page = self.ask("GET", "/apply/receipt/v1")
        assert re.search(r"20\d\d[AS]-\d{4,}", page)
        return seconds


def measure(kept: Path, folder: Path, count: int) -> list[str]:
    """What is to be told of a call with so many applications."""
    book = rulebook.load(CHECKOUT)
    call = invented.coming(book)
    instance = Instance(kept / str(count)).rehearsal
    if not instance.root.exists():
        words = ["scripts.invented_applications", str(instance.root), "--count", str(count)]
        subprocess.run([sys.executable, "-m", *words], check=True)
    secrets = list(whole_drafts(instance, book, call, folder, _ALONE + (_CROWDS + 1) * _STUDENTS))
    storage.remove_database(instance.index)
    made = _seconds(lambda: index.reconcile(instance))
    command = f"portal.serve --no-site --port PORT --data {kept / str(count)}"
    with running(*command.split()) as (port, _):
        time.sleep(4)
        alone = [Student(port, secrets.pop()).submit() for _ in range(_ALONE)][4:]
        at_once: list[float] = []
        for _ in range(_CROWDS):
            crowd = [Student(port, secrets.pop()) for _ in range(_STUDENTS)]
            in_threads([lambda student=student: at_once.append(student.submit()) for student in crowd])
            time.sleep(_PAUSE)
        pages = _beside_uploads(port, secrets)
    listed = _seconds(lambda: listing.write(instance, call.id, invented.midst(call)))
    one = _seconds(lambda: lookup.home_of(instance, f"{call.prefix}-0003"))
    words = ["mobility", "submissions", "--data", str(kept / str(count)), "--rehearsal", "list"]
    told = _seconds(
        lambda: subprocess.run([sys.executable, "-m", *words], stdout=subprocess.DEVNULL, check=True)
    )
    return [
        f"{statistics.median(alone) * 1000:.0f} ms",
        f"{statistics.median(at_once) * 1000:.0f} ms, {_p99(at_once) * 1000:.0f} ms",
        f"{statistics.median(pages) * 1000:.0f} ms, {_p99(pages) * 1000:.0f} ms",
        f"{listed:.2f} s",
        f"{one * 1000:.1f} ms",
        f"{told:.2f} s",
        f"{made:.2f} s",
    ]


def _beside_uploads(port: int, secrets: list[str]) -> list[float]:
    """Seconds that a page of questions takes while others upload."""
    students, times, file = [Student(port, secret) for secret in secrets], [], scan()
    reader, ends = students.pop(), time.perf_counter() + 10

    def upload(student: Student) -> None:
        while time.perf_counter() < ends:
            student.upload("/apply/documents/passport", file)

    def read() -> None:
        while time.perf_counter() < ends:
            begun = time.perf_counter()
            status, _ = reader.ask("GET", "/apply/questions/motivation")
            times.append(time.perf_counter() - begun)
            assert status == 200, status
            time.sleep(0.05)

    in_threads([read, *(lambda student=student: upload(student) for student in students)])
    return times


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


ROWS = (
    "submitting, one student (median)",
    "16 students at once, 8 times: median, p99",
    "a page of questions while 15 upload: median, p99",
    "the office's list written (three files)",
    "a question to the index",
    "`mobility submissions list`",
    "the index made anew",
)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[10, 1000, 10_000])
    parser.add_argument("--keep", type=Path, help="a folder for the invented applications, for the next time")
    given = parser.parse_args()
    storage.folder(CHECKOUT.build)
    with tempfile.TemporaryDirectory(dir=CHECKOUT.build) as place:
        columns = []
        for count in given.counts:
            folder = Path(place) / f"work-{count}"
            folder.mkdir()
            columns.append(measure(given.keep or Path(place), folder, count))
        print("| applications |", " | ".join(f"{count:,}" for count in given.counts), "|")
        for row in zip(ROWS, *columns, strict=True):
            print("|", " | ".join(row), "|")


if __name__ == "__main__":
    main()
