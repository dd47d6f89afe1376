"""Forms as PDF: blank, to fill by hand or on a screen; filled, to sign; a sample by an invented student.

Tagged for screen readers (PDF/UA-1). The same form and answers give the same bytes, always.
"""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typst
import zxingcpp

from mobility.catalogue.forms import Form
from mobility.i18n.languages import LANGUAGES, Language
from mobility.pdfforms import acroform, answer_hash, fields, layout
from mobility.pdfforms.field_font import FONTS
from mobility.pdfforms.layout import FormLayout

MARK = "SAMPLE / ҮЛГІ / ОБРАЗЕЦ"
_FORM = Path(__file__).parent / "form.typ"
_PAGE = Path(__file__).parent / "page.typ"
_EPOCH = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def blank(form: Form, institution: str, language: Language = "en") -> bytes:
    """A blank form as PDF, to fill by hand on paper or in any program that fills PDF forms."""
    form_layout = FormLayout(form, language, {}, {})
    return _fillable(form_layout, layout.page(form_layout, institution, fillable=True))


def filled(
    form: Form,
    institution: str,
    given: Mapping[str, Any],
    offers: Mapping[str, str] | None = None,
    language: Language = "en",
    reference: str = "",
) -> bytes:
    """A form filled with answers as PDF, to print and sign. `offers`: names of the programmes by their ids.
    With a `reference`, every page carries it with a hash of the answers, as text and as QR code.

    Answers that the form does not ask are left out, and fields without an answer stay fillable.
    """
    form_layout = FormLayout(form, language, given, offers or {})
    page = layout.page(form_layout, institution, fillable=True)
    if reference:
        code = answer_hash.answers_hash(form, given)
        page["stamp"] = layout.WORDS[language]["stamp"].format(reference=reference, hash=code)
        page["code"] = _qr(answer_hash.qr_text(form, reference, code))
    return _fillable(form_layout, page)


def sample(form: Form, institution: str, language: Language = "en") -> bytes:
    """A sample of a form, filled with an invented student's answers, as PDF; every page says so."""
    page = layout.page(FormLayout(form, language, form.sample(), {}), institution, fillable=False)
    words = layout.WORDS[language]
    page |= {
        "document": f"{page['title']} ({words['invented']})",
        "mark": MARK,
        "note": words["note"],
        "sign-here": words["sign-here"],
    }
    page["footer"] += f" · {words['invented']}"
    return typeset(_FORM, page)


def page(title: str, lines: Sequence[str]) -> bytes:
    """A page of text as PDF."""
    return typeset(_PAGE, {"title": title, "lines": lines})


def write_all(forms: Iterable[Form], folder: Path, institution: str) -> None:
    """Writes the PDFs of all forms into `folder`, blank and sample, in every language: `<id>.pdf` and
    `<id>-en.pdf`, `<id>-ru.pdf`, `<id>-ru-sample.pdf` …"""
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


def _fillable(form_layout: FormLayout, page: Mapping[str, Any]) -> bytes:
    return acroform.add_fields(typeset(_FORM, page), fields.pdf_fields(form_layout), form_layout.language)


def _qr(text: str) -> str:
    """A QR code as SVG. Level M: a fold or a stamp across a seventh of it does not harm."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return str(zxingcpp.write_barcode_to_svg(code, add_quiet_zones=False))


def typeset(template: Path, page: Mapping[str, Any]) -> bytes:
    """Compiles a Typst template with the data in `page` to a tagged PDF (PDF/UA-1)."""
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
