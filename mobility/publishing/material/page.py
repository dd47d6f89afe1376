"""A catalogue page before it has the theme's HTML around it."""

import functools
import json
import re
from dataclasses import dataclass

_HEADING = re.compile(r'<h2 id="([a-z0-9-]+)">(.*?)<a class="headerlink"', re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A catalogue page: where it stands (partners/warsaw-tech/), its title and description as plain text,
    its content as HTML, structured data for its head, and by which other names search finds it. `repeats`:
    another page says the rest, so that search has the title alone."""

    path: str
    title: str
    description: str
    body: str
    head: str = ""
    also: tuple[str, ...] = ()
    repeats: bool = False

    @functools.cached_property
    def sections(self) -> list[tuple[str, str]]:
        """(id, title as HTML) of each section."""
        return _HEADING.findall(self.body)

    def as_markdown(self) -> str:
        """The page as Markdown, for a generator that renders every page itself."""
        head = {"title": self.title, "description": self.description}
        front = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items())
        body = re.sub(
            r'<h2 id="([a-z0-9-]+)">(.*?)<a class="headerlink".*?</h2>', r"\n\n## \2 { #\1 }\n\n", self.body
        )
        return f"---\n{front}---\n\n{body}\n"
