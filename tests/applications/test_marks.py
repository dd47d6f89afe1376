"""What the office should know of a file before it opens it stands among the marks of the application."""

import datetime

import pikepdf
from pikepdf import Dictionary, Name, String

from mobility.applications import closer_looks, completeness, drafts, record
from mobility.applications.record import Submission
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Instance
from tests.helpers.assessing import assessed
from tests.helpers.scans import Scans
from tests.helpers.student import Answers


def test_files_that_run_carry_files_or_had_to_be_mended_are_marked(
    book: Rulebook,
    call: Call,
    instance: Instance,
    in_march: datetime.datetime,
    invented: Answers,
    scans: Scans,
) -> None:
    active = scans.folder / "active.pdf"
    with pikepdf.open(scans.pdf()) as pdf:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        pdf.attachments["more.txt"] = b"attached"
        pdf.save(active)
    whole = scans.pdf("whole.pdf", pages=2).read_bytes()
    mended = scans.bytes("mended.pdf", whole[: whole.rindex(b"startxref")] + b"startxref\n7\n%%EOF\n")
    _, draft = drafts.start(instance, call.id, in_march, invented())
    slots = {slot.id: slot for slot in completeness.slots(book, call, draft.answers)}
    for slot, path in (
        ("transcript", active),
        ("passport", mended),
        ("certificates", scans.pdf("plain.pdf")),
    ):
        with path.open("rb") as stream:
            draft = drafts.keep(draft, slots[slot], stream, path.name, in_march)
    draft = closer_looks.catch_up(book, draft)
    assert drafts.read(draft.folder) == draft
    told = record.of(Submission(assessed(book, call, draft), "2027A-0001", in_march, False))
    assert [mark for mark in told["marks"] if "transcript" in mark or "passport" in mark] == [
        "damaged, and mended to be read: Copy of passport",
        "active content (scripts, embedded files): Official KBTU transcript",
    ]
    assert [file.get("active") for file in told["files"] if file["slot"] == "transcript"] == [
        ["scripts", "embedded files"]
    ]
