"""Who may open an application: private links, of which only hashes are kept.

A draft says itself which links open it. `instance/links/` only finds it quicker, and can be made again.
"""

import datetime
from collections.abc import Iterator
from dataclasses import replace

from mobility import storage
from mobility.applications import drafts
from mobility.applications.drafts import Draft, Late, Link
from mobility.catalogue import calls
from mobility.catalogue.partners import Calls
from mobility.paths import Instance

AGAIN_AFTER = datetime.timedelta(minutes=5)
"""How long after a link was mailed none is mailed again: nobody's mailbox is to be flooded."""
_A_DAY = 10
"""Applications that can be begun with one address in a day."""
_UNOPENED = 3
"""Links never opened that are kept, so that asking again and again takes nobody's place."""
_SIGNED_IN = 10
"""Links made by signing in that are kept: a browser may still be in by each."""


def find(instance: Instance, secret: str) -> Draft | None:
    """The draft that the secret opens, if there is one."""
    digest = drafts.secret_hash(secret)
    entry = instance.links / digest
    name = entry.read_text(encoding="utf-8") if entry.is_file() else digest
    place = instance.drafts / name
    if not (place / "draft.json").is_file():
        return None
    draft = drafts.read(place)
    return draft if any(link.hash == digest for link in draft.links) else None


def issue(instance: Instance, draft: Draft, now: datetime.datetime, mailed: bool = True) -> str:
    """The secret of one more link, to be mailed, or else to be handed over, which confirms no address; those
    before go on opening the draft."""
    secret, link = drafts.new_link(now, mailed)
    current = drafts.read(draft.folder)
    waiting = [old for old in current.links if mailed and old.mailed and not old.opened]
    _exchange(instance, current, waiting[: max(0, len(waiting) + 1 - _UNOPENED)], link)
    return secret


def vouched(instance: Instance, draft: Draft, email: str, now: datetime.datetime) -> str:
    """The secret of one more link, for who has signed in with the draft's address. Where nobody had shown
    before that the address is theirs, links that did not go by mail are revoked: they may be a stranger's."""
    secret, link = drafts.new_link(now, vouched=email)
    current = drafts.read(draft.folder)
    strangers = [] if current.confirmed else [old for old in current.links if not old.mailed]
    before = [old for old in current.links if old.vouched]
    _exchange(instance, current, [*strangers, *before[: max(0, len(before) + 1 - _SIGNED_IN)]], link)
    return secret


def opened(draft: Draft, secret: str, now: datetime.datetime) -> Draft:
    """Keeps when a link was first opened."""
    digest = drafts.secret_hash(secret)
    links = tuple(
        replace(link, opened=now.isoformat(timespec="seconds"))
        if link.hash == digest and not link.opened
        else link
        for link in draft.links
    )
    return drafts.note(draft, links=links) if links != draft.links else draft


def only(instance: Instance, draft: Draft, secret: str) -> Draft:
    """Revokes every link but this one."""
    digest = drafts.secret_hash(secret)
    current = drafts.read(draft.folder)
    leaving = [link for link in current.links if link.hash != digest]
    staying = tuple(link for link in current.links if link.hash == digest)
    changed = drafts.note(draft, links=staying)
    _forget(instance, leaving)
    return changed


def moved(instance: Instance, draft: Draft, secret: str, email: str) -> Draft:
    """Another address for a draft: every link but this one is revoked, and this one does not confirm it."""
    (link,) = only(instance, draft, secret).links
    return drafts.note(draft, email=email, links=(replace(link, mailed=False),))


def of_address(instance: Instance, email: str) -> Iterator[Draft]:
    """The drafts begun with an address, submitted ones too."""
    for draft in drafts.every(instance):
        if email and same_address(draft.email, email):
            yield draft


def of_account(instance: Instance, email: str) -> Iterator[Draft]:
    """The applications of an address that the university vouches for; mail may go to another by now."""
    for draft in drafts.every(instance):
        signed_in = any(link.vouched == drafts.plain_address(email) for link in draft.links)
        if signed_in or same_address(draft.email, email):
            yield draft


def too_many(instance: Instance, email: str, now: datetime.datetime) -> bool:
    """Whether as many applications were begun with an address today as are allowed."""
    day = now - datetime.timedelta(days=1)
    begun = [datetime.datetime.fromisoformat(draft.created) for draft in of_address(instance, email)]
    return sum(when > day for when in begun) >= _A_DAY


def of_reference(instance: Instance, reference: str) -> Draft | None:
    """The draft that became an application; none where it was begun elsewhere, or erased."""
    return next((draft for draft in drafts.every(instance) if draft.sealed == reference), None)


def live(instance: Instance, rules: Calls, email: str, now: datetime.datetime) -> list[Draft]:
    """The applications of an address whose links can be mailed: submitted, or to be submitted still, and not
    mailed just now."""
    found = []
    for draft in of_address(instance, email):
        just_now = any(
            link.mailed and now - datetime.datetime.fromisoformat(link.made) < AGAIN_AFTER
            for link in draft.links
        )
        over = not draft.sealed and now >= deadline(draft, rules)
        if not just_now and not over:
            found.append(draft)
    return found


def deadline(draft: Draft, rules: Calls) -> datetime.datetime:
    """The first instant at which a draft cannot be submitted any more: when its call closes; for one begun
    before that, the stated grace later; the end of a late link, where it has one."""
    call = calls.by_id(rules, draft.call)
    ends = [call.closes]
    if datetime.datetime.fromisoformat(draft.created) < call.closes:
        ends.append(call.closes + datetime.timedelta(minutes=rules.grace_minutes))
    if draft.late:
        ends.append(datetime.datetime.fromisoformat(draft.late.until))
    return max(ends)


def let_late(draft: Draft, until: datetime.datetime, reason: str, now: datetime.datetime) -> Draft:
    """Lets one draft be submitted until an instant after its call."""
    given = now.isoformat(timespec="seconds")
    return drafts.note(draft, late=Late(until.isoformat(timespec="seconds"), reason, given))


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are the same, whatever their case."""
    return drafts.plain_address(one) == drafts.plain_address(other)


def forget(instance: Instance, draft: Draft) -> None:
    """Removes a draft with its files, and all its links."""
    storage.remove(draft.folder)
    _forget(instance, draft.links)


def _exchange(instance: Instance, draft: Draft, leaving: list[Link], coming: Link) -> None:
    storage.folder(instance.links)
    storage.write(instance.links / coming.hash, draft.hash)
    drafts.note(draft, links=(*(old for old in draft.links if old not in leaving), coming))
    _forget(instance, leaving)


def _forget(instance: Instance, links: list[Link] | tuple[Link, ...]) -> None:
    for link in links:
        storage.remove(instance.links / link.hash)
