"""Reminds somebody who has begun an application, and not sent it, of what it lacks."""

from mobility.applications import completeness, journal, lookup, private_links
from mobility.applications.review import NotPossible
from mobility.catalogue import calls
from mobility.i18n.languages import said
from mobility.office import notices
from mobility.office.desk import Desk


def remind(desk: Desk, name: str) -> None:
    """Mails a draft's applicant what it lacks and until when, with a private link. `name`: the hash by which
    its folder is called, or the first twelve of its letters. Raises NotPossible."""
    draft = next(private_links.those(desk.instance, lookup.drafts_called(desk.instance, name[:12])), None)
    if draft is None:
        raise NotPossible(said("there is no draft %(draft)s", draft=name[:12]))
    rules = desk.book.catalogue.calls
    if draft.sealed:
        raise NotPossible(said("%(reference)s is submitted already", reference=draft.sealed))
    if desk.now >= private_links.deadline(draft, rules):
        raise NotPossible(said("%(draft)s: it cannot be submitted any more", draft=draft.short_hash))
    if not draft.email:
        raise NotPossible(said("%(draft)s: no address was given", draft=draft.short_hash))
    call = calls.by_id(rules, draft.call)
    notices.reminder(desk, draft, completeness.lacks(desk.book, call, draft, desk.now.date()))
    journal.record(desk.instance, desk.now, "reminded", draft.short_hash, by=desk.by)
