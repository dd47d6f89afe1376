"""What the documents name is there: files, folders, modules, functions, links from one to another."""

import functools
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mobility.paths import CHECKOUT

ROOT = CHECKOUT.root
DOCS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
DOCS += sorted((ROOT / "docs").glob("*.md"))
MADE_BY_READERS = {"content/downloads/"}
"""What the office may lay into a checkout, and ours does not have."""
_PATH = re.compile(
    r"(?<![\w./-])(?:\.ci|content|deploy|docs|mobility|portal|scripts|site|tests)/[\w*./-]*[\w*/]"
)
_MODULE = re.compile(r"(?<![\w./-])(?:mobility|portal)(?:\.[A-Za-z_]\w*)+")
_FUNCTION = re.compile(r"\b([a-z_]+)\.([a-z_]+)\(\)")
_BARE_FUNCTION = re.compile(r"`([a-z_]+)\(\)`")
_TEST = re.compile(r"(tests/[\w/]+\.py)::(\w+)")
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
_HOST = re.compile(r"mobility\.example\b")


def missing(text: str, folder: Path = ROOT) -> Iterator[str]:
    """What a document in a folder names, and there is not."""
    for path in _PATH.findall(text):
        if path not in MADE_BY_READERS and not any(ROOT.glob(path.rstrip("/"))):
            yield path
    for file, test in _TEST.findall(text):
        if (ROOT / file).exists() and f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8"):
            yield f"{file}::{test}"
    for link in _LINK.findall(text):
        if not (folder / link).exists():
            yield link
    for name in _MODULE.findall(text):
        if not _HOST.match(name) and not importable(name):
            yield name
    for module, function in _FUNCTION.findall(text):
        if not any(hasattr(found, function) for found in modules(module)):
            yield f"{module}.{function}()"
    for function in _BARE_FUNCTION.findall(text):
        if not any(f"def {function}(" in source for source in sources()):
            yield f"{function}()"


def importable(name: str) -> bool:
    """Whether a dotted name is a module, or what stands in one."""
    path = ROOT / name.replace(".", "/")
    if path.is_dir() or path.with_suffix(".py").exists():  # portal.wsgi starts a portal when it is imported
        return True
    try:
        return bool(pkgutil.resolve_name(name))
    except (ImportError, AttributeError):
        return False


def modules(name: str) -> Iterator[object]:
    """All modules of that name: `documents` is one of the catalogue, and one of the portal."""
    for folder in ("mobility", "portal"):
        for path in (ROOT / folder).rglob(f"{name}.py"):
            yield importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


@functools.cache
def sources() -> list[str]:
    """The text of every module."""
    return [path.read_text() for folder in ("mobility", "portal") for path in (ROOT / folder).rglob("*.py")]


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_what_a_document_names_is_there(path: Path) -> None:
    assert list(missing(path.read_text(encoding="utf-8"), path.parent)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "`mobility/heap.py`", "in deploy/nowhere.conf", "content/forms/*.txt", "scripts/tset",
        "[gone](docs/gone.md)", "mobility.office.desks", "mobility.house.Desk", "portal.limits.nothing",
        "tests/test_docs.py::test_nothing", "`drafts.settle()`", "`heap.pause()`", "`take_piece()`",
    ],
)  # fmt: skip
def test_what_is_not_there_is_found(wrong: str) -> None:
    assert list(missing(f"See {wrong}, please."))


@pytest.mark.parametrize(
    "right",
    [
        "`mobility/storage.py`", "deploy/nginx/", "content/forms/*.yaml.", "scripts/serve --help",
        "[a](docs/bench.md)", "mobility.office.tasks.DO", "portal.wsgi:app", "`documents.owed()`", "`_()`",
        "https://mobility.example.kz/site/x", "/srv/mobility/scripts/serve", "/etc/mobility.env",
    ],
)  # fmt: skip
def test_what_is_there_is_not_complained_of(right: str) -> None:
    assert not list(missing(f"See {right}, please."))


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/design.md"])
def test_what_a_newcomer_reads_stays_short(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= 150
