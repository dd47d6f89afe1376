"""What officers see while they type: the site as it would be built, and what is wrong with it."""

import functools
import shutil
from pathlib import Path

from mobility.i18n.languages import Language
from mobility.paths import Checkout
from mobility.publishing.preview import Preview
from tests.helpers import sites
from tests.helpers.partners_file import EDITS
from tests.helpers.sites import NOVEMBER, copy_of_the_checkout

SOME: tuple[Language, ...] = ("en", "kk")


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
        assert shown.status.problems == ()
        assert shown.state
        again = files(built(checkout))
        for path, content in again.items():
            if content != first.get(path):
                assert shown.state.file(path) == content, path
        first = first or again
    fresh = copy_of_the_checkout(tmp_path / "fresh")
    shutil.copy(checkout.partners, fresh.partners)
    wanted = files(built(fresh, from_nothing=True))
    assert sorted(again) == sorted(wanted)
    for path, content in wanted.items():
        assert again[path] == content, path
        assert shown.state.file(path) == content, path


def test_a_build_writes_only_what_changed(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    before = built(checkout)
    text = checkout.partners.read_text()
    checkout.partners.write_text(EDITS["a changed name"](text))
    after = built(checkout)
    written = {path for path in files(after) if not (before / path).samefile(after / path)}
    lists = {"partners/index.html", "finder/index.html", "countries/pl/index.html"}
    own = {f"partners/warsaw-tech/{name}" for name in ("index.html", "deadlines.ics")}
    own |= {f"programmes/warsaw-tech/{programme}/index.html" for programme in ("exchange", "erasmus")}
    for machines in ("finder.json", "search/search_index.json"):
        lists.add(machines)
    calendar = "partners/warsaw-tech/deadlines.ics"  # in Kazakh with its name in Kazakh, which stayed
    kazakh = {f"kk/{path}" for path in (lists | own) - {calendar}}
    assert written == lists | own | kazakh | {"catalogue.json"}


def test_what_the_preview_cannot_make_leaves_the_last_good_state(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path / "house")
    shown = preview(checkout, tmp_path / "kept")
    shown.refresh()
    good, version = shown.state, shown.status.version
    page = checkout.content / "pages" / "en" / "calls.md"
    text = page.read_text()
    page.write_text(text.replace("call.studies", "call.studeis"))
    line = 1 + text[: text.index("call.studies")].count("\n")
    shown.refresh()
    assert shown.state is good
    assert shown.status.version == version
    assert f"content/pages/en/calls.md:{line}: " in shown.status.problems[0]
    page.write_text(text)
    shown.refresh()
    assert shown.status.problems == ()


def test_the_preview_shows_a_page_that_can_be_shown_with_what_is_to_be_mended(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path / "house")
    page = checkout.content / "pages" / "en" / "contact.md"
    page.write_text(f"{page.read_text()}\n## Where we are\n")
    shown = preview(checkout, tmp_path / "kept")
    shown.refresh()
    assert shown.status.is_new
    assert "the heading has no anchor: write ## Where we are { #where-we-are }" in str(shown.status.problems)
    assert shown.state
    assert b"Where we are" in (shown.state.file("contact/index.html") or b"")
