"""The office's own files in place of the forms that are made here."""

from pathlib import Path

from mobility.catalogue import rulebook
from mobility.i18n.languages import LANGUAGES
from mobility.paths import CHECKOUT
from mobility.pdfforms import office_files, render


def test_the_site_offers_a_form_in_the_reader_s_language_and_the_office_s_own_first(tmp_path: Path) -> None:
    form = rulebook.load(CHECKOUT).application
    office, made = tmp_path / "office", tmp_path / "made"
    office.mkdir()
    (office / "application-kk.docx").write_bytes(b"PK an invented document")
    render.write_all([form], made, "KBTU")
    office_files.copy_office_files(office, made, [form])
    names = {
        (language, tail): [path.name for path in office_files.form_files(made, form, language, tail)]
        for language in LANGUAGES
        for tail in ("", "-sample")
    }
    assert names == {
        ("en", ""): ["application.pdf"],
        ("en", "-sample"): ["application-sample.pdf"],
        ("ru", ""): ["application-ru.pdf"],
        ("ru", "-sample"): ["application-ru-sample.pdf"],
        ("kk", ""): ["application-kk.docx"],
        ("kk", "-sample"): ["application-kk-sample.pdf"],
    }
