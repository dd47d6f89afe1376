"""Warnings on an application that may be sent nevertheless: names, dates, files that look wrong. Each can be
answered, and the answer goes to the office with the application.
"""

import datetime
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from anyascii import anyascii

from mobility.applications import completeness, unlikely_answers
from mobility.applications.contradictory_answers import as_date
from mobility.applications.drafts import Draft
from mobility.applications.kept_files import KeptFile
from mobility.applications.signed_forms import Verdict
from mobility.catalogue import eligibility, email_typos, toefl
from mobility.catalogue.calls import Call
from mobility.catalogue.documents import Slot
from mobility.catalogue.gpa import format_gpa, gpa_rule
from mobility.catalogue.partners import Offer
from mobility.catalogue.plain_text import plain
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Said, Translatable, said

MOST_REMARK = 1000
"""Characters of an answer to a warning."""
BEYOND_RETURN = 6
"""Months that a passport should still be valid after the return, as many hosts and consulates ask."""
TEST_YEARS = 2
"""For so long IELTS and TOEFL stand by their results (ielts.org, ets.org/toefl)."""
ARRIVES = {"autumn": (9, 1), "spring": (2, 1)}
RETURNS = {"autumn": (1, 31), "spring": (7, 31)}
"""About when a term begins and ends, month and day, where no dates are planned. Ours: hosts differ."""
_LEAST_ALIKE, _SHORTEST = 0.65, 4
"""How alike a name in Latin letters is to how its Cyrillic one is spelled: passports are at 0.75 and more,
other names with the same ending at 0.6. Names of three letters (Lee, Ли) tell nothing."""
_TRANSCRIPT, _LETTER = "transcript", "recommendation"


@dataclass(frozen=True)
class Concern:
    """A warning. `id`: the same for the same matter at any time. `slot` or `field`: where it is mended."""

    id: str
    says: Said
    title: Translatable
    slot: str | None = None
    field: str | None = None


def of(
    book: Rulebook,
    call: Call,
    draft: Draft,
    chosen: Iterable[Offer],
    slots: Iterable[Slot],
    papers: Mapping[str, Verdict],
) -> list[Concern]:
    """All warnings on a draft, in the order in which the applicant meets what they are about. `chosen`: the
    offers that it wishes for; `slots`: the documents that it owes."""
    labels = {field.id: field.label for field in book.application.fields()}
    return [
        *_names(draft.answers, labels),
        *_unlikely(book, call, draft.answers, labels),
        *_email(book, draft.answers, labels),
        *_passport(call, draft.answers, labels),
        *_gpa(book, draft.answers, labels),
        *_hosts(book, chosen, draft.answers),
        *_test(call, draft.answers, labels),
        *_files(slots, draft, papers),
    ]


def tidy(remark: str) -> str:
    """An answer to a warning as it is kept: trimmed, no control characters, not endless."""
    return plain(remark).strip()[:MOST_REMARK]


def plan(call: Call, given: Mapping[str, Any]) -> tuple[datetime.date, datetime.date]:
    """When the applicant arrives at the host and returns: as planned, else about when the term is."""
    month, day = ARRIVES[call.term]
    arrives = as_date(given.get("planned-from")) or datetime.date(call.year, month, day)
    year = given.get("exchange-length") == "year"
    last = call.term if not year else "spring" if call.term == "autumn" else "autumn"
    month, day = RETURNS[last]
    returns = datetime.date(call.year + (call.term == "autumn" or year), month, day)
    return arrives, as_date(given.get("planned-until")) or returns


def _names(given: Mapping[str, Any], labels: Mapping[str, Any]) -> Iterator[Concern]:
    """Names in Latin letters against those in Cyrillic."""
    latin = {part: _plain(given.get(f"{part}-name")) for part in ("family", "given")}
    native = {part: _plain(given.get(f"{part}-name-native")) for part in ("family", "given")}
    if all((*latin.values(), *native.values())):
        crossed = min(_alike(latin["family"], native["given"]), _alike(latin["given"], native["family"]))
        if crossed > max(_alike(latin[part], native[part]) for part in latin):
            says = said("Family name and given names seem to have changed places.")
            yield Concern("names-crossed", says, labels["family-name"], field="family-name")
            return
    for part in ("family", "given"):
        long = min(len(latin[part]), len(native[part])) >= _SHORTEST
        if long and _alike(latin[part], native[part]) < _LEAST_ALIKE:
            field = f"{part}-name"
            says = said(
                "“%(latin)s” and “%(native)s” do not look like one name. In Latin letters it must stand as "
                "in your passport, and the same in every document.",
                latin=given[field],
                native=given[f"{field}-native"],
            )
            yield Concern(f"{field}-differs", says, labels[field], field=field)


def _unlikely(
    book: Rulebook, call: Call, given: Mapping[str, Any], labels: Mapping[str, Any]
) -> Iterator[Concern]:
    begins = datetime.date(call.year, *ARRIVES[call.term])
    found = list(unlikely_answers.doubts(completeness.asked(book, given), begins))
    for field, label in labels.items():
        for doubt in found:
            if doubt.field == field:
                yield Concern(doubt.id, doubt.says, label, field=field)


def _email(book: Rulebook, given: Mapping[str, Any], labels: Mapping[str, Any]) -> Iterator[Concern]:
    """A likely slip in an address; asked where links go to it, too (`portal.apply.links`)."""
    own = (book.catalogue.institution.domain, *book.catalogue.settings.mail_domains)
    if meant := email_typos.likely_meant(str(given.get("email") or ""), own):
        says = said("The address is %(given)s. Did you mean %(meant)s?", given=given["email"], meant=meant)
        yield Concern("email-slip", says, labels["email"], field="email")


def _passport(call: Call, given: Mapping[str, Any], labels: Mapping[str, Any]) -> Iterator[Concern]:
    field = "passport-valid-until"
    ends = as_date(given.get(field))
    _, returns = plan(call, given)
    needed = _months_after(returns, BEYOND_RETURN)
    if field in labels and ends and ends < needed:
        says = said(
            "Your passport ends on %(ends)s. You return about %(returns)s, and many hosts and consulates ask "
            "that it is valid six months longer, until %(needed)s. Ask for a new one in time.",
            ends=ends,
            returns=returns,
            needed=needed,
        )
        yield Concern("passport-ends", says, labels[field], field=field)


def _gpa(book: Rulebook, given: Mapping[str, Any], labels: Mapping[str, Any]) -> Iterator[Concern]:
    """The institution's own numbers; what a host asks beyond them, `_hosts` says."""
    gpa, rule = eligibility.profile(given).gpa, gpa_rule(book.catalogue.requirements)
    if gpa is None or rule.selects(gpa):
        return
    numbers = {"given": format_gpa(gpa)}
    if not rule.accepts(gpa):
        says = said(
            "A transcript with a GPA under %(needed)s is not accepted; yours is %(given)s.",
            needed=format_gpa(rule.transcript),
            **numbers,
        )
        yield Concern("gpa-not-accepted", says, labels["gpa"], field="gpa")
    else:
        says = said(
            "Below the selection criterion: GPA %(given)s, at least %(needed)s is needed. "
            "Your application is received and marked so.",
            needed=format_gpa(rule.selection),
            **numbers,
        )
        yield Concern("gpa-below", says, labels["gpa"], field="gpa")


def _hosts(book: Rulebook, chosen: Iterable[Offer], given: Mapping[str, Any]) -> Iterator[Concern]:
    """What a chosen host asks and is not there."""
    wishes = {given.get(f.id): f for f in reversed(list(book.application.fields())) if f.type == "offer"}
    for offer in chosen:
        for finding in completeness.findings(book, offer, given):
            own = finding.asked_by == "host" or finding.rule in ("language", "level", "year")
            if own and finding.verdict in ("below", "not_met"):
                title = said(
                    "%(question)s: %(host)s", question=wishes[offer.id].label, host=offer.partner.name
                )
                yield Concern(
                    f"{finding.rule}-{offer.id.replace('/', '-')}",
                    finding.sentence,
                    title,
                    field=wishes[offer.id].id,
                )


def _test(call: Call, given: Mapping[str, Any], labels: Mapping[str, Any]) -> Iterator[Concern]:
    field = "language-date"
    proof, taken = given.get("language-proof"), as_date(given.get(field))
    arrives, _ = plan(call, given)
    if field in labels and given.get("toefl-scale") == "new" and taken and taken < toefl.SINCE:
        says = said(
            "A TOEFL of %(taken)s has a total of 0 to 120; those of 1 to 6 are since %(since)s.",
            taken=taken,
            since=toefl.SINCE,
        )
        yield Concern("toefl-scale", says, labels[field], field=field)
    if (
        field in labels
        and proof in ("ielts", "toefl")
        and taken
        and _months_after(taken, 12 * TEST_YEARS) < arrives
    ):
        says = said(
            "%(test)s results count for two years. Yours of %(taken)s will be older when you arrive, about "
            "%(arrives)s: the host may not take it.",
            test=proof.upper(),
            taken=taken,
            arrives=arrives,
        )
        yield Concern(
            "test-too-old",
            says,
            labels.get("language-date", said("Proof of language")),
            field="language-date",
        )


def _files(slots: Iterable[Slot], draft: Draft, papers: Mapping[str, Verdict]) -> Iterator[Concern]:
    held = [(slot, file) for slot in slots for file in draft.in_slot(slot.id)]
    for slot, file in held:
        paper = papers.get(file.id)
        if paper and paper.stale:
            yield _about(slot, "stale", said("%(sentence)s.", sentence=paper.stale))
        if file.blank:
            yield _about(slot, "blank", said("%(file)s looks empty. Open it and see.", file=file.name))
        elif slot.id == _TRANSCRIPT and file.pages == 1:
            yield _about(
                slot,
                "one-page",
                said("It has only one page. Are the other pages of your transcript missing?"),
            )
        if file.unshown:
            yield _about(
                slot,
                "unshown",
                said(
                    "We cannot show %(file)s to the committee: drawing its pages fails, or takes too much "
                    "time or memory. Print it to PDF or scan it again, and upload that.",
                    file=file.name,
                ),
            )
    for (slot, file), (other, same) in itertools.combinations(held, 2):
        if file.sha256 == same.sha256:
            yield _about(other, f"same-as-{slot.id}", _same(slot, other, same))


def _same(slot: Slot, other: Slot, file: KeptFile) -> Said:
    if slot.id.startswith(_LETTER) and other.id.startswith(_LETTER):
        return said("The two letters are one and the same file. They must come from two different people.")
    if slot.id == other.id:
        return said("%(file)s is here twice.", file=file.name)
    return said("This is the same file as in “%(document)s”.", document=slot.name)


def _about(slot: Slot, matter: str, says: Said) -> Concern:
    return Concern(f"{slot.id}-{matter}", says, slot.name, slot=slot.id)


def _months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later; the last of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - datetime.timedelta(days=1)).day
    return datetime.date(year, month + 1, min(day.day, last))


def _plain(name: Any) -> str:
    return re.sub(r"[^a-z]", "", anyascii(name or "").lower())


def _alike(one: str, other: str) -> float:
    """From 0 to 1; the first of several names is enough, since not every paper has the father's."""
    shorter = min(len(one), len(other))
    whole = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return max(whole, SequenceMatcher(None, one[:shorter], other[:shorter], autojunk=False).ratio())
