"""Checking all, submitting once, and the receipt."""

from dataclasses import replace
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from mobility.applications import bags, completeness, drafts, rounds, signed_forms, submissions, warnings
from mobility.applications.bags import Bag
from mobility.applications.drafts import Draft
from mobility.applications.record import moment
from mobility.catalogue.calls import Call
from mobility.office import actions, notices
from portal.apply import after_response, blueprint, browser_session
from portal.apply.browser_session import with_draft
from portal.context import context
from portal.language import _


@blueprint.get("/check")
@with_draft
def check(draft: Draft, call: Call) -> str:
    """Everything on one page, with what is still missing on top."""
    return _check_page(draft, call)


@blueprint.post("/check")
@with_draft
def keep_remarks(draft: Draft, call: Call) -> Any:
    """Keeps what the applicant says to the warnings."""
    _with_remarks(draft, call)
    flash(_("Your answers are kept."))
    return redirect(url_for(".check", _anchor="look-again"), 303)


@blueprint.post("/submit")
@with_draft
def submit(draft: Draft, call: Call) -> Any:
    """Seals the application, or the answer to what the office asked for; a second click finds it sealed."""
    here = context()
    settings = here.settings
    draft = _with_remarks(draft, call)
    seal = rounds.submit if draft.round else submissions.submit
    try:
        bag = seal(settings.kept, here.book, call, draft, here.now(), settings.rehearsal)
    except submissions.Incomplete:
        return _check_page(draft, call), 422
    except (submissions.CallClosed, rounds.Over):
        return redirect(url_for(".overview"), 303)
    except bags.Damaged as damaged:
        what = _(
            "Our disk has not kept %(file)s as it arrived. Please upload that document again, and submit.",
            file=damaged,
        )
        title = _("One file was damaged on our side")
        return render_template("message.html", title=title, said=what), 500
    after_response.quietly(actions.write_index, bag)  # should it fail, the next one writes it
    after_response.quietly(notices.received, draft_of(draft, bag), bag)
    return redirect(url_for(".receipt", version=bag.version), 303)


def draft_of(draft: Draft, bag: Bag) -> Draft:
    """The draft as it is once its bag is sealed."""
    return replace(draft, sealed=bag.reference, round=None)


@blueprint.get("/receipt")
@blueprint.get("/receipt/<version>")
def receipt(version: str | None = None) -> Any:
    """What was received and when, as the sealed application itself says."""
    bag = _own_bag(version)
    if bag is None:
        return redirect(url_for(".overview"))
    record = bag.record()
    here = context()
    slots = completeness.slots(here.book, here.call_of(bag.call), record["answers"])
    names = {slot.id: slot.name for slot in slots}
    return render_template("apply/receipt.html", bag=bag, record=record, moment=moment(record), names=names)


@blueprint.get("/receipt.txt")
@blueprint.get("/receipt/<version>.txt")
def receipt_file(version: str | None = None) -> AnyResponse:
    """RECEIPT.txt, to keep."""
    bag = _own_bag(version)
    if bag is None:
        return redirect(url_for(".overview"))
    text = (bag.folder / "RECEIPT.txt").read_text(encoding="utf-8")
    name = f'attachment; filename="receipt-{bag.reference}-{bag.version}.txt"'
    return Response(text, mimetype="text/plain", headers={"Content-Disposition": name})


def _own_bag(version: str | None) -> Bag | None:
    """One of the open application's own bags; the newest version of it where none is named."""
    draft = browser_session.submitted()
    if not draft:
        return None
    kept = context().settings.kept
    if version is None:
        return submissions.receipt_of(kept, draft)
    found = submissions.find(kept, draft.reference)
    return next((bag for bag in found if bag.version == version), None)


def _with_remarks(draft: Draft, call: Call) -> Draft:
    """The draft with what was typed beside its warnings."""
    said = {}
    open_now, verdicts = (
        browser_session.parts(draft, call),
        signed_forms.verdicts(context().book, call, draft),
    )
    for warning in browser_session.concerns(draft, call, open_now, verdicts):
        if (text := request.form.get(f"remark-{warning.id}")) is not None:
            said[warning.id] = warnings.tidy(text)
    return drafts.remark(draft, said) if said else draft


def _check_page(draft: Draft, call: Call) -> str:
    book = context().book
    verdicts = signed_forms.verdicts(book, call, draft)
    chosen = completeness.chosen(book, call, draft.answers)
    asked, today = browser_session.asked(draft), context().now().date()
    open_now = browser_session.parts(draft, call)
    return render_template(
        "apply/check.html",
        draft=draft,
        asked=asked,
        until=context().deadline(draft),
        open_sections={section.id for section in open_now.sections},
        slots_open=bool(open_now.slots),
        call=call,
        sections=book.application.sections,
        answered=completeness.asked(book, draft.answers),
        offers={offer.id: offer for offer in chosen},
        verdicts_of=[(offer, completeness.findings(book, offer, draft.answers)) for offer in chosen],
        owed=completeness.slots(book, call, draft.answers),
        papers=verdicts,
        concerns=browser_session.concerns(draft, call, open_now, verdicts),
        same=browser_session.as_sent(draft, call),
        section_of={
            field.id: section.id for section in book.application.sections for field in section.fields
        },
        most_remark=warnings.MOST_REMARK,
        lacks=rounds.lacks(book, call, draft, asked, today),
    )
