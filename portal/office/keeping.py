"""Keep and erase: what is kept of each call and until when, what erasing takes, and certificates."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from mobility.i18n.languages import Said, said
from mobility.office import keeping as kept
from portal.apply import after_response
from portal.context import context
from portal.language import _
from portal.office import access, blueprint

_COPY_NAMES: dict[str, Said] = {
    "sheet made": said("Sheets for hosts"),
    "pack made": said("Packs of documents for hosts"),
    "dossier made": said("Dossiers"),
}


@blueprint.get("/keeping")
@access.for_staff
def keeping() -> Any:
    """What is kept of each call, and what erasing it would take."""
    return _page()


@blueprint.post("/keeping/erase")
@access.for_officers
def erase_call() -> Any:
    """Erases all of a call, once its name was typed; it goes on after the answer, and over a restart."""
    desk, call = access.desk(), request.form.get("call", "")
    found = next((each for each in kept.every(desk) if each.call.id == call), None) or abort(404)
    if not found.closed:
        return _page(_("This call is not closed yet."))
    if request.form.get("typed", "").strip() != call:
        return _page(_("Type the name of the call, %(call)s, to erase all of it.", call=call))
    after_response.add("purge call", call=call, by=desk.by)
    flash(_("All of %(call)s is being erased. The certificate stands here once it is done.", call=call))
    return _back()


@blueprint.get("/keeping/certificates/<name>")
@access.for_staff
def certificate(name: str) -> Response:
    """What a certificate says."""
    told = kept.certificate(context().settings.kept, name)
    return Response(told, mimetype="text/plain") if told is not None else abort(404)


def _page(fault: str = "") -> Any:
    desk = access.desk()
    page = render_template(
        "office/keeping.html",
        every=kept.every(desk),
        certificates=[path.name for path in kept.certificates(desk.instance)],
        copy_names=_COPY_NAMES,
        fault=fault,
    )
    return (page, 422) if fault else page


def _back() -> Redirect:
    return redirect(url_for(".keeping"), 303)
