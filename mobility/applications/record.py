"""Writes application.yaml for the office and RECEIPT.txt for the student, and reads times from the former."""

import datetime
import zoneinfo
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from mobility.applications import completeness
from mobility.applications.assessment import Assessment
from mobility.applications.drafts import Draft
from mobility.applications.kept_files import KeptFile
from mobility.catalogue import person_names
from mobility.catalogue.documents import Slot
from mobility.catalogue.eligibility import Finding
from mobility.catalogue.partners import Offer
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n import languages
from mobility.i18n.languages import said

_NOT_TOLD = "not for the committee"


@dataclass(frozen=True)
class Submission:
    """A whole draft, or the answer to what the office had asked for, at the moment of sealing. `now` in the
    institution's time zone; `first`: when the application was first received, where it was before."""

    assessment: Assessment
    reference: str
    now: datetime.datetime
    rehearsal: bool
    first: str | None = None

    @property
    def draft(self) -> Draft:
        """What is sealed."""
        return self.assessment.draft

    @property
    def person(self) -> tuple[str, str]:
        """Family name and given names."""
        return str(self.draft.answers["family-name"]), str(self.draft.answers.get("given-name") or "")

    def slots(self) -> tuple[Slot, ...]:
        """What is asked for, now."""
        asked = self.assessment.asked
        whole = asked is None or asked.corrects
        return self.assessment.slots if whole else self.assessment.open.slots

    def files(self) -> Iterator[tuple[KeptFile, Slot, str]]:
        """Each file with its slot and its path below data/; what no slot asks for any more stays out."""
        for slot in self.slots():
            for position, file in enumerate(self.draft.in_slot(slot.id), 1):
                suffix = "." + file.stored.rsplit(".", 1)[1]
                folder = "restricted/" if slot.restricted else ""
                yield file, slot, f"{folder}{slot.stem(position)}{suffix}"


def of(submission: Submission) -> dict[str, Any]:
    """The content of application.yaml: of a whole application, first or corrected."""
    assessment = submission.assessment
    return {
        **_head(submission),
        "begun": submission.draft.created,
        "email_confirmed": submission.draft.confirmed,
        "late": asdict(submission.draft.late) if submission.draft.late else None,
        "marks": _marks(submission),
        "choices": [_choice(*wish) for wish in assessment.choices],
        "answers": assessment.answers,
        "warnings": _warnings(submission),
        "files": [_file(assessment, *named) for named in submission.files()],
        "rules": assessment.book.version,
    }


def of_additional(submission: Submission) -> dict[str, Any]:
    """The content of application.yaml of additional documents: whose they are, and which."""
    names, given = ("family-name", "given-name"), submission.draft.answers
    return {
        **_head(submission),
        "marks": [],
        "choices": [],
        "answers": {name: given[name] for name in names if given.get(name)},
        "files": [_file(submission.assessment, *named) for named in submission.files()],
        "rules": submission.assessment.book.version,
    }


def apart(book: Rulebook, whole: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The content of application.yaml as the committee may read it, and what is kept apart from it: answers
    that are restricted, and why a link was given late. `together` is its opposite."""
    names = book.application.restricted()
    kept: dict[str, Any] = {"answers": {n: value for n, value in whole["answers"].items() if n in names}}
    shown = {**whole, "answers": {n: value for n, value in whole["answers"].items() if n not in names}}
    if whole.get("late"):
        kept["late"] = whole["late"]
        shown["late"] = {**whole["late"], "reason": ""}
    return shown, kept


def receipt(record: dict[str, Any]) -> str:
    """RECEIPT.txt: what was received and when, in a form that a student can keep."""
    person = person_names.full(record["answers"])
    asked = record.get("answers_to")
    what = "an application for exchange studies"
    if asked:
        correction = asked["round"].startswith("correction")
        what = f"{'a correction of' if correction else 'additional documents for'} {what}"
    lines = [
        f"{record['institution']}: receipt of {what}",
        *(["REHEARSAL: this is not an application."] if record["rehearsal"] else []),
        "",
        f"Reference:  {record['reference']}",
        f"Applicant:  {person}",
        f"Call:       {record['call']}",
        f"Received:   {languages.moment(moment(record), seconds=True)}",
        *([f"First sent: {languages.moment(first_sent(record), seconds=True)}"] if asked else []),
        *(f"Choice {n}:   {c['partner']}: {c['programme']}" for n, c in enumerate(record["choices"], 1)),
        "",
        "Files, each with its size in bytes and its SHA-256:",
    ]
    for file in record["files"]:
        lines += ["", f"  {file['document']}", f"    {file['original_name']}, {file['size']} bytes"]
        lines.append(f"    {file['sha256']}")
    return "\n".join(lines) + "\n"


def language_proof(given: dict[str, Any]) -> str:
    """The proof of language and its score, in a word: IELTS 6.5."""
    proof = given.get("language-proof", "")
    if proof == "statement":
        return f"Statement {given.get('statement-level', '').upper()}".strip()
    of = " of 6" if proof == "toefl" and given.get("toefl-scale") == "new" else ""
    return f"{proof.upper()} {given.get(f'{proof}-score', '')}{of}".strip()


def moment(record: dict[str, Any]) -> datetime.datetime:
    """When what a record holds was received, in the institution's time zone."""
    zone = zoneinfo.ZoneInfo(record["time_zone"])
    return datetime.datetime.fromisoformat(record["submitted"]).astimezone(zone)


def first_sent(record: dict[str, Any]) -> datetime.datetime:
    """When the application of a record was first received, in the institution's time zone."""
    asked = record.get("answers_to") or {"first_submitted": record["submitted"]}
    zone = zoneinfo.ZoneInfo(record["time_zone"])
    return datetime.datetime.fromisoformat(asked["first_submitted"]).astimezone(zone)


def _head(submission: Submission) -> dict[str, Any]:
    assessment = submission.assessment
    asked = assessment.asked
    return {
        "reference": submission.reference,
        "rehearsal": submission.rehearsal,
        "institution": str(assessment.book.catalogue.institution.name),  # in English alone
        "call": assessment.call.id,
        "submitted": submission.now.isoformat(timespec="seconds"),
        "time_zone": assessment.book.catalogue.calls.time_zone,
        "answers_to": {
            "round": asked.id,
            "asked": asked.asked,
            "message": asked.message,
            "first_submitted": submission.first,
        }
        if asked
        else None,
    }


def _marks(submission: Submission) -> list[str]:
    assessment, draft = submission.assessment, submission.draft
    found = completeness.marks(assessment.call, assessment.choices) + _papers_marks(submission)
    found += _files_marks(submission)
    if draft.late and not assessment.asked:
        found.append(str(said("late, by leave of the office")))
    if assessment.book.catalogue.settings.mail_domains and not draft.confirmed:
        found.append(str(said("e-mail address not confirmed: no link mailed to it was opened")))
    return found


def _choice(offer: Offer, findings: tuple[Finding, ...]) -> dict[str, Any]:
    return {
        "id": offer.id,
        "partner": str(offer.partner.name),
        "programme": str(offer.programme.name),
        "agreement": offer.agreement.status,
        "findings": [
            {
                "rule": f.rule,
                "verdict": f.verdict,
                "needed": str(f.needed),
                "given": str(f.given),
                "says": str(f.sentence),
            }
            for f in findings
        ],
    }


def _file(assessment: Assessment, file: KeptFile, slot: Slot, name: str) -> dict[str, Any]:
    return {
        "file": f"data/{name}",
        "slot": slot.id,
        "document": str(slot.name),
        "original_name": file.name,
        "kind": file.kind,
        "size": file.size,
        "sha256": file.sha256,
        "received": file.received,
        **({"pages": file.pages, "blank": None if file.unseen else file.blank} if file.pages else {}),
        **({"active": list(file.active)} if file.active else {}),
        **({"recovered": True} if file.recovered else {}),
        **({"unscanned": True} if file.unscanned else {}),
        **({"unseen": True} if file.unseen else {}),
        **({"pictures": list(file.pictures)} if file.pictures else {}),
        **({"unshown": True} if file.unshown else {}),
        **_signed(assessment, file, slot),
    }


def _signed(assessment: Assessment, file: KeptFile, slot: Slot) -> dict[str, Any]:
    """Of a signed form: whether its paper says what was answered, and by which hashes that is told."""
    found = assessment.verdicts.get(file.id)
    if found is None:
        return {}
    differences = [
        {"question": str(each.label), "on_paper": _NOT_TOLD, "given": _NOT_TOLD}
        if each.restricted
        else {"question": str(each.label), "on_paper": each.on_paper, "given": each.given}
        for each in found.differences
    ]
    return {
        "signed_for": {
            "form": slot.form,
            "now": found.now,
            "when_received": file.answers or None,
            "on_paper": file.on_paper or None,
            "says": str(found.stale) if found.stale else None,
            "differences": differences,
        }
    }


def _warnings(submission: Submission) -> list[dict[str, str | None]]:
    """What was asked before sending, and what the applicant said to it."""
    return [
        {
            "id": warning.id,
            "about": str(warning.title),
            "says": str(warning.says),
            "answer": submission.draft.remarks.get(warning.id),
        }
        for warning in submission.assessment.concerns
    ]


def _papers_marks(submission: Submission) -> list[str]:
    found = submission.assessment.signed
    slots = {file.id: slot.name for file, slot, _ in submission.files()}
    marks = [
        said("signed paper does not match the answers: %(document)s", document=slots[file])
        for file in found
        if file in slots
    ]
    return [str(mark) for mark in marks]


def _files_marks(submission: Submission) -> list[str]:
    """What the office should know before it opens a file."""
    found = []
    for file, slot, _ in submission.files():
        name = slot.name
        if file.active:
            what = ", ".join(file.active)
            found.append(said("active content (%(what)s): %(document)s", what=what, document=name))
        if file.recovered:
            found.append(said("damaged, and mended to be read: %(document)s", document=name))
        if file.unscanned:
            found.append(said("not checked for viruses: %(document)s", document=name))
        if file.unseen:
            found.append(said("pages not looked at: %(document)s", document=name))
        if file.unshown:
            found.append(said("cannot be shown in the dossier: %(document)s", document=name))
        if file.pictures:
            about = {"pages": ", ".join(map(str, file.pictures)), "document": name}
            one = said("page %(pages)s shown as picture in the dossier: %(document)s", **about)
            many = said("pages %(pages)s shown as picture in the dossier: %(document)s", **about)
            found.append(many if len(file.pictures) > 1 else one)
    return [str(mark) for mark in found]
