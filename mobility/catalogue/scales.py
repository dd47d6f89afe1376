"""Numeric answers on a scale: GPA, scores of language tests, credits."""

import re
from dataclasses import dataclass

from mobility.catalogue import toefl
from mobility.i18n.languages import Said, said


@dataclass(frozen=True)
class Scale:
    """The range of a numeric answer, `low` to `high`, up to four decimals. `such_as`: an example; `steps`:
    what to say of a number that is no multiple of `step`; `other`: what to say of one up to `other_up_to`,
    which is of another scale."""

    high: float
    such_as: str
    low: float = 0
    step: float = 0.5
    steps: Said | None = None
    other_up_to: float = 0
    other: Said | None = None

    @property
    def bounds(self) -> Said:
        """What to say of what is no such number."""
        bounds = {"low": f"{self.low:g}", "high": f"{self.high:g}", "example": self.such_as}
        return said("Enter a number from %(low)s to %(high)s, such as %(example)s", **bounds)

    def fault(self, value: str) -> Said | None:
        """What is wrong with a number as typed, or None."""
        number = float(value) if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4})?", value) else None
        if number is None or not self.low <= number <= self.high:
            return self.bounds
        if self.other and number <= self.other_up_to:
            return self.other
        return self.steps if number % self.step else None


SCALES = {
    "number": Scale(9999, "4"),
    "gpa": Scale(4, "3.25"),
    "ielts": Scale(9, "6.5", steps=said("IELTS bands go in halves: 5.5, 6.0, 6.5")),
    "toefl": Scale(
        120,
        "78",
        step=1,
        steps=said("A TOEFL total of 0 to 120 is a whole number, such as 78"),
        other_up_to=toefl.MOST,
        other=said("This is a score of 1 to 6: choose that scale, or enter the total of 0 to 120"),
    ),
    "toefl-6": Scale(6, "4.5", low=1, steps=said("TOEFL scores go in halves: 4.0, 4.5, 5.0")),
    "ects": Scale(120, "6"),
}
"""Of the types of question that are numbers, and of both TOEFL; eligibility.js holds to them too."""
_EITHER_TOEFL = Scale(120, "78")
"""Of which scale it is, another question says."""
_POINTS = str.maketrans(dict.fromkeys(",·٫", "."))
_OUT_OF = {"gpa": ("gpa",), "ielts": ("ielts",), "toefl": ("toefl", "toefl-6")}
"""The scales whose highest number people write behind theirs: 3.25/4."""
_UNIT = r"(?:ects|gpa|ielts|toefl|band|credits?|points?|кредит\w*|балл\w*|ұпай\w*)"
_UNITS = re.compile(rf"^{_UNIT}\b\s*:?\s*(?=[0-9])|\s*{_UNIT}\.?$", re.IGNORECASE)
_FROM = re.compile(r"\s*\(?(?:/|\b(?:из|of|out of)\b)\s*([0-9.]+)\s*\)?$", re.IGNORECASE)
_OTHER_MARK = re.compile(r"[0-9]{2,3}(\.[0-9]+)?|[A-F][+-]?", re.IGNORECASE)
"""A mark of 100, or a letter."""


def normalize(kind: str, typed: str) -> str:
    """The number with a point before its decimals, without what people write around it: 3,25 or 3.25/4."""
    text = _UNITS.sub("", typed.translate(_POINTS))
    text = re.sub(r"(?<=[0-9])\s*½$", ".5", text)
    text = re.sub(r"\s*\.\s*", ".", text)
    out_of = {f"{SCALES[name].high:g}" for name in _OUT_OF.get(kind, ())}
    if (found := _FROM.search(text)) and re.sub(r"\.0*$", "", found[1]) in out_of:
        text = text[: found.start()]
    return text.strip().rstrip(".")


def fault(kind: str, value: str) -> Said | None:
    """What is wrong with a normalized number, or None; which number was meant, where one can tell."""
    scale = _EITHER_TOEFL if kind == "toefl" else SCALES[kind]
    wrong = scale.fault(value)
    if wrong != scale.bounds or scale.high > 10:
        return wrong
    if re.fullmatch(r"[0-9]\.[0-9]{5,}", value) and scale.low <= float(value) <= scale.high:
        return said("Enter at most four digits after the point, such as %(example)s", example=scale.such_as)
    meant = f"{value[:1]}.{value[1:]}"
    if re.fullmatch("[0-9]{2,3}", value) and not scale.fault(meant):
        return said("%(bounds)s: is it %(meant)s?", bounds=wrong, meant=meant)
    if kind == "gpa" and _OTHER_MARK.fullmatch(value):
        return said(
            "Enter the GPA of %(high)s from your transcript, such as %(example)s: no mark of 100, no letter",
            high=f"{scale.high:.1f}",
            example=scale.such_as,
        )
    return wrong
