"""The commands on decisions, of `mobility office …`: decide, release, recall, host, places."""

import datetime

import click

from mobility.applications.decisions import HOST_WORDS, OUTCOMES, HostWord, Outcome
from mobility.cli.reporter import fail, says_why_not
from mobility.cli.typed import DAY, REFERENCE
from mobility.office import decisions, notices, several
from mobility.office.desk import Desk
from mobility.office.places import Place, places


@click.command("decide")
@click.argument("reference", type=REFERENCE)
@click.argument("outcome", type=click.Choice([outcome.replace(" ", "-") for outcome in OUTCOMES]))
@click.option("--programme", help="For which choice, as usm/exchange; needed where there are several.")
@click.option("--message", default="", help="Words to the student.")
@click.option("--answer-by", type=DAY, help="Last day to take or decline the place.")
@click.option("--rank", type=click.IntRange(1), help="Where on the waiting list, 1 the first.")
@click.option("--beyond", default="", metavar="REASON", help="Why more are nominated than there are places.")
@click.pass_obj
@says_why_not
def decide(
    desk: Desk,
    reference: str,
    outcome: str,
    programme: str | None,
    message: str,
    answer_by: datetime.date | None,
    rank: int | None,
    beyond: str,
) -> None:
    """Keep what the committee decided; nobody is told before `release`."""
    decided: Outcome = next(known for known in OUTCOMES if known.replace(" ", "-") == outcome)
    decision = decisions.decide(desk, reference, decided, programme, message, answer_by, rank, beyond)
    where = f" for {decision.programme}" if decision.programme else ""
    click.echo(f"{reference}: {decision.outcome}{where}; the student is told by mobility office release.")


@click.command("release")
@click.argument("references", nargs=-1, type=REFERENCE)
@click.option("--call", "call_id", help="All decisions of a call that wait, as 2027-autumn.")
@click.option("--preview", is_flag=True, help="Print the mails, and send nothing.")
@click.pass_obj
@says_why_not
def release(desk: Desk, references: tuple[str, ...], call_id: str | None, preview: bool) -> None:
    """Tell decisions: each mail is held for ten minutes, and can be recalled before."""
    if bool(references) == bool(call_id):
        raise click.UsageError("Name references, or --call with the name of a call.")
    calls = {decisions.call_of(desk, reference) for reference in references} or {str(call_id)}
    found = [decisions.to_tell(desk, call) for call in calls]
    waiting = [each for rows, _ in found for each in rows if not references or each[0] in references]
    for fault in (fault for _, faults in found for fault in faults):
        click.echo(str(fault), err=True)
    if preview:
        for _, draft, decided, programme in waiting:
            mail = notices.of_decision(desk, draft, decided.decision, programme, link=False)
            click.echo(f"To: {draft.email or 'nobody: no address'}\nSubject: {mail['Subject']}\n")
            click.echo(f"{mail.get_content()}\n---")
        return
    told = several.each(
        references or [each[0] for each in waiting], lambda reference: decisions.release(desk, reference)
    )
    minutes = decisions.HELD.seconds // 60
    click.echo(f"{told.done} told; the mails are held for {minutes} minutes, then a portal sends them.")
    if told.faults:
        fail(*map(str, told.faults))


@click.command("recall")
@click.argument("reference", type=REFERENCE)
@click.pass_obj
@says_why_not
def recall(desk: Desk, reference: str) -> None:
    """Take back that a decision was told, while its mail is held."""
    decisions.recall(desk, reference)
    click.echo(f"{reference}: not told any more, and the mail does not go.")


@click.command("host")
@click.argument("reference", type=REFERENCE)
@click.argument("word", type=click.Choice(HOST_WORDS))
@click.option("--note", default="", help="What the host wrote.")
@click.pass_obj
@says_why_not
def host(desk: Desk, reference: str, word: HostWord, note: str) -> None:
    """Keep that a nomination was sent to the host, or what the host says."""
    decisions.host_says(desk, reference, word, note)
    click.echo(f"{reference}: {word}")


@click.command("places")
@click.argument("call_id", metavar="CALL")
@click.pass_obj
def show_places(desk: Desk, call_id: str) -> None:
    """Show for each programme of a call its places, wishes, nominated students and who is next."""
    for place in places(desk, call_id):
        click.echo(_line(place))


def _line(place: Place) -> str:
    seats = "places not known" if place.seats is None else f"{place.seats} places, {place.left} left"
    wishes = "/".join(map(str, place.wishes))
    line = f"{place.id}: {seats}; wishes {wishes}; nominated {len(place.nominated)}, taken {place.taken}"
    waiting = ", ".join(each.reference for each in place.waiting)
    return f"{line}; waiting {waiting}" if waiting else line
