"""Each mistake typed into partners.yaml is told on its line, in words with which an officer mends it."""

import datetime
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mobility.catalogue import catalogue_file, documents, forms, freshness, known_words, news
from mobility.catalogue.incremental import IncrementalLoader
from mobility.paths import CHECKOUT
from mobility.yamlfiles.indentation import indent
from mobility.yamlfiles.parser_stop import value_of
from mobility.yamlfiles.reader import InvalidFile
from tests.helpers.partners_file import template

_TABLE = yaml.safe_load((CHECKOUT.root / "tests/data/typed-mistakes.yaml").read_text(encoding="utf-8"))
CASES = [case for case in _TABLE if "everywhere" not in case and "notes" not in case]
DOUBTFUL = [case for case in _TABLE if "notes" in case]
EVERYWHERE = [case for case in _TABLE if "everywhere" in case]
LOADERS: dict[str, Callable[[Path], Any]] = {
    "content/words.yaml": known_words.load,
    "content/documents.yaml": documents.load,
    "content/news.yaml": news.load,
    "content/forms/application.yaml": lambda path: forms.load(path.parent),
}
PLACES = 2
"""In so many places of the file, evenly spread, each of those is typed."""
SHIPPED = CHECKOUT.partners.read_text(encoding="utf-8")
STATES = {
    "the template filled": template(SHIPPED),
    "only the # taken away": template(SHIPPED, keeps=" "),
    "nothing filled in": template(SHIPPED, filled=False),
}
NOW = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)


def line_of(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def place(text: str, wanted: str, begins: int) -> int:
    """Where a text stands: first from a place on, else last before it."""
    found = text.find(wanted, begins)
    return found if found >= 0 else text.rindex(wanted)


def named(case: dict[str, Any]) -> str:
    replaced = case.get("replace") or case.get("everywhere") or case.get("state")
    return f"{replaced} → {case.get('by', '')}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_typed_mistake_is_told_on_its_line_in_words_that_mend_it(
    case: dict[str, Any], tmp_path: Path
) -> None:
    text = STATES[case.get("state", "the template filled")]
    begins = 0
    if "replace" in case:
        before, found, after = text.rpartition(case["replace"])
        assert found, "partners.yaml does not hold this text any more"
        text = f"{before}{case['by']}{after}"
        begins = len(before) + len(case["by"]) - len(case["by"].lstrip("\n"))
    said = [case] if isinstance(case["says"], str) else case["says"]
    expected = [
        (
            line_of(text, place(text, each["at"], begins) if "at" in each else begins),
            re.sub("<(.+?)>", lambda found: str(line_of(text, text.index(found[1]))), each["says"]),
        )
        for each in said
    ]
    assert told_of(text, tmp_path) == expected


def told_of(text: str, folder: Path, file: str = "partners.yaml") -> list[tuple[int, str]]:
    path = folder / Path(file).name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidFile) as told:
        LOADERS.get(file, lambda path: catalogue_file.load(path, NOW))(path)
    return [(problem.line, problem.message) for problem in told.value.problems]


@pytest.mark.parametrize("case", EVERYWHERE, ids=named)
def test_a_mistake_is_told_alike_wherever_it_is_typed(case: dict[str, Any], tmp_path: Path) -> None:
    file = case.get("file", "partners.yaml")
    shipped = (CHECKOUT.root / file).read_text(encoding="utf-8")
    found = list(re.finditer(case["everywhere"], shipped))
    assert len(found) >= 2, f"{file} does not hold this in several places any more"
    for match in found[:: max(1, len(found) // PLACES)]:
        text = shipped[: match.start()] + match.expand(case["by"]) + shipped[match.end() :]
        at = next(place for place, char in enumerate(shipped) if text[place : place + 1] != char)
        line, column = line_of(text, at), at - text.rfind("\n", 0, at)
        was, typed = shipped.splitlines()[line - 1], text.splitlines()[line - 1]
        ((told_on, said),) = told_of(text, tmp_path, file)
        expected = re.escape(case["says"]).replace("…", ".+")
        for name, value in {
            "column": column,
            "was": was.strip(),
            "entry": was.strip().removeprefix("- "),
            "value": value_of(was)[0],
            "typed": typed.strip(),
            "spaces": indent(was),
            "typed spaces": indent(typed),
        }.items():
            expected = expected.replace(re.escape(f"<{name}>"), re.escape(str(value)))
        assert (told_on, bool(re.fullmatch(expected, said))) == (line, True), f"line {told_on}: {said}"
        advised = re.search("write (.+?)(, or put quotes.*)?$", said)
        assert not advised or advised[1] in was or "write" in case, "this would not mend it"


@pytest.mark.parametrize("place", range(17, len(SHIPPED), len(SHIPPED) // 30))
def test_a_character_that_is_lost_leads_to_no_trace(place: int, tmp_path: Path) -> None:
    path = tmp_path / "partners.yaml"
    path.write_text(SHIPPED[:place] + SHIPPED[place + 1 :], encoding="utf-8")
    try:
        catalogue_file.load(path, NOW)
    except InvalidFile as told:
        assert all(problem.message for problem in told.problems)


def test_the_table_holds_each_case_once() -> None:
    counted = Counter(map(named, _TABLE))
    assert not [case for case, times in counted.items() if times > 1]


def test_the_template_filled_is_right_and_states_all_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "partners.yaml"
    path.write_text(template(SHIPPED), encoding="utf-8")
    read = catalogue_file.load(path, NOW)
    assert read.partners[-1].id == "sample-tech"
    assert not [fact for partner, fact in freshness.unsourced(read) if partner == "sample-tech"]
    path.write_text(template(SHIPPED).replace(", programmes]", "]"), encoding="utf-8")
    assert ("sample-tech", "programmes") in freshness.unsourced(catalogue_file.load(path))


def test_a_source_is_seen_today_by_the_clock_of_the_institution(tmp_path: Path) -> None:
    path = tmp_path / "partners.yaml"
    path.write_text(
        template(SHIPPED).replace("seen: 2026-11-24\n        states", "seen: 2026-12-01\n        states")
    )
    just_after_midnight = datetime.datetime(2026, 11, 30, 19, 1, tzinfo=datetime.UTC)
    assert catalogue_file.load(path, just_after_midnight)
    loader = IncrementalLoader(lambda: just_after_midnight)
    assert loader.load(path) == catalogue_file.load(path)
    with pytest.raises(InvalidFile, match="not one to come"):
        catalogue_file.load(path, just_after_midnight - datetime.timedelta(minutes=2))
    catalogue_file.load(path)  # nobody said what day it is
