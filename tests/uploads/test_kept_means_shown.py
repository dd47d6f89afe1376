"""Real files come through whole: what is kept is shown in the dossier as a viewer shows it."""

import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageDraw

from mobility.uploads import inspection, limits, printable
from mobility.uploads.worker import flatten, likeness
from tests.helpers import bombs
from tests.helpers.scans import Scans

BLACK = b"0 g 100 100 400 600 re f"


def page(pdf: pikepdf.Pdf, drawn: bytes = BLACK) -> pikepdf.Page:
    made = pdf.add_blank_page(page_size=(595, 842))
    made.Contents = Stream(pdf, drawn)
    return made


def two_pages(path: Path) -> Path:
    with pikepdf.new() as pdf:
        page(pdf)
        page(pdf)
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return path


def shown(path: Path, kind: str = "PDF") -> list[float]:
    """How dark each page of a file is in the dossier, from 0 to 1."""
    made = path.with_suffix(".flat")
    printable.flatten(path, kind, made)
    with pypdfium2.PdfDocument(made) as pdf:
        drawn = [each.render(grayscale=True).to_pil() for each in pdf]
    return [1 - sum(image.tobytes()) / 255 / len(image.tobytes()) for image in drawn]


def refusal(path: Path) -> str:
    with pytest.raises(inspection.Refused) as refused:
        inspection.look(path)
    return str(refused.value)


def test_a_table_of_objects_that_is_off_by_a_byte_loses_no_page(scans: Scans) -> None:
    made = two_pages(scans.folder / "whole.pdf").read_bytes()
    off = re.sub(rb"(\d{10}) 00000 n", lambda found: b"%010d 00000 n" % (int(found[1]) + 1), made)
    path = scans.bytes("off.pdf", off)
    look = inspection.look(path)
    assert (look.pages, look.recovered) == (2, True)
    assert all(dark > 0.4 for dark in shown(path))
    assert not inspection.look(scans.folder / "whole.pdf").recovered


def test_restrictions_without_a_password_are_no_lock(scans: Scans) -> None:
    path = scans.folder / "certificate.pdf"
    with pikepdf.open(two_pages(scans.folder / "whole.pdf")) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="invented", user=""))
    assert inspection.look(path).pages == 2
    assert all(dark > 0.4 for dark in shown(path))


def test_bytes_before_and_after_a_pdf_do_no_harm(scans: Scans) -> None:
    made = two_pages(scans.folder / "whole.pdf").read_bytes()
    for name, content in (
        ("before.pdf", b"HTTP/1.1 200 OK\r\n\r\n" + made),
        ("after.pdf", made + b"\0" * 3000),
    ):
        path = scans.bytes(name, content)
        assert inspection.look(path).pages == 2
        assert all(dark > 0.4 for dark in shown(path))


@pytest.mark.parametrize(
    ("words", "told"), [(b"Please wait... If this message", False), (b"Bitte warten", True)]
)
def test_what_only_adobe_shows_is_told_at_upload(scans: Scans, words: bytes, told: bool) -> None:
    path = scans.folder / "xfa.pdf"
    with pikepdf.new() as pdf:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        made = page(pdf, b"BT /F0 12 Tf 50 700 Td (" + words + b") Tj ET")
        made.Resources = Dictionary(Font=Dictionary(F0=font))
        if told:
            page(pdf, b"")
            pdf.Root.NeedsRendering = True
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))
        pdf.save(path)
    assert "Adobe Reader" in refusal(path)


def test_a_portfolio_is_told_at_upload(scans: Scans) -> None:
    path = scans.folder / "portfolio.pdf"
    with pikepdf.open(scans.pdf()) as pdf:
        pdf.attachments["letter.pdf"] = b"%PDF-1.7"
        pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)
        pdf.save(path)
    assert "portfolio" in refusal(path)


def test_as_many_pages_are_shown_as_are_taken(scans: Scans) -> None:
    assert "501 pages" in refusal(scans.pdf("more.pdf", pages=limits.MOST_PAGES + 1))
    path = scans.pdf("most.pdf", pages=limits.MOST_PAGES)
    assert inspection.look(path).pages == len(shown(path)) == limits.MOST_PAGES


def test_what_a_viewer_hides_stays_hidden_and_what_it_draws_is_drawn(scans: Scans) -> None:
    path = scans.folder / "odd.pdf"
    with pikepdf.new() as pdf:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("hidden")))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        hidden = page(pdf, b"/OC /L0 BDC " + BLACK + b" EMC")
        hidden.Resources = Dictionary(Properties=Dictionary(L0=layer))
        sized = page(pdf)
        sized.MediaBox = Array([0, 0, 0, 0])
        noted = page(pdf, b"")
        stroke = Array([number for step in range(60) for number in (100 + step * 5, 300 + step % 2 * 200)])
        noted.Annots = Array(
            [
                Dictionary(
                    Type=Name.Annot, Subtype=Name.Ink, Rect=Array([100, 300, 400, 500]), F=4,
                    InkList=Array([stroke]), C=Array([0, 0, 0]), BS=Dictionary(W=9),
                )
            ]
        )  # fmt: skip
        pdf.save(path)
    with pypdfium2.PdfDocument(path) as pdf:
        before = [each.render(grayscale=True).to_pil() for each in pdf]
    viewer = [1 - sum(image.tobytes()) / 255 / len(image.tobytes()) for image in before]
    assert viewer[0] == 0 < viewer[2]
    assert shown(path) == pytest.approx(viewer, abs=0.01)


def test_a_page_that_loses_text_or_ink_is_told_and_one_that_keeps_both_is_not(scans: Scans) -> None:
    """Words of an OCR layer are text without ink; a filled box is ink without text."""

    def made(name: str, drawn: bytes) -> pypdfium2.PdfDocument:
        with pikepdf.new() as pdf:
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            page(pdf, drawn).Resources = Dictionary(Font=Dictionary(F0=font))
            pdf.save(scans.folder / name)
        return pypdfium2.PdfDocument(scans.folder / name)

    words = b"BT 3 Tr /F0 12 Tf 50 700 Td (Grade: A) Tj ET "
    with (
        made("both.pdf", words + BLACK) as both,
        made("ink.pdf", BLACK) as ink,
        made("text.pdf", words) as text,
    ):
        assert likeness.unlike(both, both, extra=True) == []
        assert likeness.unlike(both, ink, extra=False) == [0]
        assert likeness.unlike(both, text, extra=False) == [0]
        assert likeness.unlike(ink, both, extra=False) == []


def test_a_page_that_takes_seconds_to_draw_is_shown_as_a_picture(
    scans: Scans, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, made = two_pages(scans.folder / "slow.pdf"), scans.folder / "made.pdf"
    for seconds, pictures in ((60.0, 0), (0.0, 2)):
        monkeypatch.setattr(likeness, "SLOW", seconds)
        with path.open("rb") as source, made.open("wb") as target:
            assert flatten.flatten("PDF", source, target) == 2
        with pikepdf.open(made) as pdf:
            assert sum(len(each.images) for each in pdf.pages) == pictures


def test_what_fields_hold_is_shown_also_where_only_a_viewer_draws_it(scans: Scans) -> None:
    path = scans.folder / "filled.pdf"
    with pikepdf.new() as pdf:
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), V=String("Әйгерім"),
            Rect=Array([100, 400, 500, 440]), F=4,
        )  # fmt: skip
        made = page(pdf, b"")
        made.Annots = Array([pdf.make_indirect(field)])
        pdf.Root.AcroForm = Dictionary(Fields=Array([made.Annots[0]]), NeedAppearances=True)
        pdf.save(path)
    assert shown(path)[0] > 0


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")), "scripts"),
        (Dictionary(S=Name.Launch, F=String("program")), "launch action"),
    ],
)
def test_what_runs_is_told_wherever_it_hides(scans: Scans, action: Dictionary, told: str) -> None:
    path = scans.folder / "active.pdf"
    with pikepdf.new() as pdf:
        link = Dictionary(S=Name.URI, URI=String("https://example.org"), Next=action)
        page(pdf).Annots = Array(
            [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=link)]
        )
        pdf.save(path)
    assert inspection.look(path).active == (told,)
    assert inspection.look(scans.pdf()).active == ()


def test_what_is_attached_is_told(scans: Scans) -> None:
    path = scans.folder / "attached.pdf"
    with pikepdf.open(scans.pdf()) as pdf:
        pdf.attachments["letter.txt"] = b"attached"
        pdf.save(path)
    assert inspection.look(path).active == ("embedded files",)


def test_a_picture_of_a_line_is_joined_with_another(scans: Scans) -> None:
    line, made = scans.folder / "line.png", scans.folder / "made.pdf"
    Image.new("L", (60_000, 5), 0).save(line)
    inspection.join_pictures([line, scans.picture()], made)
    assert inspection.look(made).pages == 2


def test_an_animation_of_no_frames_is_a_picture(scans: Scans) -> None:
    path = bombs.animated_png_of_no_frames(scans.folder / "none.png")
    assert inspection.look(path).kind is inspection.PNG
    assert shown(path, "PNG")[0] > 0.1


def test_every_kind_of_picture_that_is_kept_is_shown(scans: Scans) -> None:
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        path = scans.folder / f"{mode[0]}.png"
        image = Image.new(mode if mode != "I;16" else "L", (300, 200), 0)
        if mode not in ("P", "I;16"):
            ImageDraw.Draw(image).rectangle((0, 0, 99, 199))
        image.convert("I;16" if mode == "I;16" else mode).save(path)
        assert inspection.look(path).kind is inspection.PNG
        shown(path, "PNG")
