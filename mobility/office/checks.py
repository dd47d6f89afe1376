"""What the office noted of the documents of an application: right, or not and why; a file beside the bags.

What is not right becomes a request for a correction.
"""

from dataclasses import asdict, dataclass

from mobility import storage
from mobility.applications import journal, review, submissions, versioned_files
from mobility.applications.review import NotPossible
from mobility.i18n.languages import said
from mobility.office.desk import Desk
from mobility.paths import Instance

_FILE = "checks.yaml"


@dataclass(frozen=True)
class Check:
    """Whether a document is as it must be, and what is wrong with it, in words to its applicant. `by`: who
    looked; `at`: ISO 8601."""

    ok: bool
    note: str
    by: str
    at: str


def of(instance: Instance, call: str, reference: str) -> dict[str, Check]:
    """The checks of one application's files, by their SHA-256: a file that is sent again is another.
    Raises review.Unreadable."""
    path = review.folder(instance, call, reference) / _FILE
    with review.naming(f"{reference}: review/{call}/{reference}/{_FILE}"):
        kept = versioned_files.read_yaml(path) if path.exists() else {}
        return {sha256: Check(**check) for sha256, check in kept.items()}


def note(desk: Desk, reference: str, sha256: str, ok: bool, why: str = "") -> Check:
    """Keeps whether a document of an application is right, the last word counts; `why`: what is not, in words
    to the applicant. Raises NotPossible."""
    found = submissions.find(desk.instance, reference)
    if not any(file["sha256"] == sha256 for bag in found for file in bag.record()["files"]):
        raise NotPossible(said("%(reference)s has no such document", reference=reference))
    call = found[0].call
    check = Check(ok, why, desk.by, desk.at)
    place = storage.folder(review.folder(desk.instance, call, reference))
    with storage.locked(place):
        kept = {**of(desk.instance, call, reference), sha256: check}
        written = {name: asdict(each) for name, each in kept.items()}
        versioned_files.write_yaml(place / _FILE, written)
    journal.record(desk.instance, desk.now, "checked", reference, by=desk.by, ok="yes" if ok else "no")
    return check
