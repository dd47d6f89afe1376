"""Values of the edited files that are allowed, and most likely wrong: what `mobility check` notes."""

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mobility.catalogue import doubtful_texts, phone_numbers, toefl
from mobility.catalogue.documents import Document
from mobility.catalogue.forms import Form
from mobility.catalogue.news import Item
from mobility.catalogue.partners import Agreement, Catalogue, Deadlines, Partner, Requirements, TermDates
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.labels import LEVELS

_LEVEL = "level"
"""The question of a form that rules compare with the levels of hosts."""
_LOW_GPA, _LOW_IELTS = 1.0, 4.0
"""Below these no host asks anything."""
_FAR = datetime.timedelta(days=365 * 20)
_EXPECTED = ("passport", "transcript", "language")
"""Documents of the common list that every host is sent."""

Note = tuple[str, str]
"""What is doubtful, and why."""


def notes(book: Rulebook, today: datetime.date) -> Iterator[Note]:
    """All that is doubtful in the edited files."""
    yield from _of_catalogue(book.catalogue, today)
    for item in book.news:
        yield from _of_news(item, today)
    yield from _of_documents(book.documents)
    parts: list[tuple[str, Any]] = [(f'news "{item.id}"', item) for item in book.news]
    parts += [(f'document "{each.id}"', each) for each in book.documents]
    parts += [(f'form "{form.id}"', form) for form in book.forms]
    for where, part in parts:
        yield from ((f"{where}: {path}", said) for path, said in doubtful_texts.found(part))
        for path in doubtful_texts.untranslated(part):
            yield f"{where}: {path}", "is not in all three languages"
    for form in book.forms:
        yield from _of_levels(form)


def _of_catalogue(catalogue: Catalogue, today: datetime.date) -> Iterator[Note]:
    yield from doubtful_texts.found(catalogue.model_copy(update={"partners": ()}))
    common = catalogue.requirements
    own = Requirements(min_gpa=common.min_gpa, ielts=common.ielts, toefl=common.toefl)
    yield from _scores("requirements", own)
    for name in catalogue.calls.overrides:
        if int(name[:4]) < today.year:
            yield f"calls.overrides.{name}", "is of a year that is over: delete it"
    phone = catalogue.institution.office.phone
    if phone and phone_numbers.fault(phone_numbers.normalize(phone.split(",")[0])):
        yield "institution.office.phone", f'is "{phone}": no such number can be called'
    for partner in catalogue.partners:
        where = f'partner "{partner.id}"'
        yield from ((f"{where}: {path}", said) for path, said in doubtful_texts.found(partner))
        yield from _of_partner(where, partner, today)
    yield from _same_host(catalogue.partners)


def _of_partner(where: str, partner: Partner, today: datetime.date) -> Iterator[Note]:
    of: list[tuple[str, Any]] = [(where, partner)]
    of += [(f'{where}: programme "{each.id}"', each) for each in partner.programmes]
    for place, terms in of:
        yield from _scores(f"{place}: requirements", terms.requirements)
        for term, text in terms.semesters:
            if text and not any(char.isalpha() for char in text):
                yield f"{place}: semesters.{term}", f'is "{text}": write it in words, September to January'
        yield from _deadlines(f"{place}: deadlines", terms.deadlines)
        for n, document in enumerate(terms.documents, 1):
            if ";" in document.name:
                said = f'is "{document.name}": give each document a line of its own'
                yield f"{place}: documents.{n}", said
        if terms.agreement:
            yield from _agreement(f"{place}: agreement", terms.agreement, today)
    if any(char.isdigit() for char in partner.city):
        yield f"{where}: city", f'is "{partner.city}": figures stand in it'
    names = [each.name.casefold() for each in partner.programmes]
    for each in partner.programmes:
        if names.count(each.name.casefold()) > 1:
            yield f'{where}: programme "{each.id}"', f'another programme is called "{each.name}", too'


def _scores(where: str, asked: Requirements) -> Iterator[Note]:
    if asked.toefl is not None and asked.toefl <= toefl.MOST:
        said = f"is {asked.toefl} of 120: a score of 1 to {toefl.MOST} is to be turned into one of 120"
        yield f"{where}.toefl", said
    if asked.min_gpa is not None and asked.min_gpa < _LOW_GPA:
        yield f"{where}.min_gpa", f"is {asked.min_gpa} of 4: nobody would fail it"
    if asked.ielts is not None and asked.ielts < _LOW_IELTS:
        yield f"{where}.ielts", f"is {asked.ielts} of 9: nobody would fail it"


def _deadlines(where: str, deadlines: Deadlines) -> Iterator[Note]:
    kinds: list[tuple[str, TermDates]] = [
        ("nomination", deadlines.nomination),
        ("application", deadlines.application),
    ]
    for kind, days in kinds:
        if days.autumn and days.spring:
            if days.autumn == days.spring:
                yield f"{where}.{kind}", "has one day for both terms"
            elif days.autumn.month >= 8 and 3 <= days.spring.month <= 7:
                said = "has autumn and spring, or days and months, in each other's place"
                yield f"{where}.{kind}", said
    for term in ("autumn", "spring"):
        first, last = (getattr(days, term) for _, days in kinds)
        over_new_year = first and last and first.month >= 9 and last.month <= 3
        if first and last and last < first and not over_new_year:
            yield f"{where}.application.{term}", "comes before the nomination"


def _agreement(where: str, agreement: Agreement, today: datetime.date) -> Iterator[Note]:
    until = agreement.valid_until
    if until and agreement.seen and until < agreement.seen:
        yield f"{where}.valid_until", f"is {until}, before the paper was seen ({agreement.seen})"
    if until and until - today > _FAR:
        yield f"{where}.valid_until", f"is {until}, in more than twenty years: check the year"


def _same_host(partners: tuple[Partner, ...]) -> Iterator[Note]:
    first: dict[str, str] = {}
    for partner in partners:
        if partner.website:
            host = (urlsplit(partner.website).hostname or "").removeprefix("www.")
            other = first.setdefault(host, partner.id)
            if other != partner.id:
                yield f'partner "{partner.id}": website', f'is on the host of partner "{other}"'


def _of_news(item: Item, today: datetime.date) -> Iterator[Note]:
    if item.day > today or item.day.year < 2000:
        said = "to come" if item.day > today else "long past"
        yield f'news "{item.id}": day', f"is {item.day}, {said}: check the year"


def _of_levels(form: Form) -> Iterator[Note]:
    """Levels that hosts may name and the form's question for the level lacks."""
    for field in form.fields():
        if field.id == _LEVEL and field.options:
            answers = [option.id for option in field.options]
            for lacking in (level for level in LEVELS if level not in answers):
                yield f'form "{form.id}": {_LEVEL}', f'has no answer "{lacking}", which hosts may ask'


def _of_documents(common: tuple[Document, ...]) -> Iterator[Note]:
    ids = {each.id for each in common}
    for lacking in (each for each in _EXPECTED if each not in ids):
        yield "content/documents.yaml", f'holds no document "{lacking}" any more'
