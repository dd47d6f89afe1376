"""What the tests share: real files as students have them, and folders to keep things in."""

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from mobility import calls, rulebook
from mobility.calls import Call
from mobility.places import CHECKOUT, Instance, Places
from mobility.rulebook import Rulebook


class Scans:
    """Makes real files: PDF, JPEG, PNG, and those that must be refused."""

    def __init__(self, folder: Path):
        self.folder = folder

    def pdf(self, name: str = "scan.pdf", pages: int = 1, text: str = "") -> Path:
        """A PDF with so many pages; `text` makes its bytes its own."""
        path = self.folder / name
        with pikepdf.new() as pdf:
            for _ in range(pages):
                pdf.add_blank_page(page_size=(595, 842))
            pdf.docinfo["/Title"] = text or name
            pdf.save(path)
        return path

    def pdf_of(self, size: int, name: str = "large.pdf") -> Path:
        """A PDF of just so many bytes."""
        path = self.folder / name
        filling = size - 2000
        while not path.exists() or path.stat().st_size != size:
            with pikepdf.new() as pdf:
                pdf.add_blank_page(page_size=(595, 842))
                pdf.Root.Filling = pikepdf.Stream(pdf, b"0" * filling)
                pdf.save(path, compress_streams=False)
            filling += size - path.stat().st_size
        return path

    def locked_pdf(self, owner_only: bool = False) -> Path:
        path = self.folder / "locked.pdf"
        with pikepdf.open(self.pdf("open.pdf")) as pdf:
            password = "" if owner_only else "invented"
            pdf.save(path, encryption=pikepdf.Encryption(owner="invented-owner", user=password))
        return path

    def cut_pdf(self) -> Path:
        path = self.folder / "cut.pdf"
        whole = self.pdf("whole.pdf", pages=5).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        return path

    def picture(self, name: str = "photo.jpg", size: tuple[int, int] = (800, 600)) -> Path:
        path = self.folder / name
        Image.effect_noise(size, 60).convert("RGB").save(path)
        return path

    def bytes(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path


@pytest.fixture
def scans(tmp_path: Path) -> Scans:
    folder = tmp_path / "scans"
    folder.mkdir()
    return Scans(folder)


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path / "instance")


@pytest.fixture(scope="session")
def book() -> Rulebook:
    return rulebook.load(CHECKOUT)


@pytest.fixture
def call(book: Rulebook) -> Call:
    return calls.call_for(book.catalogue.calls, "autumn", 2027)


@pytest.fixture
def in_march(book: Rulebook) -> datetime.datetime:
    """A moment at which the call for autumn 2027 is open."""
    return datetime.datetime(2027, 3, 15, 12, 30, tzinfo=calls.zone(book.catalogue.calls))


@pytest.fixture
def invented(book: Rulebook) -> Callable[..., dict[str, Any]]:
    """The answers of the invented student of the samples, at a partner of the shipped catalogue."""

    def answers(**changed: str) -> dict[str, Any]:
        offers = list(book.catalogue.offers())
        given = {**book.application.sample(), "choice-1": offers[0].id, "choice-2": "", "choice-3": ""}
        return {**given, **{name.replace("_", "-"): value for name, value in changed.items()}}

    return answers


@pytest.fixture
def own_places(tmp_path: Path) -> Places:
    """A copy of what the office edits."""
    for name in ("content", "site"):
        shutil.copytree(CHECKOUT.root / name, tmp_path / "office" / name)
    shutil.copy(CHECKOUT.partners, tmp_path / "office")
    return Places(tmp_path / "office")
