"""Who may open an application: private links, of which only hashes are kept.

A draft says itself which links open it. `instance/links/` only finds it quicker, and can be made again. Links
change under the draft's lock, so that none that is revoked comes back with one that is issued meanwhile.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from mobility import storage
from mobility.applications import drafts, journal, lookup, versioned_files
from mobility.applications.drafts import Draft, LateLink, Link
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
Links = tuple[Link, ...]


class Revoked(Exception):
    """A link does not open the application any more, or must not."""


def find(instance: Instance, secret: str) -> Draft | None:
    """The draft that the secret opens, if there is one."""
    return find_by_hash(instance, drafts.secret_hash(secret))


def find_by_hash(instance: Instance, digest: str) -> Draft | None:
    """The draft that the link with this hash opens, if there is one."""
    entry = instance.links / digest
    name = versioned_files.read_value(entry, "draft") if entry.is_file() else digest
    place = instance.drafts / name
    try:
        draft = drafts.read(place)
    except FileNotFoundError:
        return None
    return draft if any(link.hash == digest for link in draft.links) else None


def issue(instance: Instance, draft: Draft, now: datetime.datetime, mailed: bool = True) -> str:
    """The secret of one more link, to be mailed, or else to be handed over by the office, which confirms no
    address; those before go on opening the draft. Raises Revoked where the link would be mailed to an address
    that is the draft's no more."""
    secret, coming = drafts.new_link(now, mailed, office=not mailed)

    def with_one_more(current: Draft) -> Draft:
        if mailed and not same_address(current.email, draft.email):
            raise Revoked
        waiting = [old for old in current.links if mailed and old.mailed and not old.opened]
        leaving = waiting[: max(0, len(waiting) + 1 - _UNOPENED)]
        staying = (old for old in current.links if old not in leaving)
        return replace(current, links=(*staying, coming))

    _change(instance, draft, with_one_more)
    return secret


def vouched(instance: Instance, draft: Draft, email: str, now: datetime.datetime) -> str:
    """The secret of one more link, for who has signed in with the draft's address. Where nobody had shown
    before that the address is theirs, links that did not go by mail are revoked: they may be a stranger's."""
    secret, coming = drafts.new_link(now, vouched=email)

    def add(current: Draft) -> Draft:
        staying = current.links if current.confirmed else _of_the_address(current)
        before = [old for old in staying if old.vouched]
        leaving = before[: max(0, len(before) + 1 - _SIGNED_IN)]
        return replace(current, links=(*(old for old in staying if old not in leaving), coming))

    changed = _change(instance, draft, add)
    journal.record(instance, now, "link opened", changed.journal_name, by="sign-in")
    return secret


def opened(instance: Instance, draft: Draft, secret: str, now: datetime.datetime) -> Draft:
    """Keeps when a link was first opened. Where that confirms the address for the first time, links that did
    not go by mail are revoked: whoever typed the address first may have been a stranger. Raises Revoked."""
    digest = drafts.secret_hash(secret)
    when = now.isoformat(timespec="seconds")

    def mark(current: Draft) -> Draft:
        if not any(link.hash == digest for link in current.links):
            raise Revoked
        links = tuple(
            replace(link, opened=link.opened or when) if link.hash == digest else link
            for link in current.links
        )
        changed = replace(current, links=links)
        if changed.confirmed and not current.confirmed:
            return replace(changed, links=_of_the_address(changed))
        return changed

    changed = _change(instance, draft, mark)
    journal.record(instance, now, "link opened", changed.journal_name)
    return changed


def only(instance: Instance, draft: Draft, digest: str, now: datetime.datetime) -> Draft:
    """Revokes every link but the one with this hash. Raises Revoked where that is revoked itself."""
    changed = _change(instance, draft, lambda current: replace(current, links=_alone(current.links, digest)))
    journal.record(instance, now, "links revoked", changed.journal_name)
    return changed


def moved(instance: Instance, draft: Draft, digest: str, email: str, now: datetime.datetime) -> Draft:
    """Another address for a draft: every link but the one with this hash is revoked, and that one does not
    confirm the new address. Raises Revoked."""

    def move(current: Draft) -> Draft:
        (link,) = _alone(current.links, digest)
        return replace(current, email=email, links=(replace(link, mailed=False),))

    changed = _change(instance, draft, move)
    journal.record(instance, now, "address changed", changed.journal_name)
    return changed


def of_address(instance: Instance, email: str) -> Iterator[Draft]:
    """The drafts that have an address, submitted ones too; not one that is just being moved to another, which
    the index does not know yet."""
    for draft in those(instance, lookup.drafts_of_address(instance, email) if email else []):
        if same_address(draft.email, email):
            yield draft


def of_account(instance: Instance, email: str) -> Iterator[Draft]:
    """The applications of an address that the university vouches for; mail may go to another by now."""
    yield from those(instance, lookup.drafts_of_address(instance, email, vouched=True))


def those(instance: Instance, names: list[str]) -> Iterator[Draft]:
    """The drafts of these hashes, as they are in their folders, but those removed meanwhile."""
    yield from versioned_files.readable((instance.drafts / name for name in names), drafts.read)


def too_many(instance: Instance, email: str, now: datetime.datetime) -> bool:
    """Whether as many applications were begun with an address today as are allowed."""
    day = now - datetime.timedelta(days=1)
    begun = [datetime.datetime.fromisoformat(draft.created) for draft in of_address(instance, email)]
    return sum(when > day for when in begun) >= _A_DAY


def of_reference(instance: Instance, reference: str) -> Draft | None:
    """The draft that became an application; none where it was begun elsewhere, erased, or cannot be read."""
    found = lookup.draft_of(instance, reference)
    try:
        return drafts.read(instance.drafts / found) if found else None
    except versioned_files.UNREADABLE:  # damaged, or removed meanwhile
        return None


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
    late = LateLink(until.isoformat(timespec="seconds"), reason, given)
    return drafts.note(draft, lambda current: replace(current, late=late))


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are the same, whatever their case."""
    return drafts.plain_address(one) == drafts.plain_address(other)


def forget(instance: Instance, draft: Draft, even_sealed: bool = False) -> None:
    """Removes a draft with its files, and all its links. Raises drafts.AlreadySealed where it was submitted
    meanwhile, unless `even_sealed`."""
    last = drafts.remove(draft, even_sealed)
    _forget(instance, (*draft.links, *last.links))


def _change(instance: Instance, draft: Draft, change: Callable[[Draft], Draft]) -> Draft:
    """Changes a draft and its links under its lock. A link can be found before the draft names it, never
    after the draft has ceased to."""
    leaving: list[Link] = []

    def with_links(current: Draft) -> Draft:
        changed = change(current)
        leaving.extend(link for link in current.links if link.hash not in _hashes(changed.links))
        for link in changed.links:
            if link.hash not in _hashes(current.links):
                storage.folder(instance.links)
                versioned_files.write_json(instance.links / link.hash, {"draft": current.hash})
        return changed

    changed = drafts.note(draft, with_links)
    _forget(instance, leaving)
    return changed


def _hashes(links: Links) -> set[str]:
    return {link.hash for link in links}


def _of_the_address(draft: Draft) -> Links:
    """The links that only who reads the draft's mail, signs in with its address, or stood before an officer
    can hold."""
    ours = drafts.plain_address(draft.email)
    return tuple(link for link in draft.links if link.mailed or link.vouched == ours or link.office)


def _alone(links: Links, digest: str) -> Links:
    found = tuple(link for link in links if link.hash == digest)
    if not found:
        raise Revoked
    return found


def _forget(instance: Instance, links: Iterable[Link]) -> None:
    for link in links:
        storage.remove(instance.links / link.hash)
