"""The forms as they are shipped, and a form of one question."""

from typing import Any

import pytest

from mobility.catalogue import forms
from mobility.catalogue.forms import Form
from mobility.paths import CHECKOUT

SHIPPED = {form.id: form for form in forms.load(CHECKOUT.content / "forms")}
HERE = "A University"
"""The name of the institution on the forms."""
every_form = pytest.mark.parametrize("form", SHIPPED.values(), ids=SHIPPED)
every_language = pytest.mark.parametrize("language", ["en", "ru", "kk"])


def asking(**more: Any) -> Form:
    """A form of one question."""
    field = {"id": "asked", "type": "text", "label": "Asked", **more}
    return Form.model_validate(
        {
            "id": "small",
            "title": "Small",
            "order": 1,
            "sections": ({"id": "one", "title": "One", "fields": (field,)},),
            "signatures": ({"who": "Student"},),
        }
    )
