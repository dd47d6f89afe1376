"""Anyone can see whether a receipt is ours and unchanged, with us or without us."""

import base64
import datetime
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mobility import storage
from mobility.applications import receipts
from mobility.paths import CHECKOUT, Instance
from tests.helpers.applications import Filled, Sealed

TEXT = "Receipt\n\nReference:  R2027A-0001\nApplicant:  Үлгіова, Әйгерім\n\n  scan.pdf, 1234 bytes\n"


def test_a_receipt_matches_as_long_as_no_word_is_changed(instance: Instance) -> None:
    signed = receipts.sign(instance, TEXT)
    assert signed.startswith(TEXT)
    assert receipts.verify(instance, signed) == "matches"


@pytest.mark.parametrize(
    "through",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: f"\n\n{text}\n\n\n",
        lambda text: "\n".join(f"{line}  " for line in text.split("\n")),
        lambda text: f"\ufeff{text}",
        lambda text: re.sub(r"([A-Za-z0-9+/=]{40})(?=[A-Za-z0-9+/=]{10})", r"\1\n", text),
    ],
    ids=["windows", "blank lines", "spaces at the ends", "byte order mark", "broken signature line"],
)
def test_mail_and_editors_do_not_spoil_a_receipt(instance: Instance, through: object) -> None:
    assert callable(through)
    assert receipts.verify(instance, through(receipts.sign(instance, TEXT))) == "matches"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("1234", "1235"),
        lambda text: text.replace("R2027A-0001", "R2027A-0002"),
        lambda text: text.replace("  scan.pdf", "scan.pdf"),
        lambda text: f"Another line\n{text}",
        lambda text: text.replace("Reference:  R2027A-0001\n", ""),
    ],
)
def test_any_change_is_seen(instance: Instance, change: object) -> None:
    assert callable(change)
    assert receipts.verify(instance, change(receipts.sign(instance, TEXT))) == "differs"


def test_what_is_not_ours_is_unknown(instance: Instance, tmp_path: Path) -> None:
    signed = receipts.sign(instance, TEXT)
    stranger = Instance(tmp_path / "elsewhere")
    assert receipts.verify(instance, receipts.sign(stranger, TEXT)) == "unknown"
    for text in ("", "nothing", TEXT, signed[:-60], signed + "and more", "\0" * 100, signed * 2):
        assert receipts.verify(instance, text) in ("unknown", "differs"), text[-80:]
    assert receipts.verify(Instance(tmp_path / "new"), signed) == "unknown"


def test_a_long_text_without_end_is_answered_at_once(instance: Instance) -> None:
    receipts.sign(instance, TEXT)
    for text in ("A" * 1_000_000, "Signature (Ed25519) by key " * 9_000, "\n" * 500_000):
        assert receipts.verify(instance, text) == "unknown"


def test_the_key_is_for_the_server_alone(instance: Instance) -> None:
    receipts.sign(instance, TEXT)
    assert instance.receipt_key.stat().st_mode & 0o777 == 0o600
    assert "PRIVATE" not in receipts.public_key(instance)


def test_openssl_verifies_it_without_us(instance: Instance, tmp_path: Path) -> None:
    signed = receipts.sign(instance, TEXT)
    body, _, rest = signed.partition("\nSignature (Ed25519)")
    (tmp_path / "body").write_text(body, encoding="utf-8")
    (tmp_path / "signature").write_bytes(base64.b64decode(rest.split("\n")[1]))
    (tmp_path / "key.pem").write_text(receipts.public_key(instance))
    verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "body"]
    run = subprocess.run([*verify, "-sigfile", "signature"], cwd=tmp_path, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr


def test_the_commands_of_the_manual_verify_a_receipt_with_its_own_key(
    instance: Instance, in_march: datetime.datetime, tmp_path: Path
) -> None:
    manual = (CHECKOUT.root / "docs" / "submissions.md").read_text()
    commands = [line.strip() for line in manual.splitlines() if line.startswith("    ")]
    (begin,) = (number for number, line in enumerate(commands) if line.startswith("name="))
    commands = commands[begin : begin + 5]
    assert commands[1].startswith("curl -o key.pem https://")
    commands[1] = "cp keys/$name.pem key.pem"
    signed = receipts.sign(instance, TEXT)
    receipts.rotate(instance, in_march)
    (tmp_path / "keys").mkdir()
    for name, key in receipts.public_keys(instance).items():
        (tmp_path / "keys" / f"{name}.pem").write_text(key)
    for text, code in ((signed, 0), (signed.replace("1234", "1235"), 1)):
        (tmp_path / "RECEIPT.txt").write_text(text, encoding="utf-8")
        run = subprocess.run(
            ["sh", "-ec", "\n".join(commands)], cwd=tmp_path, capture_output=True, check=False
        )
        assert run.returncode == code, run.stderr


@pytest.mark.parametrize(("change", "said", "code"), [("", "matches", 0), ("x", "differs", 1)])
def test_the_command_says_it_in_a_word(
    instance: Instance, tmp_path: Path, change: str, said: str, code: int
) -> None:
    path = tmp_path / "RECEIPT.txt"
    path.write_text(change + receipts.sign(instance, TEXT), encoding="utf-8")
    command = [sys.executable, "-m", "mobility", "verify-receipt", "--data", str(instance.root), str(path)]
    run = subprocess.run(command, cwd=CHECKOUT.root, capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.returncode) == (said, code)


def test_a_receipt_of_before_a_new_key_verifies_on_and_names_the_key_it_was_signed_with(
    instance: Instance, in_march: datetime.datetime
) -> None:
    before = receipts.sign(instance, "Reference: 2027A-0001")
    old = receipts.public_key(instance)
    new_name = receipts.rotate(instance, in_march)
    after = receipts.sign(instance, "Reference: 2027A-0002")
    assert receipts.public_key(instance) != old
    assert f"by key {new_name}:" in after and f"by key {new_name}:" not in before
    for signed in (before, after):
        assert receipts.verify(instance, signed) == "matches"
        assert receipts.verify(instance, signed.replace("2027A", "2028A")) == "differs"
    assert sorted(receipts.public_keys(instance).values()) == sorted([old, receipts.public_key(instance)])
    kept = [path.read_text() for path in instance.receipt_keys.iterdir()]
    assert kept == [old], "the old private key is gone"


def test_the_command_prints_the_public_key_and_makes_a_new_one(instance: Instance) -> None:
    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mobility", "receipt-key", "--data", str(instance.root), *options]
        return subprocess.run(command, cwd=CHECKOUT.root, capture_output=True, text=True, check=False)

    assert "No receipt was signed yet" in run().stderr
    signed = receipts.sign(instance, TEXT)
    assert run().stdout == receipts.public_key(instance)
    name = run("--rotate").stdout.strip()
    assert f"by key {name}:" in receipts.sign(instance, TEXT)
    assert receipts.verify(instance, signed) == "matches"
    assert run().stdout == receipts.public_keys(instance)[name]


def test_two_new_keys_at_once_lose_none_in_between(instance: Instance, in_march: datetime.datetime) -> None:
    signed = [receipts.sign(instance, TEXT)]
    threads = [threading.Thread(target=receipts.rotate, args=(instance, in_march)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        signed.append(receipts.sign(instance, TEXT))
        thread.join()
    assert [receipts.verify(instance, each) for each in signed] == ["matches"] * 9
    assert len(receipts.public_keys(instance)) == 9


def test_a_receipt_whose_key_name_is_forged_is_not_ours(
    instance: Instance, in_march: datetime.datetime
) -> None:
    before = receipts.sign(instance, "Reference: 2027A-0001")
    new_name = receipts.rotate(instance, in_march)
    old_name = before.rsplit("by key ", 1)[1][:16]
    assert receipts.verify(instance, before.replace(old_name, new_name)) == "differs"
    assert receipts.verify(instance, before.replace(old_name, "0" * 16)) == "unknown"


def test_the_receipt_names_every_file_with_its_hash(filled: Filled, seal: Sealed) -> None:
    bag = seal(filled())
    receipt = (bag.folder / "RECEIPT.txt").read_text()
    assert "15 March 2027, 12:30:00 Almaty time (UTC+5)" in receipt
    for file in bag.record()["files"]:
        assert storage.digest(bag.folder / file["file"]) == file["sha256"]
        assert file["sha256"] in receipt
