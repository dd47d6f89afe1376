"""The deployment as docs/deploy.md describes it, running on this machine."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import LANGUAGES
from mobility.paths import Checkout
from tests.helpers import deployment, sites
from tests.helpers.deployment import Client, Deployment
from tests.helpers.student import Student


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout with its site built."""
    found = sites.copy_of_the_checkout(tmp_path_factory.mktemp("house"))
    sites.build(found, languages=LANGUAGES)
    return found


@pytest.fixture
def deployed(tmp_path: Path, checkout: Checkout, in_march: datetime.datetime) -> Iterator[Deployment]:
    """Behind nginx, while the call for autumn 2027 is open."""
    with deployment.behind_nginx(tmp_path, checkout, in_march) as found:
        yield found


@pytest.fixture
def http(deployed: Deployment) -> Client:
    return Client(deployed)


@pytest.fixture
def student(deployed: Deployment, book: Rulebook) -> Student:
    return Student(deployed, book, Client(deployed))
