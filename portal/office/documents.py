"""The documents of an application, drawn as pictures: nothing active is ever served.

What is restricted is shown to officers after a button alone, so that each look is recorded by a request that
acts: the page that answers it holds addresses of the pictures that end soon, and the next look is another.
"""

import datetime
import hmac
from typing import Any

from flask import Response, abort, render_template, request

from mobility.applications import journal
from mobility.applications.bags import Bag, newest
from mobility.uploads import printable
from portal.context import context
from portal.office import access, blueprint
from portal.office.application import Paper, of_application, papers, shown

_A_LOOK = datetime.timedelta(minutes=10)
"""So long the pictures can be fetched that a look shows."""


@blueprint.get("/applications/<reference>/<version>/<int:number>/<int:page>.jpg")
@access.for_staff
@of_application
def picture(found: list[Bag], version: str, number: int, page: int) -> Response:
    """One page of a document as a picture."""
    paper = _paper(found, version, number)
    if paper.restricted and not _is_looked_at(paper):
        abort(403)
    if page > (paper.file.get("pages") or 1):
        abort(404)
    try:
        drawn, _ = printable.picture(paper.bag.folder / paper.file["file"], paper.file["kind"], page - 1)
    except printable.Unshowable:
        abort(404)
    return Response(drawn, mimetype="image/jpeg")


@blueprint.post("/applications/<reference>/<version>/<int:number>")
@access.for_officers
@of_application
def show(found: list[Bag], version: str, number: int) -> Any:
    """Shows a restricted document once, and records that."""
    paper = _paper(found, version, number)
    _record(paper.bag, document=paper.file["slot"])
    until = int((context().now() + _A_LOOK).timestamp())
    looks = {paper.id: {"until": until, "look": _pass(paper, until)}}
    return render_template("office/application.html", **{**shown(found), "looks": looks})


@blueprint.post("/applications/<reference>/answers")
@access.for_officers
@of_application
def show_answers(found: list[Bag]) -> Any:
    """Shows the restricted answers once, and records that."""
    bag = newest(found)
    _record(bag, part="answers")
    page = shown(found)
    page |= {"record": bag.record(), "read": page["sections"], "hides": False}
    return render_template("office/application.html", **page)


def _record(bag: Bag, **what: str) -> None:
    desk = access.desk()
    journal.record(desk.instance, desk.now, "looked at", bag.reference, by=desk.by, **what)


def _is_looked_at(paper: Paper) -> bool:
    until = min(request.args.get("until", 0, type=int), 10**12)
    here = hmac.compare_digest(_pass(paper, until).encode(), request.args.get("look", "").encode())
    return here and context().now().timestamp() < until


def _pass(paper: Paper, until: int) -> str:
    return access.signed(f"{paper.bag.reference} {paper.id} {until}")


def _paper(found: list[Bag], version: str, number: int) -> Paper:
    wanted = f"{version}/{number}"
    return next((paper for paper in papers(found) if paper.id == wanted), None) or abort(404)
