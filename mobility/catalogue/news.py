"""News of the office: loads `content/news.yaml` and writes it as an Atom feed (RFC 4287)."""

import datetime
from pathlib import Path
from xml.etree import ElementTree

from mobility.catalogue.institution import Institution
from mobility.i18n.labels import label
from mobility.i18n.languages import Language
from mobility.yamlfiles import loader
from mobility.yamlfiles.field_types import Day, Id, InEachLanguage, Strict, Url
from mobility.yamlfiles.loader import repeated_ids

_ATOM = "http://www.w3.org/2005/Atom"


class Item(Strict):
    """A piece of news. `id` stays when the words are mended: feed readers know it by that."""

    id: Id
    day: Day
    title: InEachLanguage
    text: InEachLanguage
    link: Url | None = None


class News(Strict):
    """All of `content/news.yaml`."""

    news: tuple[Item, ...] = ()


def load(path: Path) -> tuple[Item, ...]:
    """Loads the news, the newest first. Raises InvalidFile with every problem."""
    name = f"{path.parent.name}/{path.name}"
    content, _ = loader.load(
        path, News, name, lambda all_, marks: repeated_ids(all_.news, "news", marks, name)
    )
    return tuple(sorted(content.news, key=lambda item: item.day, reverse=True))


def atom(items: tuple[Item, ...], title: str, sender: Institution, address: str, to: Language) -> bytes:
    """The Atom feed in a language. `sender`: the university whose news these are. `address`: of the site
    in that language, with a slash at its end."""
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": to})
    feed_id = f"tag:{sender.domain},2026:mobility-news:{to}"
    newest = max((item.day for item in items), default=datetime.date(2026, 11, 24))
    _add(feed, "title", title)
    _add(feed, "id", feed_id)
    _add(feed, "updated", _instant(newest))
    _add(_add(feed, "author"), "name", label(sender.office.name).to(to))
    _add(feed, "link", rel="self", href=f"{address}feed.xml")
    _add(feed, "link", href=address)
    for item in items:
        entry = _add(feed, "entry")
        _add(entry, "id", f"{feed_id}:{item.id}")
        _add(entry, "title", item.title.to(to))
        _add(entry, "updated", _instant(item.day))
        _add(entry, "content", item.text.to(to), type="text")
        _add(entry, "link", href=item.link or address)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add(
    parent: ElementTree.Element, tag: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, tag, attributes)
    made.text = text
    return made


def _instant(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
