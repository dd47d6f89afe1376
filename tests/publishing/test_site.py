"""The built site: every page is there, what it says is true, and no text in the data can harm it."""

import datetime
import html
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from mobility.catalogue import rulebook
from mobility.i18n.languages import LANGUAGES
from mobility.paths import CHECKOUT
from tests.helpers.html_pages import read
from tests.helpers.sites import build, copy_of_the_checkout

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "template": "{{ 7*7 }} {% include 'x' %}",
    "markdown": "*a* _b_ [c](javascript:alert(1)) ![d](x) | e | `f` # g &lt;img src=x onerror=alert(2)&gt;",
    "long": "Long " * 59 + "name",
    "right-to-left": "جامعة القاهرة \u202e evil",
    "quote": 'Quote " onmouseover="alert(3)" x=\'',
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with partners whose every text is an attack or an accident."""
    checkout = copy_of_the_checkout(tmp_path_factory.mktemp("hostile"))
    head = checkout.partners.read_text().split("partners:\n  - id")[0]
    entries = []
    for name, text in HOSTILE.items():
        quoted = json.dumps(text)  # in which a sign that nobody sees is written out
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
    for partner in rulebook.load(CHECKOUT).catalogue.visible_partners():
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


def test_the_search_finds_nothing_in_what_no_source_says(site: Path) -> None:
    page = (site / "partners" / "warsaw-tech" / "index.html").read_text(encoding="utf-8")
    assert " · Kind of agreement" in page
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert "Courses are chosen at one faculty" in index, "what stands beside it is found"
    assert " · Kind of agreement" not in index


def test_the_search_has_once_what_several_pages_say(site: Path) -> None:
    entries = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    texts = {entry["location"]: entry["text"] for entry in entries}
    notes = "Another copy of the same page says that there is no separate deadline for nominations."
    assert [path for path, text in texts.items() if notes in text] == ["partners/warsaw-tech/#programmes"]
    assert texts["programmes/warsaw-tech/exchange/"] == "", "its title says it"
    assert [path for path, text in texts.items() if "Malaysia 3" in text] == [], "the list of countries"
    assert [path for path, text in texts.items() if "own number is not known" in text] == []


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


def test_each_fact_has_its_source_and_what_is_unknown_is_not_guessed(site: Path) -> None:
    page = read(site / "partners" / "usm" / "index.html")
    text = " ".join(page.text.split())
    assert "IELTS 6.0 or TOEFL 80 oia.ntu.edu.tw, seen 24 November 2026" in text
    asked = text.split("Ask the ICD about:")[1]
    assert asked.index("Languages of instruction") < asked.index("Kind of agreement") < asked.index("seen")
    links = [attrs.get("href") for tag, attrs in page.tags if tag == "a"]
    assert "https://oia.ntu.edu.tw/en/outgoing/view/semester/2/sn/605" in links


def test_a_host_that_asks_more_is_the_source_of_its_number(site: Path) -> None:
    text = " ".join(read(site / "partners" / "nazarbayev-university" / "index.html").text.split())
    assert "3.00 of 4.0 (ours is 3.0; the host asks 3.00)" in text
    asked = text.split("What the host asks, and until when")[-1].split("What it costs")[0]
    assert asked.count("kbtu.edu.kz") == 1  # not for the transcript, which NU raises


def test_a_host_that_asks_less_does_not_lower_our_number(site: Path) -> None:
    text = " ".join(read(site / "partners" / "korea-university" / "index.html").text.split())
    assert "3.00 of 4.0 (ours is 3.0; the host asks 2.50)" in text


def test_a_programmes_own_facts_come_before_its_partners(site: Path) -> None:
    own = " ".join(read(site / "programmes" / "hokkaido" / "hustep" / "index.html").text.split())
    partner = " ".join(read(site / "partners" / "hokkaido" / "index.html").text.split())
    assert "Levels bachelor inro.pdn.ac.lk" in own
    assert "Levels HUSTEP – bachelor" in partner, "of one programme alone"
    assert "Levels" not in partner.split("Ask the ICD about:")[1].split("What others asked")[0]


@pytest.mark.parametrize("language", ["", "ru/", "kk/"])
def test_one_click_asks_the_office_what_no_source_says(tmp_path: Path, language: str) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    text = checkout.partners.read_text()
    checkout.partners.write_text(
        text.replace("    # email, phone,", "    email: icd@example.kz\n    # email, phone,")
    )
    page = read(build(checkout, languages=LANGUAGES) / language / "programmes/klaipeda/exchange/index.html")
    mails = [attrs["href"] or "" for tag, attrs in page.tags if tag == "a" and "mailto:" in attrs["href"]]
    assert len(mails) > 1
    asked = [parse_qs(urlsplit(mail).query) for mail in mails if mail.startswith("mailto:icd@example.kz?")]
    assert len(asked) == len(mails)
    shown = " ".join(page.text.split())
    host, programme = asked[0]["subject"][0].split(": ")[1:]
    assert host in shown
    assert programme in shown
    assert all(each["subject"] == asked[0]["subject"] for each in asked)
    rows = max((each["body"][0].split("\r\n- ")[1:] for each in asked), key=len)
    assert len(rows) > 5
    assert all(row.strip() in shown for row in rows)


def test_wherever_the_office_is_to_be_asked_one_click_asks_it(site: Path) -> None:
    plain = []
    for page in site.rglob("*.html"):
        if page.parent.name in ("finder", "ru", "kk") or page.parent == site:
            continue  # these name the answer; what the finder answers has a test of its own
        body = re.sub(r"<script.*?</script>|<a .*?</a>", "", page.read_text(encoding="utf-8"), flags=re.S)
        plain += [f"{page}: {found}" for found in re.findall(r".{40}[Aa]sk the ICD|уточните в ICD", body)]
        mails = re.findall(r'href="(mailto:[^"]*)"', page.read_text(encoding="utf-8"))
        plain += [f"{page}: too long to be opened" for mail in mails if len(html.unescape(mail)) > 2048]
    assert plain == []
    for name in ("criteria", "questions", "teaching-staff", "partners", "contact"):
        page = read(site / name / "index.html")
        assert [tag for tag in page.tags if tag[0] == "a" and "mailto:" in (tag[1].get("href") or "")], name


def test_a_partners_page_begins_with_what_one_studies_and_ends_with_what_others_asked(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    text = checkout.partners.read_text()
    more = (
        "    costs: Rent about EUR 300 a month.\n"
        "    questions:\n"
        "      - {ask: Is there a choir?, answer: {en: Yes. It sings., ru: Есть., kk: Бар.}}\n"
    )
    marker = "  - id: klaipeda\n"
    checkout.partners.write_text(text.replace(marker, marker + more))
    built = build(checkout, languages=LANGUAGES)
    shown = " ".join(read(built / "partners" / "klaipeda" / "index.html").text.split())
    first, then = shown.index("Languages of instruction"), shown.index("Agreement not confirmed.")
    assert (
        first
        < then
        < shown.index("Rent about EUR 300 a month.")
        < shown.index("Is there a choir? Yes. It sings.")
    )
    assert "What it costs" not in shown[shown.index("Ask the ICD about:") :].split("What others asked")[0]
    assert "Which courses count at home, and how many credits?" in shown
    listed = " ".join(read(built / "countries" / "lt" / "index.html").text.split())
    assert "Languages of instruction: English" in listed
    russian = " ".join(read(built / "ru" / "partners" / "klaipeda" / "index.html").text.split())
    assert "Есть." in russian


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


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "ru",
            ["Двусторонний обмен", "Варшавский политехнический", "Соглашение об обучении", "28 августа по"],
        ),
        ("kk", ["Екіжақты алмасу", "Варшава политехникалық", "Оқу келісімі", "28 тамыздан 19 желтоқсанға"]),
    ],
)
def test_what_is_told_of_a_partner_is_in_the_readers_language_or_marked_as_english(
    tmp_path: Path, language: str, words: list[str]
) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    text = checkout.partners.read_text()
    checkout.partners.write_text(
        text.replace("      ru: Университет Оулу\n      kk: Оулу университеті\n", "    fields: [R&D, law]\n")
    )
    built = build(checkout, languages=LANGUAGES) / language
    text = (
        read(built / "partners/warsaw-tech/index.html").text + read(built / "partners/oulu/index.html").text
    )
    finder = (built / "finder.json").read_text(encoding="utf-8")
    assert all(word in text for word in words)
    assert all(word in finder for word in words[:2])
    own = ("partners/warsaw-tech", "programmes/warsaw-tech/erasmus")
    for page in (*own, "partners", "finder", "countries/pl"):
        assert "Warsaw University of Technology" in read(built / page / "index.html").text
    oulu = (built / "partners/oulu/index.html").read_text(encoding="utf-8")
    assert '<h1 id="begin"><span lang="en">University of Oulu</span></h1>' in oulu
    assert '<span lang="en">R&amp;D</span>, ' in oulu
    assert "R%26D%2C%20" in oulu, "the mail that asks whether it is right is plain text"
