"""The search index (JSON read by lunr.js): entries of catalogue pages, added to what MkDocs wrote."""

import json
import re
from collections.abc import Iterable
from typing import Any

from markupsafe import escape

from mobility.publishing.catalogue_json import as_json
from mobility.publishing.material.page import Page

_EXCLUDED = re.compile(r"<(\w+)[^>]* data-search-exclude[^>]*>.*?</\1>", re.DOTALL)
"""Elements that are left out, as of pages of Markdown by the theme; none stands in another of its kind."""
_TITLE = re.compile(r"<h1 .*?</h1>", re.DOTALL)


def entries_of(page: Page) -> bytes:
    """The entries of a page and of each of its sections that has a text, as JSON objects with commas between
    them."""
    first: dict[str, Any] = {"location": page.path, "title": _read(escape(page.title))}
    if page.repeats:
        return as_json({**first, "text": ""}).encode()  # its title says all that is its own
    head, *rest = re.split(r"<h2 id=", _EXCLUDED.sub("", _TITLE.sub("", page.body)))
    first["text"] = _text(head)
    entries = [first]
    if others := [name for name in page.also if name != page.title]:
        first["tags"] = [_read(escape(name)) for name in others]
    for (anchor, title), part in zip(page.sections, rest, strict=True):
        if text := _text(part.split("</h2>", 1)[1]):
            entries.append({"location": f"{page.path}#{anchor}", "title": _read(title), "text": text})
    return as_json(entries)[1:-1].encode()


def with_entries(index: bytes, entries: Iterable[bytes]) -> bytes:
    """The index that MkDocs wrote, with more entries and with our language rules (lunr.words.min.js)."""
    found = json.loads(index)
    found["config"]["lang"].append("words")
    docs = b",".join([*(as_json(entry).encode() for entry in found.pop("docs")), *entries])
    return b"".join([as_json(found)[:-1].encode(), b',"docs":[', docs, b"]}"])


def _text(html: str) -> str:
    return _read(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


def _read(html: str) -> str:
    """Text with the quotes and apostrophes that readers type: within words they are part of them."""
    return str(html).replace("&#39;", "'").replace("&#34;", '"')
