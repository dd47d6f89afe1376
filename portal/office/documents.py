"""The documents of an application, drawn as pictures: nothing active is ever served.

A restricted one is shown after a button alone, so that each look is recorded by a request that acts.
"""

from flask import Response, abort, redirect, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from mobility.applications import journal
from mobility.applications.bags import Bag
from mobility.uploads import printable
from portal.context import context
from portal.office import access, blueprint
from portal.office.application import SHOWN, Paper, is_shown, of_application, papers

_MOST_SHOWN = 20
"""Restricted documents that one browser has before it; a cookie holds no more."""


@blueprint.get("/applications/<reference>/<version>/<int:number>/<int:page>.jpg")
@access.for_staff
@of_application
def picture(found: list[Bag], version: str, number: int, page: int) -> Response:
    """One page of a document as a picture."""
    paper = _paper(found, version, number)
    if paper.restricted and not is_shown(paper):
        abort(403)
    try:
        drawn, _ = printable.picture(paper.bag.folder / paper.file["file"], paper.file["kind"], page - 1)
    except printable.Unshowable:
        abort(404)
    return Response(drawn, mimetype="image/jpeg")


@blueprint.post("/applications/<reference>/<version>/<int:number>")
@access.for_staff
@of_application
def show(found: list[Bag], version: str, number: int) -> AnyResponse:
    """Shows a restricted document in this browser, and records that."""
    ctx, paper, member = context(), _paper(found, version, number), access.member()
    assert member
    about = {"by": member.id, "document": paper.file["slot"]}
    journal.record(ctx.settings.kept, ctx.now(), "looked at", paper.bag.reference, **about)
    name = f"{paper.bag.reference}/{paper.id}"
    session[SHOWN] = [*session.get(SHOWN, ()), name][-_MOST_SHOWN:]
    back = url_for(
        ".application", reference=paper.bag.reference, _anchor=f"paper-{paper.bag.version}-{number}"
    )
    return redirect(back, 303)


def _paper(found: list[Bag], version: str, number: int) -> Paper:
    wanted = f"{version}/{number}"
    return next((paper for paper in papers(found) if paper.id == wanted), None) or abort(404)
