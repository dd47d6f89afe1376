"""Security headers of the built site: a Content-Security-Policy with hashes of its inline scripts.

Written beside the site as files that nginx and Caddy include, and as JSON for `scripts/serve`. Only what
MkDocs made has scripts: the pages of partners are filled into its shells, and bring none. So the policy is
the same for ten partners and ten thousand, and changes only with the theme.
"""

import base64
import functools
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""Headers that site and portal share. Strict-Transport-Security is not here: the web server that speaks https
sends it, and a rehearsal over http must not."""

_INLINE = re.compile(r"<script((?:(?!\ssrc=)[^>])*)>(.*?)</script>", re.DOTALL)
_DATA = re.compile(r'type="application/(?:ld\+)?json"')
"""Data blocks, which no browser runs and no policy has to allow."""


def write(folder: Path, rendered: Iterable[Path]) -> None:
    """Writes the headers of a site into `folder`. `rendered`: what MkDocs made, in each language."""
    headers = of_site(sorted({digest for site in rendered for digest in script_hashes(site)}))
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {
        "nginx.conf": "".join(f'add_header {name} "{value}" always;\n' for name, value in headers.items()),
        "Caddyfile": "".join(f'header {name} "{value}"\n' for name, value in headers.items()),
        "headers.json": json.dumps(headers, indent=1),
    }.items():
        new = folder / f".{name}"
        new.write_text(text, encoding="utf-8")
        new.replace(folder / name)


def read(folder: Path) -> Mapping[str, str]:
    """The headers that `write` wrote; of a site built before there were any, those that allow no script."""
    file = folder / "headers.json"
    return _read(file, file.stat().st_mtime_ns) if file.exists() else of_site(())


def of_site(scripts: Iterable[str]) -> dict[str, str]:
    """The headers of a site with inline scripts of these hashes."""
    policy = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *(f"'{digest}'" for digest in scripts)]),
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    joined = "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
    return {"Content-Security-Policy": joined, "Referrer-Policy": "same-origin", **COMMON}


def script_hashes(folder: Path) -> Iterator[str]:
    """CSP sources that allow the inline scripts of the pages in a folder, such as sha256-47DEQpj8HBSa+/…"""
    for page in folder.rglob("*.html"):
        for attributes, text in _INLINE.findall(page.read_text(encoding="utf-8")):
            if not _DATA.search(attributes):
                yield "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@functools.lru_cache(maxsize=1)
def _read(file: Path, changed: int) -> Mapping[str, str]:  # noqa: ARG001  (a changed file is another one)
    found: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found
