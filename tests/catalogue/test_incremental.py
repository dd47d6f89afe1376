"""Reading partners.yaml again after an edit gives what reading it whole gives."""

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mobility.catalogue import catalogue_file as whole
from mobility.catalogue.incremental import IncrementalLoader
from mobility.catalogue.partners import Catalogue
from mobility.paths import CHECKOUT
from mobility.yamlfiles.reader import InvalidFile
from tests.helpers.partners_file import ADDED, EDITS

NOW = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)

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
    "one university as two partners": lambda text: (
        text + ADDED + ADDED.replace("added", "other").replace("Bergen", "Oslo")
    ),
    "a call of another year": lambda text: text.replace(
        "\npartners:\n", "\n  overrides: {2026-autumn: {opens: 2027-03-01, closes: 2027-04-05}}\npartners:\n"
    ),
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
    reader = IncrementalLoader()
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
    reader = IncrementalLoader()
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


def test_a_source_seen_in_the_future_is_told_as_when_all_is_read(partners: Path) -> None:
    text = partners.read_text()
    reader = IncrementalLoader(lambda: NOW)
    reader.load(partners)
    for changed in (
        text + ADDED.replace("seen: 2026-11-24", "seen: 2027-11-24"),
        text.replace("seen: 2026-11-24", "seen: 2027-11-24", 1),
    ):
        partners.write_text(changed)
        with pytest.raises(InvalidFile, match="must be the day on which it was read, not one to come"):
            reader.load(partners)
