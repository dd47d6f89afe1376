"""E-mail addresses: which are taken, and which are one and the same mailbox's."""

import functools
import re

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

_REROUTED = re.compile(r"=\?|[%!]")
"""Valid in RFC 5322, and read by some programs as other addresses: encoded words (RFC 2047), old routes."""


@functools.lru_cache(4096)
def parsed(address: str) -> ValidatedEmail | None:
    """The parts of one plain address; None where it is none, or could be read as another or as several."""
    if _REROUTED.search(address):
        return None
    try:
        return validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return None


def needs_smtputf8(address: str) -> bool:
    """Whether only a mail server that knows SMTPUTF8 (RFC 6531) can write to a valid address."""
    found = parsed(address)
    return bool(found and not found.ascii_email)


def domain(address: str) -> str:
    """What stands after the @, in ASCII and small letters; empty where it is no address."""
    found = parsed(address)
    return found.ascii_domain.casefold() if found else ""


def envelope(address: str) -> str:
    """A valid address as mail servers are told it: in ASCII where that can be."""
    found = parsed(address)
    return (found.ascii_email or found.normalized) if found else address


def canonical(address: str) -> str:
    """An address in the form in which addresses are compared, however domain and letters are written."""
    found = parsed(address.strip())
    return f"{found.local_part}@{found.ascii_domain}".casefold() if found else address.strip().casefold()
