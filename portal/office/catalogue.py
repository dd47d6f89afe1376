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
    return _page(name, edits.text(context().settings.checkout, name))


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
        return _page(name, given.get("text", ""), fault=_("This file is no text in UTF-8.")), 422
    written = _as_kept(written)
    checkout = ctx.settings.checkout
    try:
        if "put" not in given:
            after = edits.trial(checkout, name, written)
            shown = edits.on_the_pages(ctx.book, after, language.here())
            difference = edits.difference(checkout, name, written)
            changed = edits.changed_partners(ctx.book, after)
            return _page(name, written, difference=difference, shown=shown, changed=changed)
        edits.put(access.desk(), checkout, name, written)
    except InvalidFile as error:
        return _page(name, written, error.problems), 422
    except NotPossible as error:
        return _page(name, written, fault=say(error)), 422
    flash(_("%(file)s is in place. The portal uses it now; the site, once it is built again.", file=name))
    return redirect(url_for(".catalogue", file=name), 303)


@blueprint.post("/catalogue/page")
@access.for_officers
def catalogue_page() -> Any:
    """The page of a partner as readers would see it with a file as it was typed, in the site's look."""
    ctx, written = context(), _as_kept(request.form.get("text", ""))
    name, checkout = _name(request.form.get("file", "")), ctx.settings.checkout
    try:
        after = edits.trial(checkout, name, written)
    except InvalidFile as error:
        return _page(name, written, error.problems), 422
    partners = {partner.id: partner for partner in after.catalogue.visible_partners()}
    partner = partners.get(request.form.get("see", "")) or abort(404)
    page = trial_page.render(checkout, after, ctx.now(), language.here(), partner)
    if page is None:
        fault = _("There is no built site yet in whose look it could be shown.")
        return _page(name, written, fault=fault), 409
    answer = Response(page)
    answer.headers.update(security_headers.read(checkout.headers))
    return answer


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
    )
