"""The archive of a closed call, in a real S3 server."""

import datetime
import io
import re
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import obstore
import pyrage
import pytest
from obstore.store import S3Store

from mobility.applications import bags
from mobility.applications.bags import Bag
from mobility.catalogue.calls import Call
from mobility.catalogue.rulebook import Rulebook
from mobility.office import actions, archive, encrypted_bags
from mobility.office.desk import Desk
from mobility.office.encrypted_bags import Identity
from mobility.paths import CHECKOUT, Instance
from tests.helpers.applications import Filled, Sealed
from tests.helpers.commands import mobility
from tests.helpers.s3_server import s3_server

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3_server("archive") as address:
        yield address


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A folder of the bucket for one test."""
    return f"s3://archive/{tmp_path.name}"


@pytest.fixture
def place(server: str, folder: str, monkeypatch: pytest.MonkeyPatch) -> S3Store:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "invented")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return archive.store(folder, server)


@pytest.fixture
def sealed(filled: Filled, seal: Sealed) -> list[Bag]:
    return [seal(filled()), seal(filled())]


@pytest.fixture
def run(instance: Instance, server: str, folder: str, tmp_path: Path, place: S3Store) -> Run:
    """The command, at a time when the call is over."""
    assert place
    text = CHECKOUT.partners.read_text()
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "content").symlink_to(CHECKOUT.content)
    over = "calls:\n  overrides: {2027-autumn: {opens: 2026-09-01, closes: 2026-09-30}}\n"
    (tmp_path / "root" / "partners.yaml").write_text(text.replace("\ncalls:\n", f"\n{over}", 1))

    def archived(*words: str) -> subprocess.CompletedProcess[str]:
        where = ("--to", folder, "--endpoint", server, "--data", str(instance.root))
        return mobility("archive", "2027-autumn", *where, *words, root=tmp_path / "root")

    return archived


def test_a_closed_call_is_archived_read_back_and_verified(
    sealed: list[Bag], run: Run, place: S3Store
) -> None:
    assert len(sealed) == 2
    first = run()
    assert (first.returncode, first.stderr) == (0, "")
    assert "2/2  2027-autumn/2027A-0002_SAMPLEOVA-A/v1: whole" in first.stdout
    again = run()
    assert again.stdout.count("there already") == 2
    checked = run("--check")
    assert (checked.returncode, checked.stdout.splitlines()[-1]) == (
        0, "2 bags, each file read back and as sealed.",
    )  # fmt: skip
    there = {str(each["path"]) for batch in obstore.list(place) for each in batch}
    here = {
        f"2027-autumn/{path.relative_to(bag.call_folder)}"
        for bag in sealed
        for path in bag.folder.rglob("*")
        if path.is_file()
    }
    assert there == here


def test_what_is_changed_missing_or_added_there_is_named(sealed: list[Bag], run: Run, place: S3Store) -> None:
    run()
    one, two = (f"2027-autumn/{bag.home.name}/v1" for bag in sealed)
    obstore.put(place, f"{one}/data/04-transcript.pdf", b"another")
    obstore.put(place, f"{one}/data/more.pdf", b"more")
    obstore.delete(place, f"{one}/RECEIPT.txt")
    for batch in obstore.list(place, two).collect():
        obstore.delete(place, batch["path"])
    checked = run("--check")
    assert checked.returncode == 1
    for words in ("changed: data/04-transcript.pdf", "added: data/more.pdf", "missing: RECEIPT.txt"):
        assert words in checked.stdout
    assert "2027-autumn/2027A-0002/v1: not in the archive" in checked.stdout


def test_an_archive_that_broke_off_is_taken_up(
    sealed: list[Bag], instance: Instance, call: Call, place: S3Store
) -> None:
    next(archive.write(instance, call, place))
    name = f"2027-autumn/{sealed[1].home.name}/v1"
    obstore.put(place, f"{name}/RECEIPT.txt", sealed[1].folder / "RECEIPT.txt")
    half = {step.name: step.faults for step in archive.verify(instance, call, place)}
    assert half[name] == ("has not arrived whole: archive the call again",)
    assert [step.before for step in archive.write(instance, call, place)] == [True, False]
    assert not any(step.faults for step in archive.verify(instance, call, place))


def test_a_damaged_bag_is_named_and_not_archived(
    sealed: list[Bag], instance: Instance, call: Call, place: S3Store
) -> None:
    (sealed[0].folder / "data/04-transcript.pdf").write_bytes(b"rot")
    first, second = archive.write(instance, call, place)
    assert (first.faults, second.faults) == (("here: changed: data/04-transcript.pdf",), ())
    assert obstore.list(place, f"2027-autumn/{sealed[0].home.name}").collect() == []


def test_who_is_erased_here_is_removed_there_and_nobody_else(
    sealed: list[Bag],
    instance: Instance,
    call: Call,
    place: S3Store,
    book: Rulebook,
    in_march: datetime.datetime,
    tmp_path: Path,
) -> None:
    list(archive.write(instance, call, place))
    assert archive.remove_erased(Instance(tmp_path / "a lost disk"), call, place) == []
    actions.erase(Desk(instance, book, "", False, in_march), sealed[0].reference)
    assert archive.remove_erased(instance, call, place) == ["2027A-0001"]
    left = {bags.reference_of(str(each["path"]).split("/")[1]) for each in obstore.list(place).collect()}
    assert left == {"2027A-0002"}
    assert not any(step.faults for step in archive.verify(instance, call, place))


@pytest.fixture(scope="module")
def key() -> Identity:
    return Identity.generate()


@pytest.fixture
def key_file(key: Identity, tmp_path: Path) -> str:
    """As age-keygen writes it."""
    path = tmp_path / "key.txt"
    path.write_text(f"# public key: {key.to_public()}\n{key}\n")
    return str(path)


def test_an_encrypted_archive_is_read_with_either_key_and_says_nothing_without(
    sealed: list[Bag],
    instance: Instance,
    call: Call,
    run: Run,
    place: S3Store,
    key: Identity,
    key_file: str,
    tmp_path: Path,
) -> None:
    other = Identity.generate()
    first = run("--for", str(key.to_public()), "--for", str(other.to_public()))
    assert (first.returncode, first.stderr) == (0, "")
    there = {str(each["path"]): each["size"] for batch in obstore.list(place) for each in batch}
    assert sorted(there) == [
        f"2027-autumn/2027A-000{number}/v1/{name}"
        for number in (1, 2)
        for name in ("bag.tar.age", "tagmanifest-sha256.txt")
    ]
    assert "Sampleova".upper() not in first.stdout
    for path in there:
        content = bytes(obstore.get(place, path).bytes())
        assert not re.search(rb"(?i)sampleova|example\.kz|%PDF", content)
        assert content.startswith(b"age-encryption.org/v1\n") == path.endswith(".age")
    checked = run("--check", "--key", key_file)
    assert (checked.returncode, checked.stdout.splitlines()[-1]) == (
        0, "2 bags, each file read back and as sealed.",
    )  # fmt: skip
    assert [step.faults for step in archive.verify(instance, call, place, [other])] == [(), ()]
    # What is there is known by the tag manifest, though no two encryptions agree.
    assert [step.before for step in archive.write(instance, call, place, [key.to_public()])] == [True, True]
    content = bytes(obstore.get(place, "2027-autumn/2027A-0001/v1/bag.tar.age").bytes())
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(content, [key]))) as tar:
        tar.extractall(tmp_path / "got", filter="data")
    assert bags.verify(Bag(tmp_path / "got" / sealed[0].home.name / "v1", "2027A-0001")) == []


@pytest.mark.usefixtures("sealed")
def test_encrypted_and_plain_do_not_mix(
    instance: Instance, call: Call, place: S3Store, key: Identity
) -> None:
    public = [key.to_public()]
    next(archive.write(instance, call, place))
    with pytest.raises(archive.Mixed, match="stands there not encrypted: go on so"):
        next(archive.write(instance, call, place, public))
    for each in obstore.list(place).collect():
        obstore.delete(place, each["path"])
    next(archive.write(instance, call, place, public))
    with pytest.raises(archive.Mixed, match="stands there encrypted: go on so"):
        next(archive.write(instance, call, place))  # nothing goes in plain by forgetting --for
    with pytest.raises(archive.Mixed, match="is read with a key: --key FILE"):
        next(archive.verify(instance, call, place))


def test_what_is_changed_or_another_bag_in_an_encrypted_archive_is_named(
    sealed: list[Bag], instance: Instance, call: Call, place: S3Store, key: Identity
) -> None:
    public = [key.to_public()]
    assert [step.faults for step in archive.write(instance, call, place, public)] == [(), ()]

    def faults(*keys: Identity) -> list[tuple[str, ...]]:
        return [step.faults for step in archive.verify(instance, call, place, keys)]

    unreadable = ("changed, or not for this key: bag.tar.age",)
    assert faults(key) == [(), ()]
    assert faults(Identity.generate()) == [unreadable, unreadable]
    one, two = (f"2027-autumn/{bag.reference}/v1/bag.tar.age" for bag in sealed)
    content = bytes(obstore.get(place, one).bytes())
    for wrong in (content[:-1] + b"?", content[:-1], b""):
        obstore.put(place, one, wrong)
        assert faults(key) == [unreadable, ()]
    (sealed[0].folder / "data/04-transcript.pdf").write_bytes(b"another")  # any
    (sealed[0].folder / "data/more.pdf").write_bytes(b"more")
    (sealed[0].folder / "RECEIPT.txt").unlink()
    with obstore.open_writer(place, one) as out:
        encrypted_bags.write(sealed[0], public, out)
    assert faults(key)[0] == (
        "changed: data/04-transcript.pdf", "missing: RECEIPT.txt", "added: data/more.pdf",
    )  # fmt: skip
    obstore.put(place, one, obstore.get(place, two).bytes())
    assert "changed: tagmanifest-sha256.txt" in faults(key)[0]
    obstore.delete(place, two)
    assert faults(key)[1] == ("missing: bag.tar.age",)


def test_what_is_no_key_is_told(run: Run) -> None:
    found = run("--for", "age1nobody")
    assert (found.returncode, found.stderr.count("\n")) == (1, 1)
    assert "a public key of age looks as age1…" in found.stderr
    for written in ("", "# public key: age1", "AGE-SECRET-KEY-1NONE"):
        with pytest.raises(encrypted_bags.BadKey, match="must hold a private key"):
            encrypted_bags.identities(written)


@pytest.mark.usefixtures("sealed")
def test_an_open_call_is_not_archived_and_a_store_that_cannot_be_is_told(
    instance: Instance, run: Run
) -> None:
    data = ("--data", str(instance.root))
    later = mobility("archive", "2027-autumn", "--to", "s3://archive/x", *data)
    assert (later.returncode, "is not closed yet" in later.stderr) == (1, True)
    assert "The store cannot be used" in run("--to", "s3://nowhere/x").stderr
