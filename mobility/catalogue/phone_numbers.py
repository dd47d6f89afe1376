"""Phone numbers as people in Kazakhstan type them, kept as international numbers (E.164)."""

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from mobility.i18n.languages import Said, said

_HOME = "KZ"
"""Whose writing is understood without a country code: 8 701 234 56 78."""
_SEVEN = 7
"""The country code of Kazakhstan and Russia, whose numbers all have ten digits."""
_DIGITS = 10


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
        return said("Enter one number, such as +7 701 234 56 78 or 8 701 234 56 78")
    if abroad := _lacks_plus(value):
        return said("Begin with + and the country code: is it %(meant)s?", meant=abroad)
    return _fault(found)


def _lacks_plus(value: str) -> str:
    """The number of another country that was meant, where only the + before its code is missing."""
    digits = "".join(char for char in unicodedata.normalize("NFKC", value) if char.isdigit())
    if re.match(r"\W*\+", value) or digits.startswith(("0", "7", "8")) or len(digits) <= _DIGITS:
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
    """The number; None where letters stand in it, or too few digits."""
    if any(char.isalpha() for char in text):
        return None
    plain = re.sub(r"^\+\s*8\s*(?=\W*7(\W*[0-9]){9}\W*$)", "8", text.strip())  # "+8 701 …" is 8 701 …
    plain = re.sub(r"^00\s*", "+", plain)
    try:
        return phonenumbers.parse(plain, _HOME)
    except NumberParseException:
        return None
