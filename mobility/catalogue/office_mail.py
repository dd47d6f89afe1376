"""Links that open a mail to the office with the question already written (mailto, RFC 6068)."""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from mobility.catalogue.eligibility import Finding
from mobility.catalogue.institution import Office
from mobility.i18n.languages import Language, Said, said

_SUBJECT = said("Question on an exchange: %(about)s")
_GREETING = said("Hello! I am interested in %(about)s. Could you tell me:")
QUESTIONS = {
    "language": said("The host asks %(needed)s. Is %(given)s enough?"),
    "level": said("For which levels is the programme open?"),
}
"""What the office is asked where a rule gives no verdict, by the rule."""
_LONGEST = 2000
"""Characters of a link: browsers on Windows open none of more than 2,048. A Cyrillic letter takes six."""


def mailto(office: Office, to: Language, about: str, questions: Iterable[str]) -> str:
    """A mail with questions, as many as a link can hold; `about`: the host or programme, empty where none is
    meant. Without the office's address in `partners.yaml` the student fills it in."""
    subject, greeting = said("Question on an exchange"), said("Hello! I have a question on an exchange:")
    if about:
        subject, greeting = Said(_SUBJECT.text, {"about": about}), Said(_GREETING.text, {"about": about})
    begin = f"mailto:{quote(office.email or '', safe='@')}?subject={quote(subject.to(to))}&body="
    body = quote(f"{greeting.to(to)}\r\n\r\n")
    for question in questions:
        line = quote(f"- {question}\r\n")
        if len(begin + body + line) > _LONGEST:
            break
        body += line
    return begin + body


def of_findings(found: Sequence[Finding], to: Language) -> list[str]:
    """The questions that an applicant's facts leave open."""
    open_ = [each for each in found if each.verdict == "unknown" and each.told and each.rule in QUESTIONS]
    return [
        Said(QUESTIONS[each.rule].text, {"needed": each.needed, "given": each.given}).to(to) for each in open_
    ]


def for_scripts(office: Office, to: Language) -> dict[str, Any]:
    """What the finder writes the same mails of, their places as {about}, {needed} and {given}."""
    places = {name: f"{{{name}}}" for name in ("about", "needed", "given")}
    words = {"subject": _SUBJECT, "greeting": _GREETING}
    return {
        "to": office.email or "",
        **{name: Said(text.text, places).to(to) for name, text in words.items()},
        "questions": {rule: Said(text.text, places).to(to) for rule, text in QUESTIONS.items()},
    }
