"""What the generator makes of the office's pages and of one specimen of each kind of catalogue page.

It is kept by a hash of all that the generator reads, and made again only when that has changed: else a second
build of 1,000 partners in three languages computes a third longer.
"""

import functools
import hashlib
import importlib.metadata
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import Checkout
from mobility.publishing import mkdocs_run, page_shell
from mobility.publishing.contents import Job
from mobility.publishing.context import Texts

KINDS = {"partners": "partners", "programmes": "programmes/any", "countries": "countries"}
"""Kinds of catalogue page, each with the folder of its specimen: as deep as the pages themselves."""

Tree = dict[str, bytes]
"""Files by their paths: mkdocs.yml, docs/, theme/."""


def tree(job: Job, texts: Texts) -> Tree:
    """What the generator reads in one language. Raises BuildFailed where a text cannot be filled."""
    theme = job.checkout.site_source / "theme"
    files = {
        f"theme/{path.relative_to(theme).as_posix()}": path.read_bytes()
        for path in sorted(theme.rglob("*"))
        if path.is_file()
    }
    missing = [name for language, name in untranslated(job.checkout) if language == texts.language]
    files["mkdocs.yml"] = texts.fill("mkdocs.yml", untranslated=missing).encode()
    for name in [*texts_of(job.checkout, "en"), "finder.md", "map.md"]:
        files[f"docs/{name}"] = texts.frame(name).encode()
    for folder in KINDS.values():
        files[f"docs/{folder}/{page_shell.SPECIMEN}.md"] = page_shell.specimen().encode()
    files["docs/finder.json"] = files["docs/feed.xml"] = files["docs/calls.ics"] = b" "  # for links to them
    return files


def make(folder: Path, trees: Sequence[Tree], meanwhile: Callable[[], None] = lambda: None) -> list[Path]:
    """The sites that the generator makes of the trees, each its own folder in `folder`; those not known
    are made all at once, and `meanwhile` is done beside it. They are not to be written into. Raises
    BuildFailed, or what `meanwhile` raises."""
    folder.mkdir(parents=True, exist_ok=True)
    found = [folder / _name(files) for files in trees]
    missing = {frame: files for frame, files in zip(found, trees, strict=True) if not frame.exists()}
    work = folder / f".{secrets.token_hex(6)}"
    try:
        folders = [work / frame.name for frame in missing]
        for each, files in zip(folders, missing.values(), strict=True):
            write(files, each)
        for frame, made in zip(missing, mkdocs_run.run(folders, meanwhile), strict=True):
            made.rename(frame)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return found


def sweep(folder: Path, used: Sequence[Path]) -> None:
    """Takes away what is not used any more."""
    for old in folder.iterdir():
        if old not in used:
            shutil.rmtree(old, ignore_errors=True)


def write(files: Tree, folder: Path) -> None:
    """Writes a tree for the generator to read."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def untranslated(checkout: Checkout) -> Iterator[tuple[Language, str]]:
    """(language, page) for each of the office's pages that a language lacks; readers see it in English."""
    for language in LANGUAGES:
        there = set(texts_of(checkout, language))
        yield from ((language, name) for name in texts_of(checkout, "en") if name not in there)


def texts_of(checkout: Checkout, language: Language) -> list[str]:
    """The office's pages in a language, by their paths."""
    folder = checkout.content / "pages" / language
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))


def _name(files: Tree) -> str:
    digest = hashlib.sha256(_generator())
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:24]


@functools.cache
def _generator() -> bytes:
    """What stands for generator and theme, and for what is mended in their pages."""
    versions = [importlib.metadata.version(name) for name in ("mkdocs", "mkdocs-material", "markdown")]
    return " ".join(versions).encode() + Path(mkdocs_run.__file__).read_bytes()
