"""A host: who is nominated there in a call, what the host says, and what is given to it."""

import tempfile
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from mobility import storage
from mobility.applications.decisions import HOST_WORDS
from mobility.applications.review import NotPossible
from mobility.catalogue.facts import host_day
from mobility.catalogue.partners import Partner
from mobility.i18n.labels import label
from mobility.office import decisions, nominations, several
from mobility.office.nominations import KINDS, MEDIA_TYPES, Kind
from portal.language import _, here, say
from portal.office import access, blueprint
from portal.office.decisions import Shown, ticked
from portal.office.recorded import HOST_WORD_NAMES
from portal.office.today import chosen_call, every_call


@blueprint.get("/hosts/<partner>")
@access.for_staff
def nominations_to(partner: str) -> Any:
    """Who was told of a nomination to a host, with what it says to each."""
    return _page(_partner(partner))


@blueprint.post("/hosts/<partner>/says")
@access.for_officers
def host_says(partner: str) -> Any:
    """Keeps what the host says to those who were ticked."""
    there, given, desk = _partner(partner), request.form, access.desk()
    word = next((each for each in HOST_WORDS if each == given.get("word")), None)
    chosen, note = ticked(), given.get("note", "").strip()
    if word is None or not chosen:
        return _page(there, _("Tick students, and choose what the host says."))

    def keep(each: Shown) -> None:
        decisions.host_says(desk, each.reference, word, note, each.seen)

    noted = several.each(chosen, keep)
    flash(_("Noted for %(count)s.", count=noted.done))
    if noted.faults:
        return _page(there, _("Not noted for %(count)s:", count=len(noted.faults)), *map(say, noted.faults))
    return _back(there)


@blueprint.post("/hosts/<partner>/sheet")
@access.for_officers
def host_sheet(partner: str) -> Any:
    """The sheet, to send to the host; the journal keeps that it was taken."""
    there, call = _partner(partner), chosen_call().id
    kind: Kind = next((each for each in KINDS if each == request.form.get("kind")), "xlsx")
    try:
        written, copies = nominations.sheet(access.desk(), partner, call, kind)
    except NotPossible as error:
        return _page(there, say(error))
    nominations.keep_in_journal(access.desk(), copies)
    answer = Response(written, mimetype=MEDIA_TYPES[kind])
    name = nominations.file_name(partner, call, kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.post("/hosts/<partner>/pack")
@access.for_officers
def host_pack(partner: str) -> Any:
    """The sheet and the documents that were ticked, as a ZIP; the journal keeps that it was taken."""
    there, call, desk = _partner(partner), chosen_call().id, access.desk()
    # It has no name on the disk, so that nothing stays of it whatever happens.
    out = tempfile.TemporaryFile(dir=storage.folder(desk.instance.root))  # noqa: SIM115  (sent, then closed)
    try:
        copies = nominations.pack(desk, partner, call, request.form.getlist("slot"), out)
    except NotPossible as error:
        out.close()
        return _page(there, say(error))
    nominations.keep_in_journal(desk, copies)
    out.seek(0)
    name = nominations.file_name(partner, call, "zip")
    return send_file(out, "application/zip", as_attachment=True, download_name=name)


def _page(there: Partner, *faults: str) -> Any:
    desk, call = access.desk(), chosen_call()
    found = nominations.nominated(desk, there.id, call.id)
    offers = [offer for offer in desk.book.catalogue.offers() if offer.partner.id == there.id]
    ends = {
        host_day(end, here()): None for offer in offers if (end := offer.deadline("nomination", call.term))
    }
    page = render_template(
        "office/host.html",
        host=there,
        call=call,
        calls=every_call(),
        found=found,
        goes=any(each.goes for each in found),
        enclosures=nominations.enclosures(desk, found),
        host_words=HOST_WORD_NAMES,
        kinds=KINDS,
        programmes={offer.id: say(label(offer.programme.name)) for offer in offers},
        ends=", ".join(ends),
        faults=faults,
        typed=request.form,
        minutes=decisions.HELD.seconds // 60,
    )
    return (page, 422) if faults else page


def _partner(partner: str) -> Partner:
    try:
        return nominations.host(access.desk(), partner)
    except NotPossible:
        abort(404)


def _back(there: Partner) -> Redirect:
    return redirect(url_for(".nominations_to", partner=there.id, call=chosen_call().id), 303)
