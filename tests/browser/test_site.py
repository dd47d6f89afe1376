"""The site in a browser: what moves on after the build, and what does not."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from mobility.i18n.languages import LANGUAGES, Language, url_folder
from scripts import bench_search, browser
from tests.helpers.browser_pages import PAGES
from tests.helpers.sites import build, copy_of_the_checkout

Device = Callable[..., BrowserContext]


@pytest.mark.parametrize(
    ("today", "said", "name"),
    [
        ("2026-11-24T12:00:00+05:00", "The next call", "Studies in autumn 2027"),
        ("2027-03-31T23:59:59+05:00", "Applications are open", "Studies in autumn 2027"),
        ("2027-04-01T00:00:00+05:00", "The next call", "Studies in spring 2028"),
        ("2027-10-01T00:00:00+05:00", "Applications are open", "Studies in spring 2028"),
    ],
)
def test_home_knows_the_call_of_the_day_on_which_it_is_read(
    device: Device, today: str, said: str, name: str
) -> None:
    page = device().new_page()
    page.clock.set_fixed_time(today)
    page.goto("/")
    shown = page.locator(".om-call:visible")
    expect(shown.get_by_text(said, exact=True)).to_be_visible()
    expect(shown.get_by_text(name, exact=True)).to_be_visible()
    expect(shown).to_have_count(1)
    expect(page.get_by_role("link", name="Apply", exact=True)).to_have_count(int("open" in said))


@pytest.mark.parametrize(
    ("today", "links"), [("2027-03-31T23:59:59+05:00", 1), ("2027-04-01T00:00:00+05:00", 0)]
)
def test_apply_goes_with_the_last_call_before_an_agreement_ends(
    device: Device, today: str, links: int
) -> None:
    def ending(route: Route) -> None:
        page = route.fetch()
        end = 'data-until="2027-04-01T00:00:00+05:00" href="/apply/start'
        route.fulfill(response=page, body=page.text().replace('href="/apply/start', end))

    page = device().new_page()
    page.clock.set_fixed_time(today)
    page.route("**/programmes/warsaw-tech/exchange/", ending)
    page.goto("/programmes/warsaw-tech/exchange/")
    expect(page.get_by_role("link", name="Apply for this programme")).to_have_count(links)


@pytest.mark.parametrize(
    ("language", "today", "said"),
    [
        ("", "2027-02-27T22:30:00+05:00", "Opens in 1 d 1 h"),
        ("", "2027-02-28T19:59:30Z", "Closes in 30 d 23 h"),
        ("ru/", "2027-03-31T23:17:59+05:00", "До закрытия 0 ч 42 мин"),
        ("kk/", "2027-02-28T05:00:00-10:00", "Ашылуына 4 сағ 0 мин"),
    ],
)
def test_the_time_left_is_counted_in_almaty_wherever_the_reader_is(
    device: Device, language: str, today: str, said: str
) -> None:
    page = device().new_page()
    page.context.new_cdp_session(page).send(
        "Emulation.setTimezoneOverride", {"timezoneId": "America/Los_Angeles"}
    )
    page.clock.set_fixed_time(today)
    page.goto(f"/{language}")
    expect(page.locator(".om-left:visible")).to_have_text(said)


def test_the_call_opens_while_the_page_is_read(device: Device) -> None:
    page = device().new_page()
    page.clock.install(time="2027-02-28T23:58:30+05:00")
    page.goto("/")
    expect(page.locator(".om-left:visible")).to_have_text("Opens in 0 h 1 min")
    page.clock.fast_forward("02:00")
    shown = page.locator(".om-call:visible")
    expect(shown.get_by_text("Applications are open", exact=True)).to_be_visible()
    expect(page.locator(".om-left:visible")).to_have_text("Closes in 30 d 23 h")


def test_home_tells_the_next_call_without_javascript(device: Device) -> None:
    page = device(javascript=False).new_page()
    page.goto("/")
    expect(page.locator(".om-call:visible")).to_have_count(1)
    expect(page.get_by_text("Opens on 1 March 2027, 00:00 Almaty time (UTC+5)")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_its_screen(device: Device, width: int, scheme: str) -> None:
    page = device(width=width, scheme=scheme).new_page()
    for path in PAGES:
        page.goto(f"/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("width", [320, 360, 375, 390])
def test_the_name_of_the_site_is_whole_on_every_phone(device: Device, width: int) -> None:
    page = device(width=width).new_page()
    for where in map(url_folder, LANGUAGES):
        page.goto(f"/{where}")
        name = page.locator(".md-header__topic").first.locator(".md-ellipsis")
        cut = name.evaluate("e => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight + 2")
        box = name.bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= 48, where
        assert not cut, where


def test_no_page_is_wider_where_letters_are_twice_as_large(chromium: Browser, address: str) -> None:
    large = chromium.browser_type.launch(
        executable_path=browser.path(), args=["--no-sandbox", "--blink-settings=defaultFontSize=32"]
    )
    page = large.new_page(viewport={"width": 390, "height": 844}, base_url=address)
    for path in [*PAGES, "apply/start", "apply/link", "apply/verify"]:
        page.goto(f"/{path}")
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 20
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    large.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_students_type_leads_to_the_right_page(device: Device, language: Language) -> None:
    page, where = device(width=390).new_page(), url_folder(language)
    page.goto(f"/{where}")
    index = page.request.get(f"/{where}search/search_index.json").json()
    typed = {"queries": list(bench_search.QUERIES[language]), "index": index}
    assert bench_search.missed(language, page.evaluate(bench_search.LUNR, typed)) == []


def test_search_finds_a_partner(device: Device) -> None:
    page = device(width=1280).new_page()
    page.goto("/")
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("landshut", delay=20)
    expect(page.locator(".md-search-result__link").first).to_contain_text("Landshut")


@pytest.mark.parametrize(
    ("language", "typed", "found"),
    [
        ("", "krakow", "AGH University of Krakow"),
        ("ru/", "в варшавском", "Варшавский политехнический университет"),
        ("kk/", "варшавада", "Варшава политехникалық университеті"),
        ("kk/", "германияға", "Германия"),
    ],
)
def test_search_finds_words_in_any_form_and_names_in_cyrillic(
    device: Device, language: str, typed: str, found: str
) -> None:
    page = device(width=1280).new_page()
    page.goto(f"/{language}")
    ready = page.evaluate(
        "JSON.parse(document.querySelector('#__config').textContent).translations['search.result.placeholder']"
    )
    page.locator(".md-search__input").click()
    expect(page.locator(".md-search-result__meta")).to_have_text(ready)
    page.keyboard.type(typed, delay=20)
    page.keyboard.press("End")  # Cyrillic comes without the key events that the theme waits for
    expect(page.locator(".md-search-result__link").first).to_contain_text(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_partners_page_is_light_on_a_slow_line(device: Device, language: Language) -> None:
    page = device().new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"/{url_folder(language)}partners/oth-amberg-weiden/")  # the one with most text
    page.wait_for_load_state("networkidle")
    assert len(sizes) > 5
    assert sum(sizes) <= 100_000, f"{sum(sizes):.0f} bytes in {len(sizes)} files"


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_switch_of_languages_stays_on_the_page(device: Device, language: str) -> None:
    page = device().new_page()
    page.goto("/partners/warsaw-tech/")
    page.get_by_role("link", name=language.upper(), exact=True).click()
    page.wait_for_url(f"**/{language}/partners/warsaw-tech/")
    assert page.locator("html").get_attribute("lang") == language
    page.get_by_role("link", name="EN", exact=True).click()
    page.wait_for_url("**/partners/warsaw-tech/")
    assert f"/{language}/" not in page.url


def test_a_programme_prints_on_one_sheet(device: Device) -> None:
    page = device(width=1280).new_page()
    page.goto("/programmes/warsaw-tech/exchange/")
    printed = pikepdf.open(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert len(printed.pages) == 1


def test_a_printed_programme_says_of_which_day_it_is_and_where_it_stands(
    chromium: Browser, tmp_path: Path
) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    text = checkout.partners.read_text()
    checkout.partners.write_text(
        text.replace("settings:\n", "settings:\n  address: https://mobility.example.kz/\n", 1)
    )
    built = build(checkout, languages=LANGUAGES)
    page = chromium.new_page()
    for where, words in (
        ("", "As of 24 November 2026 · https://mobility.example.kz/programmes/warsaw-tech/exchange/"),
        ("kk/", "2026 ж. 24 қараша жағдайы бойынша · https://mobility.example.kz/kk/programmes/warsaw-tech/"),
    ):
        page.goto((built / where / "programmes/warsaw-tech/exchange/index.html").as_uri())
        expect(page.locator(".om-sheet")).to_be_hidden()
        printed = pypdfium2.PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
        assert len(printed) == 1
        said = " ".join(printed[0].get_textpage().get_text_range().split())
        assert words in said
    page.close()
    assert "As of" not in (built / "search" / "search_index.json").read_text(encoding="utf-8")


def test_a_sheet_names_no_address_where_none_is_known(device: Device) -> None:
    page = device(width=1280).new_page()
    page.goto("/programmes/warsaw-tech/exchange/")
    page.emulate_media(media="print")
    expect(page.locator(".om-sheet")).to_have_text("As of 24 November 2026")


@pytest.mark.parametrize(
    ("language", "told", "partners"),
    [
        ("", "Poland: 5 partners", "Poland"),
        ("ru/", "Польша: партнёров — 5", "Польша"),
        ("kk/", "Польша: 5 серіктес", "Польша"),
    ],
)
def test_keys_alone_lead_from_the_map_to_a_country(
    device: Device, language: str, told: str, partners: str
) -> None:
    page = device().new_page()
    page.goto(f"/{language}map/")
    page.locator("h1").click()
    mark = page.get_by_role("link", name=told, exact=True)
    met = []
    while not mark.evaluate("mark => mark === document.activeElement"):
        assert len(met) < 20
        page.keyboard.press("Tab")
        met.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert len(met) == len(set(met)), "a country is met once"
    expect(mark).to_be_in_viewport()
    expect(mark.locator("circle")).to_have_css("stroke-width", "5px")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{language}countries/pl/")
    expect(page.get_by_role("heading", name=partners, exact=True)).to_be_visible()


def test_map_and_list_light_up_together(device: Device) -> None:
    page = device(width=1280, javascript=False).new_page()
    page.goto("/map/")
    outline = page.locator(".om-map a.om-to-jp path")
    before = outline.evaluate("path => getComputedStyle(path).fill")
    page.get_by_role("main").get_by_role("link", name="Japan 1").hover()
    assert outline.evaluate("path => getComputedStyle(path).fill") != before
    listed = page.locator(".om-countries .om-to-pl")
    before = listed.evaluate("link => getComputedStyle(link).borderColor")
    page.locator(".om-map a.om-to-pl circle").hover()
    assert listed.evaluate("link => getComputedStyle(link).borderColor") != before


def test_the_map_is_pushed_sideways_on_a_phone_and_prints_whole(device: Device) -> None:
    page = device().new_page()
    page.goto("/map/")
    box = page.locator(".om-map")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    page.emulate_media(media="print")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_the_portal_speaks_the_language_of_the_page_one_comes_from(device: Device) -> None:
    page = device().new_page()
    page.goto("/kk/programmes/warsaw-tech/exchange/")
    page.get_by_role("link", name="Осы бағдарламаға өтінім беру").click()
    expect(page.get_by_role("heading", name="Алмасуға өтінім беру")).to_be_visible()
    page.locator("#email").fill("sampleova-kk@example.kz")
    page.get_by_role("button", name="Бастау").click()
    expect(page.get_by_role("heading", name="Сіздің өтініміңіз")).to_be_visible()
    page.get_by_role("link", name="RU", exact=True).click()
    expect(page.get_by_role("heading", name="Ваша заявка", exact=True)).to_be_visible()


def test_a_page_of_ours_is_there_before_its_link_is_pressed(device: Device) -> None:
    page = device(1280).new_page()
    session = page.context.new_cdp_session(page)
    fetched: list[str] = []

    def note(event: dict[str, Any]) -> None:
        if event["status"] == "Ready":
            fetched.append(event["prefetchUrl"])

    def ours() -> bool:
        return any(url.endswith("/programmes/warsaw-tech/exchange/") for url in fetched)

    session.on("Preload.prefetchStatusUpdated", note)
    session.send("Preload.enable")
    page.goto("/partners/warsaw-tech/")
    for name in ("Apply", "https://www.cwm.pw.edu.pl"):  # the portal's own, another's: left alone
        page.locator("article").get_by_role("link", name=name).first.hover()
    programme = page.locator("article").get_by_role("link", name="Bilateral exchange")
    programme.hover()
    while not ours():
        page.wait_for_timeout(50)
    programme.click()
    page.wait_for_url("**/programmes/warsaw-tech/exchange/")
    assert (
        page.evaluate("performance.getEntriesByType('navigation')[0].deliveryType") == "navigational-prefetch"
    )
    assert not [url for url in fetched if "/apply" in url or "pw.edu.pl" in url]
