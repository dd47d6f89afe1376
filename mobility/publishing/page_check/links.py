"""Finds links and pictures of a page that lead nowhere: pages, anchors, files that are not there."""

import difflib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from mobility.i18n.languages import url_folder
from mobility.publishing.page_check import masked
from mobility.publishing.page_check.html_tags import Elements
from mobility.publishing.page_check.page_files import PageFile
from mobility.yamlfiles import strange_characters
from mobility.yamlfiles.errors import did_you_mean
from mobility.yamlfiles.reader import Problem

_LINK = re.compile(r"(!?)\[[^\[\]]*\]\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n^]+\]:[ \t]*(\S+)", re.MULTILINE)
_TITLE = re.compile(r"\s+(\"[^\"]*\"|'[^']*')\s*$")
_HOST = re.compile(r"(www\.[\w-]+|[\w-]+(\.[\w-]+)*\.(kz|com|org|net|edu|ru|eu|pl|de|uk|cn|kr|jp))(/|$)")
_OWN_DISK = re.compile(r"[A-Za-z]:[\\/]|file:|\\\\")
_PUT = "put the file into content/downloads and write /downloads/"


@dataclass(frozen=True)
class Site:
    """What links can lead to: the Markdown names of pages, addresses of the site from its root (pages end
    with a slash), the beginnings of those that are not looked at, and the anchors of pages, by address."""

    names: frozenset[str]
    addresses: frozenset[str]
    others: tuple[str, ...]
    anchors: Mapping[str, frozenset[str]]


def address_of(name: str) -> str:
    """The address of a page in its language's folder: of criteria.md it is criteria/."""
    return name.removesuffix("index.md") if posixpath.basename(name) == "index.md" else f"{name[:-3]}/"


def problems(page: PageFile, text: str, site: Site) -> Iterator[Problem]:
    """Links and pictures that lead nowhere. `text`: the page without tags."""
    plain = masked.without_remarks(text)
    for link in _LINK.finditer(plain):
        target = _TITLE.sub("", link[2]).strip().strip("<>")
        if said := _fault(page, target, site, in_markdown=True, picture=bool(link[1])):
            yield page.problem(link.start(), said)
    for reference in _REFERENCE.finditer(plain):
        if said := _fault(page, reference[1].strip("<>"), site, in_markdown=True):
            yield page.problem(reference.start(), said)
    for line, kind, target in Elements(text).addresses:
        if said := _fault(page, target.strip(), site, picture=kind == "src"):
            yield Problem(page.file, line, said)


def _fault(page: PageFile, target: str, site: Site, in_markdown: bool = False, picture: bool = False) -> str:
    """What is wrong with the target of a link or picture; an empty string where nothing is."""
    file = re.split(r"[\\/]", target)[-1]
    if masked.FILLED in target:
        return ""
    if not target:
        return "a link without an address: write it between ( and )" if in_markdown else ""
    if _OWN_DISK.match(target):
        return f"{target} is on your own computer, where readers do not see it: {_PUT}{file}"
    if "\\" in target:
        return f"{target}: write / for \\"
    if any(told := list(strange_characters.named(target))) and strange_characters.plain(target).isascii():
        return f"{target}: {'; '.join(told)}: write {strange_characters.plain(target)}"
    if " " in target:
        return f"a space stands in the address {target}: a ) is missing, or write %20 for the space"
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        if picture and parts.scheme != "data":
            return f"{target} is a picture of another site, which browsers do not show here: {_PUT}{file}"
        return ""
    if not target.startswith(("/", "#", ".")) and _HOST.match(target) and not target.endswith(".md"):
        return f"{target} leads into this site: write https://{target}"
    return _inside(page, unquote(parts.path), parts.fragment, site, in_markdown)


def _inside(page: PageFile, path: str, anchor: str, site: Site, in_markdown: bool) -> str:
    """What is wrong with an address within the site."""
    here = _of(page, page.name)
    file = posixpath.basename(path)
    if path.endswith(".md"):
        name = posixpath.normpath(posixpath.join(posixpath.dirname(page.name), path.lstrip("/")))
        if not in_markdown:
            instead = _to(here, _of(page, name))
            return f"{path} is no address of the site: within HTML write {instead}"
        if path.startswith("/") or name not in site.names:
            return _no_page(page, path, name, here, site)
        where = _of(page, name)
    else:
        where = urljoin(here, path) if path else here
        if in_markdown and "." in file and not path.startswith("/"):
            name = posixpath.normpath(posixpath.join(posixpath.dirname(page.name), path))
            if name in site.names:
                return ""
            instead = where if where in site.addresses else f"/downloads/{file}"
            there = "write" if instead in site.addresses else "put the file into content/downloads and write"
            return f"there is no file {path}: {there} {instead}"
        if where.startswith(site.others) or where in site.addresses:
            pass
        elif f"{where}/" in site.addresses:
            where = f"{where}/"
        else:
            return _no_address(page, path, here, where, site)
    known = site.anchors.get(where)
    if anchor and known is not None and anchor not in known:
        near = did_you_mean(anchor, known) or f"; it has: {', '.join(sorted(known)[:12]) or 'none'}"
        return f"{path or 'this page'} has no heading with the anchor #{anchor}{near}"
    return ""


def _of(page: PageFile, name: str) -> str:
    """The address of a page, from the root of the site, in the language of another page."""
    return f"/{url_folder(page.language)}{address_of(name)}"


def _no_page(page: PageFile, path: str, name: str, here: str, site: Site) -> str:
    """That there is no such page, and what to write."""
    folder = posixpath.dirname(page.name) or "."
    address = "/" + url_folder(page.language) + name[:-3] + "/"
    if path.startswith("/") and path.lstrip("/") in site.names:
        return f"{path}: write {posixpath.relpath(path.lstrip('/'), folder)}"
    if address in site.addresses:
        return f"there is no file {path}: write {posixpath.relpath(address, here)}/"
    known = [posixpath.relpath(each, folder) for each in site.names if each.endswith(".md")]
    near = did_you_mean(path, known) or f"; there are: {', '.join(sorted(known))}"
    return f"there is no page {path}{near}"


def _no_address(page: PageFile, path: str, here: str, where: str, site: Site) -> str:
    """That there is nothing at an address, and what to write."""
    said = f"there is nothing at {path}"
    for start in (f"/{url_folder(page.language)}", "/"):
        whole = posixpath.normpath(f"{start}{path}").replace("//", "/")
        for address in (whole, f"{whole}/"):
            if address in site.addresses:
                return f"{said} as seen from this page: write {_to(here, address)}"
    is_file = re.search(r"\.[a-z0-9]{2,4}$", path)
    if near := difflib.get_close_matches(where, site.addresses, n=1, cutoff=0.85 if is_file else 0.6):
        return f"{said}, did you mean {near[0] if path.startswith('/') else _to(here, near[0])}?"
    return f"there is no file {path}: {_PUT}{posixpath.basename(path)}" if is_file else said


def _to(here: str, address: str) -> str:
    """An address of the site as a link from a page."""
    return posixpath.relpath(address, here) + ("/" if address.endswith("/") else "")
