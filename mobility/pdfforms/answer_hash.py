"""Ties a signed paper to the answers that it was printed from: a short hash on every page, and a verdict."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from mobility.catalogue.forms import Form, applies
from mobility.i18n.languages import Said, said

_PRINTED = re.compile(r"MOBILITY:([A-Z0-9-]{1,60}):([A-Z0-9-]{1,40}):([A-F0-9]{10})")


def answers_hash(form: Form, answers: Mapping[str, Any]) -> str:
    """Ten hexadecimal digits that tell one set of answers from another. Only what the form asks counts, so
    that no signature ages over an answer that its paper does not hold."""
    given = dict(answers)
    asked = {f.id: plainly(given[f.id]) for f in form.fields() if given.get(f.id) and applies(f, given)}
    text = json.dumps([form.id, asked], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def plainly(answer: Any) -> Any:
    """An answer without what is empty in it."""
    if isinstance(answer, list | tuple):
        return [{name: cell for name, cell in row.items() if cell} for row in answer]
    return answer or ""


def printed(form: Form, reference: str, hash_: str) -> str:
    """What the QR code on a page of paper says."""
    return f"MOBILITY:{form.id}:{reference}:{hash_}".upper()


def read(text: str, form: Form) -> str:
    """The hash in the text of a QR code of this form; nothing where it is another code."""
    found = _PRINTED.fullmatch(text)
    return found[3].lower() if found and found[1] == form.id.upper() else ""


def stale(received_under: str, on_paper: str, now: str) -> Said | None:
    """What to say of a signed paper that was made from other answers than those of now, if it was.

    `received_under`: the hash of the answers as the file arrived; `on_paper`: that on its pages.
    """
    if on_paper:
        if on_paper == now:
            return None
        return said(
            "The signed paper was printed from other answers than those given now: "
            "print the form again, sign it and upload it in place of this one"
        )
    if received_under and received_under != now:
        return said(
            "Answers that this form holds were changed after the signed paper was uploaded: "
            "print the form again, sign it and upload it in place of this one"
        )
    return None
