"""What the tests share: real files as students have them, and folders to keep things in."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mobility import calls, rulebook
from mobility.calls import Call
from mobility.places import CHECKOUT, Instance, Places
from mobility.rulebook import Rulebook
from tests import sites
from tests.portal_server import Portal, running
from tests.scans import Scans
from tests.student import Student


@pytest.fixture
def scans(tmp_path: Path) -> Scans:
    folder = tmp_path / "scans"
    folder.mkdir()
    return Scans(folder)


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "instance")


@pytest.fixture(scope="session")
def book() -> Rulebook:
    return rulebook.load(CHECKOUT)


@pytest.fixture(scope="session")
def call(book: Rulebook) -> Call:
    return calls.call_for(book.catalogue.calls, "autumn", 2027)


@pytest.fixture(scope="session")
def in_march(book: Rulebook) -> datetime.datetime:
    """A moment at which the call for autumn 2027 is open."""
    return datetime.datetime(2027, 3, 15, 12, 30, tzinfo=calls.zone(book.catalogue.calls))


@pytest.fixture(scope="session")
def invented(book: Rulebook) -> Callable[..., dict[str, Any]]:
    """The answers of the invented student of the samples, at a partner of the shipped catalogue."""

    def answers(**changed: str) -> dict[str, Any]:
        offers = list(book.catalogue.offers())
        given = {**book.application.sample(), "choice-1": offers[0].id, "choice-2": "", "choice-3": ""}
        return {**given, **{name.replace("_", "-"): value for name, value in changed.items()}}

    return answers


@pytest.fixture
def own_places(tmp_path: Path) -> Places:
    """A copy of what the office edits."""
    return sites.copy_of_the_checkout(tmp_path / "office")


@pytest.fixture
def portal(tmp_path: Path, in_march: datetime.datetime) -> Iterator[Portal]:
    """A real deployment, while the call for autumn 2027 is open."""
    with running(tmp_path / "instance", in_march) as found:
        yield found


@pytest.fixture
def student(portal: Portal, book: Rulebook) -> Student:
    return Student(portal, book)


@pytest.fixture
def other(portal: Portal, book: Rulebook) -> Student:
    return Student(portal, book)


@pytest.fixture
def kept(portal: Portal) -> Instance:
    """What the portal keeps."""
    return portal.settings.kept
