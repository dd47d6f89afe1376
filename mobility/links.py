"""Asks the addresses that catalogue and pages name whether they still answer; never during a build."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from mobility.places import Places

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\)\]}]+")
_SECONDS = 20
_AT_ONCE = 8
_HEADERS = {"User-Agent": "Mozilla/5.0 (outgoing-mobility link check)"}
_UNSUPPORTED = {403, 405, 501}
"""Answers to HEAD that say nothing of the page: it is asked for with GET then."""


@dataclass(frozen=True)
class Link:
    """An address and the first place that names it."""

    url: str
    file: str
    line: int


def named(places: Places) -> list[Link]:
    """Every address in `partners.yaml` and `content/pages`, once, in the order of files and lines."""
    found: dict[str, Link] = {}
    for path in [places.partners, *sorted((places.content / "pages").rglob("*.md"))]:
        name = path.relative_to(places.root).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for url in _ADDRESS.findall(line.split(" #")[0] if not line.lstrip().startswith("#") else ""):
                clean = url.rstrip(".,;:")
                found.setdefault(clean, Link(clean, name, number))
    return list(found.values())


def dead(links: Iterable[Link]) -> Iterator[tuple[Link, str]]:
    """Those that do not answer as a page should, each with what is wrong."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asked = list(links)
        for link, fault in zip(asked, pool.map(lambda link: _fault(link.url), asked), strict=True):
            if fault:
                yield link, fault


def _fault(url: str) -> str | None:
    fault = _ask(url, "HEAD")
    return _ask(url, "GET") if fault in {f"answers {code}" for code in _UNSUPPORTED} else fault


def _ask(url: str, method: str) -> str | None:
    request = urllib.request.Request(url, method=method, headers=_HEADERS)
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS):
            return None
    except urllib.error.HTTPError as error:
        return f"answers {error.code}"
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return f"cannot be reached: {reason}"
