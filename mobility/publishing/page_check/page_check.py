"""Checks the office's pages as a build renders them, without MkDocs: what is wrong, in the order of lines."""

from collections.abc import Iterator, Sequence

from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.output import BuildFailed, TextFailed
from mobility.publishing.page_check import expressions, page_files, tags
from mobility.publishing.page_check.page_files import PageFile
from mobility.publishing.templates import Templates
from mobility.yamlfiles.reader import Problem


def problems(inputs: BuildInputs, every: Sequence[Templates]) -> list[Problem]:
    """What is wrong with the pages in all languages. `every`: the templates of the languages to render."""
    pages, found = page_files.read(inputs.checkout)
    for page in pages:
        found += _of_template(page, every[0])
    if not found:
        found += _in_rendering(pages, every)
    return sorted(set(found))


def require(inputs: BuildInputs, every: Sequence[Templates]) -> None:
    """Raises BuildFailed where anything is wrong with the pages, with a line for each fault."""
    if found := problems(inputs, every):
        raise BuildFailed("\n".join(map(str, found)))


def _of_template(page: PageFile, templates: Templates) -> Iterator[Problem]:
    """What is wrong with the template tags of a page; names are looked at where all tags can be read."""
    every, wrong = tags.split(page)
    wrong += [problem for tag in every for problem in tags.strange(page, tag)]
    wrong += list(tags.words(page, every)) or tags.blocks(page, every)
    told = {problem.line for problem in wrong}
    unreadable = expressions.unreadable(page, every, templates.environment)
    wrong += [problem for problem in unreadable if problem.line not in told]
    yield from wrong or expressions.unknown_names(page, templates.environment)


def _in_rendering(pages: Sequence[PageFile], every: Sequence[Templates]) -> Iterator[Problem]:
    """What only shows when a page is filled from the data."""
    for templates in every:
        for name in sorted({page.name for page in pages if page.language in ("en", templates.language)}):
            try:
                templates.render(name)
            except TextFailed as error:
                yield error.problem
