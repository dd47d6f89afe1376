"""The office's own forms, in `content/downloads/`: where there is one, it is offered and our blank is not."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from mobility.forms import Form
from mobility.language import LANGUAGES, Language

_KINDS = ("docx", "pdf")


def own(folder: Path, form: Form, language: Language = "en") -> Path | None:
    """The office's own blank of a form: `<id>-<language>.docx` or `.pdf`, else `<id>.docx` or `.pdf`."""
    names = [f"{stem}.{kind}" for stem in (f"{form.id}-{language}", form.id) for kind in _KINDS]
    return next((folder / name for name in names if (folder / name).is_file()), None)


def put_own(office: Path, made: Path, forms: Iterable[Form]) -> None:
    """Copies what the office keeps over what was made, and takes our blanks of its forms away."""
    if not office.is_dir():
        return
    for form in forms:
        for language in LANGUAGES:
            if own(office, form, language):
                (made / f"{form.id}-{language}.pdf").unlink(missing_ok=True)
        if own(office, form):
            (made / f"{form.id}.pdf").unlink(missing_ok=True)
    shutil.copytree(office, made, dirs_exist_ok=True)
