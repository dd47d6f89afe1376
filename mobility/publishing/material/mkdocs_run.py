"""Runs MkDocs on trees of Markdown, and corrects invalid HTML that the theme Material writes."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from mobility.publishing.output import BuildFailed


def run(trees: Sequence[Path]) -> list[Path]:
    """Runs MkDocs on trees (mkdocs.yml, docs/, theme/), all at once; the folders of what it made, in their
    order. Raises BuildFailed."""
    runs: list[subprocess.Popen[bytes]] = []
    try:
        runs += map(_started, trees)
        return [_finished(tree, each) for tree, each in zip(trees, runs, strict=True)]
    finally:
        for each in runs:
            each.kill()
            each.wait()


def _started(tree: Path) -> subprocess.Popen[bytes]:
    folders = ["--config-file", str(tree / "mkdocs.yml"), "--site-dir", str((tree / "site").resolve())]
    with (tree / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "build", "--strict", *folders],
            stdout=subprocess.DEVNULL,
            stderr=log,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"},
        )


def _finished(tree: Path, started: subprocess.Popen[bytes]) -> Path:
    site = tree / "site"
    if started.wait():
        said = (tree / "log").read_text(encoding="utf-8", errors="replace").splitlines()
        lines = [line for line in said if line.strip() and not line.startswith("INFO")]
        raise BuildFailed("The site generator stopped:\n" + "\n".join(lines[-20:]))
    _check(tree / "docs", site)
    for page in site.rglob("*.html"):
        page.write_text(_corrected(page.read_text(encoding="utf-8")), encoding="utf-8")
    return site


def _corrected(html: str) -> str:
    """A page without what the theme writes against the HTML standard: `autocomplete` on checkboxes
    (assets/javascripts/site.js does its work), and the label of a checkbox that not all pages have."""
    html = re.sub(r'(<input class="md-toggle"[^>]*?) autocomplete="off"', r"\1", html)
    if 'id="__toc"' in html:
        return html
    return re.sub(
        r'<label class="md-nav__title" for="__toc">(.*?)</label>',
        r'<span class="md-nav__title">\1</span>',
        html,
        flags=re.DOTALL,
    )


def _check(docs: Path, site: Path) -> None:
    """Its exit code is not trusted: every page must be there, and hold something."""
    for source in docs.rglob("*.md"):
        page = source.relative_to(docs)
        folder = page.parent if page.stem == "index" else page.parent / page.stem
        made = site / folder / "index.html"
        if not made.is_file() or made.stat().st_size < 500:
            raise BuildFailed(f"The site generator made no page of {page}")
