"""The list of a call: filtered, sorted and searched by its address; the same as CSV and XLSX."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, request, url_for

from mobility.applications import listing, search, spreadsheets
from mobility.applications.search import Wanted
from mobility.applications.summary import STATE_NAMES
from mobility.catalogue.facts import offer_name
from mobility.i18n.languages import LANGUAGES, said
from portal.context import context
from portal.language import here
from portal.office import access, blueprint
from portal.office.pages import page_here
from portal.office.today import OUTCOME_NAMES, chosen_call, due_now, every_call

_A_PAGE = 50


@blueprint.get("/applications")
@access.for_staff
def applications() -> Any:
    """One line a person."""
    ctx, wanted, page = context(), wanted_here(), page_here()
    found, count = search.find(ctx.settings.kept, wanted, (page - 1) * _A_PAGE, _A_PAGE)
    return render_template(
        "office/applications.html",
        call=chosen_call(),
        calls=every_call(),
        wanted=wanted,
        rows=found,
        count=count,
        page=page,
        pages=max(1, -(-count // _A_PAGE)),
        states=_with(wanted.state, search.states(ctx.settings.kept, wanted.call)),
        marks=_with(wanted.mark or None, search.marks(ctx.settings.kept, wanted.call)),
        offers={offer.id: offer_name(offer, here()) for offer in ctx.book.catalogue.offers()},
        orders=_ORDERS,
        requests=_REQUESTS,
        asked=request.args.get("asked", ""),
        outcomes=OUTCOME_NAMES,
        query=query_of_list(),
        address=address_of_list,
    )


def _with(chosen: str | None, counted: dict[str, int]) -> dict[str, int]:
    """What can be chosen, with what is chosen though nobody is so any more."""
    return counted if chosen is None else {**counted, chosen: counted.get(chosen, 0)}


@blueprint.get("/applications.<any(csv, xlsx):kind>")
@access.for_staff
def applications_file(kind: str) -> Response:
    """The list as a table, as it is filtered and sorted."""
    wanted = wanted_here()
    table = listing.table(search.find(context().settings.kept, wanted)[0])
    if kind == "csv":
        answer = Response(spreadsheets.as_csv(table), mimetype="text/csv")
    else:
        made = spreadsheets.as_xlsx(table, wanted.call, listing.NUMBERS)
        answer = Response(made, mimetype=spreadsheets.XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="applications-{wanted.call}.{kind}"'
    return answer


def wanted_here() -> Wanted:
    """What the address asks for."""
    given = request.args
    state, asked = given.get("state") or None, given.get("asked", "")
    words = given.get("words", "")[:200]
    return Wanted(
        call=chosen_call().id,
        state="" if state == "received" else state,
        mark=given.get("mark", ""),
        programme=given.get("programme", ""),
        choice=min(max(0, given.get("choice", 0, type=int)), 9),
        words=words,
        called=tuple(_called()) if words else (),
        asked=_OVERDUE.get(asked, asked),
        due_before=due_now() if asked in _OVERDUE else "",
        order=given.get("order", "reference"),
    )


def _called() -> Iterator[tuple[str, str]]:
    """The programmes with their names in the languages in which no application has them."""
    for offer in context().book.catalogue.offers():
        for language in LANGUAGES:
            yield offer.id, offer_name(offer, language)


def query_of_list() -> dict[str, Any]:
    """What the address says of the list, for the addresses of what belongs to it."""
    return {name: value for name, value in request.args.items() if value and name in _NAMES}


def address_of_list(**changed: Any) -> str:
    """The address of the list as it is here, with something changed."""
    return url_for("office.applications", **{**query_of_list(), **changed})


_NAMES = ("call", "state", "mark", "programme", "choice", "words", "asked", "order")
_OVERDUE = {"overdue": "correction", "unanswered": "answer"}
_REQUESTS = {
    "overdue": said("Correction overdue"),
    "correction": STATE_NAMES["correction asked for"],
    "additional": said("Additional documents missing"),
    "unanswered": said("Answer to the offered place overdue"),
    "answer": said("Answer to the offered place"),
}
_ORDERS = {
    "reference": said("reference"),
    "name": said("name"),
    "gpa": said("GPA"),
    "received": said("time received"),
    "state": said("where it stands"),
}
