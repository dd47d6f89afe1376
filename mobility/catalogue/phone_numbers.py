"""Phone numbers as people in Kazakhstan type them, kept as international numbers (E.164)."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from mobility.i18n.languages import Said, said

_HOME = "KZ"
"""Whose writing is understood without a country code: 8 701 234 56 78."""
_SEVEN = 7
"""The country code of Kazakhstan and Russia, whose numbers all have ten digits."""
_DIGITS = 10
_KIND = r"(?:tel|phone|mob(?:ile)?|cell|whats ?app|telegram|тел(?:ефон)?|моб(?:ильный)?|сот(?:овый)?|ватс?ап)"
_AROUND = re.compile(rf"^\W*{_KIND}\b[\s.:№]*(?=[+(0-9])|[\s,;(]*{_KIND}\W*$", re.IGNORECASE)
"""What people say of a number before or after it."""
_NUMBER = re.compile(r"[0-9+(][0-9() ._/\u00a0\u00ad\u2010-\u2015\u2212+-]*")
"""All that may stand in one number: not “;”, “#” or “x”, after which phonenumbers drops what follows."""


def normalize(typed: str) -> str:
    """The number with + and country code, such as +77012345678; as typed where it cannot be one."""
    found = _parsed(typed)
    if found is None or _fault(found):
        return typed
    return phonenumbers.format_number(found, PhoneNumberFormat.E164)


def fault(value: str) -> Said | None:
    """What is wrong with a number, or None."""
    found = _parsed(value)
    if found is None:
        if (word := re.search(r"[^\W\d_]+", value)) and len(re.findall("[0-9]", value)) >= _DIGITS:
            return said("Enter the number alone, without “%(word)s”, such as +7 701 234 56 78", word=word[0])
        return said("Enter one number, such as +7 701 234 56 78 or 8 701 234 56 78")
    if abroad := _lacks_plus(value):
        return said("Begin with + and the country code: is it %(meant)s?", meant=abroad)
    return _fault(found)


def is_unlikely(value: str) -> bool:
    """Whether a kept number is one that nobody has, as far as its country's plan of numbers is known."""
    found = _parsed(value)
    return found is not None and not phonenumbers.is_valid_number(found)


def _lacks_plus(value: str) -> str:
    """The number of another country that was meant, where only the + before its code is missing."""
    digits = re.sub("[^0-9]", "", value)
    if re.match(r"\W*\+", value) or digits.startswith(("0", "7", "8", "123456")) or len(digits) <= _DIGITS:
        return ""
    try:
        found = phonenumbers.parse(f"+{digits}")
    except NumberParseException:
        return ""
    valid = phonenumbers.is_valid_number(found)
    return phonenumbers.format_number(found, PhoneNumberFormat.INTERNATIONAL) if valid else ""


def _fault(number: PhoneNumber) -> Said | None:
    length = phonenumbers.is_possible_number_with_reason(number)
    if number.country_code == _SEVEN and not phonenumbers.is_valid_number(number):
        digits = phonenumbers.national_significant_number(number)
        if len(digits) != _DIGITS or digits.startswith("8"):
            return said("Count the digits: after +7 or 8 come ten, such as +7 701 234 56 78")
        return said("No number in Kazakhstan or Russia begins so: check it, such as +7 701 234 56 78")
    if length in (ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return said("The number is too short: a digit is missing, or the country code")
    if length != ValidationResult.IS_POSSIBLE:
        return said("The number is too long: enter one number only")
    return None


def _parsed(text: str) -> PhoneNumber | None:
    """The number; None where more stands there than one number, or too few digits."""
    alone = _AROUND.sub("", text.strip()).strip().rstrip(".,;")
    alone = re.sub(r"(?<=[0-9])[OoОо]|[OoОо](?=[0-9])", "0", alone).replace("_", " ")
    if not _NUMBER.fullmatch(alone):
        return None
    plain = re.sub(r"^\+\s*8\s*(?=\W*7(\W*[0-9]){9}\W*$)", "8", alone)  # "+8 701 …" is 8 701 …
    plain = re.sub(r"^00\s*", "+", plain)
    try:
        return phonenumbers.parse(plain, _HOME)
    except NumberParseException:
        return None
