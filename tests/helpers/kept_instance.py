"""Makes the small instance that `tests/data` keeps of each format: a draft half filled, an application that
is asked for a correction, one that is corrected, and one that has gone through all, with mail, links, keys,
sessions, tasks and staff.

Run once, by the last version of a format: python -m tests.helpers.kept_instance tests/data/instance-N.tar.gz
"""

import datetime
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from mobility import storage
from mobility.applications import data_format, drafts, private_links, receipts, resumable, review, submissions
from mobility.catalogue import rulebook
from mobility.office import actions, checks, decisions, digest, staff, staff_sessions, tasks
from mobility.office.desk import Desk
from mobility.office.staff import Passkey
from mobility.paths import CHECKOUT, Instance
from tests.helpers.follow_ups import written
from tests.helpers.portal_server import Portal, running
from tests.helpers.scans import Scans
from tests.helpers.student import Student

AT = datetime.datetime.fromisoformat("2027-03-15T12:30+05:00")
SECRETS = "secrets-of-this-test"
"""The file beside the data with the private links of the three: filling, asked, corrected."""


def make(folder: Path) -> Instance:
    """Makes the instance in a folder, with its links' secrets beside the data."""
    book = rulebook.load(CHECKOUT)
    offers = [offer.id for offer in book.catalogue.offers()]
    answers = {**book.application.sample(), "choice-1": offers[0], "choice-2": "", "choice-3": ""}
    (folder / "scans").mkdir()
    scans, links = Scans(folder / "scans"), []

    def fill(portal: Portal, name: str, uploads: Callable[[Student], None]) -> Student:
        student = Student(portal, book)
        links.append(student.begin(email=f"{name}@example.kz").rsplit("/", 1)[1])
        student.answer({**answers, "email": f"{name}@example.kz"})
        uploads(student)
        return student

    with running(folder / "instance", AT) as portal:
        kept = portal.settings.kept
        desk = Desk(kept, book, f"{portal.address}/apply/", False, portal.now)
        fill(portal, "filling", lambda s: s.upload("passport", scans.pdf("passport.pdf")) and None)
        for name in ("asked", "corrected", "decided"):
            student = fill(portal, name, lambda s: s.upload_all(scans))
            student.post("/apply/submit")
            written(kept)
            if name == "decided":
                break
            reference = "2027A-0001" if name == "asked" else "2027A-0002"
            actions.ask_correction(desk, reference, ["contact"], ["transcript"], "Page 2 is missing.")
            if name == "corrected":
                student.post("/apply/rounds/correction-1")
                student.upload("transcript", scans.pdf("both pages.pdf", pages=2))
                student.post("/apply/questions/contact", {"phone": "+77001112233"})
                student.post("/apply/submit")
        filling = private_links.find(kept, links[0])
        assert filling
        resumable.create(filling, "transcript", "half.pdf", 5000, portal.now)
        written(kept)
    data_format.bring_up(kept)
    _go_through_all(desk, "2027A-0003")
    tasks.add(kept, "mail link", AT, draft=filling.hash)
    (folder / "instance" / SECRETS).write_text("\n".join(links[:3]))
    return kept


def _go_through_all(desk: Desk, reference: str) -> None:
    """All that the office does with an application, and for itself."""
    kept, call = desk.instance, "2027-autumn"
    officer = staff.add(kept, "Aigerim Officer", "officer@example.kz", "officer", desk.now)
    staff.invite(kept, officer, desk.now)
    staff.add_passkey(kept, officer, Passkey("aWQ", "a2V5", 0, desk.at), desk.now)
    staff_sessions.begin(kept, officer.id, desk.now)
    (bag,) = submissions.find(kept, reference)
    first = bag.record()["files"][0]
    checks.note(desk, reference, first["slot"], first["sha256"], ok=False, why="It is not signed.")
    decisions.decide(desk, reference, "waiting list")
    decisions.decide(desk, reference, "nominated")
    decisions.release(desk, reference)
    actions.open_additional(desk, reference, ["Insurance"], "For the visa.")
    review.answer(kept, call, reference, True, desk.now)
    for word in ("sent", "accepted"):
        decisions.host_says(desk, reference, word)
    actions.withdraw(desk, reference, "office", "Goes elsewhere.")
    digest.write_due(desk)
    receipts.rotate(kept, desk.now)


def unpacked(archive: Path, folder: Path) -> tuple[Instance, list[str]]:
    """The instance of an archive, and the secrets of its three applications."""
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    secrets = folder / "instance" / SECRETS
    found = secrets.read_text().split()
    secrets.unlink()
    return Instance(folder / "instance"), found


def _main(archive: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        instance = make(folder)
        for database in (instance.index, instance.limit_counts):
            storage.remove_database(database)
        assert len(list(drafts.every(instance))) == 4
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(instance.root, "instance")


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
