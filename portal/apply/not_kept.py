"""The page that answers a form which came too late to be kept: why, and what was typed, to copy."""

from contextlib import suppress
from typing import Any

from flask import render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from mobility.catalogue.forms import Field
from mobility.i18n.languages import Said, said
from portal.context import context
from portal.language import say

TITLE = said("This was not kept")
_CHOSEN = ("choice", "yes", "country", "language", "offer")


def page(why: Said, title: Said = TITLE, show: bool = True) -> str:
    """Says why, and shows what was sent, if `show`."""
    return render_template("apply/not_kept.html", title=title, why=why, **(sent() if show else {}))


def sent() -> dict[str, Any]:
    """What was typed, and the names of files, for templates; nothing where the page was only looked at."""
    with suppress(RequestEntityTooLarge):
        return {"typed": _typed(), "files": _files()}
    return {}


def _typed() -> list[tuple[str, str]]:
    """The label of each question with what was typed there; remarks have none of their own."""
    fields = (field for field in context().book.application.fields() if field.type not in _CHOSEN)
    found = [(say(field.label), _text(field)) for field in fields]
    found += [("", text.strip()) for name, text in request.form.items() if name.startswith("remark-")]
    return [(label, text) for label, text in found if text]


def _text(field: Field) -> str:
    if field.type != "rows":
        return request.form.get(field.id, "").strip()
    rows = (
        [request.form.get(f"{field.id}-{row}-{column.id}", "").strip() for column in field.columns]
        for row in range(field.most)
    )
    return "\n".join(", ".join(filter(None, cells)) for cells in rows if any(cells))


def _files() -> list[str]:
    return [file.filename for file in request.files.getlist("file") if file.filename]
