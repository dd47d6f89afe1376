"""A built HTML page, parsed into its tags and its text."""

from html.parser import HTMLParser
from pathlib import Path


class ParsedPage(HTMLParser):
    """Every tag with its attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.text += " "

    def handle_data(self, data: str) -> None:
        self.text += data


def read(path: Path) -> ParsedPage:
    """Parses an HTML file."""
    found = ParsedPage()
    found.feed(path.read_text(encoding="utf-8"))
    return found
