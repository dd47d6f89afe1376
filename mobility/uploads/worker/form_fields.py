"""Reads the values of the form fields (AcroForm) of a filled PDF; nothing in the file is run."""

from collections.abc import Iterator
from typing import Any

import pikepdf

from mobility.uploads.worker.unusable import Unusable

_MOST_FIELDS = 5000
_MOST_OF_ONE, _MOST_TEXT = 20_000, 400_000
"""Characters kept of one value, which are more than any answer may have, and of all together."""


def values(pdf: pikepdf.Pdf) -> dict[str, str]:
    """The values of all form fields by name. Raises Unusable: `xfa`, `no fields`, `too many fields`."""
    acroform = pdf.Root.get("/AcroForm")
    if acroform is not None and "/XFA" in acroform:
        raise Unusable("xfa")
    if acroform is None or not len(acroform.get("/Fields", ())):
        raise Unusable("no fields")
    kept = {name: _plain(field.get("/V"))[:_MOST_OF_ONE] for name, field in _walk(acroform.Fields)}
    if sum(map(len, kept.values())) > _MOST_TEXT:
        raise Unusable("too many fields")
    return kept


def _walk(fields: Any) -> Iterator[tuple[str, Any]]:
    """All form fields with their full names; widgets without a name are not fields.

    Raises Unusable where there are too many, or where the tree of fields has a cycle."""
    waiting, seen = [("", field) for field in reversed(list(fields))], 0
    while waiting:
        above, field = waiting.pop()
        seen += 1
        if seen + len(waiting) > _MOST_FIELDS:
            raise Unusable("too many fields")
        if not isinstance(field, pikepdf.Dictionary) or "/T" not in field:
            continue
        name = f"{above}{field.T}"
        kids = [kid for kid in field.get("/Kids", ()) if "/T" in kid]
        if kids and "/V" not in field:
            waiting += [(f"{name}.", kid) for kid in reversed(kids)]
        else:
            yield name, field


def _plain(value: Any) -> str:
    if isinstance(value, pikepdf.Name):
        return str(value).removeprefix("/")
    if isinstance(value, pikepdf.String):
        return str(value)
    return ""  # a stream too: it may unpack to more than memory holds
