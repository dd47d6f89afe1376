"""How many of the queries in tests/data/search-queries.yaml lead to the right page within three results: the
theme's search as it comes, with our words, and Pagefind, each in Chromium on the built site."""

import asyncio
import functools
import http.server
import json
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from pagefind.index import IndexConfig, PagefindIndex
from playwright.sync_api import Page, sync_playwright

from mobility.paths import CHECKOUT
from scripts import browser

QUERIES: dict[str, dict[str, str]] = yaml.safe_load(
    (CHECKOUT.root / "tests/data/search-queries.yaml").read_text(encoding="utf-8")
)
FIRST = 3

LUNR = """async ({ queries, index }) => {
  const config = JSON.parse(document.getElementById("__config").textContent)
  const worker = new Worker(config.search)
  const answer = (message) => new Promise((done) => {
    worker.onmessage = ({ data }) => done(data)
    worker.postMessage(message)
  })
  await answer({ type: 0, data: { ...index, options: { suggest: true } } })
  const found = []
  for (const query of queries) {
    const { data } = await answer({ type: 2, data: query })
    found.push(data.items.map((results) => results[0].location.split("#")[0]))
  }
  return found
}"""
PAGEFIND = """async ({ queries, bundle }) => {
  const pagefind = await import(bundle + "pagefind.js")
  const found = []
  for (const query of queries) {
    const { results } = await pagefind.search(query)
    found.push(await Promise.all(results.slice(0, 3).map(async (each) => (await each.data()).url)))
  }
  return found
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Says nothing of each file that it serves."""

    def log_message(self, *said: object) -> None:
        """Nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which `folder` is served."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def index_of(site: Path) -> dict[str, Any]:
    """What the theme's search reads of one language."""
    found: dict[str, Any] = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))
    return found


def plain(index: dict[str, Any]) -> dict[str, Any]:
    """The index as the theme itself would make it."""
    config = {**index["config"], "lang": [code for code in index["config"]["lang"] if code != "words"]}
    docs = [{key: value for key, value in doc.items() if key != "tags"} for doc in index["docs"]]
    return {**index, "config": config, "docs": docs}


def as_pages(index: dict[str, Any], language: str) -> Iterator[tuple[str, str]]:
    """(address, HTML) of each page with just what is in the index, other names at the weight of headings."""
    pages: dict[str, list[str]] = {}
    for doc in index["docs"]:
        level = 2 if "#" in doc["location"] else 1
        names = "".join(f"<h1>{name}</h1>" for name in doc.get("tags", ()))
        text = f"<h{level}>{doc['title']}</h{level}>{names}{doc['text']}"
        pages.setdefault(doc["location"].split("#")[0], []).append(text)
    for path, parts in pages.items():
        yield path, f'<html lang="{language}"><body>{"".join(parts)}</body></html>'


async def write_pagefind(index: dict[str, Any], language: str, folder: Path) -> None:
    """Pagefind's own index of the same words."""
    async with PagefindIndex(config=IndexConfig(output_path=str(folder))) as made:
        for path, html in as_pages(index, language):
            await made.add_html_file(content=html, url=f"/{path}")


def right(wanted: str, path: str) -> bool:
    """Whether the page is the one wanted, or of the partner wanted."""
    path = path.strip("/")
    kinds = [wanted.strip("/")] if "/" in wanted else [f"partners/{wanted}", f"programmes/{wanted}"]
    return any(path == kind or path.startswith(f"{kind}/") for kind in kinds)


def missed(language: str, found: list[list[str]]) -> list[str]:
    """The queries that do not lead to the page wanted, by the addresses found for each."""
    return [
        query
        for (query, page), paths in zip(QUERIES[language].items(), found, strict=True)
        if not any(right(page, path) for path in paths[:FIRST])
    ]


def report(engine: str, language: str, found: list[list[str]]) -> None:
    """Prints the figure, and which queries failed."""
    most, failed = len(QUERIES[language]), missed(language, found)
    print(f"{language}  {engine:28} {most - len(failed):2} of {most}  {', '.join(failed)}")


def site_of(copy: Path, language: str) -> Path:
    """The site of one language."""
    return copy if language == "en" else copy / language


async def write_all(copy: Path) -> None:
    """Pagefind's indexes: without and with other names, in each language."""
    for language in QUERIES:
        index = index_of(site_of(copy, language))
        await write_pagefind(plain(index), language, copy / f"pagefind-{language}")
        await write_pagefind(index, language, copy / f"pagefind-names-{language}")


def measure(page: Page, address: str, copy: Path, language: str) -> None:
    """All engines in one language."""
    queries = list(QUERIES[language])
    index = index_of(site_of(copy, language))
    page.goto(f"{address}/{site_of(copy, language).relative_to(copy)}/")
    for name, read in (("theme's own", plain(index)), ("theme's with our words", index)):
        report(name, language, page.evaluate(LUNR, {"queries": queries, "index": read}))
    for name, bundle in (("Pagefind", "pagefind"), ("Pagefind with other names", "pagefind-names")):
        root = f"/{bundle}-{language}/"
        found = page.evaluate(PAGEFIND, {"queries": queries, "bundle": address + root})
        report(name, language, [[path.removeprefix(root.rstrip("/")) for path in paths] for paths in found])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "site"
        shutil.copytree(CHECKOUT.site, copy)
        asyncio.run(write_all(copy))
        with served(copy) as address, sync_playwright() as tools:
            page = tools.chromium.launch(
                executable_path=browser.path(whole=True), args=["--no-sandbox"]
            ).new_page()
            for language in QUERIES:
                measure(page, address, copy, language)


if __name__ == "__main__":
    main()
