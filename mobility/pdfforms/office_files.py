"""The office's own forms, in `content/downloads/`: where there is one, it is offered and our blank is not."""

import itertools
import shutil
from collections.abc import Iterable
from pathlib import Path

from mobility.catalogue.forms import Form
from mobility.i18n.languages import LANGUAGES, Language

_KINDS = ("docx", "pdf")


def own(folder: Path, form: Form, language: Language = "en", tail: str = "") -> Path | None:
    """The office's own blank of a form: `<id>-<language>.docx` or `.pdf`, else `<id>.docx` or `.pdf`.
    With the tail `-sample`, its own sample."""
    names = [f"{stem}{tail}.{kind}" for stem in (f"{form.id}-{language}", form.id) for kind in _KINDS]
    return next((folder / name for name in names if (folder / name).is_file()), None)


def put_own(office: Path, made: Path, forms: Iterable[Form]) -> None:
    """Copies what the office keeps over what was made, and takes away what of ours it stands for."""
    if not office.is_dir():
        return
    for form, tail in itertools.product(forms, ("", "-sample")):
        for language in LANGUAGES:
            if own(office, form, language, tail):
                (made / f"{form.id}-{language}{tail}.pdf").unlink(missing_ok=True)
        if own(office, form, tail=tail):
            (made / f"{form.id}{tail}.pdf").unlink(missing_ok=True)
    shutil.copytree(office, made, dirs_exist_ok=True)


def offered(folder: Path, form: Form, language: Language, tail: str = "") -> list[Path]:
    """The files of a form in a language, where there are any; else the English ones, named plainly."""
    named = f"{form.id}-{language}"
    for stem in (form.id, named) if language == "en" else (named, form.id):
        if there := [path for kind in _KINDS if (path := folder / f"{stem}{tail}.{kind}").is_file()]:
            return there
    return []
