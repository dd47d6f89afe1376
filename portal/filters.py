"""Template filters, and the values that every template has."""

import datetime
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from markupsafe import Markup

from mobility.catalogue import calls, office_mail
from mobility.catalogue.answer_text import answer_text
from mobility.catalogue.eligibility import Finding
from mobility.catalogue.facts import offer_name
from mobility.catalogue.forms import Field
from mobility.catalogue.institution import Institution
from mobility.catalogue.partners import Offer
from mobility.i18n import languages
from mobility.i18n.labels import in_words, label
from mobility.i18n.languages import Language
from mobility.yamlfiles.translated_words import in_language
from portal.context import context
from portal.language import _, here


def register(app: Flask) -> None:
    """Gives the templates their filters and common values."""
    app.add_template_filter(lambda when: languages.moment(when, here()), "moment")
    app.add_template_filter(lambda when: languages.moment(when, here(), seconds=True), "moment_seconds")
    app.add_template_filter(_instant, "instant")
    app.add_template_filter(_instant_of, "instant_of")
    app.add_template_filter(calls.last_minute, "last_minute")
    app.add_template_filter(size)
    app.add_template_filter(lambda code: languages.country_name(code, here()), "country")
    app.add_template_filter(lambda word: label(word).to(here()), "label")
    app.add_template_filter(lambda word: in_words(word, here()), "in_words")
    app.add_template_filter(answer)
    app.add_template_filter(lambda offer: offer_name(offer, here()), "offer_name")
    app.add_template_filter(_left_open, "left_open")
    app.add_template_global(ask_office)
    app.add_template_global(mail_to_office)
    app.context_processor(_template_values)


def size(count: int) -> str:
    """Bytes for readers, in the decimal units that phones show."""
    if count < 1000:
        return _("%(count)s bytes", count=count)
    if count < 1_000_000:
        return _("%(size)s kB", size=f"{count / 1000:.0f}")
    return _("%(size)s MB", size=f"{count / 1_000_000:.1f}")


def answer(field: Field, value: Any, offers: Mapping[str, Offer]) -> str:
    """An answer as it is read back, in the reader's language."""
    if field.type == "yes" and value == "yes":
        return _("Yes")
    names = {offer_id: offer_name(offer, here()) for offer_id, offer in offers.items()}
    return answer_text(field, value, here(), names)


def _instant_of(written: str) -> datetime.datetime:
    """A kept time, in the institution's time zone."""
    return datetime.datetime.fromisoformat(written).astimezone(context().now().tzinfo)


def _instant(written: str) -> str:
    """A kept time in short, in the institution's time zone."""
    when = _instant_of(written)
    return f"{languages.day_and_month(when, here())}, {when:%H:%M:%S}"


def mail_to_office(questions: Sequence[str], about: str = "") -> str:
    """The address of a mail to the office with questions, in the reader's language."""
    return office_mail.mailto(context().book.catalogue.institution.office, here(), about, questions)


def ask_office(question: str, about: str = "") -> Markup:
    """The office's short name as a link that opens a mail with a question."""
    office = _institution().office
    return Markup('<a href="{}">{}</a>').format(mail_to_office([question], about), office.short_name)


def _left_open(findings: Sequence[Finding]) -> list[str]:
    return office_mail.of_findings(findings, here())


def _institution() -> Institution:
    """The university and its office in the reader's language; what is not translated is marked as English."""
    return _in_language(context().book.catalogue.institution, here())


@functools.lru_cache(16)
def _in_language(ours: Institution, to: Language) -> Institution:
    return in_language(ours, to, lambda text: in_words(text, to))


def _template_values() -> dict[str, Any]:
    ctx = context()
    catalogue = ctx.book.catalogue
    now = ctx.now()
    real = calls.open_call(catalogue.calls, now) or calls.next_call(catalogue.calls, now)
    return {
        "institution": _institution(),
        "rules": catalogue.requirements,
        "time_zone": languages.time_zone_city(catalogue.calls.time_zone, here()),
        "rehearsal": ctx.settings.rehearsal,
        "account": ctx.settings.sign_in.name if ctx.settings.sign_in else "",
        "real_call": real,
        "now": now,
    }
