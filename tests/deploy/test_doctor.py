"""`mobility doctor` at a whole deployment: behind the real nginx, with a mail server that answers."""

import os
import re
import subprocess
import sys
from pathlib import Path

from aiosmtpd.controller import Controller

from mobility import storage
from mobility.paths import CHECKOUT
from tests.helpers.deployment import Deployment, free_ports


def _doctor(deployed: Deployment, folder: Path) -> subprocess.CompletedProcess[str]:
    words = ["--root", str(folder), "doctor", "--data", str(deployed.settings.instance.root)]
    trusted = {"REQUESTS_CA_BUNDLE": deployed.certificate, "SSL_CERT_FILE": deployed.certificate}
    return subprocess.run(
        [sys.executable, "-m", "mobility", *words, "--env", str(folder / "mobility.env")],
        cwd=CHECKOUT.root,
        env={**os.environ, **trusted},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_whole_deployment_is_well_but_for_its_certificate_and_without_its_portal_it_is_not(
    deployed: Deployment, tmp_path: Path
) -> None:
    root, (port,) = tmp_path / "root", free_ports(1)
    root.mkdir()
    for name in ("content", "requirements.txt"):
        (root / name).symlink_to(CHECKOUT.root / name)
    text = CHECKOUT.partners.read_text()
    assert re.search(r"^settings:", text, re.MULTILINE)
    edited = re.sub(r"^settings:\n", f"settings:\n  address: {deployed.address}/\n", text, flags=re.MULTILINE)
    (root / "partners.yaml").write_text(edited)
    smtp = f"MOBILITY_SMTP=smtp://127.0.0.1:{port}\nMOBILITY_MAIL_FROM=icd@example.kz\n"
    (root / "mobility.env").write_text(f"MOBILITY_SECRET_KEY={'k' * 40}\n{smtp}")
    storage.folder(deployed.settings.instance.root)
    mail = Controller(object(), hostname="127.0.0.1", port=port)
    mail.start()
    try:
        run = _doctor(deployed, root)
        assert [line for line in run.stdout.splitlines() if line.startswith("WRONG")] == [
            "WRONG  The certificate of localhost ends in 1 days"
        ], run.stdout
        for words in (
            "127.0.0.1 answers, and takes",
            "has its security headers",
            "The sandbox for files has",
        ):
            assert words in run.stdout
        deployed.stop_portal()
        assert "/apply/ answers 502" in _doctor(deployed, root).stdout
        deployed.start_portal()
    finally:
        mail.stop()
