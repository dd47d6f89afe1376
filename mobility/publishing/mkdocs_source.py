"""The source that MkDocs renders in one language: its configuration, the theme, the office's pages."""

from mobility.publishing.build_inputs import BuildInputs
from mobility.publishing.page_check import page_files
from mobility.publishing.templates import Templates


def source(inputs: BuildInputs, templates: Templates) -> dict[str, bytes]:
    """Files by their paths: mkdocs.yml, docs/, theme/. Raises BuildFailed where a text cannot be filled."""
    theme = inputs.checkout.site_source / "theme"
    files = {
        f"theme/{path.relative_to(theme).as_posix()}": path.read_bytes()
        for path in sorted(theme.rglob("*"))
        if path.is_file()
    }
    missing = [
        name for language, name in page_files.untranslated(inputs.checkout) if language == templates.language
    ]
    files["mkdocs.yml"] = templates.render("mkdocs.yml", untranslated=missing).encode()
    for name in [*page_files.names(inputs.checkout, "en"), "finder.md", "map.md"]:
        files[f"docs/{name}"] = templates.render_for_mkdocs(name).encode()
    files["docs/finder.json"] = files["docs/feed.xml"] = files["docs/calls.ics"] = b" "  # for links to them
    return files
