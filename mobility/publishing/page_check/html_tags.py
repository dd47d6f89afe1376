"""Finds HTML that has no place in a page (from Word, scripts, styles, frames), and tags without their end."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

from mobility.publishing.page_check import masked
from mobility.publishing.page_check.page_files import PageFile
from mobility.yamlfiles import strange_characters
from mobility.yamlfiles.reader import Problem

_WORD = "this comes from Word or a web page: paste the text alone (Ctrl+Shift+V), or delete it"
_SCRIPT = "a page holds no scripts: delete it"
_LOOKS = "how words look is the site's to say, browsers do not follow this: delete it"
_FRAME = "a page shows nothing that other sites send: write a link to it, [words](address)"
_WHOLE = "belongs to a whole HTML page: paste the text alone"
_NO_PLACE = {
    "script": _SCRIPT, "noscript": _SCRIPT, "style": _LOOKS, "font": _LOOKS, "center": _LOOKS,
    "iframe": _FRAME, "object": _FRAME, "embed": _FRAME, "video": _FRAME, "audio": _FRAME,
    **dict.fromkeys(("html", "head", "body", "meta", "link", "title", "base"), _WHOLE),
}  # fmt: skip
_ENDED = frozenset({
    "a", "abbr", "article", "aside", "b", "blockquote", "code", "details", "div", "dl", "em", "figure", "h1",
    "h2", "h3", "h4", "h5", "h6", "i", "ol", "pre", "q", "s", "section", "small", "span", "strong", "sub",
    "summary", "sup", "table", "u", "ul",
})  # fmt: skip
"""Elements that HTML wants to be ended; others end by themselves."""
_AUTOLINK = re.compile(r"<(?:https?:|mailto:|[^\s<>@]+@)[^<>\s]*>")
_OPEN = re.compile(r"<(/?[A-Za-z][\w:]*)(?:\s[^<>]*)?(?=<|\n[ \t]*\n|\Z)")


class Elements(HTMLParser):
    """Reads the tags of a text: those that are never ended, ends of nothing, addresses, and faults."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, int]] = []
        self.unended: list[tuple[str, int]] = []
        self.unopened: list[tuple[str, int]] = []
        self.addresses: list[tuple[int, str, str]] = []
        """Line, attribute and address."""
        self.ids: list[str] = []
        self.faults: list[tuple[int, str, str]] = []
        """Line, the tag, and what to do about it."""
        self.feed(_AUTOLINK.sub(lambda found: " " * len(found[0]), text))
        self.close()
        self.unended += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes what a tag opens, and what is wrong with it."""
        line, typed = self.getpos()[0], self.get_starttag_text() or ""
        values = {name: value or "" for name, value in attrs}
        if says := _fault(tag, values, typed):
            self.faults.append((line, typed, says))
            return
        if tag in _ENDED and not typed.endswith("/>"):
            self.open.append((tag, line))
        self.addresses += ((line, name, values[name]) for name in ("href", "src") if name in values)
        self.ids += [values["id"]] if "id" in values else []

    def handle_endtag(self, tag: str) -> None:
        """Notes what a tag ends, and what it leaves open."""
        names = [name for name, _ in self.open]
        if tag in names:
            at = len(names) - 1 - names[::-1].index(tag)
            self.unended += self.open[at + 1 :]
            del self.open[at:]
        elif tag in _ENDED:
            self.unopened.append((tag, self.getpos()[0]))

    def handle_comment(self, data: str) -> None:
        """Notes remarks that Word writes."""
        if data.startswith("[if"):
            self.faults.append((self.getpos()[0], f"<!--{data[:20]}…", _WORD))

    def unknown_decl(self, data: str) -> None:
        """Notes declarations that Word writes."""
        self.faults.append((self.getpos()[0], f"<![{data}]>", _WORD))


def _fault(tag: str, values: dict[str, str], typed: str) -> str:
    """What is wrong with a tag that has these attributes; else an empty string."""
    if ":" in tag or values.get("class", "").startswith("Mso") or "mso-" in values.get("style", ""):
        return _WORD
    if tag in _NO_PLACE:
        return _NO_PLACE[tag]
    if any(name.startswith("on") for name in values) or values.get("href", "").startswith("javascript:"):
        return _SCRIPT
    if "style" in values:
        return _LOOKS
    if quote := re.search("=([“”„«»])", typed):
        plain = _cut(strange_characters.plain_signs(typed))
        return f"{next(strange_characters.named(quote[1]))}: write {plain}"
    return ""


def problems(page: PageFile, text: str) -> Iterator[Problem]:
    """HTML that has no place in a page, or is never closed by a >. `text`: the page without tags."""
    found = Elements(text).faults
    counted = Counter(says for _, _, says in found)
    told: set[str] = set()
    for line, typed, says in found:
        if says not in told:
            more = f" (and {counted[says] - 1} more on this page)" if counted[says] > 1 else ""
            yield Problem(page.file, line, f"{_cut(typed)}: {says}{more}")
        told.add(says)
    for tag in _OPEN.finditer(masked.without_remarks(text)):
        column = page.at(tag.start())[1]
        said = f"<{tag[1]} opens in column {column} and is never closed: write > where it ends"
        yield page.problem(tag.start(), f"{said}, or &lt; for the sign itself")


def unbalanced(page: PageFile, text: str, filled: str) -> Iterator[Problem]:
    """Tags without their end, and ends of nothing. `filled`: the page as it is filled, as a tag that stands
    in both branches of an {% if %} is no fault."""
    typed = Elements(text)
    if not (typed.unended or typed.unopened):
        return
    shown = Elements(filled)
    unended, unopened = {tag for tag, _ in shown.unended}, {tag for tag, _ in shown.unopened}
    for tag, line in typed.unended:
        if tag in unended:
            yield Problem(page.file, line, f"<{tag}> is never ended: write </{tag}> where it ends")
    for tag, line in typed.unopened:
        if tag in unopened:
            yield Problem(page.file, line, f"</{tag}> ends nothing: above it no <{tag}> is open")


def _cut(typed: str) -> str:
    words = " ".join(typed.split()).replace(masked.FILLED, "…")
    return words if len(words) <= 60 else f"{words[:59]}…"
