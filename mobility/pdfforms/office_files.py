"""The office's own form files in `content/downloads/`: offered in place of the generated PDFs."""

import itertools
import shutil
from collections.abc import Iterable
from pathlib import Path

from mobility.catalogue.forms import Form
from mobility.i18n.languages import LANGUAGES, Language

_KINDS = ("docx", "pdf")


def office_file(folder: Path, form: Form, language: Language = "en", tail: str = "") -> Path | None:
    """The office's own file of a form, or None: `<id>-<language>.docx` or `.pdf`, else `<id>.docx` or `.pdf`.
    With the tail `-sample`, its own sample."""
    names = [f"{stem}{tail}.{kind}" for stem in (f"{form.id}-{language}", form.id) for kind in _KINDS]
    return next((folder / name for name in names if (folder / name).is_file()), None)


def copy_office_files(office: Path, made: Path, forms: Iterable[Form]) -> None:
    """Copies the office's files over the generated ones, and removes the generated ones that they replace."""
    if not office.is_dir():
        return
    for form, tail in itertools.product(forms, ("", "-sample")):
        for language in LANGUAGES:
            if office_file(office, form, language, tail):
                (made / f"{form.id}-{language}{tail}.pdf").unlink(missing_ok=True)
        if office_file(office, form, tail=tail):
            (made / f"{form.id}{tail}.pdf").unlink(missing_ok=True)
    shutil.copytree(office, made, dirs_exist_ok=True)


def form_files(folder: Path, form: Form, language: Language, tail: str = "") -> list[Path]:
    """The files of a form to offer in a language; where there are none, the English ones."""
    named = f"{form.id}-{language}"
    for stem in (form.id, named) if language == "en" else (named, form.id):
        if there := [path for kind in _KINDS if (path := folder / f"{stem}{tail}.{kind}").is_file()]:
            return there
    return []
