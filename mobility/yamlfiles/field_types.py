"""Pydantic field types of the edited YAML files: scores, ids, dates, addresses, translated text."""

import datetime
import re
import zoneinfo
from typing import Annotated, Any, Literal, NamedTuple, Protocol, TypeVar
from urllib.parse import urlsplit

from babel import Locale
from babel.core import get_global
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from mobility.i18n.languages import Language
from mobility.yamlfiles import email_addresses, strange_characters, typed_days
from mobility.yamlfiles.errors import did_you_mean

_EN = Locale("en")
COUNTRIES: dict[str, str] = {k: v for k, v in _EN.territories.items() if re.fullmatch("[A-Z]{2}", k)}
LANGUAGES: dict[str, str] = {k: v for k, v in _EN.languages.items() if re.fullmatch("[a-z]{2,3}", k)}

Term = Literal["autumn", "spring"]
Level = Literal["bachelor", "master", "doctorate"]
Length = Literal["semester", "year"]
Cefr = Literal["A1", "A2", "B1", "B2", "C1", "C2"]


class Strict(BaseModel):
    """Base of all models of edited files: unknown keys and values of another type are refused; frozen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def invalid(message: str, at: str | None = None) -> PydanticCustomError:
    """The error that a validator raises; `message` finishes the sentence '<path> is <value>, …'. `at`: the
    key of a block on whose line it is told."""
    return PydanticCustomError("invalid", "{message}", {"message": message, "at": at})


def _between(low: float, high: float, step: float | None = None) -> AfterValidator:
    every = f" in steps of {step}" if step else ""

    def check(value: float) -> float:
        if not low <= value <= high or (step and value % step):
            raise invalid(f"must be {low} to {high}{every}")
        return value

    return AfterValidator(check)


def _limits(low: float, high: float) -> Any:
    return Field(json_schema_extra={"minimum": low, "maximum": high})


Gpa = Annotated[float, _between(0, 4.0), _limits(0, 4)]
Ielts = Annotated[float, _between(0, 9.0, 0.5), _limits(0, 9)]
Toefl = Annotated[int, _between(0, 120), _limits(0, 120)]
Ects = Annotated[float, _between(0, 120), _limits(0, 120)]
Seats = Annotated[int, _between(0, 999), _limits(0, 999)]


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        plain = strange_characters.plain(value).casefold()
        meant = re.sub("[^a-z0-9]+", "-", plain).strip("-")
        such_as = f": write {meant}" if meant and plain.isascii() else ", such as warsaw-tech"
        raise invalid(f"must be small letters, digits and single hyphens{such_as}")
    if value == "index":
        raise invalid("must be another word: index is the page that lists the others")
    return value


def _line(value: str) -> str:
    if "\n" in value:
        raise invalid("must be one line")
    if not value.strip():
        raise invalid("must not be empty")
    return value


Id = Annotated[str, StringConstraints(max_length=60), AfterValidator(_id)]
Line = Annotated[str, StringConstraints(max_length=300, min_length=1), AfterValidator(_line)]
Prose = Annotated[str, StringConstraints(max_length=5000, min_length=1)]


def _country(value: str) -> str:
    if value not in COUNTRIES:
        meant = _meant(value, COUNTRIES, "territory", {"uk": "GB", "usa": "US"})
        raise invalid(f"must be a country's two letters (ISO 3166), such as KZ{meant}")
    return value


def _language(value: str) -> str:
    if value not in LANGUAGES:
        meant = _meant(value, LANGUAGES, "language", _COUNTRY_FOR_LANGUAGE)
        raise invalid(f"must be a language's two letters (ISO 639), such as en{meant}")
    return value


_COUNTRY_FOR_LANGUAGE = {"kz": "kk", "ua": "uk", "cn": "zh", "jp": "ja", "cz": "cs", "gb": "en", "gr": "el"}
"""Languages by the letters of their country, which people put for them."""


def _meant(
    typed: str, names: dict[str, str], kind: Literal["territory", "language"], others: dict[str, str]
) -> str:
    """The code of `names` that was meant by a name in any of our languages, by three letters, by small or
    capital ones, or by look-alikes."""
    known = {word.casefold(): code for code, name in names.items() for word in (name, code)}
    for locale in (Locale("ru"), Locale("kk")):
        told = locale.territories if kind == "territory" else locale.languages
        known |= {name.casefold(): code for code, name in told.items() if code in names}
    aliases = get_global(f"{kind}_aliases")  # type: ignore[arg-type]
    for alias, codes in aliases.items():
        code = codes if isinstance(codes, str) else codes[0]
        if code in names:
            known.setdefault(alias.casefold(), code)
    known |= others
    code = known.get(typed.strip().casefold()) or known.get(strange_characters.plain(typed).casefold())
    return f", did you mean {code}?" if code else ""


def _has_host(value: str) -> bool:
    try:
        return bool(urlsplit(value).hostname)
    except ValueError:  # a bracket that is not closed
        return False


def _url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#<>\"'`\\]+[^\s<>\"'`\\]*", value):
        if re.match("https?://", value):
            raise invalid("must be one address, without spaces, quotes and angle brackets")
        plain = re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", value, re.ASCII)
        hint = f": write https://{value}" if plain else ""
        raise invalid(f"must be an address that begins with https:// or http://{hint}")
    if not _has_host(value):
        raise invalid("must be an address with the name of a host, such as https://kbtu.edu.kz")
    return value


def _base_url(value: str) -> str:
    if not re.fullmatch(r"(https?://[^\s/?#<>\"'`\\]+)?/([^\s?#<>\"'`\\]*/)?", value):
        raise invalid("must be a path or an address that ends with a slash, such as /apply/")
    return value


def _email(value: str) -> str:
    if not email_addresses.parsed(value):
        raise invalid("must be an e-mail address")
    for part in re.split("[@.]", value):
        if re.search("[A-Za-z]", part) and (found := re.search("[\u0400-\u04ff]", part)):
            raise invalid(f'must be in Latin letters: "{found[0]}" is a Cyrillic one')
    return value


def _domain(value: str) -> str:
    if not re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", value):
        raise invalid("must be what stands after the @ of an address, in small letters, such as kbtu.kz")
    return value


CountryCode = Annotated[str, AfterValidator(_country)]
LanguageCode = Annotated[str, AfterValidator(_language)]
Url = Annotated[str, StringConstraints(max_length=500), AfterValidator(_url)]
BaseUrl = Annotated[Line, AfterValidator(_base_url)]
Domain = Annotated[str, StringConstraints(max_length=200), AfterValidator(_domain)]
Email = Annotated[str, StringConstraints(max_length=200), AfterValidator(_email)]


def _day(value: Any) -> datetime.date:
    if isinstance(value, datetime.date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise invalid(f"must be a date written year-month-day{typed_days.hint(value)}")
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise invalid(f"is not a date that exists{typed_days.turned(value)}") from None


class MonthDay(NamedTuple):
    """A date that comes every year: month and day without a year."""

    month: int
    day: int

    def in_year(self, year: int) -> datetime.date:
        """The date in one year. Raises ValueError for 29 February in a common year."""
        return datetime.date(year, self.month, self.day)

    def exists(self) -> bool:
        """Whether there is such a day in every year."""
        try:
            return bool(self.in_year(2027))  # not a leap year
        except ValueError:
            return False


def _month_day(value: Any) -> MonthDay:
    if isinstance(value, MonthDay):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{2}-[0-9]{2}", value):
        raise invalid(f"must be a day of every year written month-day{typed_days.yearly_hint(value)}")
    day = MonthDay(int(value[:2]), int(value[3:]))
    if not day.exists():
        turned = MonthDay(day.day, day.month)
        hint = f": the month comes first, write {turned.month:02}-{turned.day:02}" if turned.exists() else ""
        raise invalid(f"is not a day that exists in every year{hint}")
    return day


def _call_id(value: str) -> str:
    if not re.fullmatch(r"20[0-9]{2}-(autumn|spring)", value):
        raise invalid("must be a year and a term, such as 2027-autumn")
    return value


def _time_zone(value: str) -> str:
    if value not in zoneinfo.available_timezones():
        raise invalid(
            f"must be a time zone, such as Asia/Almaty{did_you_mean(value, zoneinfo.available_timezones())}"
        )
    return value


CallId = Annotated[str, AfterValidator(_call_id)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]


class _Opening(Protocol):
    @property
    def opens(self) -> Any: ...
    @property
    def closes(self) -> Any: ...


W = TypeVar("W", bound=_Opening)


def opens_before_closing(window: W) -> W:
    """Model validator: refuses a period whose last day comes before its first."""
    if window.closes < window.opens:
        raise invalid("must not close before it opens")
    return window


def _not_to_come(day: datetime.date, info: ValidationInfo) -> datetime.date:
    today = (info.context or {}).get("today")
    if day.year < 2000:
        raise invalid("must be the day on which it was read: check the year")
    if today and day > today:
        raise invalid("must be the day on which it was read, not one to come")
    return day


def _written(pattern: str) -> Any:
    return Field(json_schema_extra={"type": "string", "pattern": pattern})


Day = Annotated[
    datetime.date, BeforeValidator(_day, json_schema_input_type=str), _written(r"^\d{4}-\d{2}-\d{2}$")
]
SeenDay = Annotated[Day, AfterValidator(_not_to_come)]
"""The day on which somebody read a source. Validated with a context {"today": date}, it is no later."""
YearlyDay = Annotated[
    MonthDay, BeforeValidator(_month_day, json_schema_input_type=str), _written(r"^\d{2}-\d{2}$")
]


def _as_of(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _past_year(value: str, info: ValidationInfo) -> str:
    if not (found := re.fullmatch(r"(20[0-9]{2})(/[0-9]{2})?", value)):
        raise invalid("must be the year that the page speaks of, such as 2025 or 2025/26")
    year = int(found[1])
    if found[2] and found[2] != f"/{(year + 1) % 100:02}":
        raise invalid(f"must be one year of study: write {year}/{(year + 1) % 100:02}")
    today = (info.context or {}).get("today")
    if today and year > today.year:
        raise invalid("must be the past year that the page speaks of, not one to come")
    return value


YearOfStudy = Annotated[int, _between(1, 8), _limits(1, 8)]
YearOf = Annotated[str, BeforeValidator(_as_of, json_schema_input_type=int | str), AfterValidator(_past_year)]


class Text(Strict):
    """A text in up to three languages, as the office writes it; Russian and Kazakh are optional."""

    en: Prose
    ru: Prose | None = None
    kk: Prose | None = None

    def to(self, language: Language) -> str:
        """The text in a language; in English where it is not translated."""
        return (getattr(self, language) or self.en) if language != "en" else self.en

    def __str__(self) -> str:
        return self.en


def _text(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


class InEachLanguage(Text):
    """A text in all three languages."""

    ru: Prose
    kk: Prose


Translated = Annotated[Text, BeforeValidator(_text, json_schema_input_type=Prose | Text)]
