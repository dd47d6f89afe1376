"""Commands by which the office works on applications: `mobility office …`."""

import datetime
import os

import click

from mobility import storage
from mobility.applications import listing, private_links, record, review, submissions
from mobility.catalogue import calls
from mobility.cli import decisions
from mobility.cli.data_folder import data_options, reconcile_index, rules, used
from mobility.cli.reporter import fail, says_why_not, stops_where_wrong
from mobility.cli.typed import DAY, REFERENCE
from mobility.office import actions, checks, outbox, progress, reminders
from mobility.office.desk import Desk, apply_address, call_named
from mobility.office.outbox import BadServer
from mobility.paths import Instance

_OK = ("ok", "o.k", "okay", "ок", "окей")


@click.group()
@data_options
@stops_where_wrong
def office(context: click.Context, instance: Instance) -> None:
    """Ask for corrections, give late links, decide, open the additional round, withdraw, erase, see mail.

    Everything is written beside the sealed applications, never into them; a mail to the applicant is written.
    """
    used(instance)
    book = rules(context.obj, instance)
    try:
        reconcile_index(instance)
    except OSError as error:
        if not storage.is_full(error):
            raise
        click.echo("The disk is full: the index is not asked; erasing works without it.", err=True)
    now = datetime.datetime.now(calls.zone(book.catalogue.calls))
    context.obj = Desk(instance, book, apply_address(book), context.params["rehearsal"], now)
    context.call_on_close(lambda: listing.write_changed(instance, now))


@office.command("ask")
@click.argument("reference", type=REFERENCE)
@click.option(
    "--section", "sections", multiple=True, help="Part of the form to open, as studies; repeatable."
)
@click.option("--document", "slots", multiple=True, help="Document, as transcript; repeatable.")
@click.option("--message", required=True, help="What is wrong, in words to the student.")
@click.option("--until", type=DAY, help="Last day, as 2027-04-10.")
@click.pass_obj
@says_why_not
def ask(
    desk: Desk,
    reference: str,
    sections: tuple[str, ...],
    slots: tuple[str, ...],
    message: str,
    until: datetime.date | None,
) -> None:
    """Ask for a correction; only what is named is open again."""
    asked = actions.ask_correction(desk, reference, sections, slots, message, until)
    click.echo(f"{reference}: asked ({asked.id}); {_told(desk, reference)}")


@office.command("check")
@click.argument("reference", type=REFERENCE)
@click.argument("document")
@click.argument("verdict", metavar="ok|WHAT-IS-WRONG")
@click.pass_obj
@says_why_not
def check(desk: Desk, reference: str, document: str, verdict: str) -> None:
    """Note that a document, as transcript, is in order, or in words to the student what is wrong with it."""
    if not (verdict := verdict.strip()):
        raise click.UsageError("Say ok, or in words to the student what is wrong.")
    is_right = verdict.casefold().rstrip(".!") in _OK
    count = checks.note_document(desk, reference, document, is_right, "" if is_right else verdict)
    click.echo(f"{reference}: {document}: {'ok' if is_right else f'NOT in order: {verdict}'} ({count} files)")


@office.command("ask-again")
@click.argument("reference", type=REFERENCE)
@click.option("--round", "round_id", default="", help="Which request, as correction-1; default: the last.")
@click.option("--until", type=DAY, help="Another last day; needed where the one before is over.")
@click.pass_obj
@says_why_not
def ask_again(desk: Desk, reference: str, round_id: str, until: datetime.date | None) -> None:
    """Mail a request again that is not answered."""
    asked = actions.ask_again(desk, reference, round_id, until)
    click.echo(f"{reference}: asked again ({asked.id}); {_told(desk, reference)}")


@office.command("remind")
@click.argument("drafts", nargs=-1, metavar="[DRAFT]...")
@click.option("--call", "call_id", help="All of a call, as 2027-autumn, who were not reminded within a day.")
@click.option("--lacking", "lacking", flag_value="yes", help="With --call: those alone who lack something.")
@click.option("--ready", "lacking", flag_value="no", help="With --call: those alone who lack nothing.")
@click.pass_obj
@says_why_not
def remind(desk: Desk, drafts: tuple[str, ...], call_id: str | None, lacking: str | None) -> None:
    """Mail those who have begun, and not sent, what is missing. DRAFT: as the journal knows it."""
    if bool(drafts) == bool(call_id):
        raise click.UsageError("Name drafts, or --call with the name of a call.")
    for draft in drafts:
        reminders.remind(desk, draft)
        click.echo(f"{draft}: a mail is written.")
    if call_id:
        progress.update(desk)
        call = call_named(desk, call_id)
        count = reminders.remind_all(desk, call.id, {"yes": True, "no": False}.get(lacking or ""))
        click.echo(f"{count} reminded.")


@office.command("late")
@click.argument("email")
@click.option("--call", "call_id", required=True, help="The call, as 2027-autumn.")
@click.option("--until", type=DAY, required=True, help="Last day, as 2027-04-05.")
@click.option("--reason", required=True, help="Why; kept with the application.")
@click.pass_obj
@says_why_not
def late(desk: Desk, email: str, call_id: str, until: datetime.date, reason: str) -> None:
    """Let one student submit after the call.

    In the application begun with this address, or in a new one where there is none.
    """
    draft, secret = actions.let_late(desk, email, call_id, until, reason)
    if draft.late and draft.created == draft.late.given:
        click.echo(f"No application waits that was begun with {email} for {call_id}: a new one is made.")
    where = desk.address or "<address of the portal>/apply/"
    click.echo(f"A mail is written to {email}. To hand it over yourself: {where}back/{secret}")


@office.command("additional")
@click.argument("reference", type=REFERENCE)
@click.option("--document", "names", multiple=True, help="What to ask for; default: what the host asks.")
@click.option("--message", default="", help="Words to the student.")
@click.option("--until", type=DAY, help="Last day.")
@click.pass_obj
@says_why_not
def additional(
    desk: Desk, reference: str, names: tuple[str, ...], message: str, until: datetime.date | None
) -> None:
    """Ask a nominated student for additional documents."""
    asked = actions.open_additional(desk, reference, names, message, until)
    click.echo(f"{reference}: asked ({asked.id}) for {', '.join(each.name for each in asked.documents)}")


@office.command("withdraw")
@click.argument("reference", type=REFERENCE)
@click.option("--reason", default="", help="Why; kept beside the application.")
@click.pass_obj
@says_why_not
def withdraw(desk: Desk, reference: str, reason: str) -> None:
    """Take an application out at the student's request."""
    actions.withdraw(desk, reference, "office", reason)
    click.echo(f"{reference}: withdrawn; {_told(desk, reference)}")


@office.command("erase")
@click.argument("reference", type=REFERENCE)
@click.option("--yes", is_flag=True, help="Erase; without this it is only told.")
@click.pass_obj
@says_why_not
def erase(desk: Desk, reference: str, yes: bool) -> None:
    """Erase all that is kept of one application.

    Only the journal's lines stay, which name nobody.
    """
    if not yes:
        for place in actions.would_erase(desk, reference):
            click.echo(f"would erase {place}")
        click.echo(f"All of {reference} would be erased, and cannot be brought back; add --yes.")
        return
    for place in actions.erase(desk, reference):
        click.echo(f"erased {place}")


@office.command("status")
@click.argument("reference", type=REFERENCE)
@click.pass_obj
@says_why_not
def status(desk: Desk, reference: str) -> None:
    """Say where one application stands."""
    found = submissions.find(desk.instance, reference)
    if not found:
        fail(f"no application {reference} in {desk.instance.submissions}")
    for bag in found:
        click.echo(f"{bag.version}: received {_shown(record.moment(bag.record()))}")
    for line in _lines(review.standing(desk.instance, found[0].call, reference)):
        click.echo(line)


@office.command("mail")
@click.option(
    "--send", is_flag=True, help="Try all that is not held, by the server that MOBILITY_SMTP names."
)
@click.option("--again", metavar="ID", help="Have one tried again, as often as at first.")
@click.option("--remove", metavar="ID", help="Remove one: nobody gets it.")
@click.pass_obj
@says_why_not
def mail(desk: Desk, send: bool, again: str | None, remove: str | None) -> None:
    """Show mail that has not gone yet, and why."""
    if again:
        outbox.try_again(desk.instance, again, desk.now, desk.by)
    if remove:
        outbox.take_out(desk.instance, remove, desk.now, desk.by)
    if send:
        try:
            server = outbox.server(os.environ.get("MOBILITY_SMTP"), os.environ.get("MOBILITY_MAIL_FROM"))
        except BadServer as error:
            fail(str(error))
        if server is None:
            fail("No mail server is named: set MOBILITY_SMTP and MOBILITY_MAIL_FROM.")
        click.echo(f"{outbox.deliver(desk.instance, server, desk.now, all_now=True)} sent.")
    found = list(outbox.waiting(desk.instance))
    for waits in found:
        written = outbox.message(desk.instance, waits)
        state = f"next try {waits.next}" if waits.next else "not tried any more by itself"
        why = f"; {waits.error} ({waits.tries} tries)" if waits.error else ""
        click.echo(f"{waits.about}  to {written['To']}  {written['Subject']}  {state}{why}  {waits.id}")
    click.echo(f"{len(found)} waiting in {desk.instance.outbox}", err=True)


def _told(desk: Desk, reference: str) -> str:
    """How the student hears of it."""
    draft = private_links.of_reference(desk.instance, reference)
    if draft is None or not draft.email:
        return "there is no address to write to: tell the student yourself."
    link = "" if desk.address else "; it has no link, as settings.address in partners.yaml is not set"
    return f"a mail to the student is written{link}."


def _lines(there: review.Standing) -> list[str]:
    found = []
    for each in there.rounds:
        end = calls.last_minute(datetime.datetime.fromisoformat(each.until)) if each.until else None
        until = f"open until {_shown(end)}" if end else "open"
        waits = until if there.concerns(each) else "not wanted any more"
        state = f"answered in {each.done}" if each.done else waits
        found.append(f"{each.id}: asked {_time(each.asked)}, {state}")
    for decided in there.decisions:
        told = f"told {_time(decided.release.at)}" if decided.release else "not told"
        found.append(f"decided {_time(decided.decision.decided)}: {decided.decision.outcome}, {told}")
        if said := decided.answer:
            found.append(f"place {'taken' if said.takes else 'declined'} {_time(said.given)}")
        found += [f"host: {word.word} {_time(word.at)} {word.note}".rstrip() for word in decided.host]
    if there.withdrawn:
        erase = "; asks to be erased" if there.withdrawn.erase else ""
        found.append(f"withdrawn {_time(there.withdrawn.at)} by the {there.withdrawn.by}{erase}")
    return found or ["Nothing was asked or decided yet."]


def _time(written: str) -> str:
    return _shown(datetime.datetime.fromisoformat(written))


def _shown(instant: datetime.datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}"


for command in (decisions.decide, decisions.release, decisions.recall, decisions.host, decisions.show_places):
    office.add_command(command)
