"""The built site: every page is there, what it says is true, and no text in the data can harm it."""

import datetime
import json
import re
import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mobility.catalogue import calls, rulebook
from mobility.i18n.languages import LANGUAGES
from mobility.paths import CHECKOUT, Checkout
from mobility.publishing import catalogue_json, mkdocs_run, output, page_shell, site_builder
from mobility.publishing.page_shell import Page, Shell
from mobility.publishing.site_builder import BuildFailed
from mobility.yamlfiles.reader import InvalidFile
from tests.helpers.html_pages import ParsedPage, read
from tests.helpers.sites import NOVEMBER, build, copy_of_the_checkout, downloads, with_agreement

LOOKS = CHECKOUT.site_source / "theme" / "assets" / "stylesheets"
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "template": "{{ 7*7 }} {% include 'x' %}",
    "markdown": "*a* _b_ [c](javascript:alert(1)) ![d](x) | e | `f` # g &lt;img src=x onerror=alert(2)&gt;",
    "long": "Long " * 59 + "name",
    "right-to-left": "جامعة القاهرة \u202e evil",
    "quote": 'Quote " onmouseover="alert(3)" x=\'',
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped site, built on a day with no open call."""
    return build(copy_of_the_checkout(tmp_path_factory.mktemp("house")), languages=LANGUAGES)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with partners whose every text is an attack or an accident."""
    checkout = copy_of_the_checkout(tmp_path_factory.mktemp("hostile"))
    head = checkout.partners.read_text().split("partners:\n  - id")[0]
    entries = []
    for name, text in HOSTILE.items():
        quoted = "'" + text.replace("'", "''") + "'"
        entries.append(
            f"  - id: {name}\n    name: {quoted}\n    country: PL\n    city: {quoted}\n"
            f"    agreement: {{status: unconfirmed, kind: {quoted}}}\n"
            f"    fields: [{quoted}]\n    notes: {quoted}\n    documents: [{quoted}]\n"
            f"    programmes:\n      - {{id: exchange, name: {quoted}, notes: {quoted}}}\n"
            f"    sources:\n      - url: https://example.org\n        seen: 2026-11-24\n"
            f"        dated: {quoted}\n        states: [notes]\n"
        )
    checkout.partners.write_text(head + "partners:\n" + "".join(entries))
    return build(checkout)


def test_every_page_is_there(site: Path) -> None:
    expected = ["", "how-it-works", "criteria", "documents", "forms", "calls", "partners", "teaching-staff"]
    expected += ["questions", "contact", "countries/kz", "countries/gb"]
    for partner in rulebook.load(CHECKOUT).catalogue.partners:
        expected.append(f"partners/{partner.id}")
        expected += [f"programmes/{partner.id}/{programme.id}" for programme in partner.programmes]
    missing = [page for page in expected if not (site / page / "index.html").is_file()]
    assert missing == []
    assert (site / "404.html").is_file()


def test_home_tells_the_next_call_in_almaty_time(site: Path) -> None:
    text = " ".join(read(site / "index.html").text.split())
    assert (
        "Opens on 1 March 2027, 00:00 Almaty time (UTC+5), closes on 31 March 2027, 23:59 Almaty time" in text
    )


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_each_programme_leads_to_its_application_in_the_readers_language(site: Path, language: str) -> None:
    root = site if language == "en" else site / language
    tail = "" if language == "en" else f"&language={language}"
    for offer in rulebook.load(CHECKOUT).catalogue.offers():
        for path in (f"partners/{offer.partner.id}", f"programmes/{offer.id}"):
            links = [attrs.get("href") for tag, attrs in read(root / path / "index.html").tags if tag == "a"]
            assert f"/apply/start?programme={offer.id}{tail}" in links, path


def test_search_does_not_find_calls_that_the_page_hides(site: Path) -> None:
    assert "Applications are open" not in (site / "search" / "search_index.json").read_text(encoding="utf-8")


def test_home_invites_to_apply_while_a_call_is_open(tmp_path: Path) -> None:
    built = build(copy_of_the_checkout(tmp_path), datetime.datetime(2027, 3, 31, 18, 0, tzinfo=datetime.UTC))
    page = read(built / "index.html")
    assert "Applications are open" in page.text
    assert any(attrs.get("href") == "/apply/" for tag, attrs in page.tags if tag == "a")


def test_the_criteria_give_both_numbers_and_what_follows(site: Path) -> None:
    text = " ".join(read(site / "criteria" / "index.html").text.split())
    assert "below 2.5 The transcript is not accepted, and you cannot apply." in text
    assert (
        "from 2.5 to under 3.0 The application is received, and marked “below the selection criterion”"
        in text
    )


def test_each_unconfirmed_partner_says_so_on_every_page_and_in_lists(site: Path) -> None:
    catalogue = rulebook.load(CHECKOUT).catalogue
    listed = read(site / "partners" / "index.html").text.count("agreement not confirmed")
    unconfirmed = [p for p in catalogue.partners if p.agreement.status == "unconfirmed"]
    assert listed == len(unconfirmed) + 1  # and once in the notice above the list
    for partner in unconfirmed:
        for path in [
            f"partners/{partner.id}",
            *(f"programmes/{partner.id}/{g.id}" for g in partner.programmes),
        ]:
            assert "Agreement not confirmed." in read(site / path / "index.html").text, path


def test_one_setting_takes_the_unconfirmed_off_the_site(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    text = checkout.partners.read_text()
    checkout.partners.write_text(text.replace("unconfirmed_partners: show", "unconfirmed_partners: hide"))
    built = build(checkout)
    assert not (built / "partners" / "warsaw-tech").exists()
    assert not (built / "programmes" / "warsaw-tech").exists()
    assert (built / "partners" / "cup-beijing").is_dir()
    assert "Warsaw" not in read(built / "partners" / "index.html").text


def test_each_fact_has_its_source_and_what_is_unknown_is_not_guessed(site: Path) -> None:
    page = read(site / "partners" / "usm" / "index.html")
    text = " ".join(page.text.split())
    assert "IELTS 6.0 or TOEFL 80 oia.ntu.edu.tw, seen 24 November 2026" in text
    assert "Languages of instruction ask the ICD" in text
    assert "Kind of agreement ask the ICD" in text
    links = [attrs.get("href") for tag, attrs in page.tags if tag == "a"]
    assert "https://oia.ntu.edu.tw/en/outgoing/view/semester/2/sn/605" in links


def test_a_host_that_asks_more_is_the_source_of_its_number(site: Path) -> None:
    text = " ".join(read(site / "partners" / "nazarbayev-university" / "index.html").text.split())
    assert "3.00 of 4.0 (ours is 3.0; the host asks 3.00)" in text
    page = read(site / "partners" / "nazarbayev-university" / "index.html")
    sources = [attrs.get("href") for tag, attrs in page.tags if tag == "a"]
    assert (
        sources.count("https://kbtu.edu.kz/kz/outgoing-mobility") == 1
    )  # not for the transcript, which NU raises


def test_a_confirmed_agreement_names_the_offices_paper_and_its_end(tmp_path: Path) -> None:
    paper = "status: confirmed, kind: bilateral, source: Agreement no. 12, seen: 2026-11-20"
    built = with_agreement(copy_of_the_checkout(tmp_path), f"{paper}, valid_until: 2029-08-31")
    text = " ".join(read(built / "programmes" / "warsaw-tech" / "exchange" / "index.html").text.split())
    assert "The ICD confirms an agreement: Agreement no. 12, valid to 31 August 2029." in text
    kind = "Kind of agreement bilateral Agreement no. 12, seen 20 November 2026"
    assert kind in text
    assert kind in " ".join(read(built / "partners" / "warsaw-tech" / "index.html").text.split())
    assert "Places a year 0" in text  # known, and none: not the same as unknown


def test_an_agreement_that_ran_out_is_not_shown_as_confirmed(tmp_path: Path) -> None:
    paper = "status: confirmed, source: Agreement no. 12, seen: 2026-11-20"
    built = with_agreement(copy_of_the_checkout(tmp_path), f"{paper}, valid_until: 2026-11-23")
    assert "Agreement expired. It was valid to 23 November 2026." in " ".join(
        read(built / "partners" / "warsaw-tech" / "index.html").text.split()
    )
    assert "agreement expired" in read(built / "partners" / "index.html").text


def test_an_agreement_that_ends_before_a_call_closes_leaves_no_way_to_apply(tmp_path: Path) -> None:
    built = with_agreement(copy_of_the_checkout(tmp_path), "status: named, valid_until: 2027-03-30")
    page = read(built / "programmes" / "warsaw-tech" / "exchange" / "index.html")
    assert "The agreement ends on 30 March 2027, before a call closes: ask the ICD" in page.text
    assert not [tag for tag in page.tags if "/apply/start" in (tag[1].get("href") or "")]
    said = (built / "programmes" / "warsaw-tech" / "exchange" / "index.html").read_text(encoding="utf-8")
    assert "applicationDeadline" not in said
    assert "warsaw-tech/exchange" not in (built / "finder.json").read_text(encoding="utf-8")


def main_of(page: str) -> str:
    """What stands on a page, as text, without the signs beside its headings."""
    found = ParsedPage()
    found.feed(page.split("<article")[1].split("</article>")[0])
    return " ".join(found.text.replace("#", " ").split())


def test_a_generator_that_renders_every_page_itself_makes_the_same(site: Path, tmp_path: Path) -> None:
    book = rulebook.load(CHECKOUT)
    job = site_builder.prepare(
        CHECKOUT,
        book,
        NOVEMBER.astimezone(calls.zone(book.catalogue.calls)),
        lambda folder: downloads(book, folder),
        tmp_path,
    )
    site_builder.write_tree(job, job.texts("ru"), tmp_path / "ru")
    (made,) = mkdocs_run.run([tmp_path / "ru"])
    for path in ("partners/warsaw-tech", "programmes/hokkaido/hustep", "countries/pl"):
        filled, rendered = (place / path / "index.html" for place in (site / "ru", made))
        assert main_of(filled.read_text()) == main_of(rendered.read_text()), path


@pytest.mark.parametrize("until", ["2026-11-23", "2029-08-31"])
def test_no_sentence_ends_with_two_full_stops(tmp_path: Path, until: str) -> None:
    agreement = f"status: confirmed, source: Paper 1, seen: 2026-01-02, valid_until: {until}"
    built = with_agreement(copy_of_the_checkout(tmp_path), agreement, languages=LANGUAGES)
    for page in built.rglob("index.html"):
        assert not re.search(r"\w\.\.(?!\.)", read(page).text), page


def test_a_token_of_the_shell_in_a_name_stays_a_name() -> None:
    page = Page("partners/x/", "QQbodyQQ <b>", "QQtitleQQ", "<h1>partners/_specimen/</h1>")
    html = (
        "<title>QQtitleQQ</title><a href='../../partners/_specimen/'></a>"
        '<h1 id="begin">QQbodyQQ</h1><h2 id="qq-section">s</h2>'
    )
    filled = Shell(html, "partners/_specimen/").fill(page)
    assert filled == (
        b"<title>QQbodyQQ &lt;b&gt;</title><a href='../../partners/x/'></a><h1>partners/_specimen/</h1>"
    )


def test_the_search_reads_apostrophes_as_readers_type_them() -> None:
    body = """<h1>Xi&#39;an &lt;b&gt;</h1> host&#39;s<h2 id="a">It&#39;s<a class="headerlink"></a></h2>"""
    page = Page("partners/x/", "Xi'an <b>", "about", body, also=('the "Xi\'an"',))
    first, second = json.loads(b"[" + page_shell.search_entries(page) + b"]")
    assert (first["title"], first["text"]) == ("Xi'an &lt;b&gt;", "Xi'an &lt;b&gt; host's")
    assert (first["tags"], second["title"]) == (['the "Xi\'an"'], "It's")


def test_a_file_for_which_there_is_no_room_stops_the_build(tmp_path: Path) -> None:
    """The system takes what fits and says so; only the next piece is refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            output.Target(tmp_path, None).put("partners/x/index.html", b"x" * 20_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_two_builds_at_once_both_end_whole(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    with ThreadPoolExecutor(2) as two:
        made = list(two.map(lambda _: build(checkout, from_nothing=True), range(2)))
    assert checkout.site.resolve() in [path.resolve() for path in made]
    for path in made:
        assert (path / "partners" / "warsaw-tech" / "index.html").is_file()
    assert sorted(path.name for path in checkout.build.iterdir()) == [".lock", "frames", "site", "sites"]


def test_a_host_that_asks_less_does_not_lower_our_number(site: Path) -> None:
    text = " ".join(read(site / "partners" / "korea-university" / "index.html").text.split())
    assert "3.00 of 4.0 (ours is 3.0; the host asks 2.50)" in text


def test_a_programmes_own_facts_come_before_its_partners(site: Path) -> None:
    own = " ".join(read(site / "programmes" / "hokkaido" / "hustep" / "index.html").text.split())
    partner = " ".join(read(site / "partners" / "hokkaido" / "index.html").text.split())
    assert "Levels bachelor inro.pdn.ac.lk" in own
    assert "Levels ask the ICD" in partner


def test_every_link_inside_the_site_leads_somewhere(site: Path) -> None:
    broken = []
    for page in site.rglob("*.html"):
        for tag, attrs in read(page).tags:
            target = attrs.get("href") if tag in ("a", "link") else attrs.get("src")
            if not target or re.match(r"[a-z]+:|//|#|/apply/|\.$|data:", target) or page.name == "404.html":
                continue
            base = site if target.startswith("/") else page.parent
            path = (base / target.split("#")[0].split("?")[0].lstrip("/")).resolve()
            if not (path.is_file() or (path / "index.html").is_file()):
                broken.append(f"{page.relative_to(site)}: {target}")
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    foreign = []
    for page in site.rglob("*.html"):
        for tag, attrs in read(page).tags:
            source = attrs.get("src") or (attrs.get("href") if tag == "link" else None)
            if source and re.match(r"https?:|//", source):
                foreign.append(f"{page.name}: {source}")
    for sheet in site.rglob("*.css"):
        foreign += re.findall(r"url\([\"']?(?:https?:)?//[^)]*", sheet.read_text(encoding="utf-8"))
    assert foreign == []


def test_the_forms_page_offers_each_form_with_its_sample(site: Path) -> None:
    page = read(site / "forms" / "index.html")
    links = [attrs.get("href") or "" for tag, attrs in page.tags if tag == "a"]
    for form in rulebook.load(CHECKOUT).forms:
        for name in (f"{form.id}.pdf", f"{form.id}-sample.pdf"):
            assert f"../downloads/{name}" in links
            assert (site / "downloads" / name).read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_no_name_becomes_mark_up(hostile: Path, site: Path, name: str) -> None:
    clean = {tag for tag, _ in read(site / "partners" / "warsaw-tech" / "index.html").tags}
    scripts = sum(tag == "script" for tag, _ in read(site / "partners" / "warsaw-tech" / "index.html").tags)
    for path in (f"partners/{name}", f"programmes/{name}/exchange"):
        page = read(hostile / path / "index.html")
        assert {tag for tag, _ in page.tags} - clean <= {"bdi"}
        assert sum(tag == "script" for tag, _ in page.tags) == scripts
        assert not [attrs for _, attrs in page.tags if any(key.startswith("on") for key in attrs)]
        assert not [attrs for _, attrs in page.tags if "javascript:" in str(attrs.get("href"))]
        shown = " ".join(page.text.split())
        assert " ".join(HOSTILE[name].split()) in shown
    assert "49" not in read(hostile / "partners" / "template" / "index.html").text.split("Facts")[0]


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


def test_every_pair_of_text_and_background_can_be_read() -> None:
    light = dict(re.findall(r"(--om-[\w-]+): (#[0-9a-f]{6})", (LOOKS / "tokens.css").read_text()))
    slate = (LOOKS / "site.css").read_text().split('[data-md-color-scheme="slate"] {')[1].split("}")[0]
    dark = {**light, **dict(re.findall(r"(--om-[\w-]+): (#[0-9a-f]{6})", slate))}
    pairs = [
        ("ink", "paper"),
        ("ink", "surface"),
        ("muted", "paper"),
        ("muted", "surface"),
        ("on-brand", "brand"),
    ]
    pairs += [(f"{kind}-ink", f"{kind}-bg") for kind in ("note", "warn", "bad", "good")]
    for scheme in (light, dark):
        for text, ground in pairs:
            assert contrast(scheme[f"--om-{text}"], scheme[f"--om-{ground}"]) >= 4.5, (text, ground)
    assert contrast(light["--om-brand"], light["--om-paper"]) >= 4.5  # links


def contrast(one: str, other: str) -> float:
    """Of two colours, as WCAG 2.2 defines it: 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def closed(schema: Any) -> Any:
    """The schema with no room for keys that it does not tell of."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    return {**made, "additionalProperties": False} if made.get("type") == "object" else made


def with_every_fact(folder: Path) -> Checkout:
    """A checkout with one partner more: the example in the file, which states whatever can be stated."""
    checkout = copy_of_the_checkout(folder)
    head, example = checkout.partners.read_text().split("  # - id:")
    lines = ["  - id:" + example.splitlines()[0]]
    lines += [line.replace("  # ", "  ", 1) for line in example.splitlines()[1:] if line.startswith("  #")]
    checkout.partners.write_text(head + "\n".join(lines) + "\n")
    return checkout


@pytest.mark.parametrize("facts", ["shipped", "every"])
def test_the_catalogue_for_programs_is_as_the_schema_beside_it_says(
    site: Path, tmp_path: Path, facts: str
) -> None:
    built = site if facts == "shipped" else build(with_every_fact(tmp_path))
    value = json.loads((built / "catalogue.json").read_text(encoding="utf-8"))
    schema = json.loads((built / value["$schema"]).read_text(encoding="utf-8"))
    assert schema == json.loads((CHECKOUT.root / "docs" / "schema" / catalogue_json.SCHEMA).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(closed(schema))
    assert [error.message for error in checker.iter_errors(value)] == []
    assert (value["partners"][-1]["id"] == "small-letters-and-hyphens") is (facts == "every")


def test_the_schema_of_the_catalogue_refuses_what_is_wrong_and_takes_what_is_new(site: Path) -> None:
    schema = json.loads((site / catalogue_json.SCHEMA).read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator(schema)
    value = json.loads((site / "catalogue.json").read_text(encoding="utf-8"))
    value["partners"][0] |= {"new": 1}
    assert list(checker.iter_errors(value)) == []
    value["partners"][0] |= {"city": None, "fields": [], "agreement": {"status": "perhaps"}}
    del value["partners"][1]["id"]
    value["format"] = 2
    assert len(list(checker.iter_errors(value))) == 5
