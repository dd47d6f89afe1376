"""What the theme puts around a page, taken from one specimen of its kind, to be filled for all others.

The generator renders one specimen of each kind of catalogue page, with tokens where a page's own words go.
Cut at the tokens, it is the shell of all pages of that kind: they look and behave as the theme's own, and
cost a join of strings each. A token inside a page's own words stays what it is: the cut is made once, before.
"""

import functools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import escape

from mobility.publishing.catalogue_json import as_json

SPECIMEN = "_specimen"
"""No page can be called so: an id begins with a letter or a digit."""
_TITLE, _DESCRIPTION, _BODY, _SECTION = "QQtitleQQ", "QQdescriptionQQ", "QQbodyQQ", "QQsectionQQ"
_HEAD = "QQheadQQ"
_HEADING = re.compile(r'<h2 id="([a-z0-9-]+)">(.*?)<a class="headerlink"', re.DOTALL)
_PRINTED = re.compile(r'<footer class="om-sheet">.*?</footer>', re.DOTALL)
"""What a page says on paper alone."""


@dataclass(frozen=True)
class Page:
    """A catalogue page: where it stands (partners/warsaw-tech/), its title and description as plain text,
    what stands on it as HTML, what its head tells machines, and by which other names search finds it."""

    path: str
    title: str
    description: str
    body: str
    head: str = ""
    also: tuple[str, ...] = ()

    @functools.cached_property
    def sections(self) -> list[tuple[str, str]]:
        """(id, title as HTML) of each section."""
        return _HEADING.findall(self.body)


def specimen() -> str:
    """The Markdown of a specimen."""
    words = f"title: {_TITLE}\ndescription: {_DESCRIPTION}\nhead: {_HEAD}\n"
    head = f"---\n{words}search: {{exclude: true}}\n---\n\n"
    return f'{head}<h1 id="begin">{_BODY}</h1>\n\n## {_SECTION} {{ #qq-section }}\n'


class Shell:
    """The shell of one kind of page."""

    def __init__(self, html: str, path: str):
        """`html`: the specimen as the generator rendered it; `path`: where it stands."""
        body = re.compile(rf'<h1 id="begin">{_BODY}</h1>.*?<h2 id="qq-section">.*?</h2>', re.DOTALL)
        item = re.compile(r'<li class="md-nav__item">\s*<a href="#qq-section".*?</li>', re.DOTALL)
        found = item.search(html)
        self._item = found[0] if found else ""
        cut = item.sub("QQtocQQ", body.sub(_BODY, html, count=1))
        cut = cut.replace("#qq-section", "#begin")  # where the link for keyboards skips to
        self.parts = re.split(rf"(QQ(?:title|description|body|toc|head)QQ|{re.escape(path)})", cut)
        self.path = path

    def fill(self, page: Page) -> bytes:
        """The whole page."""
        toc = "".join(self._entry(*section) for section in page.sections)
        words = {
            _TITLE: str(escape(page.title)),
            _DESCRIPTION: str(escape(page.description)),
            _BODY: page.body,
            _HEAD: page.head,
            "QQtocQQ": toc,
            self.path: page.path,
        }
        return "".join(words.get(part, part) for part in self.parts).encode()

    def _entry(self, anchor: str, title: str) -> str:
        return self._item.replace("qq-section", anchor).replace(_SECTION, title)


def search_entries(page: Page) -> bytes:
    """What the search finds of a page, the page and each of its sections, as JSON between commas."""
    head, *rest = re.split(r"<h2 id=", _PRINTED.sub("", page.body))
    first: dict[str, Any] = {"location": page.path, "title": _read(escape(page.title)), "text": _text(head)}
    entries = [first]
    if page.also:
        first["tags"] = [_read(escape(name)) for name in page.also]
    for (anchor, title), part in zip(page.sections, rest, strict=True):
        location = f"{page.path}#{anchor}"
        entries.append(
            {"location": location, "title": _read(title), "text": _text(part.split("</h2>", 1)[1])}
        )
    return as_json(entries)[1:-1].encode()


def searchable(index: bytes, entries: Iterable[bytes]) -> bytes:
    """The index that the generator wrote, with more entries, and our way with words (lunr.words.min.js)."""
    found = json.loads(index)
    found["config"]["lang"].append("words")
    docs = b",".join([*(as_json(entry).encode() for entry in found.pop("docs")), *entries])
    return b"".join([as_json(found)[:-1].encode(), b',"docs":[', docs, b"]}"])


def as_markdown(page: Page) -> str:
    """The page as Markdown, for a generator that renders every page itself."""
    head = {"title": page.title, "description": page.description}
    front = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items())
    body = re.sub(
        r'<h2 id="([a-z0-9-]+)">(.*?)<a class="headerlink".*?</h2>', r"\n\n## \2 { #\1 }\n\n", page.body
    )
    return f"---\n{front}---\n\n{body}\n"


def _text(html: str) -> str:
    return _read(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


def _read(html: str) -> str:
    """Text with the quotes and apostrophes that readers type: within words they are part of them."""
    return str(html).replace("&#39;", "'").replace("&#34;", '"')
