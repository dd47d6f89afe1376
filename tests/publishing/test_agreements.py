"""What the site says of agreements: unconfirmed, confirmed, expired, ending before a call closes."""

import re
from pathlib import Path

import pytest

from mobility.catalogue import rulebook
from mobility.i18n.languages import LANGUAGES
from mobility.paths import CHECKOUT
from tests.helpers.html_pages import read
from tests.helpers.sites import NOVEMBER, build, copy_of_the_checkout, with_agreement


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
    listed = read(built / "partners" / "index.html").text
    assert "agreement expired" in listed
    shown = rulebook.load(CHECKOUT).catalogue
    assert f"confirmed by the ICD: {shown.known_partners(NOVEMBER.date())}. " in " ".join(listed.split())


def test_an_agreement_that_ends_before_a_call_closes_leaves_no_way_to_apply(tmp_path: Path) -> None:
    built = with_agreement(
        copy_of_the_checkout(tmp_path),
        "status: confirmed, source: Paper 1, seen: 2026-01-02, valid_until: 2027-03-30",
    )
    page = read(built / "programmes" / "warsaw-tech" / "exchange" / "index.html")
    ending = "The agreement ends on 30 March 2027, before a call closes: ask the ICD"
    assert ending in " ".join(page.text.split())
    assert not [tag for tag in page.tags if "/apply/start" in (tag[1].get("href") or "")]
    said = (built / "programmes" / "warsaw-tech" / "exchange" / "index.html").read_text(encoding="utf-8")
    assert "applicationDeadline" not in said
    assert "warsaw-tech/exchange" not in (built / "finder.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("until", ["2026-11-23", "2029-08-31"])
def test_no_sentence_ends_with_two_full_stops(tmp_path: Path, until: str) -> None:
    agreement = f"status: confirmed, source: Paper 1, seen: 2026-01-02, valid_until: {until}"
    built = with_agreement(copy_of_the_checkout(tmp_path), agreement, languages=LANGUAGES)
    for page in built.rglob("index.html"):
        assert not re.search(r"\w\.\.(?!\.)", read(page).text), page


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
    assert (built / "partners" / "oth-amberg-weiden").is_dir()
    assert "Warsaw" not in read(built / "partners" / "index.html").text


def test_a_cooperation_without_an_exchange_is_told_but_nobody_can_apply(site: Path) -> None:
    listed = read(site / "partners" / "index.html").text
    assert "China University of Petroleum (Beijing)" in listed.split("Cooperation, but no exchange")[-1]
    for path in ("partners/cup-beijing", "programmes/cup-beijing", "countries/cn"):
        assert not (site / path).exists()
    assert "cup-beijing" not in (site / "finder.json").read_text(encoding="utf-8")


def test_the_first_page_counts_who_awaits_the_offices_word_apart(site: Path) -> None:
    shown = rulebook.load(CHECKOUT).catalogue.visible_partners()
    waiting = sum(p.agreement.status == "unconfirmed" for p in shown)
    text = " ".join(read(site / "index.html").text.split())
    assert f"named by a public page or confirmed by the ICD: {len(shown) - waiting}." in text
    assert f"Universities that await its word: {waiting}." in text
