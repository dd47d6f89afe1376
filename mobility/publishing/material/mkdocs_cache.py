"""Sites made by MkDocs, kept by a hash of all that it read: it runs only where something of that changed.

Without it a second build of 1,000 partners in three languages computes a third longer.
"""

import functools
import hashlib
import importlib.metadata
import secrets
import shutil
from collections.abc import Container, Mapping, Sequence
from pathlib import Path

from mobility.publishing.material import mkdocs_run

Source = Mapping[str, bytes]
"""What MkDocs reads, files by their paths: mkdocs.yml, docs/, theme/."""


def render(sources: Sequence[Source], cache: Path) -> list[Path]:
    """The sites that MkDocs makes of the sources, each its own folder in `cache`; those not known are made
    all at once. They are not to be written into. Raises BuildFailed."""
    cache.mkdir(parents=True, exist_ok=True)
    found = [cache / _hash(source) for source in sources]
    missing = {site: source for site, source in zip(found, sources, strict=True) if not site.exists()}
    work = cache / f".{secrets.token_hex(6)}"
    try:
        folders = [work / site.name for site in missing]
        for folder, source in zip(folders, missing.values(), strict=True):
            write_source(source, folder)
        for site, made in zip(missing, mkdocs_run.run(folders), strict=True):
            made.rename(site)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return found


def remove_unused(cache: Path, used: Container[Path]) -> None:
    """Removes the sites that are not in use."""
    for old in cache.iterdir():
        if old not in used:
            shutil.rmtree(old, ignore_errors=True)


def write_source(source: Source, folder: Path) -> None:
    """Writes a source into a folder for MkDocs to read."""
    for path, content in source.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _hash(source: Source) -> str:
    digest = hashlib.sha256(_versions())
    for path, content in sorted(source.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:24]


@functools.cache
def _versions() -> bytes:
    """The versions of MkDocs and theme, and the code that corrects their HTML."""
    versions = [importlib.metadata.version(name) for name in ("mkdocs", "mkdocs-material", "markdown")]
    return " ".join(versions).encode() + Path(mkdocs_run.__file__).read_bytes()
