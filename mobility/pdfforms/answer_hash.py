"""The hash of answers, printed as QR code on every page: tells whether a signed form is of other answers."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from mobility.catalogue.forms import Form, applies
from mobility.i18n.languages import Said, said

_PRINTED = re.compile(r"MOBILITY:([A-Z0-9-]{1,60}):([A-Z0-9-]{1,40}):([A-F0-9]{10})")


def answers_hash(form: Form, answers: Mapping[str, Any]) -> str:
    """The first ten hexadecimal digits of the SHA-256 of the answers to a form. Only what the form asks
    counts, so that a signature stays valid when other answers change."""
    given = dict(answers)
    plain = {f.id: without_blanks(given.get(f.id)) for f in form.fields() if applies(f, given)}
    asked = {field_id: answer for field_id, answer in plain.items() if answer}
    text = json.dumps([form.id, asked], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def without_blanks(answer: Any) -> Any:
    """An answer without empty cells and rows; an empty string where nothing is left."""
    if isinstance(answer, list | tuple):
        rows = ({name: cell for name, cell in row.items() if cell} for row in answer)
        return [row for row in rows if row] or ""
    return answer or ""


def qr_text(form: Form, reference: str, hash_: str) -> str:
    """The text of the QR code printed on a form."""
    return f"MOBILITY:{form.id}:{reference}:{hash_}".upper()


def read_qr_text(text: str, form: Form) -> str:
    """The answers' hash in the text of a QR code; an empty string where it is not a code of this form."""
    found = _PRINTED.fullmatch(text)
    return found[3].lower() if found and found[1] == form.id.upper() else ""


def stale(received_under: str, on_paper: str, now: str) -> Said | None:
    """The message for a signed form that was printed from other answers than those given now; else None.

    `received_under`: the hash of the answers when the file was uploaded; `on_paper`: the hash read from its
    QR code; `now`: the hash of the answers now.
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
