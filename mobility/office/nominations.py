"""What goes to a host: the sheet of nominated students (XLSX, CSV, PDF), and their documents as a ZIP.

On the sheet is only who was told of a nomination there, and did not decline, withdraw or be refused. What is
given out is a copy that nobody can call back: the journal keeps of whom, to which host, and by whom.
"""

import re
import zipfile
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, get_args

from mobility import storage
from mobility.applications import bags, journal, record, review, search, spreadsheets, submissions
from mobility.applications.bags import Bag
from mobility.applications.decisions import Decided
from mobility.applications.review import NotPossible, Unreadable
from mobility.catalogue.answer_text import answer_text
from mobility.catalogue.calls import Call
from mobility.catalogue.partners import Partner
from mobility.i18n import languages
from mobility.i18n.languages import said
from mobility.office.desk import Desk, call_named
from mobility.pdfforms import render
from mobility.pdfforms.field_font import printable_text

Kind = Literal["xlsx", "csv", "pdf"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MEDIA_TYPES: dict[Kind, str] = {"xlsx": spreadsheets.XLSX, "csv": "text/csv", "pdf": "application/pdf"}
_TEMPLATE = Path(__file__).parent / "nominations.typ"
_WITHDRAWN = ("withdrawn", "withdrawn, to be erased")
_ASKED = {
    "Family name": "family-name",
    "Given names": "given-name",
    "Date of birth": "birth-date",
    "Sex": "sex",
    "Citizenship": "citizenship",
    "E-mail": "email",
    "Phone": "phone",
    "Level": "level",
    "Study programme": "study-programme",
    "Year of study": "year",
    "GPA": "gpa",
}
"""Columns of the sheet that are answers, as the applicant gave them."""
_IN_PDF = {
    "Name as in passport": ("Family name", "Given names"),
    "Born, sex, citizenship": ("Date of birth", "Sex", "Citizenship"),
    "E-mail, phone": ("E-mail", "Phone"),
    "Studies": ("Study programme", "Level", "Year of study", "GPA"),
    "Language": ("Language proof",),
    "Exchange": ("Programme", "Term", "Length"),
    "Reference": ("Reference",),
}
"""What stands together in a column of the PDF: as many as the sheet has do not fit on paper."""


@dataclass(frozen=True)
class Nominated:
    """A student who was told of a nomination to a host. `bags`: what counts of the application; `state`:
    where it stands, in a word."""

    bags: tuple[Bag, ...]
    decided: Decided
    name: str
    state: str

    @property
    def reference(self) -> str:
        return self.bags[0].reference

    @property
    def goes(self) -> bool:
        """Whether the host is asked to take the student: not declined, withdrawn or refused."""
        return self.decided.holds is not None and self.state not in _WITHDRAWN


@dataclass(frozen=True)
class Enclosure:
    """A kind of document that can go into a pack. `personal`: it holds more than a host asks for, such as
    passport number or address."""

    slot: str
    name: str
    personal: bool


def host(desk: Desk, partner: str) -> Partner:
    """The partner with an id. Raises NotPossible."""
    found = next((each for each in desk.book.catalogue.partners if each.id == partner), None)
    if found is None:
        raise NotPossible(said("there is no partner %(partner)s in partners.yaml", partner=partner))
    return found


def nominated(desk: Desk, partner: str, call: str) -> list[Nominated]:
    """Who of a call was told of a nomination to a host, in the order of references; whoever declined,
    withdrew or was refused, too."""
    found = []
    for each in search.nominated(desk.instance, call, partner):
        try:
            told = review.standing(desk.instance, call, each.reference).told
        except Unreadable:  # Today counts and names it
            continue
        programme = (told.decision.programme or "") if told else ""
        if told and told.decision.outcome == "nominated" and programme.partition("/")[0] == partner:
            versions = bags.that_count(submissions.find(desk.instance, each.reference))
            found.append(Nominated(tuple(versions), told, each.name, each.state))
    return found


def enclosures(desk: Desk, found: Iterable[Nominated]) -> list[Enclosure]:
    """The kinds of documents that those who go have, in the order of the documents; of an application that
    cannot be read, none."""
    own_form = {spec.id for spec in desk.book.documents if spec.form == desk.book.application.id}
    kinds: dict[str, Enclosure] = {}
    for each in found:
        with suppress(Unreadable):
            for bag, file in _files(each) if each.goes else ():
                personal = bag.is_restricted(file) or file["slot"] in own_form
                kinds.setdefault(file["slot"], Enclosure(file["slot"], file["document"], personal))
    return list(kinds.values())


@dataclass(frozen=True)
class Copy:
    """What goes out of one student, as the journal keeps it once it is there."""

    event: str
    reference: str
    facts: dict[str, str]


def keep_in_journal(desk: Desk, copies: Iterable[Copy]) -> None:
    """Records what was made, for whoever has it in place now."""
    for each in copies:
        journal.record(desk.instance, desk.now, each.event, each.reference, **each.facts, by=desk.by)


def sheet(desk: Desk, partner: str, call_id: str, kind: Kind) -> tuple[bytes, list[Copy]]:
    """The sheet of a host for a call, and what to keep in the journal of it. Raises NotPossible."""
    found, there, call = _going(desk, partner, call_id)
    facts = {"host": partner, "kind": kind}
    copies = [Copy("sheet made", each.reference, facts) for each in found]
    return _written(desk, there, call, table(desk, found, call), kind), copies


def pack(desk: Desk, partner: str, call_id: str, slots: Collection[str], out: IO[bytes]) -> list[Copy]:
    """Writes a ZIP of the sheet and the documents of some kinds, a folder for each student; what to keep in
    the journal of it. Nothing restricted is in it but what is named. Raises NotPossible."""
    found, there, call = _going(desk, partner, call_id)
    known = [kind.slot for kind in enclosures(desk, found)]
    if not slots:
        raise NotPossible(said("name the documents that go into the pack: %(known)s", known=", ".join(known)))
    if strange := [slot for slot in slots if slot not in known]:
        raise NotPossible(
            said('there is no document "%(name)s": %(known)s', name=strange[0], known=", ".join(known))
        )
    chosen = [(each, bag, file) for each in found for bag, file in _files(each) if file["slot"] in slots]
    for each, bag, file in chosen:
        if storage.digest(_path(bag, file)) != file["sha256"]:
            raise NotPossible(
                said(
                    "%(reference)s: %(file)s was changed after it was sealed",
                    reference=each.reference,
                    file=file["file"],
                )
            )
    copies = []
    for each in found:
        given = ", ".join(dict.fromkeys(file["slot"] for whose, _, file in chosen if whose is each))
        copies.append(Copy("pack made", each.reference, {"host": partner, "documents": given}))
    cells = table(desk, found, call)
    with zipfile.ZipFile(out, "w") as archive:  # what is in it is packed already
        for kind in KINDS:
            archive.writestr(file_name(partner, call_id, kind), _written(desk, there, call, cells, kind))
        for _, bag, file in chosen:
            source = _path(bag, file)
            archive.write(source, f"{bag.home.name}/{_later(bag)}{source.name}")
    return copies


def table(desk: Desk, found: Iterable[Nominated], call: Call) -> list[list[str]]:
    """The sheet as cells, its head first, in English."""
    fields = {field.id: field for field in desk.book.application.fields()}
    offers = {offer.id: offer for offer in desk.book.catalogue.offers()}
    rows = [[*_ASKED, "Language proof", "Programme", "Term", "Length", "Reference"]]
    for each in found:
        given = each.bags[0].record()["answers"]
        wish = each.decided.decision.programme or ""
        length = answer_text(fields["exchange-length"], given.get("exchange-length"), "en", {})
        rows.append(
            [
                *(answer_text(fields[name], given.get(name), "en", {}) for name in _ASKED.values()),
                record.language_proof(given),
                offers[wish].programme.name if wish in offers else wish,
                call.name.to("en"),
                length,
                each.reference,
            ]
        )
    return rows


def file_name(partner: str, call: str, kind: str) -> str:
    """What a sheet or a pack is called."""
    return f"nominations-{partner}-{call}.{kind}"


def _going(desk: Desk, partner: str, call_id: str) -> tuple[list[Nominated], Partner, Call]:
    there = host(desk, partner)
    call = call_named(desk, call_id)
    found = [each for each in nominated(desk, partner, call_id) if each.goes]
    if not found:
        raise NotPossible(
            said("nobody of %(call)s was told of a nomination to %(host)s", call=call_id, host=there.name)
        )
    return found, there, call


def _files(each: Nominated) -> Iterable[tuple[Bag, dict[str, Any]]]:
    return ((bag, file) for bag in each.bags for file in bag.record()["files"])


def _path(bag: Bag, file: dict[str, Any]) -> Path:
    return storage.inside(bag.folder, *str(file["file"]).split("/"))


def _later(bag: Bag) -> str:
    """The folder of later documents, whose numbers begin anew."""
    return f"{bag.version}/" if re.match("additional", bag.version) else ""


def _written(desk: Desk, there: Partner, call: Call, cells: list[list[str]], kind: Kind) -> bytes:
    if kind == "csv":
        return spreadsheets.as_csv(cells).encode()
    if kind == "xlsx":
        return spreadsheets.as_xlsx(cells, call.id, ("GPA",))
    ours, head = desk.book.catalogue.institution, cells[0]
    rows = [
        [[_labelled(name, row[head.index(name)]) for name in names] for names in _IN_PDF.values()]
        for row in cells[1:]
    ]
    page = {
        "institution": ours.name,
        "office": ", ".join(filter(None, (ours.office.name, ours.office.email))),
        "title": f"Nominations to {there.name}",
        "term": f"{call.name.to('en')}; written on {languages.moment(desk.now)}",
        "rehearsal": desk.rehearsal,
        "head": list(_IN_PDF),
        "rows": rows,
    }
    return render.typeset(_TEMPLATE, _drawable(page))


def _labelled(name: str, cell: str) -> str:
    """A cell with its name, where it does not tell by itself what it is."""
    return f"{name}: {cell}" if cell and name in ("Year of study", "GPA") else cell


def _drawable(value: Any) -> Any:
    """The same values, with every text such that the fonts can show it."""
    match value:
        case str():
            return printable_text(value)
        case dict():
            return {key: _drawable(each) for key, each in value.items()}
        case list():
            return [_drawable(each) for each in value]
    return value
