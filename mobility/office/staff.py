"""Staff of the office who may open its desk: a file each, with their role and their passkeys.

instance/staff/ holds `<id>.yaml`. The journal knows members of the staff by their ids alone; the files say
who they are, and stay when somebody leaves, so that it can still be told who did what.
"""

import datetime
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from mobility import storage
from mobility.applications import drafts, journal, versioned_files
from mobility.applications.review import NotPossible
from mobility.i18n.languages import Language, said
from mobility.paths import Instance
from mobility.yamlfiles import email_addresses

Role = Literal["officer", "reader"]
ROLES: tuple[Role, ...] = get_args(Role)
Told = Literal["daily", "at once", "never"]
TOLD: tuple[Told, ...] = get_args(Told)
SETUP_FOR = datetime.timedelta(days=3)
"""How long a link to set up a passkey can be used."""


@dataclass(frozen=True)
class Passkey:
    """A passkey (WebAuthn credential). `id` and `public_key`: base64url; `count`: how often it says that it
    was used; `added`: ISO 8601."""

    id: str
    public_key: str
    count: int
    added: str


@dataclass(frozen=True)
class Member:
    """One of the staff. `role`: officers act, readers look; `told`: whether a daily digest is mailed to them,
    and what cannot wait at once; `language`: in which; `setup`: the hash of the secret with which the
    next passkey can be set up until `setup_until` (ISO 8601); `left`: since when they are in no more."""

    id: str
    name: str
    address: str
    role: Role
    told: Told = "daily"
    language: Language = "en"
    passkeys: tuple[Passkey, ...] = ()
    setup: str | None = field(default=None, repr=False)
    setup_until: str | None = None
    left: str | None = None

    @property
    def acts(self) -> bool:
        """Whether they may change anything."""
        return self.role == "officer"


def add(
    instance: Instance,
    name: str,
    address: str,
    role: Role,
    now: datetime.datetime,
    told: Told = "daily",
    language: Language = "en",
) -> Member:
    """A new member of the staff; `invite` gives the way in. Raises NotPossible."""
    if not name.strip():
        raise NotPossible(said("a name is needed"))
    if not email_addresses.parsed(address):
        raise NotPossible(said("%(address)s is not one e-mail address", address=address))
    with storage.locked(instance.staff):
        if of_address(instance, address):
            raise NotPossible(said("%(address)s is of the staff already", address=address))
        member = Member(secrets.token_hex(4), name.strip(), address, role, told, language)
        _write(instance, member)
    journal.record(instance, now, "staff added", member.id, role=role)
    return member


def invite(instance: Instance, member: Member, now: datetime.datetime) -> str:
    """The secret of a link by which a member sets up a passkey, once and soon; those before end. Raises
    NotPossible where they left meanwhile."""
    secret = secrets.token_urlsafe(32)
    until = (now + SETUP_FOR).isoformat(timespec="seconds")
    _change(
        instance,
        member.id,
        lambda current: replace(current, setup=drafts.secret_hash(secret), setup_until=until),
    )
    journal.record(instance, now, "staff invited", member.id)
    return secret


def of_setup(instance: Instance, secret: str, now: datetime.datetime) -> Member | None:
    """The member whom a setup link lets in; none where it is used, or too old."""
    for member in every(instance):
        if (
            member.setup
            and member.setup_until
            and secrets.compare_digest(member.setup, drafts.secret_hash(secret))
        ):
            return member if now < datetime.datetime.fromisoformat(member.setup_until) else None
    return None


def add_passkey(instance: Instance, member: Member, passkey: Passkey, now: datetime.datetime) -> Member:
    """Gives a member a passkey, and ends their setup link. Raises NotPossible where they left meanwhile."""
    changed = _change(
        instance,
        member.id,
        lambda current: replace(current, passkeys=(*current.passkeys, passkey), setup=None, setup_until=None),
    )
    journal.record(instance, now, "passkey added", member.id)
    return changed


def of_passkey(instance: Instance, passkey_id: str) -> tuple[Member, Passkey] | None:
    """The member with this passkey, and the passkey."""
    for member in every(instance):
        for passkey in member.passkeys:
            if passkey.id == passkey_id:
                return member, passkey
    return None


def used(instance: Instance, member: Member, passkey: Passkey, count: int) -> None:
    """Keeps how often a passkey says that it was used. Raises NotPossible where its member left meanwhile."""
    fresh = replace(passkey, count=count)
    _change(
        instance,
        member.id,
        lambda current: replace(
            current, passkeys=tuple(fresh if each.id == passkey.id else each for each in current.passkeys)
        ),
    )


def change_told(instance: Instance, member: Member, told: Told, language: Language) -> Member:
    """Sets what is mailed to a member, and in which language. Raises NotPossible where they left."""
    return _change(instance, member.id, lambda current: replace(current, told=told, language=language))


def leave(instance: Instance, member: Member, now: datetime.datetime) -> None:
    """Lets a member in no more, from now on."""
    when = now.isoformat(timespec="seconds")
    _change(
        instance,
        member.id,
        lambda current: replace(current, passkeys=(), setup=None, setup_until=None, left=when),
    )
    journal.record(instance, now, "staff left", member.id)


def every(instance: Instance) -> Iterator[Member]:
    """All who are in, by their names."""
    found = versioned_files.readable(instance.staff.glob("[!.]*.yaml"), read)
    yield from sorted((each for each in found if not each.left), key=lambda each: each.name)


def find(instance: Instance, member_id: str) -> Member | None:
    """The member with this id; none where there is none any more."""
    found = _stored(instance, member_id)
    return found if found and not found.left else None


def of_address(instance: Instance, address: str) -> Member | None:
    """The member with this e-mail address, whatever its case."""
    wanted = email_addresses.canonical(address)
    return next((each for each in every(instance) if email_addresses.canonical(each.address) == wanted), None)


def name_of(instance: Instance, member_id: str) -> str:
    """Who did what the journal says of an id, those who left too; the id where nobody is known by it."""
    found = _stored(instance, member_id)
    return found.name if found else member_id


def _stored(instance: Instance, member_id: str) -> Member | None:
    if not member_id.isalnum():
        return None
    try:
        return read(instance.staff / f"{member_id}.yaml")
    except FileNotFoundError:
        return None


def _change(instance: Instance, member_id: str, change: Callable[[Member], Member]) -> Member:
    with storage.locked(instance.staff):
        current = find(instance, member_id)
        if current is None:
            raise NotPossible(said("this member of the staff has left"))
        changed = change(current)
        _write(instance, changed)
        return changed


def read(path: Path) -> Member:
    """The member in a file."""
    kept = versioned_files.read_yaml(path)
    return Member(**{**kept, "passkeys": tuple(Passkey(**each) for each in kept["passkeys"])})


def _write(instance: Instance, member: Member) -> None:
    kept = {**asdict(member), "passkeys": [asdict(each) for each in member.passkeys]}
    versioned_files.write_yaml(instance.staff / f"{member.id}.yaml", kept)
