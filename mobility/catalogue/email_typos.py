"""Guesses which e-mail address was meant: a slip in its domain, or a Cyrillic letter in its name."""

import re
from collections.abc import Iterable

USUAL = (
    "gmail.com", "mail.ru", "yandex.ru", "yandex.kz", "yandex.com", "icloud.com", "outlook.com",
    "hotmail.com", "yahoo.com", "inbox.ru", "list.ru", "mail.kz", "proton.me", "protonmail.com", "rambler.ru",
)  # fmt: skip
_OTHERS = {
    "mail.com", "email.com", "ymail.com", "mail.kg", "mail.uz", "mail.su", "mail.de", "mail.by", "yandex.by",
    "yandex.ua", "live.ru", "gmx.com", "inbox.lv", "inbox.kz", "inbox.com",
}  # fmt: skip
"""Providers of mail that are no slips, however near they come."""
_ONLY_COM = ("gmail", "icloud")
"""Providers that have addresses at .com alone."""
_NOT_HERE = {"outlook": ("kz", "ru"), "hotmail": ("kz", "ru")}
"""Providers that have addresses at the endings of some countries, and of these not."""
_NO_ENDINGS = dict.fromkeys(("con", "comm", "cpm", "cim", "xom", "vom", "ocm"), "com")
"""What no address ends with, and what was meant."""
_LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u043a\u0456\u043c\u0442"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406",
    "aeopcyxkimtABEKMHOPCTYXI",
)


def likely_meant(address: str, own: Iterable[str] = ()) -> str:
    """The address that was likely meant; empty where there is no doubt. `own`: domains of the university."""
    typed, _, domain = address.strip().rpartition("@")
    name = typed.translate(_LOOK_ALIKES)
    name = name if name.isascii() else typed  # else it may be a whole name in Cyrillic, which is allowed
    meant = _domain(domain.casefold(), tuple(own)) if typed else ""
    return f"{name}@{meant or domain}" if typed and (meant or name != typed) else ""


def mended(typed: str) -> str:
    """The address that was likely meant by what is none; empty where none can be guessed: name@gmail,com,
    name(at)gmail.com, name@gmail."""
    text = re.sub(r"\s*[(\[{]\s*(?:at|@)\s*[)\]}]\s*|\s+at\s+|@@+", "@", typed, flags=re.IGNORECASE)
    name, _, domain = text.rpartition("@")
    domain = re.sub(r"\s*[.,]+\s*", ".", domain.casefold()).strip(". ")
    if not name or " " in name:
        return ""
    usual = [each for each in USUAL if each.partition(".")[0] == domain]
    if len(usual) == 1:
        domain = usual[0]
    return f"{name}@{domain}" if "." in domain and f"{name}@{domain}" != typed else ""


def _domain(domain: str, own: tuple[str, ...]) -> str:
    """The domain that was likely meant; empty where there is no doubt."""
    latin, known = domain.translate(_LOOK_ALIKES), (*own, *USUAL)
    if domain in known or latin in _OTHERS:
        return ""
    first, dot, rest = latin.partition(".")
    no_such = first in _ONLY_COM or rest in _NOT_HERE.get(first, ())
    meant = latin if latin in known else f"{first}.com" if dot and no_such else ""
    meant = meant or next((each for each in own if _of_another_country(latin, each)), "")
    meant = meant or next((each for each in known if _a_slip_apart(latin, each)), "")
    before, _, ending = latin.rpartition(".")
    return meant or (f"{before}.{_NO_ENDINGS[ending]}" if ending in _NO_ENDINGS else "")


def _of_another_country(domain: str, own: str) -> bool:
    """Whether it is the university's own name with another ending: kbtu.ru."""
    (name, _, ending), (ours, _, rest) = domain.partition("."), own.partition(".")
    return name == ours and "." not in ending and ending != rest.rpartition(".")[2]


def _a_slip_apart(one: str, other: str) -> bool:
    """Whether one letter is too many, missing or another, or two have changed places."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])
