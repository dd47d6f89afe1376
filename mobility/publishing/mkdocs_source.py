"""The source that MkDocs renders in one language: its configuration, the theme, the office's pages."""

from collections.abc import Iterator

from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import Checkout
from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.templates import Templates


def source(inputs: BuildInputs, templates: Templates) -> dict[str, bytes]:
    """Files by their paths: mkdocs.yml, docs/, theme/. Raises BuildFailed where a text cannot be filled."""
    theme = inputs.checkout.site_source / "theme"
    files = {
        f"theme/{path.relative_to(theme).as_posix()}": path.read_bytes()
        for path in sorted(theme.rglob("*"))
        if path.is_file()
    }
    missing = [name for language, name in untranslated(inputs.checkout) if language == templates.language]
    files["mkdocs.yml"] = templates.render("mkdocs.yml", untranslated=missing).encode()
    for name in [*_pages(inputs.checkout, "en"), "finder.md", "map.md"]:
        files[f"docs/{name}"] = templates.render_for_mkdocs(name).encode()
    files["docs/finder.json"] = files["docs/feed.xml"] = files["docs/calls.ics"] = b" "  # for links to them
    return files


def untranslated(checkout: Checkout) -> Iterator[tuple[Language, str]]:
    """(language, page) for each of the office's pages that a language lacks; readers see it in English."""
    for language in LANGUAGES:
        there = set(_pages(checkout, language))
        yield from ((language, name) for name in _pages(checkout, "en") if name not in there)


def _pages(checkout: Checkout, language: Language) -> list[str]:
    """The office's pages in a language, by their paths."""
    folder = checkout.content / "pages" / language
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.md"))
