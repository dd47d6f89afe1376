"""Structured data (schema.org), Open Graph tags, the sitemap, robots.txt and security.txt."""

import datetime
import json
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

from markupsafe import escape

from mobility.catalogue.calls import Call
from mobility.catalogue.partners import Catalogue, Offer, Partner
from mobility.i18n.languages import LANGUAGES, url_folder
from mobility.publishing import social_images

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_JSON = json.JSONEncoder(ensure_ascii=False)


def of_partner(partner: Partner) -> str:
    """A host institution as JSON-LD, for its page."""
    return _script(_university(partner))


def of_programme(offer: Offer, call: Call | None) -> str:
    """A programme as JSON-LD, for its page. `call`: the first in which it can be chosen, if there is one."""
    days = (
        {
            "applicationStartDate": call.first_day.isoformat(),
            "applicationDeadline": call.last_day.isoformat(),
        }
        if call
        else {}
    )
    return _script(
        {
            "@type": "EducationalOccupationalProgram",
            "name": offer.programme.name,
            "provider": _university(offer.partner),
            **days,
        }
    )


def image_tags(url: str) -> str:
    """Open Graph tags that name the picture of a link to the page. `url` is absolute."""
    wide, high = social_images.SIZE
    return (
        f'<meta property="og:image" content="{escape(url)}">'
        f'<meta property="og:image:width" content="{wide}"><meta property="og:image:height" content="{high}">'
    )


def sitemap(address: str, paths: Iterable[str], day: datetime.date) -> bytes:
    """The sitemap (XML): every page in each language, naming the others. `address` ends with a slash."""
    root = ElementTree.Element("urlset", {"xmlns": _SITEMAP, "xmlns:xhtml": _XHTML})
    places = {language: url_folder(language) for language in LANGUAGES}
    for path in paths:
        for place in places.values():
            url = ElementTree.SubElement(root, "url")
            ElementTree.SubElement(url, "loc").text = f"{address}{place}{path}"
            ElementTree.SubElement(url, "lastmod").text = day.isoformat()
            for language, other in places.items():
                link = {"rel": "alternate", "hreflang": language, "href": f"{address}{other}{path}"}
                ElementTree.SubElement(url, "xhtml:link", link)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def robots_txt(catalogue: Catalogue) -> str:
    """`robots.txt`: crawlers may read everything but the portal."""
    address = catalogue.settings.address
    tail = f"Sitemap: {address}sitemap.xml\n" if address else ""
    return f"User-agent: *\nDisallow: {catalogue.settings.portal}\n{tail}"


def security_txt(catalogue: Catalogue, now: datetime.datetime) -> str | None:
    """`security.txt` (RFC 9116), where the office has named whom to write to; good for half a year from the
    build, as it must carry an end."""
    contact = catalogue.settings.security_contact
    if contact is None:
        return None
    until = (now + datetime.timedelta(days=180)).astimezone(datetime.UTC)
    languages = ", ".join(LANGUAGES)
    return (
        f"Contact: mailto:{contact}\nExpires: {until:%Y-%m-%dT00:00:00Z}\nPreferred-Languages: {languages}\n"
    )


def _university(partner: Partner) -> dict[str, Any]:
    place = {
        "@type": "PostalAddress",
        "addressLocality": partner.city,
        "addressCountry": partner.country,
    }
    found = {"@type": "CollegeOrUniversity", "name": partner.name, "address": place}
    return {**found, "url": partner.website} if partner.website else found


def _script(thing: dict[str, Any]) -> str:
    """JSON-LD in a script element, which nothing in a name can end."""
    text = _JSON.encode({"@context": "https://schema.org", **thing})
    safe = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return f'<script type="application/ld+json">{safe}</script>'
