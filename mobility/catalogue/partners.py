"""Models of `partners.yaml` (requirements, calls, partners, programmes), and loading it with checks."""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from mobility.catalogue.institution import Institution, Settings, Source
from mobility.yamlfiles import errors, reader
from mobility.yamlfiles.field_types import (
    CallId,
    Cefr,
    CountryCode,
    Day,
    Ects,
    Gpa,
    Id,
    Ielts,
    LanguageCode,
    Length,
    Level,
    Line,
    MonthDay,
    Prose,
    Seats,
    Strict,
    Term,
    TimeZone,
    Toefl,
    Url,
    YearlyDay,
    YearOf,
    opens_before_closing,
)
from mobility.yamlfiles.reader import InvalidFile, Marks, Problem


class Defaults(Strict):
    """What every applicant must meet unless a host asks more. GPA on the institution's own scale."""

    gpa_scale: Gpa
    min_gpa: Gpa
    min_gpa_transcript: Gpa
    ielts: Ielts
    ielts_up_to: Ielts
    toefl: Toefl
    toefl_up_to: Toefl
    statement: bool
    sources: tuple[Source, ...] = Field(min_length=1)


class Requirements(Strict):
    """What one host or programme asks. None: no source says. `statement`: the sending university's own
    statement of language competence is taken."""

    min_gpa: Gpa | None = None
    ielts: Ielts | None = None
    toefl: Toefl | None = None
    cefr: Cefr | None = None
    statement: bool | None = None


class Window(Strict):
    """First and last day on which applications for a term are taken, every year."""

    opens: YearlyDay
    closes: YearlyDay
    _in_order = model_validator(mode="after")(opens_before_closing)


class Override(Strict):
    """Other first and last days for the call of one year."""

    opens: Day
    closes: Day
    _in_order = model_validator(mode="after")(opens_before_closing)


class Calls(Strict):
    """The rule of the calls: for which term, from when to when, in which time zone."""

    time_zone: TimeZone
    autumn: Window
    spring: Window
    grace_minutes: int = Field(default=0, ge=0, le=1440)
    """After the closing, for those who began before."""
    overrides: dict[CallId, Override] = Field(default_factory=dict)


class Agreement(Strict):
    """What is known of the agreement with a host. `named`: a public page names an exchange with the host;
    `unconfirmed`: none seen does; `confirmed`: by the office, with its own source; `cooperation`: a public
    page names a cooperation without an exchange of students, so that nobody can apply."""

    status: Literal["confirmed", "named", "unconfirmed", "cooperation"]
    kind: Line | None = None
    valid_until: Day | None = None
    source: Line | None = None
    seen: Day | None = None

    def expired(self, today: datetime.date) -> bool:
        """Whether it has run out: from the day after the last on which it is valid."""
        return self.valid_until is not None and self.valid_until < today


class TermDates(Strict):
    """A day of every year for each term."""

    autumn: YearlyDay | None = None
    spring: YearlyDay | None = None


class HostDay(NamedTuple):
    """A day of the host, and the past year that its page speaks of; None: of every year."""

    day: MonthDay
    dated: str | None


class Deadlines(Strict):
    """The host's own: until when it takes nominations from us, and applications from those nominated.
    `dated`: the past year that the source speaks of; None: the days are of every year."""

    dated: YearOf | None = None

    nomination: TermDates = TermDates()
    application: TermDates = TermDates()


class Semesters(Strict):
    """When the host teaches, in words."""

    autumn: Line | None = None
    spring: Line | None = None


class HostDocument(Strict):
    """A document that the host asks of our student beyond the common list: with the application, or
    (the default) after nomination."""

    name: Line
    stage: Literal["application", "nomination"] = "nomination"
    required: bool = True
    help: Prose | None = None


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


HostDocuments = tuple[
    Annotated[HostDocument, BeforeValidator(_named, json_schema_input_type=Line | HostDocument)], ...
]


class Link(Strict):
    """A page of the host worth reading."""

    title: Line
    url: Url


class Terms(Strict):
    """What partner and programme both may say; a programme's own word comes before its partner's."""

    levels: tuple[Level, ...] = ()
    fields: tuple[Line, ...] = ()
    languages: tuple[LanguageCode, ...] = ()
    requirements: Requirements = Requirements()
    deadlines: Deadlines = Deadlines()
    semesters: Semesters = Semesters()
    ects: Ects | None = None
    notes: Prose | None = None
    documents: HostDocuments = ()
    links: tuple[Link, ...] = ()


class Programme(Terms):
    """One thing to apply for at a host. Empty or None: no source says."""

    id: Id
    name: Line
    length: tuple[Length, ...] = ()
    terms: tuple[Term, ...] = ()
    seats: Seats | None = None
    agreement: Agreement | None = None


class Partner(Terms):
    """A host institution and its programmes. `also`: other spellings of its name, for the search alone."""

    id: Id
    name: Line
    also: tuple[Line, ...] = ()
    country: CountryCode
    city: Line
    website: Url | None = None
    agreement: Agreement
    programmes: tuple[Programme, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Offer:
    """A programme with the partner that hosts it: what a student chooses."""

    partner: Partner
    programme: Programme

    @property
    def id(self) -> str:
        """Stable and unique: partner's id, a slash, programme's id."""
        return f"{self.partner.id}/{self.programme.id}"

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.partner.name}: {self.programme.name}"

    @property
    def agreement(self) -> Agreement:
        """The programme's own agreement, else the partner's."""
        return self.programme.agreement or self.partner.agreement

    def own(self, fact: str) -> Any:
        """What the programme says of `fact`, else what the partner says."""
        mine = getattr(self.programme, fact)
        return mine if mine not in ((), None) else getattr(self.partner, fact)

    def required(self, name: str) -> Any:
        """What the host requires (`min_gpa`, `ielts` …), the higher of partner and programme: a programme may
        raise, never lower. None where no source says."""
        partner, programme = (
            getattr(self.partner.requirements, name),
            getattr(self.programme.requirements, name),
        )
        if partner is None or programme is None:
            return programme if partner is None else partner
        return max(partner, programme)

    @property
    def documents(self) -> HostDocuments:
        """The host's documents: the partner's, then the programme's."""
        return self.partner.documents + self.programme.documents

    def documents_at(self, stage: Literal["application", "nomination"]) -> HostDocuments:
        """Those that are asked with the application, or after nomination."""
        return tuple([document for document in self.documents if document.stage == stage])

    def deadline(self, stage: Literal["nomination", "application"], term: Term) -> HostDay | None:
        """The host's deadline, or None where no source says."""
        for deadlines in (self.programme.deadlines, self.partner.deadlines):
            if day := getattr(getattr(deadlines, stage), term):
                return HostDay(day, deadlines.dated)
        return None


class Catalogue(Strict):
    """All of `partners.yaml`."""

    institution: Institution
    settings: Settings = Settings()
    requirements: Defaults
    calls: Calls
    partners: tuple[Partner, ...]

    def visible_partners(self) -> tuple[Partner, ...]:
        """The partners that readers see: of an exchange, and not unconfirmed where the office hides those."""
        hidden = ["cooperation"]
        if self.settings.unconfirmed_partners == "hide":
            hidden.append("unconfirmed")
        return tuple(p for p in self.partners if p.agreement.status not in hidden)

    def awaiting_confirmation(self) -> int:
        """How many of the shown partners no public page names: they await the office's word."""
        return sum(p.agreement.status == "unconfirmed" for p in self.visible_partners())

    def cooperations(self) -> tuple[Partner, ...]:
        """The universities with which a public page names a cooperation, but no exchange of students."""
        return tuple(p for p in self.partners if p.agreement.status == "cooperation")

    def offers(self) -> Iterator[Offer]:
        """All that a student can choose, in the file's order."""
        return (
            Offer(partner, programme)
            for partner in self.visible_partners()
            for programme in partner.programmes
        )

    def offer(self, offer_id: str) -> Offer | None:
        """The offer of that id, if it is shown."""
        return next((offer for offer in self.offers() if offer.id == offer_id), None)


def load(path: Path) -> Catalogue:
    """Loads the catalogue. Raises InvalidFile with every problem of the file."""
    value, marks = reader.read(path)
    try:
        catalogue = Catalogue.model_validate(value)
    except ValidationError as error:
        found = errors.problems(error, Catalogue, marks, path.name, lambda loc: _subject(value, loc))
        raise InvalidFile(found + duplicates(value, marks, path.name)) from error
    found = duplicates(value, marks, path.name) + list(contradictions(catalogue, marks, path.name))
    if found:
        raise InvalidFile(found)
    return catalogue


def _subject(value: Any, path: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """The partner and programme that a path leads through, as messages name them, and the rest of the
    path."""
    names = []
    for kind in ("partner", "programme"):
        if len(path) < 2 or path[0] != f"{kind}s" or not isinstance(path[1], int):
            break
        value = value[path[0]][path[1]]
        said = value.get("id") or value.get("name") if isinstance(value, dict) else None
        names.append(f"{kind} {errors.quoted(said) if said else f'no. {path[1] + 1}'}")
        path = path[2:]
    return ": ".join(names), path


def duplicates(value: Any, marks: Marks, file: str) -> list[Problem]:
    """Duplicate ids of partners and programmes; found even where the rest of the file is not valid."""

    def entries(holder: Any, key: str) -> list[Any]:
        found = holder.get(key) if isinstance(holder, dict) else None
        return [e if isinstance(e, dict) else {} for e in found] if isinstance(found, tuple) else []

    def twice(items: list[Any], path: tuple[Any, ...], kind: str) -> Iterator[Problem]:
        counted = Counter(str(item.get("id")) for item in items if item.get("id") is not None)
        first: dict[str, int] = {}
        for number, item in enumerate(items):
            name = str(item.get("id"))
            line = marks.line_of((*path, number, "id"))
            if name in first:
                said = f'id "{name}" is taken by the {kind} on line {first[name]}, must be unique'
                yield Problem(file, line, f'{kind} "{name}": {said}')
            elif counted[name] > 1:
                first[name] = line

    partners = entries(value, "partners")
    found = list(twice(partners, ("partners",), "partner"))
    for number, partner in enumerate(partners):
        found += twice(entries(partner, "programmes"), ("partners", number, "programmes"), "programme")
    return found


def contradictions(catalogue: Catalogue, marks: Marks, file: str) -> Iterator[Problem]:
    """Values that contradict each other, each valid alone."""
    common = catalogue.requirements
    for low, high in (("min_gpa_transcript", "min_gpa"), ("ielts", "ielts_up_to"), ("toefl", "toefl_up_to")):
        if getattr(common, low) > getattr(common, high):
            said = f"{low} is {getattr(common, low)}, must not be above {high} ({getattr(common, high)})"
            yield Problem(file, marks.line_of(("requirements", low)), f"requirements: {said}")
    for number, partner in enumerate(catalogue.partners):
        at = ("partners", number)
        for path, agreement in _agreements(partner):
            if agreement.status == "confirmed" and not (agreement.source and agreement.seen):
                said = (
                    "agreement is confirmed, must carry source (the office's own paper) and seen (its date)"
                )
                yield Problem(file, marks.line_of((*at, *path)), f'partner "{partner.id}": {said}')
        if not partner.programmes and partner.agreement.status != "cooperation":
            said = "programmes is empty, must name what one can apply for (but for a cooperation)"
            yield Problem(file, marks.line_of(at), f'partner "{partner.id}": {said}')
        for n, source in enumerate(partner.sources):
            if not (source.url or source.title):
                said = f"sources.{n + 1} has neither url nor title, must have one"
                yield Problem(file, marks.line_of((*at, "sources", n)), f'partner "{partner.id}": {said}')


def _agreements(partner: Partner) -> Iterator[tuple[tuple[Any, ...], Agreement]]:
    yield ("agreement",), partner.agreement
    for number, programme in enumerate(partner.programmes):
        if programme.agreement:
            yield ("programmes", number, "agreement"), programme.agreement
