"""Each mistake typed into a page is told on its line, in words with which an officer mends it."""

import functools
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from mobility.catalogue import calls, rulebook
from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import CHECKOUT, Checkout
from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.page_check import page_check
from tests.helpers.commands import mobility
from tests.helpers.sites import NOVEMBER, copy_of_the_checkout

CASES = yaml.safe_load((CHECKOUT.root / "tests/data/typed-page-mistakes.yaml").read_text(encoding="utf-8"))


@functools.cache
def book() -> rulebook.Rulebook:
    return rulebook.load(CHECKOUT)


def told(checkout: Checkout, languages: Sequence[Language] = LANGUAGES) -> list[tuple[str, int, str]]:
    now = NOVEMBER.astimezone(calls.zone(book().catalogue.calls))
    inputs = BuildInputs(checkout, book(), now, checkout.content / "downloads")
    every = [inputs.templates(language) for language in languages]
    return [
        (each.file, each.line, re.sub(r"(\(in site/\S+), line \d+\)", r"\1)", each.message))
        for each in page_check.problems(inputs, every)
    ]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return copy_of_the_checkout(tmp_path_factory.mktemp("house"))


def named(case: dict[str, Any]) -> str:
    return (
        f"{case.get('page', '')} {case.get('encoding', '')} {case.get('replace', '')} → {case.get('by', '')}"
    )


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_mistake_typed_into_a_page_is_told_on_its_line(case: dict[str, Any], copy: Checkout) -> None:
    name = f"content/pages/{case.get('page', 'en/criteria.md')}"
    path = copy.root / name
    shipped = path.read_bytes()
    text, begins = shipped.decode(), 0
    if case.get("replace") == "all":
        text = case["by"]
    elif "replace" in case:
        before, found, after = text.partition(case["replace"])
        assert found, "the page does not hold this text any more"
        text, begins = f"{before}{case['by']}{after}", len(before)
    begins = text.index(case["at"]) if "at" in case else begins
    expected = [(name, text.count("\n", 0, begins) + 1, case["says"])] if "says" in case else []
    try:
        path.write_bytes(text.encode(case.get("encoding", "utf-8")))
        assert told(copy, [to for to in LANGUAGES if f"pages/{to}/" in name]) == expected
    finally:
        path.write_bytes(shipped)


def test_the_table_holds_each_case_once() -> None:
    counted = Counter(map(named, CASES))
    assert not [case for case, times in counted.items() if times > 1]


def test_the_shipped_pages_have_no_fault() -> None:
    assert told(CHECKOUT) == []


def test_pages_that_are_not_there_or_not_seen_are_told(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    pages = checkout.content / "pages"
    (pages / "en" / "contact.md").unlink()
    (pages / "ru" / "contcat.md").write_text("# Связь\n", encoding="utf-8")
    found = [(file, said) for file, _, said in told(checkout) if "contact.md" in said or "contact.md" in file]
    gone = "is not there, and the menu (site/mkdocs.yml) names it: put it back"
    unseen = "readers do not see it, as there is no content/pages/en/contact.md: put it there, too"
    assert found == [
        ("content/pages/en/contact.md", gone),
        ("content/pages/kk/contact.md", unseen),
        ("content/pages/ru/contact.md", unseen),
    ]


def test_check_notes_what_one_language_alone_has_and_files_that_are_no_pages(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    pages = checkout.content / "pages"
    page = pages / "ru" / "criteria.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\nНужен GPA 2,1.\n", encoding="utf-8")
    (pages / "en" / "criteria.md.txt").write_text("# Criteria\n")
    questions = pages / "kk" / "questions.md"
    answers = questions.read_text(encoding="utf-8").replace("{ #others }", "{ #more-of-them }")
    questions.write_text(answers, encoding="utf-8")
    run = mobility("check", root=tmp_path)
    assert run.returncode == 0
    line = page.read_text(encoding="utf-8").count("\n")
    notes = [line for line in run.stderr.splitlines() if "content/pages" in line]
    assert notes == [
        "note: content/pages/en/criteria.md.txt:1: is no page, readers do not see it: pages end with .md and"
        " stand in en, ru or kk; other files belong into content/downloads",
        f"note: content/pages/en/questions.md:{_line_of(pages, 'en')}: the heading ## May I go to a"
        " university that is not on the list? { #others } is lacking in content/pages/kk/questions.md",
        f"note: content/pages/kk/questions.md:{_line_of(pages, 'kk')}: the heading {{ #more-of-them }} is"
        " lacking in content/pages/en/questions.md",
        f"note: content/pages/ru/criteria.md:{line}: 2.1 stands in ru alone, not in en and kk",
    ]


def _line_of(pages: Path, language: str) -> int:
    """Of the last heading of the questions."""
    lines = (pages / language / "questions.md").read_text(encoding="utf-8").splitlines()
    return max(number for number, line in enumerate(lines, 1) if line.startswith("## "))


def test_a_picture_of_the_office_is_found_in_downloads(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    (checkout.content / "downloads").mkdir(exist_ok=True)
    (checkout.content / "downloads" / "map.png").write_bytes(b"a picture")
    page = checkout.content / "pages" / "kk" / "contact.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n![Карта](/downloads/map.png)\n", encoding="utf-8")
    assert told(checkout) == []


def test_check_and_build_tell_the_same_and_leave_the_last_good_site(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    (checkout.build / "sites" / "0123456789ab").mkdir(parents=True)
    checkout.site.symlink_to(Path("sites") / "0123456789ab")
    for name, old, new in (
        ("en/criteria.md", "rules.toefl_up_to", "rules.toefl_to"),
        ("en/criteria.md", "rules.min_gpa)", "rulez.min_gpa)"),
        ("kk/calls.md", "{% endfor %}", ""),
    ):
        path = checkout.content / "pages" / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    checked, built = (mobility(word, root=tmp_path) for word in ("check", "build"))
    assert (checked.returncode, built.returncode) == (1, 1)
    assert checked.stderr == built.stderr
    assert re.findall("^content/pages/(..)/([a-z]+).md:[0-9]+: ", checked.stderr, re.MULTILINE) == [
        ("en", "criteria"), ("en", "criteria"), ("kk", "calls"),
    ]  # fmt: skip
    assert "Traceback" not in checked.stderr + built.stderr
    assert checkout.site.resolve().name == "0123456789ab"
