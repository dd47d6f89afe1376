"""The sending university, its office, what the office switches, and where facts were read."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from mobility.yamlfiles.field_types import (
    BaseUrl,
    CallId,
    CountryCode,
    Domain,
    Email,
    Line,
    SeenDay,
    Strict,
    Url,
)
from mobility.yamlfiles.translated_words import LineOfWords

Fact = Literal[
    "agreement", "levels", "fields", "languages", "requirements", "deadlines", "semesters", "ects",
    "costs", "notes", "documents", "questions", "programmes",
]  # fmt: skip


Months = Annotated[int, Field(ge=1, le=600)]


class Source(Strict):
    """Where a fact was read: an address or, for the office's own papers, a title; and the day it was seen."""

    url: Url | None = None
    title: LineOfWords | None = None
    seen: SeenDay
    dated: Line | None = None
    states: tuple[Fact, ...] = ()


class Office(Strict):
    """The department that takes the applications."""

    name: LineOfWords
    short_name: LineOfWords
    email: Email | None = None
    phone: Line | None = None
    address: LineOfWords | None = None
    hours: LineOfWords | None = None


class LegalFrame(Strict):
    """The rules of the ministry under which students are sent."""

    title: LineOfWords
    url: Url


class Point(Strict):
    """What two pages say differently. `setting`: what the office changes to follow the other page; None:
    nothing here depends on it."""

    about: LineOfWords
    followed: LineOfWords
    other: LineOfWords
    setting: Line | None = None


class Contradiction(Strict):
    """Two pages that contradict each other on what the institution asks: the one that site and portal follow,
    and the other, until the office says which holds, and takes this away."""

    followed: Source
    other: Source
    points: tuple[Point, ...] = Field(min_length=1)


class Institution(Strict):
    """The sending university."""

    name: LineOfWords
    short_name: LineOfWords
    country: CountryCode
    city: LineOfWords
    website: Url
    page: Url
    office: Office
    legal_frame: LegalFrame
    contradictions: tuple[Contradiction, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)

    @property
    def domain(self) -> str:
        """Of its website: makes ids in feeds its own (RFC 7986, RFC 4151)."""
        return str(urlsplit(self.website).hostname)


class Settings(Strict):
    """What the office switches."""

    unconfirmed_partners: Literal["show", "hide"] = "show"
    portal: BaseUrl = "/apply/"
    address: BaseUrl | None = None
    """Where the site stands for the world: for what must name whole addresses (sitemap, feeds, mail)."""
    security_contact: Email | None = None
    """Whom to write to who finds a hole in site or portal."""
    mail_domains: tuple[Domain, ...] = ()
    """Where an applicant's address must be; none: anywhere."""
    keep_months: Months | None = None
    """How long after its closing the applications of a call are kept; none: nothing says."""
    keep_months_of: dict[CallId, Months] = Field(default_factory=dict)
    """The same for single calls."""
