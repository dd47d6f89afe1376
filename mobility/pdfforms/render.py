"""Forms as PDF: blank, to fill by hand or on a screen; filled, to sign; a sample by an invented student.

Tagged for screen readers (PDF/UA-1). The same form and answers give the same bytes, always.
"""

import datetime
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typst
import zxingcpp

from mobility.catalogue.forms import Form
from mobility.i18n.languages import LANGUAGES, Language
from mobility.pdfforms import acroform, answer_hash, fields, layout
from mobility.pdfforms.field_font import FONTS
from mobility.pdfforms.layout import Drawing

MARK = "SAMPLE / ҮЛГІ / ОБРАЗЕЦ"
_FORM = Path(__file__).parent / "form.typ"
_EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def blank(form: Form, institution: str, language: Language = "en") -> bytes:
    """The form to fill: by hand on paper, or in any program that fills the fields of a PDF."""
    drawing = Drawing(form, language, {}, {})
    return _fillable(drawing, layout.page(drawing, institution, fillable=True))


def filled(
    form: Form,
    institution: str,
    given: Mapping[str, Any],
    offers: Mapping[str, str] | None = None,
    language: Language = "en",
    reference: str = "",
) -> bytes:
    """The form with someone's answers in its fields, to print and sign. `offers`: names of the programmes by
    their ids. With a `reference`, every page carries it with a hash of the answers, as text and as QR code.

    Answers that the form does not ask are left out, and those not given stay places to write in.
    """
    drawing = Drawing(form, language, given, offers or {})
    page = layout.page(drawing, institution, fillable=True)
    if reference:
        code = answer_hash.answers_hash(form, given)
        page["stamp"] = layout.WORDS[language]["stamp"].format(reference=reference, hash=code)
        page["code"] = _qr(answer_hash.printed(form, reference, code))
    return _fillable(drawing, page)


def sample(form: Form, institution: str, language: Language = "en") -> bytes:
    """The form as the invented student fills it; every page says so."""
    page = layout.page(Drawing(form, language, form.sample(), {}), institution, fillable=False)
    words = layout.WORDS[language]
    page |= {
        "document": f"{page['title']} ({words['invented']})",
        "mark": MARK,
        "note": words["note"],
        "sign-here": words["sign-here"],
    }
    page["footer"] += f" · {words['invented']}"
    return typeset(_FORM, page)


def write_all(forms: Iterable[Form], folder: Path, institution: str) -> None:
    """Writes each form into `folder`, blank and as sample, in every language: `<id>.pdf` and `<id>-en.pdf`,
    `<id>-ru.pdf`, `<id>-ru-sample.pdf` …"""
    folder.mkdir(parents=True, exist_ok=True)
    for form in forms:
        for language in LANGUAGES:
            for kind, made in (
                ("", blank(form, institution, language)),
                ("-sample", sample(form, institution, language)),
            ):
                (folder / f"{form.id}-{language}{kind}.pdf").write_bytes(made)
                if language == "en":
                    (folder / f"{form.id}{kind}.pdf").write_bytes(made)


def _fillable(drawing: Drawing, page: Mapping[str, Any]) -> bytes:
    return acroform.put(typeset(_FORM, page), fields.of(drawing), drawing.language)


def _qr(text: str) -> str:
    """A QR code as SVG. Level M: a fold or a stamp across a seventh of it does not harm."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return str(zxingcpp.write_barcode_to_svg(code, add_quiet_zones=False))


def typeset(template: Path, page: Mapping[str, Any]) -> bytes:
    """The values of `page` as a Typst file draws them: a tagged PDF (PDF/UA-1)."""
    compiled = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"form": json.dumps(page, ensure_ascii=False)},
        timestamp=_EPOCH,
        pdf_standards=["ua-1"],
    )
    assert isinstance(compiled, bytes)
    return compiled
