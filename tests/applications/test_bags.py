"""A sealed bag: valid for other programs, closed to others on the machine, named for its applicant."""

import stat
import subprocess
import sys

from mobility import storage
from mobility.applications import bags
from mobility.paths import Instance
from tests.helpers.applications import Filled, Sealed


def test_a_sealed_application_is_a_valid_bag_for_other_programs(filled: Filled, seal: Sealed) -> None:
    bag = seal(filled())
    validator = [sys.executable, "-m", "bagit", "--validate", str(bag.folder)]
    assert subprocess.run(validator, capture_output=True, check=False).returncode == 0
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        summed = subprocess.run(
            ["sha256sum", "-c", manifest], cwd=bag.folder, capture_output=True, check=False
        )
        assert summed.returncode == 0, summed.stderr


def test_the_folder_says_whose_it_is_and_its_files_what_they_are(filled: Filled, seal: Sealed) -> None:
    bag = seal(filled(family_name="Sampleova", given_name="Aigerim"))
    assert bag.home.name == "2027A-0001_SAMPLEOVA-A"
    assert bag.call_folder.name == "2027-autumn"
    names = sorted(
        path.relative_to(bag.folder).as_posix() for path in bag.folder.rglob("*") if path.is_file()
    )
    assert "data/restricted/01-application-form.pdf" in names
    assert "data/restricted/03-passport.pdf" in names
    assert "data/08-certificates-1.pdf" in names
    assert "RECEIPT.txt" in names


def test_nobody_else_on_the_machine_can_read_it(filled: Filled, seal: Sealed, instance: Instance) -> None:
    seal(filled())
    for path in [instance.root, *instance.root.rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_an_erased_reference_is_never_given_again(filled: Filled, seal: Sealed) -> None:
    storage.remove(seal(filled()).folder.parent)
    assert seal(filled()).reference == "2027A-0002"


def test_verify_names_changed_missing_and_added_files(filled: Filled, seal: Sealed) -> None:
    bag = seal(filled())
    assert bags.verify(bag) == []
    (bag.folder / "data" / "04-transcript.pdf").write_bytes(b"another")
    (bag.folder / "data" / "restricted" / "03-passport.pdf").unlink()
    (bag.folder / "data" / "note.txt").write_text("by hand")
    (bag.folder / "RECEIPT.txt").write_text("another")
    assert bags.verify(bag) == [
        "changed: RECEIPT.txt",
        "changed: data/04-transcript.pdf",
        "missing: data/restricted/03-passport.pdf",
        "added: data/note.txt",
    ]
