"""The mobility command, as officers type it."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from mobility import storage
from mobility.applications.bags import Bag
from mobility.paths import CHECKOUT, Instance
from tests.helpers.applications import Filled, Sealed
from tests.helpers.commands import mobility
from tests.helpers.sites import copy_of_the_checkout


@pytest.fixture
def sealed(filled: Filled, seal: Sealed) -> Bag:
    return seal(filled())


def test_check_passes_on_the_shipped_files() -> None:
    run = mobility("check")
    assert run.returncode == 0
    assert "All is well: 30 partners" in run.stdout


def test_check_counts_no_programme_whose_agreement_ran_out(tmp_path: Path) -> None:
    copy_of_the_checkout(tmp_path)
    offered = []
    for until in ("", ", valid_until: 2026-01-31"):
        text = CHECKOUT.partners.read_text().replace(
            "agreement: {status: unconfirmed}", f"agreement: {{status: unconfirmed{until}}}", 1
        )
        (tmp_path / "partners.yaml").write_text(text)
        offered.append(re.findall(r"(\d+) programmes offered", mobility("check", root=tmp_path).stdout))
    assert int(offered[0][0]) == int(offered[1][0]) + 1


def test_check_tells_every_fault_of_every_file_and_ends_with_1(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT.content, tmp_path / "content")
    shutil.copy(CHECKOUT.partners, tmp_path / "partners.yaml")
    for file, old, new in (
        ("partners.yaml", "min_gpa: 3.0 #", "min_gpa: 5.2 #"),
        ("content/documents.yaml", "restricted: true", "restrcted: true"),
        ("content/forms/application.yaml", "type: latin", "type: latn"),
    ):
        path = tmp_path / file
        path.write_text(path.read_text().replace(old, new, 1))
    run = mobility("check", root=tmp_path)
    assert run.returncode == 1
    assert "min_gpa is 5.2, must be 0 to 4.0" in run.stderr
    assert 'content/documents.yaml:8: documents.1.restrcted: unknown key "restrcted"' in run.stderr
    assert re.search(r'content/forms/application.yaml:\d+: .*did you mean "latin"\?', run.stderr)
    assert "Traceback" not in run.stderr


def test_list_show_and_verify_a_submission(sealed: Bag, instance: Instance) -> None:
    data = ("submissions", "--data", str(instance.root))
    assert "2027A-0001  v1" in mobility(*data, "list").stdout
    (row,) = json.loads(mobility(*data, "list", "--json").stdout)
    assert row["reference"] == sealed.reference
    assert "original_name" in mobility(*data, "show", sealed.reference).stdout
    assert json.loads(mobility(*data, "show", sealed.reference, "--json").stdout)["call"] == "2027-autumn"
    run = mobility(*data, "verify")
    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "1 bags verified, all as sealed.")


def test_what_only_reads_asks_no_index_and_makes_none(sealed: Bag, instance: Instance) -> None:
    storage.remove_database(instance.index)
    data = ("submissions", "--data", str(instance.root))
    for words in (("verify",), ("verify", sealed.reference), ("show", sealed.reference)):
        assert mobility(*data, *words).returncode == 0
        assert not instance.index.exists()
    nowhere = instance.root / "nowhere"
    assert mobility("submissions", "--data", str(nowhere), "list").returncode == 0
    assert not nowhere.exists()


@pytest.mark.usefixtures("sealed")
def test_an_emptied_journal_and_a_folder_that_is_none_are_not_verified(
    instance: Instance, tmp_path: Path
) -> None:
    typo = tmp_path / "typo"
    data = ("--data", str(typo))
    for words in (
        ("submissions", *data, "verify"),
        ("purge", *data),
        ("office", *data, "mail"),
        ("archive", "2027-spring", "--to", "s3://bucket/folder", *data),
        ("receipt-key", "--rotate", *data),
        ("nominations", "usm", "2027-autumn", *data),
    ):
        run = mobility(*words)
        assert (run.returncode, typo.exists()) == (1, False), words
        assert "is it the right folder" in run.stderr
    instance.journal.write_text("")
    run = mobility("submissions", "--data", str(instance.root), "verify")
    assert run.returncode == 1 and "1 of 1 bags are whole, and the journal does not name them" in run.stderr


def test_verify_ends_with_1_where_a_file_is_not_as_sealed(sealed: Bag, instance: Instance) -> None:
    (sealed.folder / "data" / "04-transcript.pdf").write_bytes(b"another")
    for words in (("verify",), ("verify", sealed.reference)):
        run = mobility("submissions", "--data", str(instance.root), *words)
        assert run.returncode == 1
        assert "  changed: data/04-transcript.pdf" in run.stdout


def test_a_folder_that_is_no_bag_is_told(tmp_path: Path) -> None:
    run = mobility("submissions", "verify", str(tmp_path))
    assert run.returncode == 1
    assert "NOT a valid bag" in run.stdout and "missing: bagit.txt" in run.stdout


def test_an_unknown_reference_is_told(instance: Instance) -> None:
    run = mobility("submissions", "--data", str(instance.root), "show", "2027A-9999")
    assert run.returncode == 1
    assert "No application 2027A-9999" in run.stderr


def test_the_index_is_written_anew(sealed: Bag, instance: Instance) -> None:
    place = sealed.call_folder
    assert mobility("submissions", "--data", str(instance.root), "index").returncode == 0
    assert sealed.reference in (place / "index.html").read_text()


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives folders away")
@pytest.mark.usefixtures("sealed")
def test_what_would_leave_files_of_another_owner_says_how_to_run_it(instance: Instance) -> None:
    os.chown(instance.root, 65534, -1)
    data = ("--data", str(instance.root))
    for words in (
        ("backup", "backups", *data),
        ("purge", *data),
        ("receipt-key", "--rotate", *data),
        ("submissions", *data, "list"),
        ("office", *data, "mail"),
        ("staff", *data, "list"),
    ):
        run = mobility(*words)
        assert (run.returncode, "put `runuser -u nobody --` before" in run.stderr) == (1, True), words
