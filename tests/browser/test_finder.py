"""The finder: the rules of Python, filters in the address, and a list for those without JavaScript."""

import datetime
import itertools
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from mobility.catalogue import answers, catalogue_file, eligibility, facts, office_mail, scales
from mobility.catalogue.eligibility import Profile
from mobility.catalogue.partners import Catalogue
from mobility.catalogue.rulebook import Rulebook
from mobility.i18n.languages import LANGUAGES, Language
from mobility.publishing import catalogue_json
from tests.helpers.shared_cases import (
    CASES,
    CASES_OF_SETTINGS,
    HALF_FILLED,
    NUMBERS,
    follow_the_other_page,
    offer_of,
    question,
)
from tests.helpers.sites import copy_of_the_checkout

Device = Callable[..., BrowserContext]


def brief(catalogue: Catalogue, language: Language) -> dict[str, Any]:
    """What the finder reads."""
    return catalogue_json.finder_data(
        catalogue, datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC), language
    )


_JUDGE = """async ({common, words, cases}) => {
  const { rules } = await import("/assets/javascripts/eligibility.js")
  const judge = rules(common, words)
  return cases.map(({asks, given}) => {
    const found = judge.findings(asks, given)
    return [judge.answer(found), ...found.map((f) => [f.rule, f.verdict, f.near, f.sentence])]
  })
}"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("follows_the_other_page", [False, True])
def test_the_browser_judges_as_python_does_to_the_letter(
    device: Device, tmp_path: Path, language: Language, follows_the_other_page: bool
) -> None:
    expected, asked = [], []
    checkout = copy_of_the_checkout(tmp_path)
    if follows_the_other_page:
        follow_the_other_page(checkout.partners)
    catalogue = catalogue_file.load(checkout.partners)
    cases = CASES_OF_SETTINGS if follows_the_other_page else CASES
    shipped = {str(eligibility.host_requirements(each)): each for each in catalogue.offers()}
    told = [(offer_of(case), Profile(**case["profile"])) for case in cases]
    told += itertools.product(shipped.values(), HALF_FILLED)
    for offer, given in told:
        found = eligibility.findings(catalogue, offer, given)
        said = [[f.rule, f.verdict, f.near, f.sentence.to(language)] for f in found]
        expected.append([eligibility.overall_answer(found), *said])
        asked.append({"asks": eligibility.host_requirements(offer), "given": asdict(given)})
    page = device().new_page()
    page.goto("/")
    common = brief(catalogue, language)["common"]
    words = eligibility.sentences(language)
    assert page.evaluate(_JUDGE, {"common": common, "words": words, "cases": asked}) == expected


_TAKE = """async ({scales, cases}) => {
  const { fault, tidy } = await import("/assets/javascripts/eligibility.js")
  return cases.map(({scale, typed}) => fault(scales[scale], tidy(typed)))
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browser_takes_the_numbers_that_python_takes(
    device: Device, book: Rulebook, language: Language
) -> None:
    expected = []
    for case in NUMBERS:
        scale = scales.SCALES[case["scale"]]
        wrong = scale.fault(answers.normalize(question(case["scale"].partition("-")[0]), case["typed"]))
        expected.append(wrong.to(language) if wrong else "")
    page = device().new_page()
    page.goto("/")
    assert (
        page.evaluate(_TAKE, {"scales": brief(book.catalogue, language)["scales"], "cases": NUMBERS})
        == expected
    )


def opened(device: Device, address: str = "/finder/", **screen: Any) -> Page:
    page = device(**screen).new_page()
    page.goto(address)
    expect(page.locator("#om-finder[data-ready]")).to_be_visible()
    if not page.locator("[name=country]").is_visible():
        page.locator("#om-finder summary").click()
    return page


def test_my_numbers_give_an_answer_with_its_reasons(device: Device) -> None:
    page = opened(device)
    page.get_by_label("My GPA, of 4.0").fill("3,2")
    page.get_by_label("My proof of language").select_option("ielts")
    page.get_by_label("My score").fill("5.5")
    malaysia = page.locator(".om-hit", has_text="Universiti Sains Malaysia").first
    expect(malaysia.locator(".om-answer")).to_have_text("Almost")
    expect(malaysia).to_contain_text("Your language proof is not enough: IELTS 5.5, needed is IELTS 6.0.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_open_question_is_one_click_to_the_office_as_the_portal_writes_it(
    device: Device, book: Rulebook, language: Language
) -> None:
    page = opened(device, f"/{'' if language == 'en' else language + '/'}finder/")
    page.locator("[name=proof]").select_option("ielts")
    page.locator("[name=score]").fill("6.5")
    page.locator("[name=my-level]").select_option("bachelor")
    page.locator("[name=country]").select_option("PL")
    offer = book.catalogue.offer("opole-tech/exchange")
    assert offer
    found = eligibility.findings(book.catalogue, offer, Profile(level="bachelor", proof="ielts", score=6.5))
    questions = office_mail.of_findings(found, language)
    assert questions
    office = book.catalogue.institution.office
    mail = office_mail.mailto(office, language, facts.offer_name(offer, language), questions)
    card = page.locator(".om-hit", has=page.locator(f"a[href$='programmes/{offer.id}/']"))
    link = card.locator("a[href^=mailto]").get_attribute("href")
    assert link and unquote(link) == unquote(mail)
    card.locator(".om-pick input").check()
    (cell, *_) = page.locator("#om-compare td a[href^=mailto]").all()
    asked = office_mail.mailto(office, language, facts.offer_name(offer, language), [""])
    assert unquote(str(cell.get_attribute("href"))).startswith(unquote(asked).rstrip())


def test_a_number_that_cannot_be_gets_no_answer(device: Device) -> None:
    page = opened(device)
    gpa = page.get_by_label("My GPA, of 4.0")
    for typed in ("85", "5.2", "abc"):
        gpa.fill(typed)
        expect(gpa).to_have_attribute("aria-invalid", "true")
        expect(gpa).to_have_accessible_description("Enter a number from 0 to 4, such as 3.25")
        expect(page.locator(".om-answer")).to_have_count(0)
    for typed in ("3.", "3.4"):
        gpa.fill(typed)
        expect(gpa).to_have_attribute("aria-invalid", "false")
        expect(gpa).to_have_accessible_description("")
    score = page.get_by_label("My score")
    page.get_by_label("My proof of language").select_option("ielts")
    score.fill("65")
    expect(score).to_have_accessible_description("Enter a number from 0 to 9, such as 6.5")
    score.fill("6.3")
    expect(score).to_have_accessible_description("IELTS bands go in halves: 5.5, 6.0, 6.5")
    page.get_by_label("My proof of language").select_option("toefl")
    expect(score).to_have_accessible_description("A TOEFL total of 0 to 120 is a whole number, such as 78")
    score.fill("63")
    expect(score).to_have_attribute("aria-invalid", "false")


def test_a_toefl_of_the_other_scale_gets_the_portals_sentence_and_no_answer(device: Device) -> None:
    page = opened(device, "/ru/finder/")
    score, told = page.locator("[name=score]"), page.locator("#score-fault")
    for scale, typed, wrong in (
        ("toefl", "4,5", scales.SCALES["toefl"].other),
        ("toefl-6", "80", scales.SCALES["toefl-6"].bounds),
    ):
        page.locator("[name=proof]").select_option(scale)
        score.fill(typed)
        assert wrong
        expect(told).to_have_text(wrong.to("ru"))
        expect(page.locator(".om-answer")).to_have_count(0)
    score.fill("4,5")
    expect(told).to_have_text("")
    expect(page.locator(".om-answer").first).to_be_visible()


def test_my_numbers_never_leave_the_browser(device: Device) -> None:
    page = opened(device)
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("My GPA, of 4.0").fill("3.21")
    page.locator("[name=country]").select_option("PL")
    assert [url for url in asked if not url.endswith("/mark.svg")] == []  # the tab's icon, asked for anew
    expect(page).to_have_url(re.compile(r"/finder/\?country=PL#gpa=3\.21$"))
    page.reload()
    expect(page.get_by_label("My GPA, of 4.0")).to_have_value("3.21")
    expect(page.locator("#om-count")).to_contain_text("Programmes: 6")
    assert not any("3.21" in url for url in asked)


def test_a_silent_source_keeps_a_programme_in(device: Device, book: Rulebook) -> None:
    page = opened(device)
    offers = list(book.catalogue.offers())
    page.locator("[name=field]").select_option("education")
    fitting = [o for o in offers if not o.own("fields") or "education" in o.own("fields")]
    expect(page.locator("#om-count")).to_contain_text(f"Programmes: {len(fitting)}")


def test_kinds_of_agreement_are_asked_for_only_where_one_is_known(device: Device, tmp_path: Path) -> None:
    page = opened(device)
    expect(page.locator("[name=kind]")).to_be_hidden()
    checkout = copy_of_the_checkout(tmp_path)
    silent = "agreement: {status: unconfirmed}"
    text = checkout.partners.read_text()
    for kind in ("bilateral exchange", "Erasmus+"):
        text = text.replace(silent, f"agreement: {{status: unconfirmed, kind: {kind}}}", 1)
    checkout.partners.write_text(text)
    november = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
    known = catalogue_json.finder_data(catalogue_file.load(checkout.partners), november, "kk")

    page = device().new_page()
    page.route("**/kk/finder.json", lambda route: route.fulfill(json=known))
    page.goto("/kk/finder/?kind=Erasmus%2B")
    kinds = page.locator("[name=kind]")
    expect(kinds).to_be_visible()
    expect(kinds).to_have_value("Erasmus+")
    expect(kinds.locator("option")).to_have_text(["барлығы", "Erasmus+", "екіжақты алмасу"])
    fitting = [row for row in known["programmes"] if "bilateral exchange" not in row["kind"]]
    assert 0 < len(fitting) < len(known["programmes"])
    expect(page.locator("#om-count")).to_contain_text(f": {len(fitting)}")


def test_nothing_found_says_what_to_do(device: Device) -> None:
    page = opened(device)
    page.get_by_label("Name, city or field").fill("no such university")
    expect(page.locator("#om-count")).to_have_text("Nothing fits all of this. Take a filter away.")


def test_three_are_compared_and_no_more(device: Device) -> None:
    page = opened(device, width=1280)
    for n in range(3):
        page.locator(".om-pick input").nth(n).check()
    expect(page.locator("#om-compare thead th")).to_have_count(3)
    expect(page.locator(".om-pick input").nth(3)).to_be_disabled()
    page.reload()
    expect(page.locator("#om-compare thead th")).to_have_count(3)
    page.locator("#om-compare button").first.click()
    expect(page.locator("#om-compare thead th")).to_have_count(2)


def test_who_chooses_far_below_the_table_is_led_to_it(device: Device) -> None:
    page = opened(device, width=390)
    tray = page.locator("#om-tray")
    expect(tray).to_be_hidden()
    for n in (4, 9):
        page.locator(".om-pick input").nth(n).check()
    expect(tray).to_have_text("Compare: 2")
    expect(tray).to_be_in_viewport()
    expect(page.locator("#om-compare")).not_to_be_in_viewport()
    tray.click()
    expect(page.locator("#om-compare thead")).to_be_in_viewport()
    expect(page.locator("#om-compare")).to_be_focused()
    box, header = (page.locator(each).bounding_box() for each in ("#om-compare thead", ".md-header"))
    assert box and header and box["y"] >= header["y"] + header["height"], "the table begins under the header"
    expect(tray).to_be_hidden()


def test_without_javascript_it_is_the_whole_list(device: Device, book: Rulebook) -> None:
    page = device(javascript=False).new_page()
    page.goto("/finder/")
    expect(page.locator("#om-results > li")).to_have_count(len(list(book.catalogue.offers())))
    expect(page.locator("#om-finder")).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "warsaw"),
    [("ru/", "Варшавский политехнический университет"), ("kk/", "Варшава политехникалық университеті")],
)
def test_it_speaks_the_readers_language(device: Device, language: str, warsaw: str) -> None:
    page = opened(device, f"/{language}finder/?country=PL#gpa=2.9")
    expect(page.locator("#om-count")).to_contain_text("6")
    expect(page.locator("main")).not_to_contain_text("Almost")
    page.locator("[name=gpa]").fill("abc")
    expect(page.locator("#gpa-fault")).to_contain_text("3.25")
    expect(page.locator("#gpa-fault")).not_to_contain_text("Enter")
    page.locator("[name=words]").fill(
        "warsaw univ"
    )  # a host is found by its English name, which stands below
    expect(page.locator(".om-hit")).to_have_count(2)
    expect(page.locator(".om-hit").first).to_contain_text(f"{warsaw}Warsaw University of Technology")
