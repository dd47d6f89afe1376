"""A page's Markdown without what is none: template tags, code and remarks are blanked, places stay."""

import re
from collections.abc import Iterable

from mobility.publishing.page_check.page_files import PageFile
from mobility.publishing.page_check.tags import Tag

FILLED = "\ue000"
"""Stands for each character of a template tag: what will be there is not known before the page is filled."""
_CODE = re.compile(r"^(```|~~~).*?^\1|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\2(?!`)", re.MULTILINE | re.DOTALL)
_REMARK = re.compile(r"<!--.*?-->", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)(---|\.\.\.)(\n|\Z)", re.DOTALL)


def without_tags(page: PageFile, tags: Iterable[Tag]) -> str:
    """The text with tags, code and front matter blanked."""
    text = page.text
    for tag in tags:
        sign = " " if tag.kind == "{#" else FILLED
        text = text[: tag.start] + _blank(text[tag.start : tag.end], sign) + text[tag.end :]
    text = _FRONT_MATTER.sub(lambda found: _blank(found[0]), text)
    return _CODE.sub(lambda found: _blank(found[0]), text)


def without_remarks(text: str) -> str:
    """The text with the remarks of HTML blanked."""
    return _REMARK.sub(lambda found: _blank(found[0]), text)


def front_matter(page: PageFile) -> str | None:
    """What stands between the first two lines of ---; None where a page does not begin so."""
    found = _FRONT_MATTER.match(page.text)
    return found[1] if found else None


def _blank(text: str, sign: str = " ") -> str:
    return re.sub("[^\n]", sign, text)
