"""The theme's HTML around catalogue pages: cut from one specimen of each kind, filled for all others.

MkDocs renders one specimen of each kind of catalogue page, with tokens where a page's own words go. Cut at
the tokens, it is the shell of all pages of that kind: they look and behave as the theme's own, and each costs
a join of strings. A token inside a page's own words stays what it is: the cut is made once, before.
"""

import re

from markupsafe import escape

from mobility.publishing.material.page import Page

SPECIMEN = "_specimen"
"""No page can be called so: an id begins with a letter or a digit."""
_TITLE, _DESCRIPTION, _BODY, _SECTION = "QQtitleQQ", "QQdescriptionQQ", "QQbodyQQ", "QQsectionQQ"
_HEAD = "QQheadQQ"


def specimen() -> str:
    """The Markdown of a specimen."""
    words = f"title: {_TITLE}\ndescription: {_DESCRIPTION}\nhead: {_HEAD}\n"
    head = f"---\n{words}search: {{exclude: true}}\n---\n\n"
    return f'{head}<h1 id="begin">{_BODY}</h1>\n\n## {_SECTION} {{ #qq-section }}\n'


class Shell:
    """The shell of one kind of page."""

    def __init__(self, html: str, path: str):
        """`html`: the specimen as MkDocs rendered it; `path`: where it stands."""
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
