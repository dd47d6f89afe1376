"""Real files as students upload them: PDF, JPEG, PNG, good and broken."""

from pathlib import Path
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()


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
            pdf.save(path, deterministic_id=True)  # the same bytes for the same text, in any second
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
        """A PDF that asks for a password; `owner_only`: one that opens but forbids changes."""
        path = self.folder / "locked.pdf"
        with pikepdf.open(self.pdf("open.pdf")) as pdf:
            password = "" if owner_only else "invented"
            pdf.save(path, encryption=pikepdf.Encryption(owner="invented-owner", user=password))
        return path

    def cut_pdf(self) -> Path:
        """The first half of a PDF, as a broken transfer leaves it."""
        path = self.folder / "cut.pdf"
        whole = self.pdf("whole.pdf", pages=5).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        return path

    def picture(self, name: str = "photo.jpg", size: tuple[int, int] = (800, 600)) -> Path:
        """A grey noise picture, of the kind that its name says."""
        path = self.folder / name
        Image.effect_noise(size, 60).convert("RGB").save(path)
        return path

    def bytes(self, name: str, content: bytes) -> Path:
        """A file with just this content."""
        path = self.folder / name
        path.write_bytes(content)
        return path


def red_corner(path: Path, **how: Any) -> Path:
    """A wide picture, red in its upper left corner."""
    image = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 150, 100), fill="red")
    image.save(path, **how)
    return path
