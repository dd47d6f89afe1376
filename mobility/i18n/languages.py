"""Translation (gettext) and formatting of dates, countries and languages for readers in en, ru and kk.

English stands in the code and is the message id; `locale/` holds the others, a .po file for each domain. What
is not translated is shown in English.
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
"""Each language's own name, for the language switch."""
LOCALES: dict[Language, str] = {"en": "en_GB", "ru": "ru", "kk": "kk"}
"""By which CLDR rules dates are written: 31 March 2027, 31 марта 2027 г., 2027 ж. 31 наурыз."""
DOMAINS = ("mobility", "site", "portal")
"""Gettext domains, one for each folder whose sentences are translated."""
LOCALE = Path(__file__).parent / "locale"


def url_folder(language: Language) -> str:
    """The path of a language's pages below the site's root: empty for English, else `ru/` or `kk/`."""
    return "" if language == "en" else f"{language}/"


class Translatable(Protocol):
    """Anything with a text in every language: `Said` from the code, `Text` from the edited files."""

    def to(self, language: Language) -> str: ...


@dataclass(frozen=True)
class Said:
    """A translatable sentence: message id, and values for its placeholders, which are translated too."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def to(self, language: Language) -> str:
        """The sentence in a language, its placeholders filled."""
        words = translations(language).gettext(self.text)
        return words % {name: say(value, language) for name, value in self.values.items()}

    def __str__(self) -> str:
        return self.to("en")

    def __bool__(self) -> bool:
        return bool(self.text)


def said(text: str, /, **values: Any) -> Said:
    """Marks a sentence for translation (gettext collects these calls); placeholders are written %(name)s."""
    return Said(text, values)


def say(thing: Any, language: Language) -> str:
    """Any value as text in a language: translatable text, dates, times; anything else by str()."""
    if hasattr(thing, "to"):
        return str(thing.to(language))
    if isinstance(thing, datetime.datetime):
        return moment(thing, language)
    if isinstance(thing, datetime.date):
        return day(thing, language)
    return str(thing)


# Pages tell the same dates again and again: without these and the caches of facts a build computes an eighth
# longer.


@functools.lru_cache(4096)
def day(date: datetime.date, language: Language = "en") -> str:
    """A date in words: 31 March 2027."""
    return format_date(date, "long", locale=LOCALES[language])


@functools.lru_cache(4096)
def day_and_month(date: datetime.date, language: Language = "en") -> str:
    """Day and month of a date in words: 31 March."""
    return format_date(date, "d MMMM", locale=LOCALES[language])


def month_name(date: datetime.date, language: Language = "en") -> str:
    """The name of a date's month, as it stands alone: March, март, наурыз."""
    return format_date(date, "LLLL", locale=LOCALES[language])


def country_name(code: str, language: Language = "en") -> str:
    """The name of a country (ISO 3166 code), from CLDR; in English where it has none in
    `language`, else the code itself."""
    return str(_locale(language).territories.get(code) or _locale("en").territories.get(code, code))


def language_name(code: str, language: Language = "en") -> str:
    """The name of a language (ISO 639 code), from CLDR; in English where it has none in
    `language`, else the code itself."""
    return str(_locale(language).languages.get(code) or _locale("en").languages.get(code, code))


_BEFORE = dict(zip("әғёқңөұһі", "агекноухы", strict=True)) | {"ү": "у\uffff"}
"""After which letter those stand in the alphabet that Unicode has after я."""
_AFTER = str.maketrans({letter: before + "\uffff" for letter, before in _BEFORE.items()})


def alphabetical(text: str) -> str:
    """A key by which texts sort as readers of Russian and Kazakh expect."""
    return text.casefold().translate(_AFTER)


_CITIES = {"Almaty": "Алматы", "Astana": "Астана"}
"""In Cyrillic."""
_CLOCKS: dict[Language, str] = {"en": "{} time", "ru": "по времени {}", "kk": "{} уақыты"}


def time_zone_city(zone: str, language: Language) -> str:
    """The city in a time zone's name: Almaty of Asia/Almaty."""
    name = zone.rsplit("/", 1)[-1].replace("_", " ")
    return name if language == "en" else _CITIES.get(name, name)


def moment(instant: datetime.datetime, language: Language = "en", seconds: bool = False) -> str:
    """A date with time and time zone in words: 31 March 2027, 23:59 Almaty time (UTC+5)."""
    at = _CLOCKS[language].format(time_zone_city(str(instant.tzinfo), language))
    offset = instant.utcoffset() or datetime.timedelta()
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    sign = "-" if offset < datetime.timedelta() else "+"
    utc = f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
    clock = f"{instant:%H:%M:%S}" if seconds else f"{instant:%H:%M}"
    return f"{day(instant.date(), language)}, {clock} {at} ({utc})"


def format_number(number: float, places: int) -> str:
    """A number with at least `places` decimals and as many more as it has, up to four. Not rounded: 2.499
    would read as the 2.50 that it falls short of."""
    whole, decimals = f"{number:.4f}".split(".")
    kept = decimals[:places] + decimals[places:].rstrip("0")
    return f"{whole}.{kept}" if kept else whole


@functools.cache
def _locale(language: Language) -> Locale:
    return Locale.parse(LOCALES[language])


@functools.cache
def translations(language: Language) -> Translations:
    """The gettext translations of a language: all domains merged, compiled from their .po files once."""
    found = Translations()
    for domain in DOMAINS:
        path = LOCALE / language / f"{domain}.po"
        if path.exists():
            one = _compiled(path, language)
            found.merge(one)
            found.plural = one.plural  # which merging leaves as it is in English
    return found


def _compiled(path: Path, language: Language) -> Translations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
