"""Copies of what the office edits, and sites built of them."""

import atexit
import datetime
import functools
import shutil
import tempfile
from pathlib import Path

from mobility.catalogue import calls, rulebook
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import Language
from mobility.paths import CHECKOUT, Checkout
from mobility.pdfforms import render
from mobility.publishing import site_builder

NOVEMBER = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
"""A day with no open call."""


def copy_of_the_checkout(folder: Path) -> Checkout:
    """Copies all that the office edits into a folder, for a test to change."""
    for name in ("content", "site"):
        shutil.copytree(CHECKOUT.root / name, folder / name)
    shutil.copy(CHECKOUT.partners, folder / "partners.yaml")
    return Checkout(folder)


def build(
    checkout: Checkout,
    now: datetime.datetime = NOVEMBER,
    languages: tuple[Language, ...] = ("en",),
    from_nothing: bool = False,
) -> Path:
    """Builds the site and gives its folder: in English alone unless told otherwise, and from the cache of
    earlier tests unless `from_nothing`."""
    book = rulebook.load(checkout)
    local = now.astimezone(calls.zone(book.catalogue.calls))
    make = functools.partial(
        site_builder.build, checkout, book, local, functools.partial(downloads, book), languages
    )
    if from_nothing:
        return make()
    _share(_store() / "frames", checkout.build / "frames")
    site = make()
    _share(checkout.build / "frames", _store() / "frames")
    return site


def with_agreement(checkout: Checkout, agreement: str, languages: tuple[Language, ...] = ("en",)) -> Path:
    """A site on which the programme at Warsaw has an agreement and places of its own."""
    text = checkout.partners.read_text()
    head, tail = text.split("  - id: warsaw-tech\n")
    tail = tail.replace("agreement: {status: unconfirmed}", f"agreement: {{{agreement}}}", 1)
    tail = tail.replace("name: Bilateral exchange\n", "name: Bilateral exchange\n        seats: 0\n", 1)
    checkout.partners.write_text(f"{head}  - id: warsaw-tech\n{tail}")
    return build(checkout, languages=languages)


def downloads(book: Rulebook, folder: Path) -> None:
    """Writes all forms with their samples, rendered once: no test of a site changes a form."""
    made = _store() / "downloads"
    if not made.exists():
        render.write_all(book.forms, made, book.catalogue.institution.name)
    shutil.copytree(made, folder)


def _share(one: Path, other: Path) -> None:
    """Copies what a folder holds and another lacks: cached pages, by their hash."""
    other.mkdir(parents=True, exist_ok=True)
    for path in one.glob("[0-9a-f]*"):
        if not (other / path.name).exists():
            shutil.copytree(path, other / path.name)


@functools.cache
def _store() -> Path:
    """A folder that all tests of this process share, removed at its end."""
    folder = tempfile.TemporaryDirectory(prefix="mobility-tests-")
    atexit.register(folder.cleanup)
    return Path(folder.name)
