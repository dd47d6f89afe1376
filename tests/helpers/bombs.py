"""Small files that want much: each takes gigabytes or minutes of a program that trusts it."""

import struct
import zlib
from pathlib import Path

from PIL import Image

_BLOCK = 1 << 24


def deflated(pattern: bytes, size: int) -> bytes:
    """`pattern` again and again, about `size` bytes of it, deflated; made without going through them."""
    block = pattern * (_BLOCK // len(pattern))
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    times, sum_ = max(1, size // len(block)), 1
    for _ in range(times):
        sum_ = zlib.adler32(block, sum_)
    return head + piece * times + b"\x03\x00" + sum_.to_bytes(4, "big")


def _pdf(path: Path, objects: list[bytes]) -> Path:
    """A PDF of these objects, the first of them its catalogue."""
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, size = len(made), len(objects) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n" % size
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    path.write_bytes(made)
    return path


def _stream(words: bytes, data: bytes) -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (words, len(data), data)


def content_stream(path: Path, size: int = 1_250_000_000) -> Path:
    """One page that is drawn by more than a gigabyte of lines."""
    data = deflated(b"0 0 m 500 700 l S\n", size)
    return _pdf(
        path,
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            _stream(b"/Filter /FlateDecode", data),
        ],
    )


def object_stream(path: Path, size: int = 4_000_000_000) -> Path:
    """A few kilobytes, deflated twice, that hold the page's objects and gigabytes of spaces."""
    objects = b"2 0 3 48 " + b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".ljust(48)
    objects += b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >> "
    packer = zlib.compressobj(9)
    head = packer.compress(objects) + packer.flush(zlib.Z_FULL_FLUSH)
    inner = head + deflated(b" ", size)[2:-4]
    data = zlib.compress(inner, 9)
    made = bytearray(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n")
    four = len(made)
    words = b"/Type /ObjStm /N 2 /First 9 /Filter [/FlateDecode /FlateDecode]"
    made += b"4 0 obj\n%b\nendobj\n" % _stream(words, data)
    five = len(made)
    rows = [(0, 0, 65535), (1, 9, 0), (2, 4, 0), (2, 4, 1), (1, four, 0), (1, five, 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    words = b"/Type /XRef /Size 6 /Root 1 0 R /W [1 4 2]"
    made += b"5 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (_stream(words, table), five)
    path.write_bytes(made)
    return path


def transparent_png(path: Path) -> Path:
    """Fifty million transparent dots in a few kilobytes."""
    Image.new("RGBA", (7000, 7100), (0, 0, 0, 0)).save(path)
    return path


def progressive_cmyk(path: Path) -> Path:
    """A JPEG that must be decoded whole, in four colours."""
    Image.new("CMYK", (10_000, 11_000), (9, 9, 9, 9)).save(path, progressive=True, quality=10)
    return path


def animated_png_of_no_frames(path: Path) -> Path:
    """An APNG whose head says that it has no frame."""
    Image.new("L", (40, 40), 200).save(path)
    made = path.read_bytes()
    chunk = b"acTL" + bytes(8)
    chunk = len(bytes(8)).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    path.write_bytes(made[:33] + chunk + made[33:])
    return path
