"""The cover of a dossier as plain values, in the committee's language: facts, marks, rules, answers.

Nothing that is restricted stands there: answers come from what the bag tells anybody who reads it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mobility.applications import completeness, record
from mobility.applications.bags import Bag
from mobility.catalogue import answer_text, calls, person_names, recorded_names
from mobility.catalogue.facts import offer_name
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n import languages
from mobility.i18n.languages import Language, Said, said
from mobility.i18n.read_back import read_back

Read = Callable[[str], str]
"""Says what a record has in English in the language of the cover."""

RULES: dict[str, Said] = {
    "transcript": said("Transcript accepted"),
    "selection": said("Selection criterion"),
    "language": said("Language"),
    "level": said("Level"),
}
"""What each rule on an application is called."""
VERDICTS: dict[str, Said] = {
    "met": said("met"),
    "not_met": said("NOT MET"),
    "below": said("BELOW"),
    "unknown": said("not known: ask the office"),
}
"""How an application stands to a rule."""
_IN_FACTS = {"family-name", "given-name", "level", "gpa", "year", "study-programme", "school", "school-other"}


def values(
    found: Sequence[Bag], lines: list[dict[str, str]], book: Rulebook, language: Language, withdrawn: bool
) -> dict[str, Any]:
    """All that the cover of some bags of one application shows; `lines`: of its documents."""
    told = found[0].shown_record()
    given = told["answers"]
    names = recorded_names.translatable(book) if language != "en" else {}
    fields = {field.id: field for field in book.application.fields()}
    offers = {offer.id: offer_name(offer, language) for offer in book.catalogue.offers()}

    def read(english: str) -> str:
        return languages.say(read_back(english, names), language) if names else english

    def answer(field: str) -> str:
        if field not in fields:
            return str(given.get(field, ""))
        return answer_text.answer_text(fields[field], given.get(field), language, offers)

    school = answer("school") if given.get("school") != "other" else str(given.get("school-other", ""))
    facts = [
        (said("Reference"), f"{found[0].reference}, {found[0].version}"),
        (said("Name"), person_names.full(given)),
        (said("Call"), told["call"]),
        (said("Received"), languages.moment(record.moment(told), language, seconds=True)),
        (said("Level and year"), ", ".join(filter(None, (answer("level"), answer("year"))))),
        (said("School"), school),
        (said("Study programme"), answer("study-programme")),
        (said("GPA"), str(given.get("gpa", ""))),
        (said("Language"), record.language_proof(given)),
        (said("Later documents"), ", ".join(bag.version for bag in found[1:])),
    ]
    return {
        "kind": "cover",
        "language": language,
        "institution": read(told["institution"]),
        "reference": found[0].reference,
        "rehearsal": bool(told["rehearsal"]),
        "words": {name: sentence.to(language) for name, sentence in _WORDS.items()},
        "facts": [[name.to(language), value] for name, value in facts if value],
        "marks": [*([said("WITHDRAWN").to(language)] if withdrawn else []), *map(read, told["marks"])],
        "choices": [_choice(choice, language, read) for choice in told["choices"]],
        "answers": _answers(book, given, language, answer),
        "warnings": [_warning(each, language, read) for each in told.get("warnings", ())],
        "documents": [{**line, "name": _name(book, found, line, language, read)} for line in lines],
    }


_WORDS = {
    "dossier": said("Dossier"),
    "confidential": said("Confidential: for the selection only"),
    "marks": said("Marks"),
    "choices": said("Choices, and what the rules say"),
    "asked": said("Asked"),
    "given": said("Given"),
    "answers": said("Answers"),
    "warnings": said("What the applicant was warned of"),
    "documents": said("Documents"),
    "number": said("No."),
    "document": said("Document"),
    "here": said("In this dossier"),
    "labels": said("Page labels begin with the number of the document; each document has a bookmark."),
    "rehearsal": said("Rehearsal: not an application."),
}


def _choice(choice: Mapping[str, Any], language: Language, read: Read) -> dict[str, Any]:
    return {
        "name": read(f"{choice['partner']}: {choice['programme']}"),
        "findings": [
            {
                "rule": RULES[finding["rule"]].to(language),
                "asked": read(finding["needed"]),
                "given": read(finding["given"]),
                "verdict": VERDICTS[finding["verdict"]].to(language),
            }
            for finding in choice["findings"]
        ],
    }


def _answers(
    book: Rulebook, given: Mapping[str, Any], language: Language, answer: Any
) -> list[dict[str, Any]]:
    sections = []
    for section in book.application.sections:
        rows = [
            [languages.say(field.label, language), answer(field.id)]
            for field in section.fields
            if given.get(field.id) and not field.restricted and field.id not in _IN_FACTS
            and field.type not in ("offer", "yes")
        ]  # fmt: skip
        if rows:
            sections.append({"title": languages.say(section.title, language), "rows": rows})
    return sections


def _warning(warning: Mapping[str, Any], language: Language, read: Read) -> str:
    says = f"{read(warning['about'])}: {read(warning['says'])}"
    answered = said("The applicant: %(answer)s", answer=warning["answer"]) if warning["answer"] else None
    return f"{says} {answered.to(language)}" if answered else says


def _name(
    book: Rulebook, found: Sequence[Bag], line: Mapping[str, str], language: Language, read: Read
) -> str:
    """What a document is called in the reader's language, where it is one of today's."""
    call = calls.by_id(book.catalogue.calls, found[0].call)
    slots = {slot.id: slot.name for slot in completeness.slots(book, call, found[0].record()["answers"])}
    return languages.say(slots[line["slot"]], language) if line["slot"] in slots else read(line["name"])
