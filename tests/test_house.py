"""The shape of the house: packages in one order, no circles, nothing private abroad, one door to the disk."""

import ast
import graphlib
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mobility.paths import CHECKOUT

PACKAGES = [
    "paths", "storage", "i18n", "yamlfiles", "catalogue", "pdfforms", "uploads", "applications", "office",
    "publishing", "cli",
]  # fmt: skip
"""From the ground up; what stands in `mobility/`, each a package or a single file."""
MODULES = sorted(path for folder in ("mobility", "portal") for path in (CHECKOUT.root / folder).rglob("*.py"))
TESTS = sorted((CHECKOUT.root / "tests").rglob("*.py"))


def dotted(path: Path) -> str:
    """The name by which a module is imported."""
    parts = path.relative_to(CHECKOUT.root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {dotted(path) for path in MODULES}


def imports(path: Path) -> set[str]:
    """The modules that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                found.add(name if name in NAMES else str(node.module))
    return found


def package(name: str) -> str:
    """Of mobility.office.actions: office; of portal.apply.start: portal."""
    top, _, rest = name.partition(".")
    return rest.split(".")[0] if top == "mobility" else top


def stated(name: str) -> set[str]:
    """What a package says of itself that it may import."""
    doc = importlib.import_module(f"mobility.{name}").__doc__ or ""
    what_for, nothing, others_call, may_import = doc.strip().splitlines()
    assert what_for and not nothing and others_call.startswith("Others call ")
    words = may_import.removeprefix("May import: ").rstrip(".")
    return set() if words == "nothing of mobility" else set(words.split(", "))


def test_the_domain_knows_neither_web_nor_portal() -> None:
    web = {"flask", "werkzeug", "wtforms", "flask_wtf", "mkdocs", "material", "portal"}
    for path in MODULES:
        if dotted(path).startswith("mobility"):
            assert not {name.split(".")[0] for name in imports(path)} & web, path


def test_mobility_holds_these_packages_and_no_other_name() -> None:
    folder = CHECKOUT.root / "mobility"
    found = {p.stem for p in folder.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert found == {*PACKAGES, "__init__", "__main__"}


@pytest.mark.parametrize("name", PACKAGES[2:])
def test_a_package_imports_only_what_it_says_and_only_from_below(name: str) -> None:
    allowed = stated(name)
    assert allowed <= set(PACKAGES[: PACKAGES.index(name)])
    for path in MODULES:
        if dotted(path).startswith(f"mobility.{name}."):
            inner = {package(each) for each in imports(path) if each.startswith("mobility.")}
            assert inner <= allowed | {name}, path


def test_paths_and_storage_stand_on_nothing() -> None:
    for name in PACKAGES[:2]:
        assert not [each for each in imports(CHECKOUT.root / f"mobility/{name}.py") if "mobility" in each]


def test_no_module_imports_in_a_circle() -> None:
    # A view finds its blueprint in the folder's own __init__, which then imports the view: as Flask has it.
    graph = {
        dotted(path): {each for each in imports(path) if each in NAMES - {"portal.apply", "portal.office"}}
        for path in MODULES
    }
    tuple(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle


def abroad(path: Path) -> Iterator[str]:
    """Private names of another package that a module uses."""
    tree, here = ast.parse(path.read_text()), package(dotted(path))
    owners: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in ("mobility", "portal"):
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                if name in NAMES:
                    owners[alias.asname or alias.name] = package(name)
                elif alias.name.startswith("_") and alias.name != "_" and package(str(node.module)) != here:
                    yield name
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if name.startswith("_"):
                if owners.get(owner, here) != here:
                    yield f"{owner}.{name}"


def test_no_package_reaches_into_the_private_names_of_another() -> None:
    assert [found for path in MODULES for found in abroad(path)] == []


PUBLIC = ("mobility.publishing.", "mobility.pdfforms.")
"""What these write anyone may read: the site, its files, blank forms."""
WRITES = {
    "write_text", "write_bytes", "mkdir", "makedirs", "rename", "unlink", "touch", "rmtree", "rmdir",
    "copyfile", "copytree", "copy2", "symlink_to", "hardlink_to",
}  # fmt: skip
"""Methods and functions that change the disk."""
MODE = re.compile("[rbt]*[wax+][bt+]*")
"""In which `open` makes or changes a file."""


def writes(path: Path) -> Iterator[str]:
    """Calls that open, make, move or remove something on the disk."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        words = [each.value for each in given if isinstance(each, ast.Constant)]
        if name in WRITES or (
            name == "open" and any(str(w).strip("bt") in ("w", "a", "x", "r+") for w in words)
        ):
            yield f"{path}:{node.lineno}: {name}"


def test_one_module_alone_writes_what_applicants_give() -> None:
    others = [p for p in MODULES if not dotted(p).startswith(PUBLIC) and p.stem != "storage"]
    assert [each for path in others for each in writes(path)] == []


@pytest.mark.parametrize(
    "way",
    [
        'open("file", "w")', 'open("file", mode="r+")', 'path.open("ab")', 'path.write_text("x")',
        "path.touch()", 'os.makedirs("x")', 'shutil.copytree("a", "b")',
    ],
)  # fmt: skip
def test_every_way_to_write_is_seen(way: str, tmp_path: Path) -> None:
    (tmp_path / "writes.py").write_text(way)
    assert list(writes(tmp_path / "writes.py"))


@pytest.mark.parametrize("way", ['open("file")', 'path.open("rb")', 'text.replace("a", "w")'])
def test_reading_is_no_writing(way: str, tmp_path: Path) -> None:
    (tmp_path / "reads.py").write_text(way)
    assert not list(writes(tmp_path / "reads.py"))


NO_FILES = ("mobility.applications.index", "portal.logs")
"""What makes JSON for SQLite and for the log."""


def test_what_is_kept_says_its_format_as_one_module_writes_it() -> None:
    inside = ("mobility.applications.", "mobility.office.", "portal.")
    dumps = re.compile(r"\b(json|yaml)\.(\w+_)?dump")
    found = [p for p in MODULES if dotted(p).startswith(inside) and dumps.search(p.read_text())]
    assert {dotted(path) for path in found} == {"mobility.applications.versioned_files", *NO_FILES}


PARSERS = {"pikepdf", "pypdfium2", "PIL", "pillow_heif", "zxingcpp"}
"""Libraries that read PDFs, pictures and codes."""
OUR_OWN = ("mobility.pdfforms.", "mobility.publishing.social_images")
"""What reads and draws only what we have made ourselves."""


def test_what_knows_the_themes_html_has_one_face() -> None:
    inside, face = "mobility.publishing.material", "mobility.publishing.material.rendering"
    for path in MODULES:
        if not dotted(path).startswith(inside):
            assert {each for each in imports(path) if each.startswith(f"{inside}.")} <= {face}, path


def test_strangers_files_are_parsed_in_the_sandbox_alone() -> None:
    inside = "mobility.uploads.worker"
    for path in MODULES:
        found = {name.split(".")[0] for name in imports(path)} & PARSERS
        assert not found or dotted(path).startswith((inside, *OUR_OWN)), path
        if not dotted(path).startswith(inside):
            assert not [name for name in imports(path) if name.startswith(inside)], path


def test_no_test_imports_another_test() -> None:
    """What tests share stands in tests/helpers, their fixtures in conftest.py."""
    for path in TESTS:
        ours = {name for name in imports(path) if name.split(".")[0] == "tests"}
        assert {name for name in ours if not name.startswith("tests.helpers")} == set(), path


def test_no_module_holds_two_ideas() -> None:
    for path in MODULES:
        assert len(path.read_text().splitlines()) <= 400, path
