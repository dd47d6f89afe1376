"""The site in one language: each of its files is made when it is asked for, by a build or by the preview."""

import functools
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mobility.i18n.languages import url_folder
from mobility.publishing import catalogue_pages, data_files, mkdocs_source
from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.catalogue_pages import Subject
from mobility.publishing.material import rendering
from mobility.publishing.material.rendering import RenderedSite
from mobility.publishing.templates import Templates


class Edition:
    """The site in one language. Paths are those in its folder."""

    def __init__(self, inputs: BuildInputs, templates: Templates, rendered: RenderedSite):
        self.inputs, self.templates, self.rendered = inputs, templates, rendered
        self.folder = url_folder(templates.language)
        self.subjects = catalogue_pages.subjects(inputs, templates)
        self.data_files = data_files.language_files(inputs, templates)

    @functools.cached_property
    def office_files(self) -> list[str]:
        """The files that MkDocs made: the office's pages, scripts, styles."""
        made = {*self.data_files, "sitemap.xml", "sitemap.xml.gz"}
        return [path for path in self.rendered.files if path not in made]

    def paths(self) -> list[str]:
        """The paths of all pages."""
        office = (
            path.removesuffix("index.html") for path in self.office_files if path.endswith("index.html")
        )
        return [*office, *(path for subject in self.subjects for path in catalogue_pages.paths_of(subject))]

    def office_file(self, path: str) -> bytes:
        """A file that MkDocs made, with its deferred blocks."""
        found = self.rendered.read(path)
        if not path.endswith(".html"):
            return found
        return self.templates.insert_deferred(found.decode(), self.folder + path).encode()

    def pages_of(self, subject: Subject) -> tuple[dict[str, bytes], bytes]:
        """The pages of a subject, and their entries for the search."""
        pages = list(catalogue_pages.pages_of(self.inputs, self.templates, subject))
        files = {f"{page.path}index.html": self.rendered.page(page) for page in pages}
        return files, rendering.search_entries(pages)

    def file(self, path: str) -> bytes | None:
        """One file of the edition but the search index, made now; None where there is none."""
        if path in self.data_files:
            return self.data_files[path]()
        if subject := self._by_folder.get("/".join(path.split("/")[:2]) + "/"):
            calendar = data_files.calendar_files(self.inputs, self.templates, subject)
            return calendar[path]() if path in calendar else self.pages_of(subject)[0].get(path)
        return self.office_file(path) if path in self._office_files else None

    @functools.cached_property
    def _office_files(self) -> set[str]:
        return set(self.office_files)

    @functools.cached_property
    def _by_folder(self) -> dict[str, Subject]:
        return {
            folder: subject for subject in self.subjects for folder in catalogue_pages.folders_of(subject)
        }

    def search_index(self, entries: Iterable[bytes]) -> bytes:
        """What the search reads. `entries`: those of all subjects."""
        return self.rendered.search_index(entries)


def render_editions(
    inputs: BuildInputs,
    every: Sequence[Templates],
    cache: Path,
    meanwhile: Callable[[Sequence[Templates]], None] = lambda _: None,
) -> list[Edition]:
    """The site in the language of each of the templates, with the office's pages rendered, or taken from the
    folder `cache` where nothing changed in them. `meanwhile` is called with the templates while MkDocs, a
    process of its own, does that. Raises BuildFailed."""
    sources = [mkdocs_source.source(inputs, templates) for templates in every]
    with ThreadPoolExecutor(1) as waiting:
        rendered = waiting.submit(rendering.render, sources, cache)
        meanwhile(every)
    return [
        Edition(inputs, templates, made) for templates, made in zip(every, rendered.result(), strict=True)
    ]
