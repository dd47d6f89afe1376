"""The web form of a section, made from its definition. Answers are validated by `catalogue.answers`."""

from collections.abc import Mapping
from typing import Any

import wtforms
from flask import request
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

from mobility.catalogue import answers
from mobility.catalogue.answer_text import code_choices, date_text
from mobility.catalogue.facts import offer_name
from mobility.catalogue.forms import Column, Field, Section, When
from mobility.catalogue.partners import Offer
from mobility.i18n.labels import label
from mobility.i18n.languages import Said, alphabetical, country_name
from portal.language import _, here, say

_DECIMAL = ("number", "gpa", "ielts", "toefl", "ects")


class RowsField(wtforms.Field):  # type: ignore[misc]  # WTForms ships no types
    """A question that repeats its columns: fields named question-row-column."""

    def __init__(self, *args: Any, columns: tuple[Column, ...], most: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.columns, self.most = columns, most
        self.faults: dict[tuple[int, str], Said] = {}

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ARG002
        """Takes the rows that were typed, without those left empty; else the rows kept before."""
        self.data = list(data or ())
        if formdata:
            rows = [
                {
                    c.id: answers.normalize(c, formdata.get(f"{self.name}-{n}-{c.id}", ""))
                    for c in self.columns
                }
                for n in range(self.most)
            ]
            self.data = [row for row in rows if any(row.values())]

    @property
    def shown(self) -> int:
        """How many rows the page offers: those filled, and one more."""
        return min(self.most, len(self.data) + 1)


def build(offers: Mapping[str, Offer], section: Section, kept: Mapping[str, Any]) -> FlaskForm:
    """The form of a section, filled with what was typed now, else with what was kept."""
    fields = {field.id: _field(offers, field) for field in section.fields}
    form = type("SectionForm", (FlaskForm,), {})
    for name, field in fields.items():
        setattr(form, _attribute(name), field)
    data = {_attribute(field.id): _shown(field, kept.get(field.id)) for field in section.fields}
    # Without the files of a request, which FlaskForm would take for answers.
    typed = request.form if request.method == "POST" else None
    made: FlaskForm = form(formdata=typed, data=data)
    return made


def given(form: FlaskForm, section: Section) -> dict[str, Any]:
    """What was typed, as it is kept."""
    found: dict[str, Any] = {}
    for field in section.fields:
        data = form[_attribute(field.id)].data
        if field.type == "yes":
            found[field.id] = "yes" if data else ""
        elif field.type == "rows":
            found[field.id] = data
        else:
            found[field.id] = answers.normalize(field, data or "")
    return found


def put_faults(form: FlaskForm, section: Section, faults: Mapping[str, Said]) -> None:
    """Sets each fault beside its field."""
    for field in section.fields:
        if field.id in faults:
            widget = form[_attribute(field.id)]
            widget.errors = [faults[field.id]]
            if field.type == "rows":
                widget.faults = answers.validate_rows(field, widget.data)


def _attribute(name: str) -> str:
    return name.replace("-", "_")


def _shown(field: Field, value: Any) -> Any:
    if field.type == "yes":
        return value == "yes"
    if field.type == "date":
        return date_text(value or "")
    return value


def _field(offers: Mapping[str, Offer], field: Field) -> Any:
    """The WTForms field of a question."""
    attributes: dict[str, Any] = {"id": field.id}
    if field.autocomplete:
        attributes["autocomplete"] = field.autocomplete
    common: dict[str, Any] = {
        "label": say(field.label),
        "name": field.id,
        "id": field.id,
        "description": say(field.help or ""),
        "render_kw": attributes,
    }
    match field.type:
        case "prose":
            return wtforms.TextAreaField(**common)
        case "email":
            return wtforms.EmailField(**common)
        case "phone":
            return wtforms.TelField(**common)
        case "yes":
            return wtforms.BooleanField(**common)
        case "rows":
            return RowsField(columns=field.columns, most=field.most, **common)
        case "choice":
            options = [SelectChoice(option.id, say(option.label)) for option in field.options]
            return wtforms.RadioField(choices=options, validate_choice=False, **common)
        case "country" | "language" | "offer":
            choices = _choices(field.type, offers)
            return wtforms.SelectField(choices=choices, validate_choice=False, **common)
    if field.type in _DECIMAL:
        attributes["inputmode"] = "decimal"
    elif field.type in ("date", "iin"):
        attributes["inputmode"] = "numeric"
    if field.type == "date":
        attributes["placeholder"] = _("dd.mm.yyyy")
    return wtforms.StringField(**common)


def _choices(kind: str, offers: Mapping[str, Offer]) -> list[SelectChoice]:
    to = here()
    if kind == "offer":
        found = [SelectChoice("", _("Choose a programme"))]
        unconfirmed = _("agreement not confirmed")
        for offer in offers.values():
            name, original = offer_name(offer, to), offer.partner.name
            beside = "" if label(original).to(to) == original else f" · {original}"
            doubt = f" ({unconfirmed})" if offer.agreement.status == "unconfirmed" else ""
            group = country_name(offer.partner.country, to)
            found.append(SelectChoice(offer.id, name + beside + doubt, optgroup=group))
        return sorted(found, key=lambda each: (alphabetical(each.optgroup or ""), alphabetical(each.label)))
    codes = code_choices("country" if kind == "country" else "language", to)
    return [SelectChoice("", _("Choose")), *(SelectChoice(code, name) for code, name in codes)]


def condition(section: Section, when: When | None, labels: Mapping[str, str]) -> str:
    """For whom a conditional question is, in words: 'Only if “Citizenship” is Kazakhstan'."""
    if when is None:
        return ""
    field = next((f for f in section.fields if f.id == when.field), None)
    options = {option.id: say(option.label) for option in field.options} if field else {}
    words = [options.get(value) or country_name(value, here()) for value in when.is_]
    return _(
        "Only if “%(question)s” is %(answers)s",
        question=labels.get(when.field, when.field),
        answers=_(" or ").join(words),
    )
