"""The languages of readers, and how what the code says is said in each of them.

English stands in the code and is the key; `locale/` holds the others, one file for each folder of code that
speaks. What is not translated is said in English.
"""

import datetime
import functools
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

Language = Literal["en", "ru", "kk"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
NAMES: dict[Language, str] = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
"""Each language in its own words, for the switch between them."""
LOCALES: dict[Language, str] = {"en": "en_GB", "ru": "ru", "kk": "kk"}
"""By which CLDR rules dates are written: 31 March 2027, 31 марта 2027 г., 2027 ж. 31 наурыз."""
DOMAINS = ("mobility", "site", "portal")
"""The folders that speak; each has its own file of translations."""
LOCALE = Path(__file__).parent / "locale"


def folder(language: Language) -> str:
    """Where the site in a language stands in the whole: the English one at its root."""
    return "" if language == "en" else f"{language}/"


class Words(Protocol):
    """What can be said in every language."""

    def to(self, language: Language) -> str: ...


@dataclass(frozen=True)
class Said:
    """A sentence from the code. `values` fill its places, each in the reader's language too."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def to(self, language: Language) -> str:
        """The sentence in a language."""
        words = translations(language).gettext(self.text)
        return words % {name: say(value, language) for name, value in self.values.items()}

    def __str__(self) -> str:
        return self.to("en")

    def __bool__(self) -> bool:
        return bool(self.text)


def said(text: str, /, **values: Any) -> Said:
    """A sentence to be translated; its places are written %(name)s."""
    return Said(text, values)


def say(thing: Any, language: Language) -> str:
    """Anything that pages show, in a language: words of office or code, days, instants, plain text."""
    if hasattr(thing, "to"):
        return str(thing.to(language))
    if isinstance(thing, datetime.datetime):
        return moment(thing, language)
    if isinstance(thing, datetime.date):
        return day(thing, language)
    return str(thing)


@functools.lru_cache(4096)
def day(date: datetime.date, language: Language = "en") -> str:
    """A day for readers: 31 March 2027."""
    return format_date(date, "long", locale=LOCALES[language])


@functools.lru_cache(4096)
def day_of_year(date: datetime.date, language: Language = "en") -> str:
    """A day of every year: 31 March. The year of `date` does not count."""
    return format_date(date, "d MMMM", locale=LOCALES[language])


@functools.lru_cache(4096)
def month(date: datetime.date, language: Language = "en") -> str:
    """A month by its name, as it stands alone: March, март, наурыз."""
    return format_date(date, "LLLL", locale=LOCALES[language])


@functools.cache
def country(code: str, language: Language = "en") -> str:
    """A country's name; the code itself where there is none."""
    return str(_locale(language).territories.get(code, code))


@functools.cache
def tongue(code: str, language: Language = "en") -> str:
    """The name of a language that people speak or teach in; the code itself where there is none."""
    return str(_locale(language).languages.get(code, code))


_CITIES = {"Almaty": "Алматы", "Astana": "Астана"}
"""In Cyrillic."""
_CLOCKS: dict[Language, str] = {"en": "{} time", "ru": "по времени {}", "kk": "{} уақыты"}


def city_of(zone: str, language: Language) -> str:
    """The city that gives a time zone (Asia/Almaty) its name."""
    name = zone.rsplit("/", 1)[-1].replace("_", " ")
    return name if language == "en" else _CITIES.get(name, name)


def moment(instant: datetime.datetime, language: Language = "en", seconds: bool = False) -> str:
    """An instant for readers, with its time zone: 31 March 2027, 23:59 Almaty time (UTC+5)."""
    at = _CLOCKS[language].format(city_of(str(instant.tzinfo), language))
    offset = instant.utcoffset() or datetime.timedelta()
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    sign = "-" if offset < datetime.timedelta() else "+"
    utc = f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
    clock = f"{instant:%H:%M:%S}" if seconds else f"{instant:%H:%M}"
    return f"{day(instant.date(), language)}, {clock} {at} ({utc})"


@functools.cache
def _locale(language: Language) -> Locale:
    return Locale.parse(LOCALES[language])


@functools.cache
def translations(language: Language) -> Translations:
    """All sentences of a language, compiled from `locale/` once."""
    found = Translations()
    for domain in DOMAINS:
        path = LOCALE / language / f"{domain}.po"
        if path.exists():
            found.merge(_compiled(path, language))
    return found


def _compiled(path: Path, language: Language) -> Translations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
