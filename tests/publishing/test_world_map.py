"""The map of the partners: every country is on it and leads to its page; nothing about it stops a build."""

import re
from itertools import combinations
from math import hypot
from pathlib import Path

import pytest

from mobility.catalogue import rulebook
from mobility.i18n.languages import LANGUAGES, Language
from mobility.paths import CHECKOUT
from mobility.publishing import templates, world_map
from tests.helpers.html_pages import ParsedPage, read
from tests.helpers.sites import build, copy_of_the_checkout

SMALL = ["SG", "HK", "MO", "MT", "AD", "MC", "LI", "SM", "BH", "MV", "MU"]


@pytest.fixture(scope="module")
def world() -> world_map.World:
    return world_map.parse(CHECKOUT.world_map.read_text(encoding="utf-8"))


def marks(page: ParsedPage) -> dict[str | None, str | None]:
    """Where each mark of a map leads, and what it tells."""
    found = [attrs for tag, attrs in page.tags if tag == "a" and "om-mark" in (attrs.get("class") or "")]
    return {attrs["href"]: attrs["aria-label"] for attrs in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_is_a_link_on_the_map_in_every_language(site: Path, language: Language) -> None:
    folder = site / ("" if language == "en" else language) / "map"
    found = marks(read(folder / "index.html"))
    countries = templates.countries(rulebook.load(CHECKOUT).catalogue, language)
    assert set(found) == {f"../countries/{country.code.lower()}/" for country in countries}
    for country in countries:
        address = f"../countries/{country.code.lower()}/"
        assert (folder / address / "index.html").is_file()
        told = found[address]
        assert told and country.name in told and str(len(country.partners)) in told


def test_a_country_is_one_stop_for_keys_and_the_backdrop_none(site: Path) -> None:
    page = read(site / "map" / "index.html")
    within = [attrs for tag, attrs in page.tags if tag == "a" and "om-to-pl" in (attrs.get("class") or "")]
    stops = [attrs for attrs in within if attrs.get("tabindex") != "-1"]
    assert len(within) == 3  # outline, mark, list
    assert len(stops) == 2
    assert all(attrs.get("aria-hidden") == "true" for attrs in within if attrs not in stops)
    [land] = [attrs for tag, attrs in page.tags if tag == "path" and attrs.get("class") == "om-land"]
    assert land["aria-hidden"] == "true"


def test_a_country_that_the_map_does_not_know_stays_in_the_list(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    text = checkout.world_map.read_text().replace('"TH":', '"XX":')
    checkout.world_map.write_text(text)
    page = read(build(checkout) / "map" / "index.html")
    assert "../countries/th/" not in marks(page)
    assert "../countries/pl/" in marks(page)
    assert any(tag == "a" and attrs.get("href") == "../countries/th/" for tag, attrs in page.tags)


def test_where_the_map_knows_no_country_there_is_the_list_alone(tmp_path: Path) -> None:
    checkout = copy_of_the_checkout(tmp_path)
    checkout.world_map.write_text('{"outlines": {}, "others": [], "places": {}}')
    page = read(build(checkout) / "map" / "index.html")
    assert not any(tag == "svg" and attrs.get("role") == "group" for tag, attrs in page.tags)
    assert any(tag == "a" and attrs.get("href") == "../countries/th/" for tag, attrs in page.tags)


@pytest.mark.parametrize("code", SMALL)
def test_a_country_too_small_for_an_outline_has_a_mark(world: world_map.World, code: str) -> None:
    assert code not in world.outlines
    drawn = world_map.draw(world, ["KZ", "DE", code])
    assert drawn
    assert [each.outline == "" for each in drawn.shown if each.code == code] == [True]
    alone = world_map.draw(world, [code])
    assert alone and alone.shown[0].x == pytest.approx(world_map.WIDTH / 2, abs=1)


@pytest.mark.parametrize(
    "codes",
    ["PL DE CZ SK HU AT SI LT LV EE", "US MX JP RU NZ MT", "BE NL LU", "FJ", "NZ CL", "KZ", "US GB"],
)
def test_no_mark_lies_on_another_or_beyond_the_edge(world: world_map.World, codes: str) -> None:
    drawn = world_map.draw(world, codes.split())
    assert drawn
    assert {each.code for each in drawn.shown} == set(codes.split())
    radius = world_map.RADIUS
    for one, other in combinations(drawn.shown, 2):
        assert hypot(one.x - other.x, one.y - other.y) >= 2 * radius - 1, (one.code, other.code)
    for each in drawn.shown:
        assert radius <= each.x <= drawn.width - radius
        assert radius <= each.y <= drawn.height - radius


def test_a_map_across_the_pacific_has_the_pacific_in_its_middle(world: world_map.World) -> None:
    drawn = world_map.draw(world, ["CL", "NZ"])
    assert drawn
    assert [each.code for each in drawn.shown] == ["NZ", "CL"]


def test_outlines_stay_on_the_map(world: world_map.World) -> None:
    drawn = world_map.draw(world, ["KZ", "PL"])
    assert drawn
    for each in drawn.shown:
        x = y = 0
        for mark, dx, dy in re.findall(r"([Ml ])(-?\d+),(-?\d+)", each.outline):
            x, y = (int(dx), int(dy)) if mark == "M" else (x + int(dx), y + int(dy))
            assert 0 <= x <= drawn.width and 0 <= y <= drawn.height


def test_the_file_of_the_world_is_small_and_names_where_it_is_from() -> None:
    text = CHECKOUT.world_map.read_text()
    assert len(text) <= 60_000
    for word in ("Natural Earth 4.1.0", "public domain", '"seen":"2026-11-25"'):
        assert word in text
