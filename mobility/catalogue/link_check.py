"""Link checker: finds broken links in the catalogue and the pages. Needs the network; never part of a
build."""

import http.client
import re
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from mobility.paths import Checkout

_ADDRESS = re.compile(r"https?://(?:[^\s<>\"'`\\()\]}]|\([^\s<>\"'`\\()]*\))+")
"""Brackets belong to an address in pairs, as in Markdown."""
_SECONDS = 20
_AT_ONCE = 8
_HEADERS = {"User-Agent": "Mozilla/5.0 (outgoing-mobility link check)"}


@dataclass(frozen=True)
class Link:
    """An address and the first place that names it."""

    url: str
    file: str
    line: int


def find_links(checkout: Checkout) -> list[Link]:
    """Every address in `partners.yaml` and `content/`, once, in the order of files and lines."""
    found: dict[str, Link] = {}
    content = [*checkout.content.glob("*.yaml"), *(checkout.content / "pages").rglob("*.md")]
    for path in [checkout.partners, *sorted(content)]:
        name = path.relative_to(checkout.root).as_posix()
        for number, line in enumerate(_said(path), 1):
            for url in _ADDRESS.findall(line):
                clean = url.rstrip(".,;:")
                found.setdefault(clean, Link(clean, name, number))
    return list(found.values())


def broken_links(links: Iterable[Link]) -> Iterator[tuple[Link, str]]:
    """Those that do not answer as a page should, each with what is wrong; in their order. Many hosts are
    asked at once, each of them one thing at a time."""
    asked = list(links)
    by_host: dict[str, list[str]] = defaultdict(list)
    for link in asked:
        by_host[link.url.split("/")[2]].append(link.url)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        portions = pool.map(lambda urls: [(url, _fault(url)) for url in urls], by_host.values())
        faults = dict(answer for portion in portions for answer in portion)
    yield from ((link, fault) for link in asked if (fault := faults[link.url]))


def _said(path: Path) -> list[str]:
    """The lines of a file, without what stands in comments: their addresses are examples."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [re.sub(r"(^|\s)#.*", "", line) for line in lines] if path.suffix == ".yaml" else lines


def _fault(url: str) -> str | None:
    """HEAD costs the host least, but not every host answers it as it would answer a reader."""
    return _ask(url, "HEAD") and _ask(url, "GET")


def _ask(url: str, method: str) -> str | None:
    try:
        request = urllib.request.Request(_ascii(url), method=method, headers=_HEADERS)
        with urllib.request.urlopen(request, timeout=_SECONDS):
            return None
    except urllib.error.HTTPError as error:
        return f"answers {error.code}"
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error) or type(error).__name__
        return f"cannot be reached: {' '.join(str(reason).split())}"


def _ascii(url: str) -> str:
    """The address as it is sent: other letters than ASCII may stand in it as people write it."""
    parts = urllib.parse.urlsplit(url)
    host = parts.netloc.encode("idna").decode()
    path, query = (urllib.parse.quote(part, safe="%/:=&?~+!$,;'@()*[]") for part in (parts.path, parts.query))
    return urllib.parse.urlunsplit((parts.scheme, host, path, query, ""))
