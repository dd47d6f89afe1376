"""What officers see while they type: the site as it would be built, and what is wrong with it."""

import functools
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mobility.catalogue import partners as whole
from mobility.catalogue.incremental import Rereader
from mobility.catalogue.partners import Catalogue
from mobility.i18n.languages import Language
from mobility.paths import CHECKOUT, Checkout
from mobility.publishing.preview import Preview
from mobility.yamlfiles.reader import InvalidFile
from tests.helpers import sites
from tests.helpers.sites import NOVEMBER, copy_of_the_checkout

SOME: tuple[Language, ...] = ("en", "kk")
ADDED = """
  - id: added
    name: Added University
    country: NO
    city: Bergen
    agreement: {status: confirmed, source: Agreement no. 7, seen: 2026-11-01}
    deadlines: {nomination: {autumn: 04-30}}
    programmes: [{id: exchange, name: Student exchange}]
    sources: [{url: https://example.org, seen: 2026-11-24, states: [programmes, deadlines]}]
"""


def without(text: str, partner: str) -> str:
    return re.sub(rf"^  - id: {partner}\n.*?(?=^  - id: )", "", text, flags=re.MULTILINE | re.DOTALL)


EDITS: dict[str, Callable[[str], str]] = {
    "a changed name": lambda text: text.replace("Warsaw University of Technology", "Polytechnic of Warsaw"),
    "an added partner": lambda text: text.rstrip("\n") + "\n" + ADDED,
    "a removed partner": lambda text: without(text, "warsaw-tech"),
    "a changed requirement": lambda text: text.replace("min_gpa: 3.0 #", "min_gpa: 3.2 #"),
    "a changed call": lambda text: text.replace(
        "\ncalls:\n", "\ncalls:\n  overrides:\n    2027-autumn: {opens: 2027-03-01, closes: 2027-04-05}\n"
    ),
}
FAULTS: dict[str, Callable[[str], str]] = {
    "a value out of bounds": lambda text: text.replace("min_gpa: 3.0 #", "min_gpa: 5.0 #"),
    "an unknown key": lambda text: text.replace("    city: Warsaw\n", "    citty: Warsaw\n"),
    "the same partner twice": lambda text: text + ADDED + ADDED,
    "one id of two partners": lambda text: text + ADDED + ADDED.replace("Bergen", "Oslo"),
    "a quote over two partners": lambda text: text.replace("city: Warsaw\n", 'city: "Warsaw\n'),
    "a bracket over two partners": lambda text: text.replace("city: Warsaw\n", "city: [Warsaw\n"),
    "an anchor": lambda text: text.replace("city: Warsaw\n", "city: &w Warsaw\n"),
    "a second document": lambda text: text + "---\nmore: 1\n",
    "an unprintable letter": lambda text: text.replace("city: Warsaw\n", "city: War\x07saw\n"),
    "confirmed without a paper": lambda text: text + ADDED.replace(", source: Agreement no. 7", ""),
    "a programme twice": lambda text: text + ADDED.replace("exchange}", "exchange}, {id: exchange, name: b}"),
    "a key after the partners": lambda text: text + "more: 1\n",
    "a programme twice in one": lambda text: (
        text
        + ADDED.replace("[{id: exchange, name: Student exchange}]", "[{id: e, name: A}, {id: e, name: B}]")
    ),
    "nothing": lambda _: "",
}


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    return Path(shutil.copy(CHECKOUT.partners, tmp_path))


@pytest.mark.parametrize("name", EDITS)
def test_a_catalogue_read_again_is_the_catalogue_read_whole(partners: Path, name: str) -> None:
    reader = Rereader()
    before = reader.load(partners)
    text = partners.read_text()
    assert EDITS[name](text) != text
    partners.write_text(EDITS[name](text))
    after = reader.load(partners)
    assert after == whole.load(partners) != before
    same = {id(partner) for partner in before.partners} & {id(partner) for partner in after.partners}
    assert len(same) >= len(before.partners) - 1


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_is_said_as_when_all_is_read(partners: Path, name: str) -> None:
    reader = Rereader()
    good = reader.load(partners)
    text = partners.read_text()
    assert FAULTS[name](text) != text
    partners.write_text(FAULTS[name](text))
    assert told(reader.load, partners) == told(whole.load, partners)
    partners.write_text(text)
    assert reader.load(partners) == good


def told(load: Callable[[Path], Catalogue], path: Path) -> str | Catalogue:
    """What is wrong with a file, or what it says."""
    try:
        return load(path)
    except InvalidFile as error:
        return str(error)


def built(checkout: Checkout, from_nothing: bool = False) -> Path:
    return sites.build(checkout, languages=SOME, from_nothing=from_nothing)


def preview(checkout: Checkout, kept: Path) -> Preview:
    return Preview(checkout, kept, lambda: NOVEMBER, sites.downloads, SOME)


def files(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }


def all_at_once(text: str) -> str:
    return functools.reduce(lambda edited, edit: edit(edited), EDITS.values(), text)


def test_preview_and_second_build_are_to_the_byte_what_a_build_from_nothing_makes(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path / "house")
    text = checkout.partners.read_text()
    text = text.replace("settings:\n", "settings:\n  address: https://mobility.example.kz/\n")
    shown = preview(checkout, tmp_path / "kept")
    first: dict[str, bytes] = {}
    for edit in (lambda same: same, *EDITS.values(), all_at_once):
        checkout.partners.write_text(edit(text))
        shown.refresh()
        assert shown.told.problems == ()
        assert shown.stand
        again = files(built(checkout))
        for path, content in again.items():
            if content != first.get(path):
                assert shown.stand.file(path) == content, path
        first = first or again
    fresh = copy_of_the_checkout(tmp_path / "fresh")
    shutil.copy(checkout.partners, fresh.partners)
    wanted = files(built(fresh, from_nothing=True))
    assert sorted(again) == sorted(wanted)
    for path, content in wanted.items():
        assert again[path] == content, path
        assert shown.stand.file(path) == content, path


def test_a_build_writes_only_what_changed(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    before = built(checkout)
    text = checkout.partners.read_text()
    checkout.partners.write_text(EDITS["a changed name"](text))
    after = built(checkout)
    written = {path for path in files(after) if not (before / path).samefile(after / path)}
    lists = {"partners/index.html", "finder/index.html", "countries/pl/index.html"}
    own = {f"partners/warsaw-tech/{name}" for name in ("index.html", "deadlines.ics")}
    own.add("programmes/warsaw-tech/exchange/index.html")
    for machines in ("finder.json", "search/search_index.json"):
        lists.add(machines)
    kazakh = {f"kk/{path}" for path in lists | own}
    assert written == lists | own | kazakh | {"catalogue.json"}


def test_what_the_preview_cannot_make_leaves_the_last_good_state(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path / "house")
    shown = preview(checkout, tmp_path / "kept")
    shown.refresh()
    good, version = shown.stand, shown.told.version
    page = checkout.content / "pages" / "en" / "calls.md"
    text = page.read_text()
    page.write_text(text.replace("call.studies", "call.studeis"))
    line = 1 + text[: text.index("call.studies")].count("\n")
    shown.refresh()
    assert shown.stand is good
    assert shown.told.version == version
    assert f"content/pages/en/calls.md:{line}: " in shown.told.problems[0]
    page.write_text(text)
    shown.refresh()
    assert shown.told.problems == ()
