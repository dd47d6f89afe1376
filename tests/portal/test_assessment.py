"""A page works out once what the rules say of an application, however many of its parts ask."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from mobility.applications import completeness, drafts
from mobility.applications.bags import Bag
from mobility.office import actions
from mobility.office.desk import Desk
from mobility.paths import Instance
from tests.helpers.portal_server import Portal
from tests.helpers.student import Student

_opened: list[list[str]] = []
"""For each that watches, the files that Python opens; an audit hook stays for the life of the process."""


def _note(event: str, told: tuple[Any, ...]) -> None:
    if event == "open" and _opened:
        for found in _opened:
            found.append(str(told[0]))


sys.addaudithook(_note)


@contextmanager
def watching_files() -> Iterator[list[str]]:
    """The files that are opened meanwhile, by any thread."""
    found: list[str] = []
    _opened.append(found)
    try:
        yield found
    finally:
        _opened.remove(found)


@contextmanager
def counting_calls(*functions: Callable[..., Any]) -> Iterator[Counter[str]]:
    """How often this thread calls each of the functions meanwhile."""
    names = {function.__code__: function.__name__ for function in functions}
    found: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _told: Any) -> None:
        if event == "call" and frame.f_code in names:
            found[names[frame.f_code]] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield found
    finally:
        sys.setprofile(before)


PAGES = ["/apply/", "/apply/documents", "/apply/check", "/apply/questions/contact"]


@pytest.fixture
def correction(student: Student, sent: Bag, desk_of: Callable[[], Desk], kept: Instance) -> set[str]:
    """A submitted application in which the office asks for a correction; its signed forms."""
    actions.ask_correction(desk_of(), sent.reference, ["contact"], ["transcript"], "Page 2 is missing.")
    student.post("/apply/rounds/correction-1")
    (draft,) = drafts.every(kept)
    return {str(draft.path(file)) for file in draft.files if file.answers}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_correction_opens_no_signed_form(
    student: Student, correction: set[str], path: str
) -> None:
    with watching_files() as opened:
        assert student.get(path).status_code == 200
    assert any(file.endswith("draft.json") for file in opened)
    assert correction and not correction & set(opened)  # what is in them was read when they came


@pytest.mark.usefixtures("correction")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_correction_asks_once_what_is_offered_and_owed(
    portal: Portal, student: Student, path: str
) -> None:
    browser = portal.app.test_client()
    browser.set_cookie("application", str(student.http.cookies.get("application")))
    with counting_calls(completeness.offered, completeness.owed) as calls:
        assert browser.get(path).status_code == 200
    assert calls == {"offered": 1, "owed": 1}


def test_the_watch_sees_a_file_that_is_opened_twice(tmp_path: Path) -> None:
    file = tmp_path / "form.pdf"
    file.write_bytes(b"%PDF")
    with watching_files() as opened:
        file.read_bytes()
        file.read_bytes()
    assert opened.count(str(file)) == 2
