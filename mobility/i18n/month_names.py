"""Names of months as people write them in English, Russian and Kazakh, and the words beside them in dates."""

import functools

from babel import Locale

from mobility.i18n.languages import LOCALES

_BESIDE_NUMBERS = {
    "st", "nd", "rd", "th", "of", "the", "г", "год", "года", "го", "е", "ое", "число", "числа",
    "ж", "жыл", "жылы", "жылғы", "жылдың", "күні", "шы", "ші", "т", "туған", "туғанмын", "born", "р", "род",
    "рождения", "родился", "родилась",
}  # fmt: skip
"""Words that stand in dates and say nothing: 1st of March, 31 марта 2005 года, 2005 ж. 31 наурыз."""
_KAZAKH = (
    ("қаңтар", "қаңтары"), ("ақпан", "ақпаны"), ("наурыз", "наурызы"), ("сәуір", "сәуірі"),
    ("мамыр", "мамыры"), ("маусым", "маусымы"), ("шілде", "шілдесі"), ("тамыз", "тамызы"),
    ("қыркүйек", "қыркүйегі"), ("қазан", "қазаны"), ("қараша", "қарашасы"), ("желтоқсан", "желтоқсаны"),
)  # fmt: skip
"""Alone, and as after a year: 2005 жылдың 1 қаңтары."""
_ENDINGS = (
    "да", "де", "та", "те", "нда", "нде", "дан", "ден", "тан", "тен", "нан", "нен", "дың", "дің", "тың",
    "тің", "ның", "нің", "ға", "ге", "қа", "ке", "на", "не", "ды", "ді", "ты", "ті", "ны", "ні",
)  # fmt: skip
"""What Kazakh adds to a month: 31 наурызда, 1 мамырдың; CLDR has no such cases."""
_LATIN = (
    "yanvar yanvarya qantar qañtar kantar", "fevral fevralya aqpan akpan", "mart marta nauryz nauriz naurız",
    "aprel aprelya sauir säuir sáuir", "may maya mai mamyr mamır", "iyun iyunya mausym mausım",
    "iyul iyulya shilde şilde", "avgust avgusta tamyz tamız", "sentyabr sentyabrya qyrkuiek qyrküiek",
    "oktyabr oktyabrya qazan kazan", "noyabr noyabrya qarasha qaraşa karasha",
    "dekabr dekabrya jeltoqsan zheltoksan",
)  # fmt: skip
"""Russian and Kazakh months in Latin letters, old and new."""
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_SHORT = {"sept": 9, "сен": 9, "ноя": 11, "фев": 2, "желт": 12, "қырк": 9, "наур": 3}


@functools.cache
def months() -> dict[str, int]:
    """The number of each month by its names in small letters: long, short, in every case, Roman."""
    cldr = {
        name.casefold().rstrip("."): number
        for locale in LOCALES.values()
        for names in Locale.parse(locale).months.values()
        for width in ("wide", "abbreviated")
        for number, name in names[width].items()
    }
    kazakh = {
        stem + ending: number
        for number, stems in enumerate(_KAZAKH, 1)
        for stem in stems
        for ending in ("", *_ENDINGS)
    }
    latin = {name: number for number, names in enumerate(_LATIN, 1) for name in names.split()}
    roman = {name: number for number, name in enumerate(_ROMAN, 1)}
    return cldr | kazakh | latin | roman | _SHORT


@functools.cache
def beside() -> frozenset[str]:
    """Words in small letters that stand beside a date and do not change it, such as days of the week."""
    days = {
        name.casefold().rstrip(".")
        for locale in LOCALES.values()
        for names in Locale.parse(locale).days.values()
        for width in ("wide", "abbreviated", "short")
        for name in names[width].values()
    }
    return frozenset(days | _BESIDE_NUMBERS)
