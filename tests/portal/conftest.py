"""A second student, a copy of what the office edits, and what the portal keeps."""

from pathlib import Path

import pytest

from mobility.catalogue.rulebook import Rulebook
from mobility.paths import Checkout, Instance
from tests.helpers import sites
from tests.helpers.portal_server import Portal
from tests.helpers.student import Student


@pytest.fixture
def other(portal: Portal, book: Rulebook) -> Student:
    return Student(portal, book)


@pytest.fixture
def own_checkout(tmp_path: Path) -> Checkout:
    """A copy of what the office edits."""
    return sites.copy_of_the_checkout(tmp_path / "office")


@pytest.fixture
def kept(portal: Portal) -> Instance:
    """What the portal keeps."""
    return portal.settings.kept
