"""Models of `partners.yaml`: requirements, calls, partners, programmes, and what a student can choose."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from mobility.catalogue.institution import Institution, Settings, Source
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
    Seats,
    SeenDay,
    Strict,
    Term,
    TimeZone,
    Toefl,
    Translated,
    Url,
    YearlyDay,
    YearOf,
    YearOfStudy,
    invalid,
    opens_before_closing,
)
from mobility.yamlfiles.translated_words import LineOfWords, ProseOfWords


class FurtherProof(Strict):
    """A proof of language that the institution takes beside IELTS, TOEFL and its statement, such as a test of
    its own: an answer of the application form, and an upload slot. `cefr`: the level for which it stands;
    where none is named, only the office can say whether it is enough for a host that asks a level."""

    id: Id
    name: Translated
    help: Translated | None = None
    cefr: Cefr | None = None


class Defaults(Strict):
    """What every applicant must meet unless a host asks more. GPA on the institution's own scale.
    `years_of_study`: the years in which one may apply, by level; a level that is not named: in any."""

    gpa_scale: Gpa
    min_gpa: Gpa
    min_gpa_transcript: Gpa
    ielts: Ielts
    ielts_up_to: Ielts
    toefl: Toefl
    toefl_up_to: Toefl
    statement: bool
    further_proofs: tuple[FurtherProof, ...] = ()
    years_of_study: dict[Level, Annotated[tuple[YearOfStudy, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
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
    kind: LineOfWords | None = None
    valid_until: Day | None = None
    source: LineOfWords | None = None
    seen: SeenDay | None = None

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

    autumn: LineOfWords | None = None
    spring: LineOfWords | None = None


class HostDocument(Strict):
    """A document that the host asks of our student beyond the common list: with the application, or
    (the default) after nomination. `restricted`: not for the committee, as are all of after the
    nomination."""

    name: LineOfWords
    stage: Literal["application", "nomination"] = "nomination"
    required: bool = True
    restricted: bool = False
    help: ProseOfWords | None = None


def _named(value: Any) -> Any:
    if isinstance(value, int | float):
        raise invalid("must be text: put quotes around it")
    return {"name": value} if isinstance(value, str) else value


HostDocuments = tuple[
    Annotated[HostDocument, BeforeValidator(_named, json_schema_input_type=Line | HostDocument)], ...
]


class Link(Strict):
    """A page of the host worth reading."""

    title: LineOfWords
    url: Url


class Question(Strict):
    """What students asked about a host, and the answer."""

    ask: LineOfWords
    answer: ProseOfWords


class Terms(Strict):
    """What partner and programme both may say; a programme's own word comes before its partner's."""

    levels: tuple[Level, ...] = ()
    fields: tuple[LineOfWords, ...] = ()
    languages: tuple[LanguageCode, ...] = ()
    requirements: Requirements = Requirements()
    deadlines: Deadlines = Deadlines()
    semesters: Semesters = Semesters()
    ects: Ects | None = None
    costs: ProseOfWords | None = None
    notes: ProseOfWords | None = None
    documents: HostDocuments = ()
    links: tuple[Link, ...] = ()


class Programme(Terms):
    """One thing to apply for at a host. Empty or None: no source says."""

    id: Id
    name: LineOfWords
    length: tuple[Length, ...] = ()
    terms: tuple[Term, ...] = ()
    seats: Seats | None = None
    agreement: Agreement | None = None


class Partner(Terms):
    """A host institution and its programmes. `also`: other spellings of its name, for the search alone."""

    id: Id
    name: LineOfWords
    also: tuple[Line, ...] = ()
    country: CountryCode
    city: LineOfWords
    website: Url | None = None
    agreement: Agreement
    questions: tuple[Question, ...] = ()
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

    def known_partners(self, today: datetime.date) -> int:
        """How many of the shown partners a public page names or the office confirms, but for those whose
        agreement ran out."""
        return sum(
            p.agreement.status != "unconfirmed" and not p.agreement.expired(today)
            for p in self.visible_partners()
        )

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
