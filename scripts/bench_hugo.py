"""Our build beside Hugo's on the same pages: so many partners in English, in turns.

Hugo (https://gohugo.io, on the PATH) is given the easier work: its pages hold what our templates have already
said of each partner, its layouts are the theme's shell, and it makes neither search index nor calendars nor
data for the finder and other programs. Ours begins at `partners.yaml`.
"""

import argparse
import datetime
import functools
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mobility.catalogue import calls, rulebook
from mobility.paths import Checkout
from mobility.publishing import catalogue_pages, site_builder
from mobility.publishing.editions import Edition, render_editions
from scripts.bench import computing, house, no_forms

_CONFIG = """baseURL = "https://example.org/"
disableKinds = ["taxonomy", "term", "RSS", "section", "sitemap"]
[markup.goldmark.renderer]
unsafe = true
"""
_TOC = """{{ range .Fragments.Headings }}{{ range .Headings }}<li class="md-nav__item"><a href="#{{ .ID }}"
class="md-nav__link"><span class="md-ellipsis">{{ .Title }}</span></a></li>{{ end }}{{ end }}"""
_SAID = {
    "QQtitleQQ": "{{ .Title }}",
    "QQdescriptionQQ": "{{ .Description }}",
    "QQbodyQQ": "{{ .Content }}",
    "QQheadQQ": "{{ .Params.head | safeHTML }}",
    "QQtocQQ": _TOC,
}


def hugos(checkout: Checkout, folder: Path) -> int:
    """Writes the catalogue's pages for Hugo; how many there are."""
    edition = _edition(checkout, folder / "work")
    for kind, layout in edition.rendered.shells.items():
        said = {**_SAID, layout.path: "{{ .RelPermalink }}"}
        html = "".join(said.get(part, part.replace("{{", '{{ "{{" }}')) for part in layout.parts)
        _put(folder / "layouts" / kind / "page.html", html)
    _put(folder / "hugo.toml", _CONFIG)
    _put(folder / "layouts" / "home.html", "{{ len .Site.RegularPages }}")
    written = 0
    for subject in edition.subjects:
        for page in catalogue_pages.pages_of(edition.inputs, edition.templates, subject):
            head, body = page.as_markdown()[4:].split("---\n", 1)
            front = f"---\n{head}params: {{head: {json.dumps(page.head)}}}\n---\n"
            _put(folder / "content" / f"{page.path.rstrip('/')}.md", front + body)
            written += 1
    shutil.rmtree(folder / "work")
    return written


def run_hugo(hugo: str, source: Path, to: Path) -> None:
    """Hugo's build, from nothing."""
    subprocess.run([hugo, "--quiet", "--source", str(source), "--destination", str(to)], check=True)


def build(checkout: Checkout) -> None:
    """Our build, from nothing."""
    book = rulebook.load(checkout)
    now = datetime.datetime.now(calls.zone(book.catalogue.calls))
    site_builder.build(checkout, book, now, no_forms, ("en",))


def measured(name: str, work: Callable[[], object], settle: float) -> float:
    """Seconds of one run, which is told. Before it the disk is given time to forget the files removed before:
    ext4 looks through those of the last seconds whenever it makes a new one."""
    time.sleep(settle)
    computed, begun = computing(), time.perf_counter()
    work()
    taken = time.perf_counter() - begun
    print(f"{name:5} {taken:6.2f} s, {computing() - computed:6.2f} s of computing", flush=True)
    return taken


def main() -> None:
    """Prints each run, and the middle of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--settle", type=float, default=45.0, help="seconds of rest before each run")
    options = parser.parse_args()
    hugo = shutil.which("hugo")
    if not hugo:
        sys.exit("hugo is not on the PATH: see https://gohugo.io/installation/")
    print(subprocess.run([hugo, "version"], capture_output=True, text=True, check=True).stdout.strip())
    taken: dict[str, list[float]] = {"hugo": [], "ours": []}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        checkout = house(root / "house", options.partners)
        count = hugos(checkout, root / "hugo")
        for run in range(options.runs):
            out = root / f"public-{run}"
            theirs = functools.partial(run_hugo, hugo, root / "hugo", out)
            taken["hugo"].append(measured("hugo", theirs, options.settle))
            taken["ours"].append(measured("ours", functools.partial(build, checkout), options.settle))
            shutil.rmtree(checkout.build)
            shutil.rmtree(out)
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        print(f"{name}: {middle:.2f} s for {count} pages, {middle / count * 1000:.2f} ms a page (median)")


def _edition(checkout: Checkout, work: Path) -> Edition:
    book = rulebook.load(checkout)
    now = datetime.datetime.now(calls.zone(book.catalogue.calls))
    inputs = site_builder.gather_inputs(checkout, book, now, no_forms, work / "forms")
    (edition,) = render_editions(inputs, [inputs.templates("en")], work / "frames")
    return edition


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
