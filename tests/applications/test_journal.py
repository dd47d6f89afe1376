"""The journal: a bag that is gone and a line that was changed are found, and nobody is named."""

import json

from mobility import storage
from mobility.applications import journal, submissions
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed


def test_the_journal_misses_a_bag_that_was_taken_away_or_made_anew(
    filled: Filled, seal: Sealed, instance: Instance
) -> None:
    first, second = seal(filled()), seal(filled())
    assert submissions.lost(instance) == []
    storage.remove(first.folder.parent)
    with (second.folder / "tagmanifest-sha256.txt").open("a") as file:
        file.write("\n")
    lost = submissions.lost(instance)
    assert lost[0].startswith(f"{first.reference} v1: sealed on")
    assert lost[1].startswith(f"{second.reference} v1: changed")


def test_a_changed_line_of_the_journal_is_found(filled: Filled, seal: Sealed, instance: Instance) -> None:
    for _ in range(3):
        seal(filled())
    lines = instance.journal.read_text().splitlines()
    assert "2027A-0002" in lines[3]
    lines[3] = lines[3].replace("2027A-0002", "2027A-0009")
    instance.journal.write_text("\n".join(lines) + "\n")
    assert journal.breaks(instance) == [5]


def test_the_journal_holds_no_names(filled: Filled, seal: Sealed, instance: Instance) -> None:
    seal(filled(family_name="Sampleova"))
    assert "ampleova" not in instance.journal.read_text().lower()
    assert json.loads(instance.journal.read_text().splitlines()[-1])["reference"] == "2027A-0001"
