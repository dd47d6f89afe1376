"""One PDF of an application: all that was sent, in order, upright, with nothing in it that runs."""

import datetime
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from mobility import storage
from mobility.applications import (
    bag_check,
    bags,
    completeness,
    drafts,
    listing,
    private_links,
    review,
    submissions,
)
from mobility.applications.bags import Bag
from mobility.applications.review import Withdrawal
from mobility.catalogue import facts
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import dossier
from mobility.paths import Instance
from mobility.pdfforms import render
from mobility.uploads import printable
from tests.helpers.applications import Filled, Sealed
from tests.helpers.commands import mobility
from tests.helpers.scans import Scans, red_corner

MARKUP = '#panic("no") $x$ *b* <i>'


def odd_pdf(path: Path) -> Path:
    """Three pages as students have them: turned, huge, with a field not drawn; scripts, outline, file."""
    with pikepdf.new() as pdf:
        for size in ((595, 842), (4000, 3000), (595, 842)):
            pdf.add_blank_page(page_size=size)
        pdf.pages[0].Rotate = 90
        pdf.pages[1].Rotate, pdf.pages[1].UserUnit = 90, 2
        pdf.pages[1].Contents = Stream(pdf, b"1 0 0 rg 0 2000 1000 1000 re f")
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("Әйгерім Қ."),
                Rect=Array([50, 700, 300, 720]), F=4, AA=Dictionary(K=script),
            )
        )  # fmt: skip
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]),
            A=Dictionary(S=Name.Launch, F=String("program")),
        )  # fmt: skip
        pdf.pages[2].Annots = Array([field, link])
        pdf.pages[2].AA = Dictionary(O=script)
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), NeedAppearances=True)
        pdf.Root.OpenAction = script
        pdf.attachments["secret.txt"] = b"attached"
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Of the source", 0))
        pdf.save(path)
    return path


@dataclass
class Files:
    """What the invented student uploads, by slot; a PDF where nothing else is said."""

    scans: Scans

    def of(self, slot: str) -> list[Path]:
        folder = self.scans.folder
        turned = Image.Exif()
        turned[0x0112] = 6
        return {
            "transcript": lambda: [odd_pdf(folder / "odd.pdf")],
            "passport": lambda: [red_corner(folder / "passport.png")],
            "recommendation-1": lambda: [red_corner(folder / "letter.heic", exif=turned.tobytes())],
            "recommendation-2": lambda: [red_corner(folder / "letter.jpg", exif=turned.tobytes())],
            "certificates": lambda: [self.scans.pdf(f"c{n}.pdf", pages=n) for n in (1, 2)],
        }.get(slot, lambda: [self.scans.pdf(f"{slot}.pdf", text=slot)])()


@pytest.fixture(scope="module")
def sealed_once(
    tmp_path_factory: pytest.TempPathFactory,
    book: Rulebook,
    call: Call,
    in_march: datetime.datetime,
    invented: Callable[..., dict[str, Any]],
) -> Instance:
    """What a portal keeps of one application with files of every kind."""
    folder = tmp_path_factory.mktemp("sealed")
    made = Instance(folder / "instance")
    _, draft = drafts.start(made, call.id, in_march, invented(gpa="2.80"))
    for slot in completeness.slots(book, call, draft.answers):
        for path in Files(Scans(folder)).of(slot.id):
            with path.open("rb") as stream:
                draft = drafts.keep(draft, slot, stream, MARKUP, in_march)
    submissions.submit(made, book, call, draft, in_march)
    return made


@pytest.fixture
def sealed(instance: Instance, sealed_once: Instance) -> Bag:
    shutil.copytree(sealed_once.root, instance.root, dirs_exist_ok=True)
    (bag,) = submissions.every(instance)
    return bag


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "made" / "dossier.pdf"


def words(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def cover_of(path: Path) -> str:
    """The text of the pages of the cover."""
    with pypdfium2.PdfDocument(path) as pdf:
        pages = [pdf[n] for n in range(len(pdf)) if re.fullmatch("[ivx]+", pdf.get_page_label(n))]
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def bookmarks(path: Path) -> dict[str, str]:
    """Each bookmark with the label of its page."""
    with pypdfium2.PdfDocument(path) as pdf:
        marks = [(mark.get_title(), mark.get_dest().get_index()) for mark in pdf.get_toc()]
        return {title: pdf.get_page_label(page) for title, page in marks}


def page_of(path: Path, label: str) -> Image.Image:
    """How the page of that label looks."""
    with pypdfium2.PdfDocument(path) as pdf:
        page = next(pdf[n] for n in range(len(pdf)) if pdf.get_page_label(n) == label)
        return page.render().to_pil().convert("RGB")


def objects(path: Path) -> Iterator[Any]:
    with pikepdf.open(path) as pdf:
        yield from pdf.objects


def test_every_document_is_there_in_order_with_bookmark_and_label(
    sealed: Bag, target: Path, book: Rulebook
) -> None:
    dossier.write([sealed], target, book)
    assert list(bookmarks(target).items()) == [
        ("Cover", "i"),
        ("04 Official KBTU transcript", "04-1"),
        ("05 IELTS certificate", "05-1"),
        ("06 Recommendation letter 1", "06-1"),
        ("07 Recommendation letter 2", "07-1"),
        ("08.1 Certificates, diplomas, letters of appreciation", "08.1-1"),
        ("08.2 Certificates, diplomas, letters of appreciation", "08.2-1"),
    ]
    with pypdfium2.PdfDocument(target) as pdf:
        assert pdf.get_page_label(len(pdf) - 1) == "08.2-2"
    assert subprocess.run(["qpdf", "--check", target], capture_output=True, check=False).returncode == 0


def test_the_cover_tells_facts_verdicts_and_what_is_where(sealed: Bag, target: Path, book: Rulebook) -> None:
    dossier.write([sealed], target, book)
    cover = cover_of(target)
    for said in (
        "2027A-0001, v1",
        "Sampleova, ",
        "15 March 2027, 12:30:00 Almaty time",
        "2.80",
        "below the selection criterion",
        "BELOW",
        "left out: restricted",
        "pages: 3",
        "Petroleum Engineering",
        "Bachelor, 2nd",
        "I want to study sample mechanics",
        "GPA: Below the selection criterion",
    ):
        assert said in cover, said


def test_restricted_documents_stay_out_unless_asked_for(sealed: Bag, target: Path, book: Rulebook) -> None:
    dossier.write([sealed], target, book)
    without = bookmarks(target)
    dossier.write([sealed], target, book, restricted=True)
    assert set(bookmarks(target).values()) - set(without.values()) == {"01-1", "02-1", "03-1"}
    assert "left out" not in cover_of(target)


def test_nothing_that_is_restricted_reaches_the_committee(
    instance: Instance, call: Call, in_march: datetime.datetime, book: Rulebook, tmp_path: Path,
    invented: Callable[..., dict[str, Any]],
) -> None:  # fmt: skip
    given = invented(address="7 Secret Lane", emergency_name="Sample Secretov, uncle")
    _, draft = drafts.start(instance, call.id, in_march, given, "a@example.kz")
    draft = private_links.let_late(
        draft, call.closes + datetime.timedelta(days=9), "was in hospital", in_march
    )
    for slot in completeness.slots(book, call, given):
        form = book.form(slot.form or "")
        content = render.filled(form, "KBTU", given) if form else render.page(slot.id, [])
        draft = drafts.keep(draft, slot, io.BytesIO(content), f"{slot.id}.pdf", in_march)
    bag = submissions.submit(instance, book, call, draft, call.closes + datetime.timedelta(days=1))
    listing.write(instance, call.id, in_march)
    secrets = {str(value) for name, value in given.items() if name in book.application.restricted()}
    secrets |= {"was in hospital", "+77000000000"}
    assert {"7 Secret Lane", "050101000009", "N00000000", "Sample Secretov, uncle"} <= secrets
    dossier.write([bag], tmp_path / "out" / "dossier.pdf", book)
    shown = " ".join(" ".join(words(tmp_path / "out" / "dossier.pdf")).split())
    for path in bag.home.rglob("*"):
        if path.is_file() and "restricted" not in path.parts:
            shown += " ".join(words(path)) if path.suffix == ".pdf" else path.read_text(encoding="utf-8")
    shown += (bag.call_folder / "index.html").read_text() + (bag.call_folder / "index.csv").read_text()
    assert not [secret for secret in secrets if secret and secret in shown]
    whole = json.loads(json.dumps(completeness.asked(book, given)))
    assert bag.record()["answers"] == whole, "the bag itself stays whole"
    assert bag.record()["late"]["reason"] == "was in hospital"
    assert bag_check.check(bag.folder, ours=True).faults == []


def test_the_cover_speaks_the_committees_language(sealed: Bag, target: Path, book: Rulebook) -> None:
    dossier.write([sealed], target, book, language="ru")
    cover = cover_of(target)
    for said in (
        "Бакалавриат",
        "Официальный транскрипт КБТУ",
        "не показано: не для комиссии",
        "Предупреждения",
    ):
        assert said in cover, said
    assert "Your transcript" not in cover and "Family name" not in cover
    for choice in sealed.record()["choices"]:
        offer = next(each for each in book.catalogue.offers() if each.id == choice["id"])
        assert facts.offer_name(offer, "ru") in cover and choice["programme"] not in cover
    assert "ниже критерия отбора" in cover, "marks"


@pytest.mark.parametrize(
    ("label", "size"),
    [
        ("03-1", (842, 596)),
        ("04-1", (842, 595)),
        ("04-2", (596, 842)),
        ("06-1", (596, 842)),
        ("07-1", (596, 842)),
    ],
)
def test_each_page_is_a4_and_the_right_way_round(
    sealed: Bag, target: Path, label: str, size: tuple[int, int], book: Rulebook
) -> None:
    dossier.write([sealed], target, book, restricted=True)
    assert page_of(target, label).size == size


@pytest.mark.parametrize(
    ("label", "corner"), [("03-1", (0.1, 0.1)), ("04-2", (0.9, 0.1)), ("06-1", (0.9, 0.1))]
)
def test_a_picture_is_turned_as_its_camera_says(
    sealed: Bag, target: Path, label: str, corner: tuple[float, float], book: Rulebook
) -> None:
    dossier.write([sealed], target, book, restricted=True)
    image = page_of(target, label)
    red, green, _ = image.getpixel((int(image.width * corner[0]), int(image.height * corner[1])))
    assert red > 200 > 80 > green


def test_nothing_in_it_runs_or_leads_away(sealed: Bag, target: Path, book: Rulebook) -> None:
    dossier.write([sealed], target, book)
    content = b"".join(repr(item).encode() for item in objects(target))
    for gone in (
        b"JavaScript",
        b"Launch",
        b"OpenAction",
        b"EmbeddedFile",
        b"AcroForm",
        b"Of the source",
        b"/AA",
    ):
        assert gone not in content, gone


def test_what_was_typed_into_a_field_is_on_the_page(sealed: Bag, target: Path, book: Rulebook) -> None:
    dossier.write([sealed], target, book)
    assert any("Әйгерім Қ." in page for page in words(target))


def test_a_damaged_file_becomes_a_page_that_says_so(sealed: Bag, target: Path, book: Rulebook) -> None:
    (sealed.folder / "data/05-language-ielts.pdf").write_bytes(b"%PDF-1.7 cut")
    (sealed.folder / "data/06-recommendation-1.heic").unlink()
    found = {d.file["file"]: d.reason for d in dossier.write([sealed], target, book) if d.reason}
    assert found == {
        "data/05-language-ielts.pdf": "the file was changed after it was sealed",
        "data/06-recommendation-1.heic": "the file is missing",
    }
    said = [page for page in words(target) if "cannot be shown here" in page]
    assert len(said) == 2
    assert "data/05-language-ielts.pdf" in said[0]
    assert list(bookmarks(target).values())[-1] == "08.2-1"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("PDF", b"%PDF-1.7\nno more"),
        ("JPEG", b"\xff\xd8\xff\xe0 no more"),
        ("PNG", b"\x89PNG\r\n\x1a\n no more"),
        ("HEIC", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"),
    ],
)
def test_a_broken_file_is_told_never_raised(scans: Scans, kind: str, content: bytes, target: Path) -> None:
    storage.folder(target.parent)
    with pytest.raises(printable.Unshowable, match="broken"):
        printable.flatten(scans.bytes("broken", content), kind, target)


def test_a_locked_pdf_is_told(scans: Scans, target: Path) -> None:
    storage.folder(target.parent)
    with pytest.raises(printable.Unshowable, match="locked"):
        printable.flatten(scans.locked_pdf(), "PDF", target)


def test_the_same_bag_gives_the_same_bytes_and_stays_as_sealed(
    sealed: Bag, target: Path, book: Rulebook
) -> None:
    before = {path: storage.digest(path) for path in sealed.folder.rglob("*") if path.is_file()}
    dossier.write([sealed], target, book)
    first = target.read_bytes()
    dossier.write([sealed], target, book)
    assert target.read_bytes() == first
    assert {path: storage.digest(path) for path in sealed.folder.rglob("*") if path.is_file()} == before
    assert [path.name for path in target.parent.iterdir()] == ["dossier.pdf"]
    with pytest.raises(dossier.InsideBag):
        dossier.write([sealed], sealed.folder / "dossier.pdf", book)


def test_the_newest_version_counts_then_later_documents(sealed: Bag, target: Path, book: Rulebook) -> None:
    home = sealed.folder.parent
    for name in ("v2", "additional-1"):
        shutil.copytree(sealed.folder, home / name)
    found = bags.that_count([Bag(home / name, sealed.reference) for name in ("v1", "v2", "additional-1")])
    assert [bag.version for bag in found] == ["v2", "additional-1"]
    dossier.write(found, target, book)
    assert "Later documents: additional-1" not in bookmarks(target), "they are for the host"
    dossier.write(found, target, book, restricted=True)
    marks = bookmarks(target)
    assert marks["Later documents: additional-1"] == "A1/01-1"
    assert "2027A-0001, v2" in words(target)[0]


def test_an_officer_types_one_command_for_one_or_for_all(
    sealed: Bag, instance: Instance, tmp_path: Path
) -> None:
    data = ("--data", str(instance.root))
    one = mobility("dossier", sealed.reference, *data, "--out", str(tmp_path / "one.pdf"))
    assert one.returncode == 0, one.stderr
    every = mobility("dossier", "--call", "2027-autumn", *data, "--out", str(tmp_path / "all"))
    assert every.returncode == 0, every.stderr
    made = (tmp_path / "all" / f"{sealed.home.name}.pdf").read_bytes()
    assert made == (tmp_path / "one.pdf").read_bytes()
    assert mobility("dossier", *data).returncode == 2
    assert mobility("dossier", "--call", "2027-spring", *data).returncode == 1
    withdrawal = Withdrawal("2027-03-20T12:00:00+05:00", "applicant")
    review.withdraw(instance, sealed.call, sealed.reference, withdrawal, datetime.datetime.now(datetime.UTC))
    again = mobility("dossier", "--call", "2027-autumn", *data, "--out", str(tmp_path / "again"))
    assert "left out, withdrawn" in again.stdout and not list((tmp_path / "again").glob("*.pdf"))
    alone = mobility("dossier", sealed.reference, *data, "--out", str(tmp_path / "alone.pdf"))
    assert alone.returncode == 0 and "WITHDRAWN" in cover_of(tmp_path / "alone.pdf")


def test_one_that_cannot_be_read_keeps_no_other_from_its_dossier(
    sealed: Bag, filled: Filled, seal: Sealed, instance: Instance, tmp_path: Path
) -> None:
    other = seal(filled(family_name="Mockenova"))
    bad = review.folder(instance, sealed.call, sealed.reference) / "correction-1.yaml"
    storage.folder(bad.parent)
    bad.write_text("[")
    data = ("--data", str(instance.root))
    run = mobility("dossier", "--call", "2027-autumn", *data, "--out", str(tmp_path / "all"))
    assert (run.returncode, "Traceback" in run.stderr) == (1, False), run.stderr
    assert f"{sealed.reference}: no dossier: " in run.stderr and "cannot be read" in run.stderr
    assert [path.name for path in (tmp_path / "all").glob("*.pdf")] == [f"{other.home.name}.pdf"]
    assert mobility("dossier", other.reference, *data, "--out", str(tmp_path)).returncode == 2
