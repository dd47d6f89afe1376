"""What the site gives to calendars, feed readers and other machines, read by parsers that are not ours."""

import datetime
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import icalendar
import pytest
import vobject
from icalendar.parser import Contentline
from PIL import Image

from mobility.catalogue import catalogue_file
from mobility.i18n.languages import LANGUAGES
from mobility.paths import CHECKOUT, Checkout
from mobility.publishing import icalendar_feeds, social_images
from tests.helpers.sites import NOVEMBER, build, copy_of_the_checkout, with_agreement


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that knows where it stands for the world."""
    checkout = copy_of_the_checkout(tmp_path_factory.mktemp("addressed"))
    text = checkout.partners.read_text()
    more = "settings:\n  address: https://mobility.example.kz/\n  security_contact: security@example.kz\n"
    checkout.partners.write_text(text.replace("settings:\n", more))
    return build(checkout, languages=LANGUAGES)


def events(path: Path) -> list[Any]:
    return list(vobject.readOne(path.read_text(encoding="utf-8")).vevent_list)


@pytest.mark.parametrize("language", ["", "ru/", "kk/"])
def test_the_calendar_of_calls_has_the_instants_of_almaty(addressed: Path, language: str) -> None:
    first = events(addressed / f"{language}calls.ics")[0]
    utc = datetime.UTC
    assert first.dtstart.value == datetime.datetime(2027, 2, 28, 19, tzinfo=utc)
    assert first.dtend.value == datetime.datetime(2027, 3, 31, 19, tzinfo=utc)
    assert "2027" in first.summary.value


def test_a_partner_has_a_calendar_of_its_deadlines_where_it_names_any(addressed: Path) -> None:
    days = [event.dtstart.value for event in events(addressed / "partners/warsaw-tech/deadlines.ics")]
    assert datetime.date(2027, 5, 8) in days
    assert datetime.date(2027, 11, 2) in days
    assert datetime.date(2026, 11, 2) not in days, "it was over when the site was built"
    assert not (addressed / "partners/uhi/deadlines.ics").exists()
    assert not (addressed / "partners/sodertorn/deadlines.ics").exists(), "those of 2019"


def test_a_programme_with_deadlines_of_its_own_has_them_in_the_hosts_calendar(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    head, tail = CHECKOUT.partners.read_text().split("  - id: uhi\n")
    own = "name: Student exchange\n        deadlines: {nomination: {spring: 10-15}}\n"
    assert "name: Student exchange\n" in tail.split("  - id: ")[1]
    tail = tail.replace("name: Student exchange\n", own, 1)
    checkout.partners.write_text(f"{head}  - id: uhi\n{tail}")
    read = catalogue_file.load(checkout.partners)
    (host,) = [partner for partner in read.partners if partner.id == "uhi"]
    assert icalendar_feeds.has_deadlines(host)
    made = icalendar_feeds.of_partner(host, read.institution.domain, NOVEMBER, "en").decode()
    found = vobject.readOne(made).vevent_list
    assert [event.dtstart.value.isoformat() for event in found] == ["2027-10-15", "2028-10-15"]
    assert found[0].uid.value == "uhi/exchange-nomination-spring-2027@kbtu.edu.kz"
    assert "Student exchange: the host takes nominations" in found[0].summary.value


@pytest.mark.parametrize("letters", ["n", "ы", "n;", "№\\"], ids=["Latin", "Cyrillic", "escaped", "mixed"])
def test_lines_are_escaped_and_folded_as_icalendar_does(letters: str) -> None:
    head, *_ = catalogue_file.load(CHECKOUT.partners).partners
    for length in range(1, 90):
        host = head.model_copy(update={"name": (letters * length)[:length] + "."})
        made = icalendar_feeds.of_partner(host, "kbtu.kz", NOVEMBER, "en")
        theirs = icalendar.vText(f"{host.name}: deadlines").to_ical().decode()
        assert Contentline(f"NAME:{theirs}").to_ical() + b"\r\n" in made
        assert max(map(len, made.splitlines())) <= 75


def test_no_two_events_share_an_id(addressed: Path) -> None:
    ids = [e.uid.value for path in addressed.glob("partners/*/deadlines.ics") for e in events(path)]
    assert len(ids) > 20
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", ["", "ru/", "kk/"])
def test_the_news_are_a_feed_that_readers_take(addressed: Path, language: str) -> None:
    found = feedparser.parse((addressed / f"{language}feed.xml").read_bytes())
    assert not found.bozo
    assert found.version == "atom10"
    assert found.entries
    assert found.feed.links[0].href == f"https://mobility.example.kz/{language}feed.xml"
    assert len({entry.id for entry in found.entries}) == len(found.entries)
    assert all(entry.id.startswith("tag:kbtu.edu.kz,2026:") for entry in found.entries)


def test_pages_carry_structured_data_that_no_name_can_break(addressed: Path) -> None:
    page = (addressed / "programmes/warsaw-tech/exchange/index.html").read_text(encoding="utf-8")
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    said = json.loads(script)
    assert said["@type"] == "EducationalOccupationalProgram"
    assert said["provider"]["name"] == "Warsaw University of Technology"
    assert said["applicationDeadline"] == "2027-03-31"


def test_each_page_names_itself_in_the_other_languages(addressed: Path) -> None:
    page = (addressed / "ru/partners/warsaw-tech/index.html").read_text(encoding="utf-8")
    found = dict(re.findall(r'hreflang="([a-z-]+)" href="(https://mobility[^"]+)"', page))
    assert found["kk"] == "https://mobility.example.kz/kk/partners/warsaw-tech/"
    assert found["x-default"] == found["en"] == "https://mobility.example.kz/partners/warsaw-tech/"


@pytest.mark.parametrize(
    ("page", "picture"),
    [
        ("", "assets/postcards/home.png"),
        ("finder/", "assets/postcards/home.png"),
        ("countries/pl/", "assets/postcards/pl.png"),
        ("partners/warsaw-tech/", "assets/postcards/pl.png"),
        ("programmes/warsaw-tech/exchange/", "assets/postcards/pl.png"),
        ("kk/partners/warsaw-tech/", "kk/assets/postcards/pl.png"),
    ],
)
def test_a_link_that_is_sent_on_has_a_picture_that_is_there(addressed: Path, page: str, picture: str) -> None:
    html = (addressed / page / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'property="og:image" content="(.*?)"', html) == [
        f"https://mobility.example.kz/{picture}"
    ]
    with Image.open(addressed / picture) as found:
        assert found.size == social_images.SIZE
    assert (addressed / picture).stat().st_size < 40_000


@pytest.mark.parametrize("text", ["", "W" * 300, "جامعة القاهرة \u202e", "東京大学", "<b>\n</b> {{ x }}"])
def test_no_text_breaks_a_social_image(tmp_path: Path, text: str) -> None:
    (tmp_path / "card.png").write_bytes(social_images.draw(text, text, text))
    with Image.open(tmp_path / "card.png") as found:
        assert found.size == social_images.SIZE
        assert not any(
            colour[1] == (255, 255, 255)
            for colour in found.convert("RGB").crop((1150, 0, 1200, 630)).getcolors(9999)
        )


def test_a_site_that_does_not_know_its_address_names_no_picture(tmp_path: Path) -> None:
    built = build(copy_of_the_checkout(tmp_path))
    assert "og:image" not in (built / "partners/warsaw-tech/index.html").read_text(encoding="utf-8")
    assert not (built / "assets/postcards").exists()


def test_the_sitemap_lists_every_page_in_every_language(addressed: Path) -> None:
    tree = ElementTree.parse(addressed / "sitemap.xml")
    listed = {loc.text for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    pages = {path.parent.relative_to(addressed).as_posix() for path in addressed.rglob("index.html")}
    assert listed == {f"https://mobility.example.kz/{'' if p == '.' else p + '/'}" for p in pages}


def test_robots_are_kept_from_the_portal_and_finders_of_holes_know_whom_to_tell(addressed: Path) -> None:
    assert "Disallow: /apply/" in (addressed / "robots.txt").read_text()
    told = (addressed / ".well-known/security.txt").read_text()
    assert "Contact: mailto:security@example.kz" in told
    assert "Expires: 2027-05-23T00:00:00Z" in told


def test_an_agreement_that_ran_out_takes_its_programmes_out_and_leaves_the_page(tmp_path: Path) -> None:
    paper = "status: confirmed, source: Agreement no. 12, seen: 2026-11-20"
    built = with_agreement(copy_of_the_checkout(tmp_path), f"{paper}, valid_until: 2026-11-23")
    ids = [row["id"] for row in json.loads((built / "finder.json").read_text())["programmes"]]
    assert "warsaw-tech/exchange" not in ids
    assert "agh-krakow/exchange" in ids
    page = (built / "programmes/warsaw-tech/exchange/index.html").read_text(encoding="utf-8")
    assert "Agreement expired." in page
    assert "/apply/start" not in page
