"""A small and right partners.yaml for tests to put mistakes into, and edits of the shipped one."""

import re
from collections.abc import Callable

from mobility.catalogue import contradictions

Faults = Callable[..., list[str]]
"""Replaces text in the small file and gives the mistakes that are found, a line each."""
GOOD = """\
institution:
  name: Invented University
  short_name: IU
  country: KZ
  city: Almaty
  website: https://example.kz
  page: https://example.kz/mobility
  office: {name: Invented Office, short_name: IO}
  legal_frame: {title: Invented rules, url: https://example.kz/rules}
  sources: [{url: https://example.kz, seen: 2026-11-24}]
requirements:
  gpa_scale: 4.0
  min_gpa: 3.0
  min_gpa_transcript: 2.5
  ielts: 5.5
  ielts_up_to: 6.0
  toefl: 65
  toefl_up_to: 78
  statement: true
  sources: [{url: https://example.kz, seen: 2026-11-24}]
calls:
  time_zone: Asia/Almaty
  autumn: {opens: 03-01, closes: 03-31}
  spring: {opens: 10-01, closes: 10-31}
partners:
  - id: first
    name: First University
    country: "NO"
    city: Oslo
    agreement: {status: unconfirmed}
    requirements: {min_gpa: 3.2}
    deadlines:
      nomination: {autumn: 04-30}
    programmes:
      - id: exchange
        name: Student exchange
    sources: [{url: https://example.org, seen: 2026-11-24, states: [requirements, deadlines]}]
"""


def line_of(text: str) -> int:
    """The line of the small file on which a text begins."""
    return GOOD[: GOOD.index(text)].count("\n") + 1


ADDED = """
  - id: added
    name: Added University
    country: NO
    city: Bergen
    agreement: {status: confirmed, source: Agreement no. 7, seen: 2026-11-01}
    deadlines: {nomination: {autumn: 04-30}}
    programmes: [{id: exchange, name: Student exchange}]
    sources: [{url: https://example.org, seen: 2026-11-24, states: [programmes, deadlines]}]
"""


def without(text: str, partner: str) -> str:
    """The file without one partner."""
    return re.sub(rf"^  - id: {partner}\n.*?(?=^  - id: )", "", text, flags=re.MULTILINE | re.DOTALL)


EDITS: dict[str, Callable[[str], str]] = {
    "a changed name": lambda text: text.replace("Warsaw University of Technology", "Polytechnic of Warsaw"),
    "an added partner": lambda text: text.rstrip("\n") + "\n" + ADDED,
    "a removed partner": lambda text: without(text, "warsaw-tech"),
    "a changed requirement": lambda text: text.replace("min_gpa: 3.0 #", "min_gpa: 3.2 #"),
    "a changed call": lambda text: text.replace(
        "\ncalls:\n", "\ncalls:\n  overrides:\n    2027-autumn: {opens: 2027-03-01, closes: 2027-04-05}\n"
    ),
}
"""What the office may do to the shipped file and leave it right."""


def template(text: str, keeps: str = "", filled: bool = True) -> str:
    """The shipped file with its template of a new partner taken up, as an officer does. `keeps`: what is left
    of each mark, "# "; `filled`: with words in place of the template's own."""
    head, mark, entry = text.rpartition("  # - id: ")
    taken = re.sub("^  # ", f"  {keeps}", mark + entry, flags=re.MULTILINE)
    for key, value in FILLED.items() if filled else ():
        taken = taken.replace(contradictions.TEMPLATE[key], value)
    return head + taken


FILLED = {
    "id": "sample-tech",
    "name": "Sample University",
    "url": "https://www.sample.example/incoming",
    "website": "https://www.sample.example",
    "source": "Paper no. 7",
    "notes": "Sample notes",
}
