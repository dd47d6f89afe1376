"""Whatever is wrong in partners.yaml is told with its line and the way to mend it."""

from pathlib import Path

import pytest

from mobility.catalogue import catalogue_file, facts, partners
from mobility.paths import CHECKOUT
from mobility.publishing import icalendar_feeds
from tests.helpers.partners_file import GOOD, Faults, line_of


def test_the_shipped_file_is_right_and_holds_30_partners() -> None:
    found = catalogue_file.load(CHECKOUT.partners)
    assert len(found.partners) == 30
    assert {partner.agreement.status for partner in found.partners} == {"named", "unconfirmed", "cooperation"}


def test_the_good_file_of_these_tests_is_good(faults: Faults) -> None:
    assert faults() == []


def test_a_number_out_of_its_range_says_the_range(faults: Faults) -> None:
    assert faults(("min_gpa: 3.2", "min_gpa: 5.2")) == [
        f'partners.yaml:{line_of("    requirements: {min_gpa")}: partner "first": '
        "requirements.min_gpa is 5.2, must be 0 to 4.0"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("min_gpa: 3.2", 'min_gpa: "3.2"', 'min_gpa is "3.2", must be a number, such as 3.2: write 3.2'),
        ("min_gpa: 3.2", "min_gpa: high", 'requirements.min_gpa is "high", must be a number, such as 3.2'),
        ("autumn: 04-30", "autumn: 02-30", 'nomination.autumn is "02-30", is not a day that exists'),
        ("autumn: 04-30", "autumn: 30.04", "nomination.autumn is 30.04, must be a day of every year"),
        ("24, states", "31, states", 'seen is "2026-11-31", is not a date that exists'),
        ("country: \"NO\"", "country: XX", 'country is "XX", must be a country\'s two letters'),
        ("country: \"NO\"", "country: Norway", "did you mean NO?"),
        ("status: unconfirmed", "status: unconfirmd", 'did you mean "unconfirmed"?'),
        ("states: [requirements", "states: [requirement", 'did you mean "requirements"?'),
        ("status: unconfirmed", "status: confirmed", "must carry source"),
        ("id: first", "id: ../../x", 'id is "../../x", must be small letters'),
        ("[{url: https://example.kz, seen: 2026-11-24}]", "[]", "institution.sources is empty"),
        ("requirements:", "settings: {portal: apply}\nrequirements:", "must be a path or an address"),
        ("requirements:", "settings: {portal: 'javascript:/'}\nrequirements:", "must be a path or an"),
        ("id: first", "id: index", 'id is "index", must be another word'),
        ("name: First University", "name: {a: b}", "name is a block of keys and values, must be text"),
        ("url: https://example.org", "url: javascript:alert(1)", "must be an address that begins with https://"),
        ("opens: 03-01", "opens: 04-01", "must not close before it opens"),
        ("Asia/Almaty", "Asia/Almati", 'did you mean "Asia/Almaty"?'),
        ("    name: First University\n", "", 'partner "first": name is missing'),
        ("min_gpa_transcript: 2.5", "min_gpa_transcript: 3.5", "must not be above min_gpa"),
        ("      - id: exchange\n        name: Student exchange\n", "      []\n", "programmes is empty"),
    ],
)  # fmt: skip
def test_each_wrong_value_says_what_is_allowed(faults: Faults, old: str, new: str, said: str) -> None:
    (line,) = faults((old, new))
    assert said in line
    assert line.startswith("partners.yaml:")


def test_norway_is_a_country_even_without_quotes(faults: Faults) -> None:
    assert faults(('country: "NO"', "country: NO")) == []


def test_an_id_that_stands_twice_names_both_lines(faults: Faults) -> None:
    partner = GOOD[GOOD.index("  - id: first") :]
    (line,) = faults((partner, partner + partner))
    first = line_of("  - id: first")
    second = first + partner.count("\n")
    said = f'id "first" is taken by the partner on line {first}, must be unique'
    assert line == f'partners.yaml:{second}: partner "first": {said}'


def test_one_setting_leaves_unconfirmed_partners_out(tmp_path: Path) -> None:
    path = tmp_path / "partners.yaml"
    path.write_text(
        GOOD.replace("requirements:\n", "settings: {unconfirmed_partners: hide}\nrequirements:\n", 1)
    )
    assert catalogue_file.load(path).visible_partners() == ()


def test_deadlines_read_on_a_page_of_a_past_year_say_of_which() -> None:
    for partner in catalogue_file.load(CHECKOUT.partners).partners:
        read = [source.dated for source in partner.sources if "deadlines" in source.states]
        if partner.deadlines != partners.Deadlines() and all(date and date[:4] < "2026" for date in read):
            assert partner.deadlines.dated, partner.id


@pytest.mark.parametrize("dated", ["2025", "2025/26"])
def test_a_deadline_of_a_past_year_is_told_as_of_it(faults: Faults, tmp_path: Path, dated: str) -> None:
    assert faults(("deadlines:\n", f"deadlines:\n      dated: {dated}\n")) == []
    (line,) = faults(("deadlines:\n", "deadlines:\n      dated: last year\n"))
    assert "must be the year that the page speaks of" in line
    path = tmp_path / "partners.yaml"
    path.write_text(GOOD.replace("deadlines:\n", f"deadlines:\n      dated: {dated}\n"))
    read = catalogue_file.load(path)
    rows = facts.of_partner(read.partners[0], read.requirements, "en").rows()
    assert f"for autumn: 30 April (as of {dated})" in [row.value for row in rows]
    assert not icalendar_feeds.has_deadlines(read.partners[0])
