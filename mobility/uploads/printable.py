"""Documents as pages to read and print, and their binding into one PDF; parsed in the sandbox."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from mobility import storage
from mobility.uploads import sandbox
from mobility.uploads.sandbox import Limits

_ONE = Limits(seconds=60)
_PICTURE = Limits(seconds=20)
_WHOLE = Limits(seconds=300, file_size=4_000_000_000, files=300)
_WHY = {
    "broken": "the PDF is broken",
    "broken picture": "the picture is broken",
    "locked": "the PDF is locked with a password",
    "no page": "the PDF has no page",
    "page without size": "a page of the PDF has no size",
    "too heavy": "showing it takes too much time or memory",
    "too many pages": "the PDF has too many pages",
    "too many pixels": "the picture has too many pixels",
}


class Unshowable(Exception):
    """A document cannot be made into pages; the message says why, for the office."""


def flatten(source: Path, kind: str, target: Path) -> int:
    """Writes the pages of a document to `target`; how many there are. Raises Unshowable."""
    return _made("flatten", kind, [source], target, _ONE)


def picture(source: Path, kind: str, number: int) -> tuple[bytes, int]:
    """The page of a document counted `number` (from 0) as a JPEG, and how many pages there are. Raises
    Unshowable."""
    with source.open("rb") as file, tempfile.TemporaryFile() as target:
        try:
            pages = sandbox.run("draw_page", kind, number, files=[file], target=target, limits=_PICTURE)
        except sandbox.Unusable as error:
            raise Unshowable(_WHY.get(error.reason, "it cannot be read")) from None
        target.seek(0)
        return target.read(), int(pages)


def bind(parts: list[dict[str, str]], files: Sequence[Path], target: Path) -> int:
    """Writes one PDF of a cover and parts to `target`; how many pages it has. Of each part: `label` of its
    pages, `title` of its bookmark, and `group` that this stands under, or nothing. Raises Unshowable."""
    return _made("bind", parts, files, target, _WHOLE)


def _made(task: str, told: object, sources: Sequence[Path], target: Path, limits: Limits) -> int:
    with ExitStack() as stack:
        files = [stack.enter_context(source.open("rb")) for source in sources]
        out = stack.enter_context(storage.writing(target))
        try:
            return int(sandbox.run(task, told, files=files, target=out, limits=limits))
        except sandbox.Unusable as error:
            raise Unshowable(_WHY.get(error.reason, "it cannot be read")) from None
