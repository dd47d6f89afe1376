"""The shape of the house: arrows point one way, and a real portal starts only with its own key."""

import ast
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from mobility.places import CHECKOUT

ORDER = [
    "language", "labels", "heap", "yamlfile", "explain", "fields", "places", "disk", "institution",
    "catalogue", "calls", "eligibility", "journal", "review", "documents", "answers", "forms", "news",
    "facts", "rulebook", "pictures", "uploads", "signed", "letters", "paper", "boxes", "formfonts",
    "acroform", "pdf", "readback", "qr", "looks", "receipts", "outbox", "drafts", "access", "arrivals",
    "application", "papers", "preflight", "bags", "record", "submissions", "index", "rounds", "notices",
    "desk", "leaves", "dossier", "calendars", "postcards", "machines", "freshness", "links", "export",
    "schema", "rereading", "sitebuild", "generator", "downloads", "cores", "shell", "templates", "worldmap",
    "texts", "contents", "frames", "pages", "preview", "reporter", "care", "office", "cli", "__main__",
]  # fmt: skip
"""From the ground up: a module imports only those that stand before it."""


def imports(path: Path) -> set[str]:
    """The modules that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def modules(folder: str) -> list[Path]:
    return sorted((CHECKOUT.root / folder).rglob("*.py"))


def test_the_domain_knows_neither_web_nor_portal() -> None:
    for path in modules("mobility"):
        outer = {name.split(".")[0] for name in imports(path)}
        assert not outer & {"flask", "werkzeug", "wtforms", "flask_wtf", "mkdocs", "material", "portal"}, path


def test_a_module_of_the_domain_imports_only_those_above_it() -> None:
    for path in modules("mobility"):
        if path.stem == "__init__":
            continue
        assert path.stem in ORDER, f"{path.name} has no place yet"
        inner = {name.split(".")[1] for name in imports(path) if name.startswith("mobility.")}
        below = {name for name in inner if name in ORDER and ORDER.index(name) >= ORDER.index(path.stem)}
        assert not below, f"{path.name} imports {below}"


def test_only_one_module_opens_files_of_applicants_for_writing() -> None:
    built = {"sitebuild", "generator", "downloads", "frames", "pdf"}  # anyone may read it
    writers = built | {"disk", "schema"}
    for path in modules("mobility") + modules("portal"):
        if path.stem in writers:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("write_text", "write_bytes", "mkdir", "rename", "unlink"), path


def test_no_module_holds_two_ideas() -> None:
    for path in modules("mobility") + modules("portal"):
        assert len(path.read_text().splitlines()) <= 400, path


@pytest.mark.parametrize("key", [None, "short"])
@pytest.mark.parametrize("start", [["-m", "portal.serve", "--production"], ["-c", "import portal.wsgi"]])
def test_a_real_portal_refuses_to_start_without_its_own_key(start: list[str], key: str | None) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "MOBILITY_SECRET_KEY"}
    if key:
        environment["MOBILITY_SECRET_KEY"] = key
    run = subprocess.run(
        [sys.executable, *start],
        env=environment,
        cwd=CHECKOUT.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "MOBILITY_SECRET_KEY" in run.stderr


def test_a_real_portal_has_no_pretended_date() -> None:
    command = [sys.executable, "-m", "portal.serve", "--production", "--as-of", "2027-03-01"]
    run = subprocess.run(command, cwd=CHECKOUT.root, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "real date" in run.stderr


def test_one_command_serves_site_and_portal_and_ctrl_c_stops_both(tmp_path: Path) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    server = subprocess.Popen(
        ["scripts/serve", "--port", str(port), "--data", str(tmp_path)],
        cwd=CHECKOUT.root,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert server.stdout
    said = []
    for line in server.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    address = f"http://127.0.0.1:{port}/"
    assert address in "".join(said)
    assert "Partners" in requests.get(address, timeout=10).text
    assert "Rehearsal." in requests.get(address + "apply/", timeout=10).text
    assert requests.get(address + "nowhere/", timeout=10).status_code == 404
    os.killpg(server.pid, signal.SIGINT)
    assert server.wait(10) == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=2)
