"""The catalogue: the files that make the rules, checked beside the text; as before until they are whole."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for

from mobility.applications.review import NotPossible
from mobility.catalogue.partners import Partner
from mobility.office import edits
from mobility.office.last_good import file_names
from mobility.publishing import security_headers, trial_page
from mobility.yamlfiles.reader import InvalidFile, Problem
from portal import language
from portal.context import context
from portal.language import _, say
from portal.office import access, blueprint


@blueprint.get("/catalogue")
@access.for_staff
def catalogue() -> Any:
    """A file of the rules, to read, and to edit."""
    name = _name(request.args.get("file", "partners.yaml"))
    checkout = context().settings.checkout
    based_on = edits.version(checkout, name)  # first: a text that is newer is found out, an older one is not
    return _page(name, edits.text(checkout, name), based_on=based_on)


@blueprint.get("/catalogue/file")
@access.for_staff
def catalogue_file() -> Response:
    """A file of the rules, to take along."""
    name = _name(request.args.get("file", ""))
    answer = Response(edits.text(context().settings.checkout, name), mimetype="application/yaml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name.rpartition("/")[2]}"'
    return answer


@blueprint.post("/catalogue")
@access.for_officers
def edit_catalogue() -> Any:
    """Checks a file as it was typed or sent, shows what would change, and puts it in place."""
    ctx, given = context(), request.form
    name = _name(given.get("file", ""))
    sent = request.files.get("upload")
    try:
        written = sent.read().decode("utf-8") if sent and sent.filename else given.get("text", "")
    except UnicodeDecodeError:
        fault = _("This file is no text in UTF-8.")
        return _page(name, given.get("text", ""), fault=fault, based_on=given.get("based_on")), 422
    written = _as_kept(written)
    checkout, based_on = ctx.settings.checkout, given.get("based_on", "")
    try:
        if "put" not in given:
            return _compared(name, written, based_on)
        edits.put(access.desk(), checkout, name, written, based_on, "nevertheless" in given)
    except InvalidFile as error:
        return _page(name, written, error.problems, based_on=based_on), 422
    except (edits.Overtaken, edits.InUse):
        return _compared(name, written, based_on), 409
    except NotPossible as error:
        return _page(name, written, fault=say(error), based_on=based_on), 422
    flash(_("%(file)s is in place. The portal uses it now; the site, once it is built again.", file=name))
    return redirect(url_for(".catalogue", file=name), 303)


@blueprint.post("/catalogue/page")
@access.for_officers
def catalogue_page() -> Any:
    """The page of a partner as readers would see it with a file as it was typed, in the site's look."""
    ctx, written = context(), _as_kept(request.form.get("text", ""))
    name, checkout = _name(request.form.get("file", "")), ctx.settings.checkout
    based_on = request.form.get("based_on")
    try:
        after = edits.trial(checkout, name, written)
    except InvalidFile as error:
        return _page(name, written, error.problems, based_on=based_on), 422
    partners = {partner.id: partner for partner in after.catalogue.visible_partners()}
    partner = partners.get(request.form.get("see", "")) or abort(404)
    page = trial_page.render(checkout, after, ctx.now(), language.here(), partner)
    if page is None:
        fault = _("There is no built site yet in whose look it could be shown.")
        return _page(name, written, fault=fault, based_on=based_on), 409
    answer = Response(page)
    answer.headers.update(security_headers.read(checkout.headers))
    return answer


def _compared(name: str, written: str, based_on: str) -> Any:
    """What would change by a file as it was typed, beside the one that stands there by now; who has seen that
    may put it in place. Raises InvalidFile."""
    ctx = context()
    checkout, now = ctx.settings.checkout, edits.version(ctx.settings.checkout, name)
    after = edits.trial(checkout, name, written)
    return _page(
        name,
        written,
        difference=edits.difference(checkout, name, written),
        shown=edits.on_the_pages(ctx.book, after, language.here()),
        changed=edits.changed_partners(ctx.book, after),
        gone=edits.gone(access.desk(), after),
        overtaken=now != based_on,
        based_on=now,
    )


def _as_kept(typed: str) -> str:
    """A file without what browsers and editors of Windows put in."""
    return typed.replace("\r\n", "\n").removeprefix("\ufeff")


def _name(given: str) -> str:
    return given if given in file_names(context().settings.checkout.root) else abort(404)


def _page(
    name: str,
    written: str,
    problems: list[Problem] | None = None,
    difference: list[str] | None = None,
    fault: str = "",
    shown: list[tuple[str, str, str, str]] | None = None,
    changed: list[Partner] | None = None,
    gone: list[edits.Gone] | None = None,
    overtaken: bool = False,
    based_on: str | None = None,
) -> Any:
    return render_template(
        "office/catalogue.html",
        name=name,
        names=file_names(context().settings.checkout.root),
        written=written,
        problems=problems or [],
        difference=difference,
        fault=fault,
        shown=shown or [],
        changed=changed or [],
        gone=gone or [],
        overtaken=overtaken,
        based_on=edits.version(context().settings.checkout, name) if based_on is None else based_on,
    )
