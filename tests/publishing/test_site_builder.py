"""Building the site: a mistake leaves the last good one, and builds at the same time both end whole."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from mobility.catalogue import calls, rulebook
from mobility.paths import CHECKOUT
from mobility.publishing import site_builder
from mobility.publishing.material import mkdocs_run
from mobility.publishing.site_builder import BuildFailed
from mobility.yamlfiles.reader import InvalidFile
from tests.helpers.html_pages import ParsedPage, read
from tests.helpers.sites import NOVEMBER, build, copy_of_the_checkout, downloads


def test_a_generator_that_renders_every_page_itself_makes_the_same(site: Path, tmp_path: Path) -> None:
    book = rulebook.load(CHECKOUT)
    inputs = site_builder.gather_inputs(
        CHECKOUT,
        book,
        NOVEMBER.astimezone(calls.zone(book.catalogue.calls)),
        lambda folder: downloads(book, folder),
        tmp_path,
    )
    site_builder.write_tree(inputs, inputs.templates("ru"), tmp_path / "ru")
    (made,) = mkdocs_run.run([tmp_path / "ru"])
    for path in ("partners/warsaw-tech", "programmes/hokkaido/hustep", "countries/pl"):
        filled, rendered = (place / path / "index.html" for place in (site / "ru", made))
        assert main_of(filled.read_text()) == main_of(rendered.read_text()), path


def main_of(page: str) -> str:
    """What stands on a page, as text, without the signs beside its headings."""
    found = ParsedPage()
    found.feed(page.split("<article")[1].split("</article>")[0])
    return " ".join(found.text.replace("#", " ").split())


def test_two_builds_at_once_both_end_whole(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    with ThreadPoolExecutor(2) as two:
        made = list(two.map(lambda _: build(checkout, from_nothing=True), range(2)))
    assert checkout.site.resolve() in [path.resolve() for path in made]
    for path in made:
        assert (path / "partners" / "warsaw-tech" / "index.html").is_file()
    assert sorted(path.name for path in checkout.build.iterdir()) == [
        ".lock",
        "frames",
        "headers",
        "site",
        "sites",
    ]


def test_a_wrong_file_leaves_the_last_good_site(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    build(checkout)
    before = (checkout.site / "index.html").read_bytes()
    text = checkout.partners.read_text()
    checkout.partners.write_text(text.replace("min_gpa: 3.0", "min_gpa: 5.0"))
    with pytest.raises(InvalidFile):
        build(checkout)
    assert (checkout.site / "index.html").read_bytes() == before


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("content/pages/en/calls.md", "call.studies", "call.studeis", "content/pages/en/calls.md:12: "),
        ("content/pages/en/criteria.md", "# Selection", "{% if %}\n# Selection", "pages/en/criteria.md:1"),
        ("content/pages/en/questions.md", "(criteria.md)", "(criterai.md)", "criterai.md"),
        ("site/mkdocs.yml", "theme:", "theme: [", "generator stopped"),
    ],
)
def test_a_wrong_text_is_named_and_leaves_the_last_good_site(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    build(checkout)
    before = checkout.site.resolve()
    path = checkout.root / file
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(BuildFailed) as failed:
        build(checkout)
    assert said in str(failed.value)
    assert checkout.site.resolve() == before
    assert (checkout.site / "index.html").is_file()
    assert len(list((checkout.build / "sites").iterdir())) == 1


def test_only_the_new_site_and_the_one_before_are_kept(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    made: list[Any] = [build(checkout) for _ in range(3)]
    assert {path.name for path in (checkout.build / "sites").iterdir()} == {made[1].name, made[2].name}
    assert checkout.site.resolve() == made[2].resolve()


def test_texts_of_the_office_own_downloads_come_before_ours(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    (checkout.content / "downloads").mkdir(exist_ok=True)
    (checkout.content / "downloads" / "application.docx").write_bytes(b"the office's own")
    built = build(checkout)
    links = [attrs.get("href") for tag, attrs in read(built / "forms" / "index.html").tags if tag == "a"]
    assert "../downloads/application.docx" in links
    assert (built / "downloads" / "application.docx").read_bytes() == b"the office's own"
