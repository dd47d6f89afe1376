"""Guesses which e-mail address was meant where its domain is a slip away from a usual one (gmail.con)."""

from collections.abc import Iterable

USUAL = (
    "gmail.com", "mail.ru", "yandex.ru", "yandex.kz", "yandex.com", "icloud.com", "outlook.com",
    "hotmail.com", "yahoo.com", "inbox.ru", "list.ru", "mail.kz", "proton.me", "rambler.ru",
)  # fmt: skip
_OTHERS = {
    "mail.com", "email.com", "ymail.com", "mail.kg", "mail.uz", "mail.su", "mail.de", "mail.by", "yandex.by",
    "yandex.ua", "live.ru", "gmx.com", "inbox.lv", "inbox.kz", "inbox.com",
}  # fmt: skip
"""Providers of mail that are no slips, however near they come."""
_ONLY_COM = ("gmail", "icloud")
"""Providers that have addresses at .com alone."""
_LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u043a\u0456\u043c\u0442", "aeopcyxkimt"
)


def likely_meant(address: str, own: Iterable[str] = ()) -> str:
    """The address that was likely meant; empty where there is no doubt. `own`: domains of the university."""
    name, _, domain = address.strip().rpartition("@")
    latin = domain.casefold().translate(_LOOK_ALIKES)
    known = (*own, *USUAL)
    if not name or domain.casefold() in known or latin in _OTHERS:
        return ""
    first, dot, _ = latin.partition(".")
    meant = latin if latin in known else f"{first}.com" if dot and first in _ONLY_COM else ""
    meant = meant or next((each for each in known if _a_slip_apart(latin, each)), "")
    return f"{name}@{meant}" if meant else ""


def _a_slip_apart(one: str, other: str) -> bool:
    """Whether one letter is too many, missing or another, or two have changed places."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])
