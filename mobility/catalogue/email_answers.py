"""E-mail addresses as answers of a form, without what people paste around them."""

import re

from mobility.catalogue import email_typos
from mobility.i18n.languages import Said, said
from mobility.yamlfiles import email_addresses

_BEFORE = re.compile(r"^[\s<(«\"']*(?:(?:mailto|e-?mail|почта):\s*)?[\s<(«\"']*", re.IGNORECASE)
_NAMED = re.compile(r"^[^<>@]*<([^<>]+)>\W*$")
"""As programs for mail copy it: Aigerim Sampleova <name@example.kz>."""
_AFTER = re.compile(r"[\s>)»\"'.,;:]+$")


def normalize(typed: str) -> str:
    """The address without brackets, points and “mailto:” around it, and without spaces beside the @."""
    bare = _AFTER.sub("", _BEFORE.sub("", _NAMED.sub(r"\1", typed)))
    return re.sub(r"\s*@\s*", "@", bare)


def fault(value: str) -> Said | None:
    """What is wrong with a normalized address, or None."""
    if not email_addresses.parsed(value):
        return _why_not(value)
    name = value.rpartition("@")[0]
    found = re.search("[\u0400-\u04ff]", name) if re.search("[A-Za-z]", name) else None
    if found and not email_typos.likely_meant(value):  # else the applicant is asked about it
        return said(
            "“%(letter)s” in the address is a Cyrillic letter: type it in Latin letters",
            letter=found[0],
        )
    return None


def _why_not(value: str) -> Said:
    if len(re.findall(r"(?<=\w)@(?=\w)", value)) > 1:
        return said("Enter one e-mail address only")
    mended = email_typos.mended(value)
    if mended and email_addresses.parsed(mended):
        return said("Enter an e-mail address: is it %(likely)s?", likely=mended)
    sign = re.search(r"[^\w.@+%'\s-]", value)
    if sign and "@" in value:
        return said("“%(sign)s” does not belong in an e-mail address: leave it out", sign=sign[0])
    return said("Enter an e-mail address, such as name@kbtu.kz")
