"""What a portal is started with."""

import datetime
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from mobility.catalogue.rulebook import Rulebook
from mobility.office import outbox
from mobility.office.desk import apply_address
from mobility.office.outbox import Server
from mobility.paths import Checkout, Instance
from mobility.uploads import virus_scan
from mobility.uploads.virus_scan import Scanner


class BadSettings(Exception):
    """The portal must not start so; the message says what to set."""


@dataclass(frozen=True)
class SignIn:
    """The university's own sign-in, an OpenID provider. `issuer`: its address, as it says it itself; `name`:
    what readers know the account as, such as KBTU account."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str


@dataclass(frozen=True)
class Settings:
    """What a portal is started with.

    `address`: where its pages begin, such as https://mobility.example.kz/apply/; all links of its begin
    so, whatever a request says. `hosts`: those to which alone it answers; none: any, in a rehearsal. `clock`:
    the present instant, with a time zone. `old_keys`: earlier secret keys, whose cookies are taken still.
    `json_logs`: the log is lines of JSON. `rehearsal`: the next call counts as open, and what is submitted
    goes to a folder of its own. `site`: the built site, where the portal serves it too. `mail`: the server
    that mail goes to; without one it waits in the outbox. `sign_in`: the university's own, where it has one.
    `redis`: where limits are counted; without one in memory. `proxy`: the address of the one web server that
    is believed about whose request it hands on. `scanner`: that looks for viruses in what is
    uploaded, if there is one."""

    checkout: Checkout
    instance: Instance
    secret_key: str
    address: str
    hosts: tuple[str, ...]
    clock: Callable[[], datetime.datetime]
    old_keys: tuple[str, ...] = ()
    json_logs: bool = False
    rehearsal: bool = False
    https: bool = True
    site: Path | None = None
    mail: Server | None = None
    sign_in: SignIn | None = None
    redis: str | None = None
    proxy: str = "127.0.0.1"
    scanner: Scanner | None = None

    @property
    def kept(self) -> Instance:
        """Where drafts and submissions of this portal go."""
        return self.instance.rehearsal if self.rehearsal else self.instance


def own_address(book: Rulebook) -> str:
    """Where the pages of a real portal begin, as the office has set it. Raises BadSettings."""
    address = apply_address(book)
    if not address.startswith("https://"):
        raise BadSettings(
            "partners.yaml: settings.address is not set, or does not begin with https://. A real portal must "
            "know its own address, such as https://mobility.example.kz/: links in mail begin with it"
        )
    return address


def own_hosts(book: Rulebook, address: str) -> tuple[str, ...]:
    """The hosts of portal and site, to which alone a real portal answers."""
    site = book.catalogue.settings.address
    return tuple({str(urlsplit(each).hostname) for each in (address, site) if each})


def redis_address(environment: Mapping[str, str]) -> str | None:
    """The Redis that MOBILITY_REDIS names. Raises BadSettings."""
    address = environment.get("MOBILITY_REDIS", "").strip()
    if address and not address.startswith(("redis://", "rediss://", "redis+unix://")):
        raise BadSettings("MOBILITY_REDIS must be as redis://127.0.0.1:6379/0")
    return address or None


def proxy(environment: Mapping[str, str]) -> str:
    """The address of the web server before the portal, which MOBILITY_PROXY names where it is on another
    host. Raises BadSettings."""
    address = environment.get("MOBILITY_PROXY", "").strip() or "127.0.0.1"
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        raise BadSettings("MOBILITY_PROXY must be one IP address, as 10.0.0.10") from None


def clamd(environment: Mapping[str, str]) -> Scanner | None:
    """The virus scanner that MOBILITY_CLAMD names. Raises BadSettings."""
    address = environment.get("MOBILITY_CLAMD", "").strip()
    try:
        return virus_scan.scanner(address) if address else None
    except ValueError:
        raise BadSettings(
            "MOBILITY_CLAMD must be as unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310"
        ) from None


SHORTEST_KEY = 32


def own_key(given: str | None) -> str:
    """The secret key that a real deployment was given. Raises BadSettings where there is none to trust."""
    if not given:
        raise BadSettings(
            "MOBILITY_SECRET_KEY is not set. A real portal needs a secret key of its own: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if len(given) < SHORTEST_KEY or len(set(given)) < 10:
        raise BadSettings(
            f"MOBILITY_SECRET_KEY is too easy to guess: at least {SHORTEST_KEY} random characters are needed"
        )
    return given


def old_keys(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Earlier secret keys, which MOBILITY_OLD_SECRET_KEYS names with spaces between. Raises BadSettings."""
    return tuple(own_key(key) for key in environment.get("MOBILITY_OLD_SECRET_KEYS", "").split())


def mail_server(environment: Mapping[str, str]) -> Server | None:
    """The mail server that MOBILITY_SMTP names. Raises BadSettings."""
    try:
        return outbox.server(environment.get("MOBILITY_SMTP"), environment.get("MOBILITY_MAIL_FROM"))
    except outbox.BadServer as error:
        raise BadSettings(str(error)) from error


def json_logs(environment: Mapping[str, str]) -> bool:
    """Whether MOBILITY_LOG asks for lines of JSON. Raises BadSettings."""
    wanted = environment.get("MOBILITY_LOG", "") or "text"
    if wanted not in ("json", "text"):
        raise BadSettings("MOBILITY_LOG must be json or text")
    return wanted == "json"


_OF_SIGN_IN = (
    "MOBILITY_OIDC_ISSUER",
    "MOBILITY_OIDC_CLIENT_ID",
    "MOBILITY_OIDC_CLIENT_SECRET",
    "MOBILITY_OIDC_NAME",
)
_WELL_KNOWN = "/.well-known/openid-configuration"


def sign_in(environment: Mapping[str, str]) -> SignIn | None:
    """The university's sign-in that the MOBILITY_OIDC_… name. Raises BadSettings."""
    given = {name: environment.get(name, "").strip() for name in _OF_SIGN_IN}
    if not any(given.values()):
        return None
    if missing := [name for name, value in given.items() if not value]:
        raise BadSettings(
            f"The university's sign-in is only half set: {' and '.join(missing)} not set. "
            f"Set all of {', '.join(_OF_SIGN_IN)}, or none"
        )
    issuer, client_id, client_secret, name = given.values()
    issuer = issuer.removesuffix(_WELL_KNOWN)
    address = urlsplit(issuer)
    local = address.scheme == "http" and address.hostname in ("localhost", "127.0.0.1", "::1")
    if not address.hostname or not (local or address.scheme == "https") or address.query or address.fragment:
        raise BadSettings(
            f"MOBILITY_OIDC_ISSUER is {issuer}, must be the https address of the provider, "
            "such as https://login.example.kz/realms/students"
        )
    return SignIn(issuer, client_id, client_secret, name)


def real_clock() -> datetime.datetime:
    """The present instant."""
    return datetime.datetime.now(datetime.UTC)
