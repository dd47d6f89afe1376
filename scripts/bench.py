"""Figures on invented data: building the site of N partners, sealing an application, making its dossier."""

import argparse
import datetime
import functools
import http.server
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pillow_heif
from PIL import Image

from mobility import storage
from mobility.applications import bags, completeness, drafts, submissions
from mobility.applications.bags import Contents, Payload
from mobility.catalogue import calls, catalogue_file, rulebook
from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import CHECKOUT, Checkout, Instance
from mobility.pdfforms import render
from mobility.publishing import catalogue_json, preview, site_builder
from scripts import browser

pillow_heif.register_heif_opener()

COUNTRIES = ["PL", "DE", "FI", "KR", "JP", "MY", "HU", "CZ", "ES", "GB", "LT", "SE", "KZ", "CN", "TH"]


def partner(number: int) -> str:
    """An invented partner with as much to say as a real one."""
    country = COUNTRIES[number % len(COUNTRIES)]
    return f"""
  - id: invented-{number}
    name: Invented University no. {number}
    country: {country}
    city: Invented Town {number % 97}
    website: https://example.org/{number}
    agreement: {{status: unconfirmed}}
    levels: [bachelor, master]
    fields: [engineering, economics]
    languages: [en]
    requirements: {{min_gpa: 3.{number % 10}, ielts: {5 + number % 7 / 2}, cefr: B2}}
    deadlines:
      nomination: {{autumn: 05-08, spring: 11-02}}
      application: {{autumn: 05-15, spring: 11-15}}
    notes: Courses are chosen at one faculty; fifteen faculties teach whole programmes in English.
    documents: [Curriculum vitae, Learning agreement, Proof of insurance]
    programmes:
      - id: exchange
        name: Student exchange
    sources:
      - url: https://example.org/{number}/incoming
        seen: 2026-11-24
        states: [levels, fields, languages, requirements, deadlines, notes, documents]
"""


def house(folder: Path, count: int) -> Checkout:
    """The shipped texts over a catalogue of `count` invented partners."""
    for name in ("content", "site"):
        shutil.copytree(CHECKOUT.root / name, folder / name)
    head = CHECKOUT.partners.read_text(encoding="utf-8").split("\npartners:\n")[0]
    entries = "".join(partner(number) for number in range(count))
    (folder / "partners.yaml").write_text(f"{head}\npartners:{entries}", encoding="utf-8")
    return Checkout(folder)


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def build(count: int, languages: tuple[Language, ...]) -> None:
    """Builds from nothing, and again after one partner changed; the same change in the preview."""
    with tempfile.TemporaryDirectory() as folder:
        checkout = house(Path(folder), count)

        def once() -> tuple[float, float, float]:
            begun = time.perf_counter()
            book = rulebook.load(checkout)
            read = time.perf_counter() - begun
            now = datetime.datetime.now(calls.zone(book.catalogue.calls))
            computed = computing()
            built = timed(functools.partial(site_builder.build, checkout, book, now, no_forms, languages))
            return read, built, computing() - computed

        read, built, computed = once()
        made = sum(1 for _ in checkout.site.resolve().rglob("index.html"))
        each = built / made * 1000
        print(
            f"{count:6} partners: read {read:.2f} s, built {built:.2f} s ({computed:.2f} s of computing),"
            f" {made} pages, {each:.2f} ms a page",
            flush=True,
        )
        text = checkout.partners.read_text(encoding="utf-8")
        checkout.partners.write_text(text.replace(f"no. {count // 2}\n", "renamed\n"), encoding="utf-8")
        read, built, computed = once()
        print(
            f"{'':6} built again after one changed: read {read:.2f} s, built {built:.2f} s"
            f" ({computed:.2f} s of computing)",
            flush=True,
        )
        shown_after(checkout, count, languages)


def computing() -> float:
    """Seconds of all processors that this process and those it waited for have used."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def no_forms(folder: Path) -> None:
    """The forms are measured on their own."""
    folder.mkdir(parents=True)


def shown_after(checkout: Checkout, count: int, languages: tuple[Language, ...]) -> None:
    """From the save of one partner to its page in the preview's answer: looking for changes takes up to a
    tenth of a second more."""
    page = f"partners/invented-{count // 2}/index.html"
    with tempfile.TemporaryDirectory() as kept:
        shown = preview.Preview(
            checkout,
            Path(kept),
            lambda: datetime.datetime.now(datetime.UTC),
            lambda _, to: no_forms(to),
            languages,
        )
        started = timed(shown.refresh)
        taken, searched = [], []
        for number in range(5):
            text = checkout.partners.read_text(encoding="utf-8")
            name = f"Renamed University {number}"
            text = re.sub(rf"(id: invented-{count // 2}\n    name: ).*", rf"\1{name}", text)
            checkout.partners.write_text(text, encoding="utf-8")
            answered: list[float] = []

            def ask(begun: float, wanted: str, answered: list[float], before: preview.Status) -> None:
                shown.wait(before, 60)
                assert shown.state
                assert wanted.encode() in (shown.state.file(page) or b"")
                answered.append(time.perf_counter() - begun)

            begun = time.perf_counter()
            reader = threading.Thread(target=ask, args=(begun, name, answered, shown.status))
            reader.start()
            shown.refresh()
            searched.append(time.perf_counter() - begun)
            reader.join()
            taken += answered
    print(
        f"{'':6} preview: started in {started:.2f} s; one changed partner shown after {sorted(taken)[2]:.2f}"
        f" s, found by the search after {sorted(searched)[2]:.2f} s (medians of 5)"
    )


def blanks() -> None:
    """The blank forms and samples of all languages, as a build of the site writes them."""
    book = rulebook.load(CHECKOUT)
    name = book.catalogue.institution.name
    alone = timed(
        lambda: [render.blank(form, name, language) for form in book.forms for language in LANGUAGES]
    )
    with tempfile.TemporaryDirectory() as folder:
        written = timed(lambda: render.write_all(book.forms, Path(folder), name))
    count = len(book.forms) * len(LANGUAGES)
    print(f"{count} blank forms: {alone:.2f} s; written with their samples: {written:.2f} s")


def seal(megabytes: int) -> None:
    """One application with documents of so many megabytes each."""
    book = rulebook.load(CHECKOUT)
    call = calls.call_for(book.catalogue.calls, "autumn", 2027)
    now = call.opens + datetime.timedelta(days=10)
    with tempfile.TemporaryDirectory() as folder:
        instance = Instance(Path(folder) / "instance")
        offer = next(book.catalogue.offers()).id
        given = {**book.application.sample(), "choice-1": offer, "choice-2": "", "choice-3": ""}
        _, draft = drafts.start(instance, call.id, now, given)
        scan = Path(folder) / "scan.pdf"
        with pikepdf.new() as document:
            document.add_blank_page()
            document.Root.Padding = pikepdf.Stream(document, b"0" * (megabytes * 1_000_000 - 2000))
            document.save(scan, compress_streams=False)
        slots = completeness.slots(book, call, draft.answers)
        taken = 0.0
        for slot in slots:
            with scan.open("rb") as stream:
                begun = time.perf_counter()
                draft = drafts.keep(draft, slot, stream, "scan.pdf", now)
                taken += time.perf_counter() - begun
        sealed = timed(lambda: submissions.submit(instance, book, call, draft, now))
    total = megabytes * len(slots)
    print(f"{len(slots)} documents, {total} MB: kept in {taken:.2f} s, sealed in {sealed:.2f} s")


def scan(path: Path, megabytes: float) -> Path:
    """A document of about so many megabytes: a scan in a PDF, a photo as JPEG or as HEIC."""
    dots = int(megabytes * 1_000_000 * {".pdf": 1, ".jpg": 3.3, ".heic": 4.2}[path.suffix])
    height = int((dots * 3 / 4) ** 0.5)
    width = dots // height
    if path.suffix == ".pdf":
        with pikepdf.new() as document:
            page = document.add_blank_page(page_size=(842, 595))
            image = pikepdf.Stream(document, os.urandom(width * height), Width=width, Height=height)
            image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
            image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 8
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
            page.Contents = pikepdf.Stream(document, b"842 0 0 595 0 0 cm /Scan Do")
            document.save(path, compress_streams=False)
        return path
    noise = Image.effect_noise((width // 4, height // 4), 40).resize((width, height)).convert("RGB")
    noise.save(path, quality=92 if path.suffix == ".jpg" else 80)
    return path


MEASURED = """
from pathlib import Path
from mobility.cli.main import main
main(standalone_mode=False)
print(Path("/proc/self/status").read_text())
"""
"""The command, and then the most memory that it had; what a parent is told would count the parent's too."""


def dossiers(count: int, megabytes: float, kinds: tuple[str, ...]) -> None:
    """A dossier of so many documents, in a process of its own whose memory is told."""
    now = datetime.datetime.now(datetime.UTC)
    with tempfile.TemporaryDirectory() as folder:
        instance, files, payload = Instance(Path(folder) / "instance"), [], []
        for number in range(1, count + 1):
            kind = kinds[number % len(kinds)]
            made = scan(Path(folder) / f"{number:02}-document{kind}", megabytes)
            payload.append(Payload(made, made.name, storage.digest(made)))
            told = {".pdf": "PDF", ".jpg": "JPEG", ".heic": "HEIC"}[kind]
            files.append(
                {
                    "file": f"data/{made.name}",
                    "document": made.name,
                    "kind": told,
                    "sha256": payload[-1].sha256,
                }
            )
        record = {
            "institution": "Invented",
            "call": "2027-autumn",
            "submitted": now.isoformat(),
            "time_zone": "Asia/Almaty",
            "rehearsal": False,
            "answers": {"family-name": "Sampleova", "given-name": "Aigerim"},
            "marks": [],
            "choices": [],
            "files": files,
        }
        contents = Contents("2027A-0001", ("Sampleova", "A"), record, tuple(payload), "", {})
        bags.seal(storage.folder(instance.submissions / "2027-autumn"), contents, now)
        command = [sys.executable, "-c", MEASURED, "dossier", "2027A-0001", "--data", str(instance.root)]
        begun = time.perf_counter()
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        took = time.perf_counter() - begun
        total = sum(item.source.stat().st_size for item in payload) / 1e6
        pdf_size = next(instance.dossiers.rglob("*.pdf")).stat().st_size / 1e6
    peak = int(said.split("VmHWM:")[1].split()[0]) / 1024
    print(
        f"dossier of {count} documents ({', '.join(kinds)}), {total:.0f} MB: {took:.2f} s,"
        f" {pdf_size:.0f} MB of PDF, at most {peak:.0f} MB of memory"
    )


_FILTERS = [
    *(("gpa", gpa) for gpa in ("2.9", "3.1", "3.3", "3.5", "2.7")),
    ("proof", "ielts"),
    *(("score", score) for score in ("5.5", "6.0", "6.5")),
    *(("country", country) for country in ("PL", "KZ", "")),
    *(("words", words) for words in ("t", "town 1", "no. 77", "")),
    *(("sort", sort) for sort in ("answer", "partner", "country")),
]
_FILTER = """async (filters) => {
  const form = document.getElementById("om-finder"), times = []
  for (const [name, value] of filters) {
    form.elements[name].value = value
    const begun = performance.now()
    form.dispatchEvent(new Event("input"))
    document.body.getBoundingClientRect()
    const laid = performance.now() - begun
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))
    times.push([laid, performance.now() - begun])
  }
  return times
}"""
"""Milliseconds until the page is laid out with the answer, and until the browser has drawn it."""


def finder(count: int) -> None:
    """Filters of the finder over so many programmes, on a processor slowed down four times."""
    from playwright.sync_api import sync_playwright  # only where the tests have been set up

    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Nothing."""

    with tempfile.TemporaryDirectory() as folder:
        many = catalogue_file.load(house(Path(folder) / "many", count).partners)
        checkout = house(Path(folder) / "few", 10)
        book = rulebook.load(checkout)
        now = datetime.datetime.now(calls.zone(book.catalogue.calls))
        site = site_builder.build(checkout, book, now, lambda path: path.mkdir(parents=True))
        rows = json.dumps(catalogue_json.finder_data(many, now, "en"))
        (site / "finder.json").write_text(rows, encoding="utf-8")
        served = functools.partial(Silent, directory=str(site))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), served)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as tools:
            started = tools.chromium.launch(executable_path=browser.path(whole=True), args=["--no-sandbox"])
            page = started.new_page(viewport={"width": 390, "height": 844})
            page.goto(f"http://127.0.0.1:{server.server_port}/finder/")
            page.wait_for_selector("#om-finder[data-ready]", timeout=120_000)
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
            times = page.evaluate(_FILTER, _FILTERS)
            started.close()
        server.shutdown()
    laid, drawn = zip(*times, strict=True)
    print(
        f"finder, {count} programmes, processor slowed 4 times, median of {len(times)} filters:"
        f" {statistics.median(laid):.0f} ms until laid out (at most {max(laid):.0f}),"
        f" {statistics.median(drawn):.0f} ms until drawn"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partners", type=int, nargs="*", default=[300, 1000], help="sizes of the catalogue")
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES, help="of the site")
    parser.add_argument("--site", action="store_true", help="only the site")
    parser.add_argument("--megabytes", type=int, default=19, help="size of each document to seal")
    parser.add_argument("--dossiers", action="store_true", help="only the dossiers")
    parser.add_argument("--finder", type=int, nargs="?", const=10_000, help="only the finder, over so many")
    options = parser.parse_args()
    if options.finder:
        finder(options.finder)
        return
    if options.site:
        for count in options.partners:
            build(count, tuple(options.languages))
        return
    dossiers(12, 2.5, (".pdf", ".jpg", ".jpg", ".heic"))
    dossiers(20, 19.9, (".pdf", ".jpg"))
    if options.dossiers:
        return
    blanks()
    for count in options.partners:
        build(count, tuple(options.languages))
    seal(options.megabytes)
    print(f"most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
