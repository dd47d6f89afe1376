"""Private links: mailed again, all but one revoked, mailed to another address."""

from contextlib import suppress
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mobility.applications import private_links
from mobility.applications.drafts import Draft
from mobility.catalogue import answers, email_typos
from mobility.catalogue.forms import Field
from mobility.i18n.languages import Said, said
from mobility.office import outbox
from mobility.yamlfiles import email_addresses
from portal import limits
from portal.apply import after_response, blueprint, browser_session
from portal.context import context
from portal.language import _


def typed() -> str:
    """The address that was typed, without what was pasted around it."""
    return answers.normalize(_question(), request.form.get("email", ""))


def fault(email: str) -> Said | None:
    """What is wrong with an address to which links are to go."""
    if wrong := answers.validate(_question(), email):
        return wrong
    domains = context().book.catalogue.settings.mail_domains
    if domains and email_addresses.domain(email) not in domains:
        return said("The address must end with @%(domains)s", domains=in_a_row(domains))
    if email_addresses.needs_smtputf8(email) and not outbox.takes_smtputf8(context().settings.mail):
        return said("Enter an address in Latin letters: our mail server cannot write to this one.")
    return None


def doubt(email: str) -> Said | None:
    """The question whether another address was meant, unless the applicant ticked that this one is right."""
    catalogue = context().book.catalogue
    own = (catalogue.institution.domain, *catalogue.settings.mail_domains)
    meant = email_typos.likely_meant(email, own)
    if not meant or request.form.get("sure") == email:
        return None
    return said("Did you mean %(meant)s? Correct the address, or tick that it is right.", meant=meant)


def _question() -> Field:
    return next(field for field in context().book.application.fields() if field.id == "email")


def in_a_row(domains: tuple[str, ...]) -> str:
    """The domains in a row."""
    return ", @".join(domains)


@blueprint.get("/link")
def send_link() -> str:
    """Asks to which address the links are to be mailed again."""
    return render_template("apply/link.html", email="", fault=None)


@blueprint.post("/link")
def mail_link() -> Any:
    """Mails the links of an address again. Whether it has any is told to its mailbox alone."""
    email = typed()
    if wrong := fault(email) or doubt(email):
        return render_template("apply/link.html", email=email, fault=wrong), 422
    if limits.reached(limits.CLIENT, "mail links", limits.client()):
        return render_template("apply/link.html", email=email, fault=limits.TOO_OFTEN), 429
    mail_again(email)
    return redirect(url_for(".link_sent"), 303)


def mail_again(email: str) -> None:
    """Mails its links to an address that asks for them, unless that was just now: who asks on and on must not
    use up the mails that its owner may get."""
    if not limits.again(limits.LINKS, "links", limits.recipient(email)):
        mail(email)


def mail(email: str) -> None:
    """Mails its links to an address, unless it has been mailed very often. Nobody is told which: whether an
    address has applications, and how many mails it gets, is its owner's matter."""
    if not limits.reached(limits.RECIPIENT, "mail", limits.recipient(email)):
        after_response.add("mail links", email=email)


@blueprint.get("/link/sent")
def link_sent() -> str:
    """Says what happens now, the same for every address."""
    return render_template(
        "apply/link_sent.html", minutes=int(private_links.AGAIN_AFTER.total_seconds() // 60)
    )


@blueprint.post("/link/only")
def only_this_link() -> Response:
    """Revokes every link but the one by which this browser is in."""
    ctx, draft, session = context(), browser_session.draft(), browser_session.current()
    if draft and session:
        with suppress(private_links.Revoked):  # meanwhile, by another browser: the start page says so
            private_links.only(ctx.settings.kept, draft, session.link, ctx.now())
        flash(_("All other links to this application are revoked."))
    return redirect(url_for(".overview"), 303)


@blueprint.post("/address")
def change_address() -> Any:
    """Sends mail about this application to another address from now on."""
    ctx, draft, session = context(), browser_session.draft(), browser_session.current()
    if draft is None or session is None:
        return redirect(url_for(".overview"), 303)
    email = typed()
    if wrong := fault(email) or doubt(email):
        return render_template("apply/address.html", email=email, fault=wrong), 422
    if _too_often(draft, email):
        return render_template("apply/address.html", email=email, fault=limits.TOO_OFTEN), 429
    try:
        private_links.moved(ctx.settings.kept, draft, session.link, email, ctx.now())
    except private_links.Revoked:
        return redirect(url_for(".overview"), 303)
    # The links sent before went to an address that may be a stranger's: the new one gets one of its own.
    after_response.add("mail link", draft=draft.hash)
    if draft.email and not private_links.same_address(draft.email, email):
        after_response.add("tell old address", draft=draft.hash, email=draft.email)
    flash(_("Mail goes to %(email)s from now on; the links sent before are revoked.", email=email))
    return redirect(url_for(".overview"), 303)


def _too_often(draft: Draft, email: str) -> bool:
    return (
        limits.reached(limits.DRAFT, "change address", draft.hash)
        or limits.reached(limits.CLIENT, "change address", limits.client())
        or limits.reached(limits.RECIPIENT, "mail", limits.recipient(email))
    )


@blueprint.get("/address")
def address() -> Any:
    """Asks for another address."""
    current = browser_session.draft()
    if current is None:
        return redirect(url_for(".overview"))
    return render_template("apply/address.html", email=current.email, fault=None)
