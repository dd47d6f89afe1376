"""Any valid bag is valid, every way to spoil one is named, and what a file manager left is no document."""

import hashlib
import shutil
from pathlib import Path

import bagit
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mobility.applications import bag_check


def a_bag(folder: Path, checksums: list[str], version: str = "1.0") -> Path:
    folder.mkdir()
    (folder / "passport.pdf").write_bytes(b"%PDF a passport")
    (folder / "50% done\nüber.txt").write_text("odd name")
    (folder / "letters").mkdir()
    (folder / "letters" / "one.pdf").write_bytes(b"%PDF one")
    bagit.make_bag(str(folder), checksums=checksums)
    (folder / "bagit.txt").write_text(f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n")
    for manifest in folder.glob("tagmanifest-*"):
        manifest.unlink()  # they hold the old bagit.txt, and need not be there
    return folder


@pytest.mark.parametrize("checksums", [["md5"], ["sha1"], ["sha512"], ["sha256", "sha512"]])
@pytest.mark.parametrize("version", ["0.97", "1.0"])
def test_every_algorithm_and_version_is_taken(tmp_path: Path, checksums: list[str], version: str) -> None:
    made = a_bag(tmp_path / "bag", checksums, version)
    assert bag_check.check(made) == bag_check.Check()
    assert bagit.Bag(str(made)).is_valid()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda bag: (bag / "data/passport.pdf").write_bytes(b"%PDF another"), "changed: data/passport.pdf"),
        (lambda bag: (bag / "data/letters/one.pdf").unlink(), "missing: data/letters/one.pdf"),
        (lambda bag: (bag / "data/more.pdf").write_bytes(b"x"), "added: data/more.pdf"),
        (lambda bag: (bag / "bagit.txt").unlink(), "missing: bagit.txt"),
        (lambda bag: (bag / "bagit.txt").write_text("hello"), "not as RFC 8493 has it: bagit.txt"),
        (
            lambda bag: (bag / "manifest-sha256.txt").write_text("x"),
            "missing or unreadable: manifest-sha256.txt",
        ),
        (
            lambda bag: (bag / "manifest-sha256.txt").write_text(f"{'0' * 64}  ../secret\n"),
            "leads out of the bag: ../secret",
        ),
        (
            lambda bag: (bag / "manifest-md5.txt").write_text(
                f"{hashlib.md5(b'%PDF one').hexdigest()}  data/letters/one.pdf\n"
            ),
            "not in manifest-md5.txt: data/passport.pdf",
        ),
        (
            lambda bag: (bag / "fetch.txt").write_text("https://example.kz/x.pdf 12 data/x.pdf\n"),
            "not there, only to be fetched: data/x.pdf",
        ),
        (
            lambda bag: (bag / "bag-info.txt").write_text("Payload-Oxum: 1.1\n"),
            "not what Payload-Oxum counts: data",
        ),
    ],
)  # fmt: skip
def test_each_way_to_spoil_a_bag_is_named(tmp_path: Path, spoil: object, told: str) -> None:
    made = a_bag(tmp_path / "bag", ["sha256"])
    spoil(made)  # type: ignore[operator]
    assert told in bag_check.check(made).faults


@pytest.mark.parametrize(
    "name", ["Thumbs.db", "data/.DS_Store", "data/letters/desktop.ini", "data/._passport.pdf"]
)
def test_what_a_file_manager_left_is_told_from_a_document(tmp_path: Path, name: str) -> None:
    made = a_bag(tmp_path / "bag", ["sha256"])
    (made / name).write_bytes(b"x")
    assert bag_check.check(made) == bag_check.Check([], [name])


@given(st.data())
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_where_bagit_py_finds_fault_so_do_we(tmp_path: Path, data: st.DataObject) -> None:
    place = tmp_path / "bag"
    shutil.rmtree(place, ignore_errors=True)
    made = a_bag(place, ["sha256"])
    for path in sorted(path for path in made.rglob("*") if path.is_file()):
        content = bytearray(path.read_bytes())
        if data.draw(st.booleans(), label=path.name) and content:
            at = data.draw(st.integers(0, len(content) - 1))
            content[at] ^= data.draw(st.integers(1, 255))
            path.write_bytes(content)
    try:
        valid = bagit.Bag(str(made)).is_valid()
    except (bagit.BagError, UnicodeError, ValueError, KeyError):
        valid = False
    ours = not bag_check.check(made).faults
    assert valid or not ours or b"Payload-Oxum" not in (made / "bag-info.txt").read_bytes()
