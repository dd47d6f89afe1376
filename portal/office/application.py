"""One application: facts, answers and warnings beside its documents, and what was done with it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial, wraps
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mobility.applications import bags, lookup, private_links, record, review, search, submissions, summary
from mobility.applications.bags import Bag
from mobility.applications.review import NotPossible, Standing, Unreadable
from mobility.applications.versioned_files import UNREADABLE
from mobility.catalogue import person_names
from mobility.catalogue.forms import Section
from mobility.i18n import languages
from mobility.i18n.languages import NAMES
from mobility.office import actions, checks, decisions, places, staff
from mobility.office.checks import Check, NotedMeanwhile
from portal.context import context
from portal.language import _, say
from portal.office import access, blueprint
from portal.office.applications import address_of_list, query_of_list, wanted_here
from portal.office.recorded import HOST_WORD_NAMES, document_names, event_words, programme_of, who_did
from portal.office.today import OUTCOME_NAMES


@dataclass(frozen=True)
class Paper:
    """A file of an application as the desk shows it: in which bag and which of its files it is, and what was
    noted of it."""

    bag: Bag
    number: int
    file: dict[str, Any]
    check: Check | None

    @property
    def id(self) -> str:
        """Version and number, by which addresses name it."""
        return f"{self.bag.version}/{self.number}"

    @property
    def restricted(self) -> bool:
        """Whether it is not for the committee, and each look at it is recorded."""
        return self.bag.is_restricted(self.file)

    @property
    def noted(self) -> str:
        """What a form says was noted of it when the form was made."""
        return self.check.said if self.check else ""


def of_application(view: Callable[..., Any]) -> Callable[..., Any]:
    """Gives the view the bags of the application that its address names; 404 where there is none. What is not
    possible is said on the application's page; where its files cannot be read, that is all the page says."""

    @wraps(view)
    def guarded(reference: str, **arguments: Any) -> Any:
        found = list(submissions.find(context().settings.kept, reference))
        if not found:
            abort(404)
        try:
            return _or_refused(view, found, arguments)
        except Unreadable:
            raise
        except UNREADABLE:
            with review.naming(f"{reference}: {bags.newest(found).version}/{bags.RECORD}"):
                summary.of(found[0].home)  # there may be a value that no file of ours holds
            raise

    return guarded


@blueprint.errorhandler(Unreadable)
def unreadable(error: Unreadable) -> Any:
    """Names the file that cannot be read, wherever it was needed."""
    return render_template("office/unreadable.html", error=error), 409


def _or_refused(view: Callable[..., Any], found: list[Bag], arguments: dict[str, Any]) -> Any:
    try:
        return view(found=found, **arguments)
    except Unreadable:
        raise
    except NotPossible as error:
        return refused(found, say(error))


@blueprint.get("/applications/<reference>")
@access.for_staff
@of_application
def application(found: list[Bag]) -> Any:
    """Everything of one application on one page."""
    return render_template("office/application.html", **shown(found))


@blueprint.post("/applications/<reference>/checks")
@access.for_officers
@of_application
def check(found: list[Bag]) -> Any:
    """Keeps what the form says otherwise than it was made: which documents are right, and what is wrong with
    the others."""
    reference, given = found[0].reference, request.form
    crossed: dict[str, Check] = {}
    for paper in papers(found):
        verdict, note = given.get(f"ok-{paper.id}"), given.get(f"note-{paper.id}", "").strip()
        mine = Check(verdict == "yes", note, "", "")
        seen = given.get(f"seen-{paper.id}", "")
        if (verdict not in ("yes", "no") and not note) or mine.said == seen:
            continue
        try:
            slot, sha256 = paper.file["slot"], paper.file["sha256"]
            checks.note(access.desk(), reference, slot, sha256, mine.ok, note, seen)
        except NotedMeanwhile:
            crossed[paper.id] = mine
    if crossed:
        fault = _("Somebody noted something else meanwhile: look at both, and keep what is right.")
        page = {**shown(found), "fault": fault, "crossed": crossed}
        return render_template("office/application.html", **page), 409
    return redirect(url_for(".application", reference=reference, _anchor="ask", **query_of_list()), 303)


def refused(found: list[Bag], fault: str, **more: Any) -> Any:
    """The page of an application with what is not possible, beside the form that was sent, with all that was
    typed into it; and 422."""
    act = str(request.endpoint).rpartition(".")[2]
    page = {"fault": fault, "act": act, "typed": request.form, **more}
    return render_template("office/application.html", **shown(found), **page), 422


def back(found: list[Bag]) -> Response:
    """Leads to the page of an application."""
    reference = found[0].reference
    return redirect(url_for(".application", reference=reference, **query_of_list()), 303)


def shown(found: list[Bag]) -> dict[str, Any]:
    """What the page of an application shows."""
    ctx, bag = context(), bags.newest(found)
    kept, whole = ctx.settings.kept, bag.record()
    told, _apart = record.apart(ctx.book, whole)
    wanted = replace(wanted_here(), call=bag.call)
    before, after = search.beside(kept, wanted, bag.reference)
    every, names = papers(found), document_names(bag)
    there = review.standing(kept, bag.call, bag.reference)
    return {
        "bag": bag,
        "record": told,
        "received": record.moment(told),
        "sections": answered(ctx.book.application.sections, whole["answers"]),
        "read": answered(ctx.book.application.sections, told["answers"]),
        "hides": told["answers"] != whole["answers"],
        "offers": {offer.id: offer for offer in ctx.book.catalogue.offers()},
        "papers": every,
        "name": person_names.spoken(told["answers"]),
        "state": summary.state(there),
        "looks": {},
        "crossed": {},
        "history": [
            {
                "at": event["at"],
                "says": event_words(event, names),
                "who": who_did(event),
            }
            for event in search.history(kept, bag.reference, bag.draft[:12])
        ],
        "name_of": partial(staff.name_of, kept),
        "marks": lookup.marks_of(kept, bag.reference),
        "before": before,
        "after": after,
        "list": address_of_list(call=bag.call),
        "query": query_of_list(),
        "document_names": names,
        **_acts(bag, told, there, every, names),
    }


def _acts(
    bag: Bag, told: dict[str, Any], there: Standing, every: list[Paper], names: dict[str, Any]
) -> dict[str, Any]:
    """What the forms of the page begin with: what was noted of the documents becomes the request."""
    ctx = context()
    draft = private_links.of_reference(ctx.settings.kept, bag.reference)
    wrong = [paper for paper in every if paper.check and not paper.check.ok]
    theirs = draft.language if draft else "en"
    decided = {name for each in there.decisions if (name := each.decision.programme)}
    return {
        "there": there,
        "lost": places.lost(access.desk(), bag, there),
        "minutes": decisions.HELD.seconds // 60,
        "programme_names": {
            **{each: say(actions.programme_name(access.desk(), bag.home, each)) for each in decided},
            **{choice["id"]: programme_of(choice) for choice in told["choices"]},
        },
        "last": there.decisions[-1] if there.decisions else None,
        "outcomes": OUTCOME_NAMES,
        "host_words": HOST_WORD_NAMES,
        "their_language": NAMES[theirs] if draft else "",
        "unanswered": actions.unanswered(there),
        "open_round": next(
            (each for each in there.rounds if each.corrects and there.is_open(each, ctx.now())), None
        ),
        "slots": {file["slot"]: say(names[file["slot"]]) for file in told["files"]},
        "wrong_slots": {paper.file["slot"] for paper in wrong},
        "message": "\n".join(
            f"{languages.say(names.get(p.file['slot'], p.file['document']), theirs)}: {p.check.note}"
            for p in wrong
            if p.check and p.check.note
        ),
    }


def papers(found: list[Bag]) -> list[Paper]:
    """The files that count, in the order of the documents: those of the newest version, then later ones."""
    kept = context().settings.kept
    noted = checks.of(kept, found[0].call, found[0].reference)
    return [
        Paper(bag, number, file, checks.of_file(noted, file["slot"], file["sha256"]))
        for bag in bags.that_count(found)
        for number, file in enumerate(bag.record()["files"])
    ]


def answered(sections: tuple[Section, ...], given: dict[str, Any]) -> list[tuple[Section, list[Any]]]:
    """The sections of the form with the questions that were answered."""
    rows = [(section, [field for field in section.fields if given.get(field.id)]) for section in sections]
    return [(section, fields) for section, fields in rows if fields]
