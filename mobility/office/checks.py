"""What the office noted of the documents of an application: right, or not and why; a file beside the bags.

What is not right becomes a request for a correction.
"""

from dataclasses import asdict, dataclass

from mobility import storage
from mobility.applications import bags, journal, review, submissions, versioned_files
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

    @property
    def said(self) -> str:
        """What was noted, whoever did, in a line."""
        return f"{'yes' if self.ok else 'no'} {self.note}".strip()


class NotedMeanwhile(Exception):
    """Somebody else noted something else of a document than who notes now has seen."""


def of(instance: Instance, call: str, reference: str) -> dict[str, Check]:
    """The checks of one application's files, by what `key` says of each. Raises review.Unreadable."""
    path = review.folder(instance, call, reference) / _FILE
    with review.naming(f"{reference}: review/{call}/{reference}/{_FILE}"):
        kept = versioned_files.read_yaml(path) if path.exists() else {}
        return {name: Check(**check) for name, check in kept.items()}


def key(slot: str, sha256: str) -> str:
    """By what a file's check is kept: one that is sent again is another, and so is the same in another
    slot."""
    return f"{slot} {sha256}"


def of_file(noted: dict[str, Check], slot: str, sha256: str) -> Check | None:
    """The check of one file; earlier versions kept it by the SHA-256 alone."""
    return noted.get(key(slot, sha256)) or noted.get(sha256)


def note(
    desk: Desk,
    reference: str,
    slot: str,
    sha256: str,
    ok: bool,
    why: str = "",
    seen: str | None = None,
) -> None:
    """Keeps whether a document of an application is right; `why`: what is not, in words to the applicant.
    `seen`: what was noted before, as far as the officer knows (`said`, empty for nothing); where it is
    something else by now, that stays, and NotedMeanwhile is raised. Raises NotPossible."""
    found = submissions.find(desk.instance, reference)
    files = {(file["slot"], file["sha256"]) for bag in found for file in bag.record()["files"]}
    if (slot, sha256) not in files:
        raise NotPossible(said("%(reference)s has no such document", reference=reference))
    call = found[0].call
    place = storage.folder(review.folder(desk.instance, call, reference))
    with storage.locked(place):
        kept = of(desk.instance, call, reference)
        before = of_file(kept, slot, sha256)
        known, check = before.said if before else "", Check(ok, why, desk.by, desk.at)
        if check.said == known:
            return
        if seen is not None and seen != known:
            raise NotedMeanwhile
        kept[key(slot, sha256)] = check
        versioned_files.write_yaml(place / _FILE, {name: asdict(each) for name, each in kept.items()})
    verdict = "yes" if ok else "no"
    journal.record(desk.instance, desk.now, "checked", reference, by=desk.by, document=slot, ok=verdict)


def note_document(desk: Desk, reference: str, slot: str, ok: bool, why: str = "") -> int:
    """Keeps as `note` does whether the files that count of a document are right; how many they are. Raises
    NotPossible."""
    counting = bags.that_count(submissions.find(desk.instance, reference))
    files = [file["sha256"] for bag in counting for file in bag.record()["files"] if file["slot"] == slot]
    if not files:
        raise NotPossible(said("%(reference)s has no such document", reference=reference))
    for sha256 in files:
        note(desk, reference, slot, sha256, ok, why)
    return len(files)
