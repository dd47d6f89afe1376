"""What MkDocs reads to make the site in one language: its configuration, the theme, the office's pages."""

from collections.abc import Iterator

from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import Checkout
from mobility.publishing.contents import Job
from mobility.publishing.context import Texts


def source(job: Job, texts: Texts) -> dict[str, bytes]:
    """Files by their paths: mkdocs.yml, docs/, theme/. Raises BuildFailed where a text cannot be filled."""
    theme = job.checkout.site_source / "theme"
    files = {
        f"theme/{path.relative_to(theme).as_posix()}": path.read_bytes()
        for path in sorted(theme.rglob("*"))
        if path.is_file()
    }
    missing = [name for language, name in untranslated(job.checkout) if language == texts.language]
    files["mkdocs.yml"] = texts.fill("mkdocs.yml", untranslated=missing).encode()
    for name in [*_pages(job.checkout, "en"), "finder.md", "map.md"]:
        files[f"docs/{name}"] = texts.frame(name).encode()
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
