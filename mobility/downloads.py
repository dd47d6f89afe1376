"""The office's own forms, in `content/downloads/`: where there is one, it is offered and our blank is not."""

from collections.abc import Iterable
from pathlib import Path

from mobility.forms import Form
from mobility.language import LANGUAGES, Language

_KINDS = ("docx", "pdf")


def own(folder: Path, form: Form, language: Language = "en") -> Path | None:
    """The office's own blank of a form: `<id>-<language>.docx` or `.pdf`, else `<id>.docx` or `.pdf`."""
    names = [f"{stem}.{kind}" for stem in (f"{form.id}-{language}", form.id) for kind in _KINDS]
    return next((folder / name for name in names if (folder / name).is_file()), None)


def drop_ours(made: Path, office: Path, forms: Iterable[Form]) -> None:
    """Takes the blanks that were made out of `made` for each form of which the office keeps its own."""
    for form in forms:
        for language in LANGUAGES:
            if own(office, form, language):
                names = (f"{form.id}-{language}.pdf", *([f"{form.id}.pdf"] if language == "en" else []))
                for name in names:
                    if not (office / name).exists():
                        (made / name).unlink(missing_ok=True)
