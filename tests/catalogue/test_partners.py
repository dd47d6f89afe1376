"""Whatever is wrong in partners.yaml is told with its line and the way to mend it."""

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from mobility.catalogue import freshness, partners
from mobility.paths import CHECKOUT
from mobility.publishing import schemas
from mobility.yamlfiles import reader
from mobility.yamlfiles.reader import InvalidFile

Faults = Callable[..., list[str]]

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


@pytest.fixture
def faults(tmp_path: Path) -> Faults:
    """Writes partners.yaml with some of its text changed, and gives what is said of it."""

    def said(*changes: tuple[str, str], content: bytes | None = None) -> list[str]:
        text = GOOD
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "partners.yaml"
        path.write_bytes(text.encode() if content is None else content)
        try:
            partners.load(path)
        except InvalidFile as wrong:
            return str(wrong).splitlines()
        return []

    return said


def line_of(text: str) -> int:
    return GOOD[: GOOD.index(text)].count("\n") + 1


def test_the_shipped_file_is_right_and_holds_25_partners() -> None:
    found = partners.load(CHECKOUT.partners)
    assert len(found.partners) == 25
    assert {partner.agreement.status for partner in found.partners} == {"named", "unconfirmed"}


def test_the_good_file_of_these_tests_is_good(faults: Faults) -> None:
    assert faults() == []


def test_a_typo_in_a_key_gets_its_line_and_the_near_miss(faults: Faults) -> None:
    assert faults(("deadlines:\n", "deadines:\n")) == [
        f'partners.yaml:{line_of("    deadlines:")}: partner "first": '
        'deadines: unknown key "deadines", did you mean "deadlines"?'
    ]


def test_a_number_out_of_its_range_says_the_range(faults: Faults) -> None:
    assert faults(("min_gpa: 3.2", "min_gpa: 5.2")) == [
        f'partners.yaml:{line_of("    requirements: {min_gpa")}: partner "first": '
        "requirements.min_gpa is 5.2, must be 0 to 4.0"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("min_gpa: 3.2", 'min_gpa: "3.2"', 'requirements.min_gpa is "3.2", must be a number, without quotes'),
        ("min_gpa: 3.2", "min_gpa: high", 'requirements.min_gpa is "high", must be a number, without quotes'),
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


def test_a_key_that_stands_twice_is_told(faults: Faults) -> None:
    (line,) = faults(("    city: Oslo\n", "    city: Oslo\n    city: Bergen\n"))
    assert f'key "city" stands here again, first on line {line_of("    city: Oslo")}' in line


def test_a_tab_is_told_as_a_tab(faults: Faults) -> None:
    (line,) = faults(("    city: Oslo", "\tcity: Oslo"))
    assert line.startswith(f"partners.yaml:{line_of('    city: Oslo')}:")
    assert "a tab stands here" in line


def test_a_bomb_of_aliases_is_refused_at_once(faults: Faults) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
    )
    lines = faults(content=bomb.encode())
    assert any("alias *a is not allowed" in line for line in lines)
    assert any(line.startswith("partners.yaml:2:") for line in lines)


def test_endless_nesting_is_refused(faults: Faults) -> None:
    for depth, said in ((60, "nested deeper"), (100_000, "nesting depth")):
        (line,) = faults(content=b"[" * depth)
        assert said in line


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only a remark\n", b"---\n"])
def test_an_empty_file_is_told(faults: Faults, content: bytes) -> None:
    assert faults(content=content) == ["partners.yaml:1: is empty"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (GOOD.encode("utf-16"), "partners.yaml:1: is saved as UTF-16, must be UTF-8"),
        ("institution:\n  name: Университет\n".encode("cp1251"), "partners.yaml:2: is not UTF-8 (byte 0x"),
        (b"institution:\n  name: a\x00b\n", "partners.yaml:2: holds an unprintable character (U+0000)"),
    ],
)
def test_a_wrong_encoding_is_told_with_its_line(faults: Faults, content: bytes, said: str) -> None:
    (line,) = faults(content=content)
    assert line.startswith(said)


def test_a_mark_at_the_start_of_the_file_does_no_harm(faults: Faults) -> None:
    assert faults(content=b"\xef\xbb\xbf" + GOOD.encode()) == []


def test_a_list_for_a_block_is_told(faults: Faults) -> None:
    assert faults(content=b"- a\n- b\n") == [
        "partners.yaml:1: the file is a list, must be a block of keys and values"
    ]


def test_all_faults_are_told_at_once_in_the_order_of_lines(faults: Faults) -> None:
    lines = faults(
        ("min_gpa: 3.2", "min_gpa: 5.2"),
        ("city: Oslo", "citty: Oslo"),
        ("autumn: 04-30", "autumn: 02-30"),
        ("toefl: 65", "toefl: many"),
    )
    numbers = [int(line.split(":")[1]) for line in lines]
    assert len(lines) == 5  # city is missing, and citty unknown
    assert numbers == sorted(numbers)


PIECES = [
    "\t", ":", "- ", "[", "]", "{", "}", "&a ", "*a", "!!python/object:os.system ", "|\n", ">\n", "'", '"',
    "#", "? ", "---\n", "...\n", "%YAML 9\n", "\x00", "\u202e", "é", "null", "true", "0x1F", "1e999", ".nan",
    "-5", "\n", "  ", "@", "`", "<<: ", "~", "2026-13-45", "99999999999999999999999",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(300))
def test_no_accident_is_worse_than_a_list_of_faults(faults: Faults, seed: int) -> None:
    chance = random.Random(seed)
    text = GOOD
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text))
        cut = chance.choice([0, 0, 1, 5, 40])
        text = text[:at] + chance.choice(PIECES) + text[at + cut :]
    for line in faults(content=text.encode()):
        assert re.match(r"partners\.yaml:\d+: \S", line)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match=r"partners.yaml:1: cannot be read: No such file"):
        partners.load(tmp_path / "partners.yaml")


def test_a_fact_without_source_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "partners.yaml"
    path.write_text(GOOD.replace("states: [requirements, deadlines]", "states: [deadlines]"))
    assert list(freshness.unsourced(partners.load(path))) == [("first", "requirements")]


def test_one_setting_leaves_unconfirmed_partners_out(tmp_path: Path) -> None:
    path = tmp_path / "partners.yaml"
    path.write_text(
        GOOD.replace("requirements:\n", "settings: {unconfirmed_partners: hide}\nrequirements:\n", 1)
    )
    assert partners.load(path).visible_partners() == ()


@pytest.mark.parametrize("name", schemas.NAMES)
def test_the_schema_in_the_docs_is_that_of_the_models(name: str) -> None:
    kept = CHECKOUT.root / "docs" / "schema" / f"{name}.schema.json"
    assert kept.read_text() == schemas.text(name), "run: scripts/mobility schema"


def test_the_schema_takes_the_shipped_file_and_refuses_a_wrong_one() -> None:
    checker = jsonschema.Draft202012Validator(json.loads(schemas.text("partners")))
    value = json.loads(json.dumps(reader.read(CHECKOUT.partners)[0]))
    assert list(checker.iter_errors(value)) == []
    value["partners"][0]["agreement"]["status"] = "perhaps"
    value["partners"][1]["requirements"]["min_gpa"] = 5.2
    assert len(list(checker.iter_errors(value))) == 2
