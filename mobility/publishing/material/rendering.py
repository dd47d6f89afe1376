"""Renders sites with MkDocs and Material, and catalogue pages in the same HTML without running MkDocs."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mobility.publishing.material import mkdocs_cache, page_shell, search_index
from mobility.publishing.material.deferred_blocks import DeferredBlocks
from mobility.publishing.material.mkdocs_cache import write_source
from mobility.publishing.material.page import Page
from mobility.publishing.material.page_shell import Shell

__all__ = [
    "DeferredBlocks",
    "Page",
    "RenderedSite",
    "remove_unused",
    "render",
    "search_entries",
    "write_source",
]

SEARCH_INDEX = "search/search_index.json"
_SPECIMENS = {
    kind: f"{folder}/{page_shell.SPECIMEN}"
    for kind, folder in {
        "partners": "partners", "programmes": "programmes/any", "countries": "countries",
    }.items()
}  # fmt: skip
"""Kinds of catalogue page, by their first folder, each with its specimen: as deep as the pages themselves."""


class RenderedSite:
    """What MkDocs made of one source, to be read only; renders catalogue pages that look the same."""

    def __init__(self, folder: Path):
        self.folder = folder

    @functools.cached_property
    def files(self) -> list[str]:
        """The files that MkDocs made, by their paths, but for the specimens and the search index."""
        found = (
            path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()
        )
        return [path for path in found if path != SEARCH_INDEX and f"/{page_shell.SPECIMEN}/" not in path]

    def read(self, path: str) -> bytes:
        """A file that MkDocs made. Raises FileNotFoundError."""
        return (self.folder / path).read_bytes()

    def page(self, page: Page) -> bytes:
        """A catalogue page as HTML, in the shell of its kind."""
        return self.shells[page.path.split("/", 1)[0]].fill(page)

    @functools.cached_property
    def shells(self) -> Mapping[str, Shell]:
        """The theme's HTML around each kind of catalogue page."""
        return {
            kind: Shell(self.read(f"{path}/index.html").decode(), f"{path}/")
            for kind, path in _SPECIMENS.items()
        }

    def search_index(self, entries: Iterable[bytes]) -> bytes:
        """What the search reads: what MkDocs wrote, and entries of catalogue pages."""
        return search_index.with_entries(self.read(SEARCH_INDEX), entries)


def render(sources: Sequence[Mapping[str, bytes]], cache: Path) -> list[RenderedSite]:
    """Renders sources (mkdocs.yml, docs/, theme/, each a file by its path), or takes from the folder `cache`
    what was made of the same before. Raises BuildFailed."""
    specimens = {f"docs/{path}.md": page_shell.specimen().encode() for path in _SPECIMENS.values()}
    made = mkdocs_cache.render([{**source, **specimens} for source in sources], cache)
    return [RenderedSite(folder) for folder in made]


def remove_unused(cache: Path, used: Iterable[RenderedSite]) -> None:
    """Removes from the cache every site but those in use."""
    mkdocs_cache.remove_unused(cache, {site.folder for site in used})


def search_entries(pages: Iterable[Page]) -> bytes:
    """What the search finds of catalogue pages, for `RenderedSite.search_index`."""
    return b",".join(map(search_index.entries_of, pages))
