"""What a file really is, and whether we keep it. The name and the type that a browser tells count nothing."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pydantic

from mobility import storage
from mobility.i18n.languages import Said, said
from mobility.uploads import sandbox
from mobility.uploads.limits import MOST_PAGES

ACCEPTED = "application/pdf,image/jpeg,image/png,image/heic,image/heif,.pdf,.jpg,.jpeg,.png,.heic,.heif"
"""For a file picker, as a hint only."""
_LIMITS, _CLOSE, _JOINING = sandbox.Limits(seconds=10), sandbox.Limits(seconds=60), sandbox.Limits(seconds=60)


class Refused(Exception):
    """The file is not kept; `said` says why and what to do, in words for the applicant."""

    def __init__(self, said: Said):
        self.said = said
        super().__init__(str(said))


class RefusedOne(Refused):
    """One of several files is not kept: the one of that `number`, from 0."""

    def __init__(self, number: int, said: Said):
        self.number = number
        super().__init__(said)


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken."""

    name: str
    suffix: str


PDF, JPEG, PNG = Kind("PDF", ".pdf"), Kind("JPEG", ".jpg"), Kind("PNG", ".png")
HEIC = Kind("HEIC", ".heic")
_KINDS = {kind.name: kind for kind in (PDF, JPEG, PNG, HEIC)}


@dataclass(frozen=True)
class Look:
    """What a file holds. Of a PDF: `pages`; `active`: what it can do or carries beside its pages;
    `recovered`: it is damaged and was mended to be read. Of what may be a form of ours: `fields`, the values
    of its form fields by name."""

    kind: Kind
    pages: int = 0
    active: tuple[str, ...] = ()
    recovered: bool = False
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CloserLook:
    """What is on the pages of a file. `blank`: nothing; `codes`: the texts of the QR codes on what may be a
    form of ours; `pictures`: the numbers of the pages that are no more than a picture in a dossier, None
    where the file could not be made ready for one."""

    blank: bool = False
    codes: tuple[str, ...] = ()
    pictures: tuple[int, ...] | None = None


_LOOK, _CLOSER_LOOK = pydantic.TypeAdapter(Look), pydantic.TypeAdapter(CloserLook)


def look(path: Path, form: bool = False) -> Look:
    """Looks at a file, in the sandbox; `form`: for form fields, too. Raises Refused where it is none that we
    take, is broken, or is locked with a password."""
    with path.open("rb") as file, refusing():
        told = sandbox.run("look", form, files=[file], limits=_LIMITS)
    try:
        return _LOOK.validate_python({**told, "kind": _KINDS[told["kind"]]})
    except (TypeError, KeyError, ValueError):
        raise Refused(_SENTENCES["unreadable"]) from None


def look_closely(path: Path, kind: str, form: bool, seconds: int | None = None) -> CloserLook:
    """Looks at the pages of a file that we took, in the sandbox; `form`: for codes, too. Whoever waits for it
    says how many `seconds` at most; else it goes behind what others wait for. Raises sandbox.Unavailable."""
    limits = replace(_CLOSE, seconds=seconds) if seconds else _CLOSE
    try:
        with path.open("rb") as file:
            told = sandbox.run("look_closely", kind, form, files=[file], limits=limits, behind=not seconds)
        return _CLOSER_LOOK.validate_python(told)
    except (sandbox.Unusable, ValueError, FileNotFoundError):
        return CloserLook()


def join_pictures(paths: Sequence[Path], target: Path) -> None:
    """Makes one PDF of several pictures, a page each, in the order given. Raises RefusedOne; then there is
    no `target`."""
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in paths]
        out = stack.enter_context(storage.writing(target))
        stack.enter_context(refusing())
        sandbox.run("join_pictures", files=files, target=out, limits=_JOINING)


@contextmanager
def refusing() -> Iterator[None]:
    """Turns what the sandbox says of a file into words for the applicant: Refused, or RefusedOne where it is
    about one of several."""
    try:
        yield
    except sandbox.Unavailable:
        raise Refused(_NOT_NOW) from None
    except sandbox.Unusable as error:
        told = _SENTENCES.get(error.reason, _SENTENCES["unreadable"])
        pages, number = error.values.get("pages"), error.values.get("number")
        if isinstance(pages, int):
            told = said(told.text, pages=pages, most=MOST_PAGES)
        if isinstance(number, int):
            raise RefusedOne(number, told) from None
        raise Refused(told) from None


_NOT_NOW = said("We cannot look at files at this moment. Try again in a few minutes, or write to the ICD.")
_SENTENCES = {
    "empty": said("The file is empty. Choose it again, and wait until it is wholly on your device."),
    "office file": said("This is a Word, Excel or ZIP file. Save it as PDF and upload the PDF."),
    "other kind": said("This is not a PDF, JPEG, PNG or HEIC file. Save it as PDF and upload the PDF."),
    "no page": said("This PDF has no page. Save it again and upload it."),
    "too many pages": said(
        "This PDF has %(pages)s pages, and at most %(most)s are taken. Upload only those that are asked for."
    ),
    "too many pixels": said("This picture has too many pixels. Make it smaller, or save it as PDF."),
    "locked": said(
        "This PDF is locked with a password. "
        "Save a copy without protection (print it to PDF) and upload that."
    ),
    "broken": said(
        "This PDF is broken, and its pages cannot be shown for sure. "
        "Open it on your device; if it opens, print it to PDF and upload that."
    ),
    "broken picture": said(
        "This picture is broken. Open it on your device; if it opens, save it again as PDF and upload that."
    ),
    "portfolio": said(
        "This PDF is a portfolio: a cover with other files inside, which are not on its pages. "
        "Save each of them as PDF and upload those."
    ),
    "xfa only": said(
        "This PDF is a form that Adobe Reader alone shows (XFA); others see “Please wait”. "
        "Open it there, print it to PDF and upload that."
    ),
    "too heavy": said(
        "This file takes too much time or memory to look at. "
        "Print it to PDF, or scan it again, and upload that."
    ),
    "busy": said("Too many files are being looked at. Wait a minute, and upload it again."),
    "unreadable": said(
        "This file cannot be read here. Open it on your device; if it opens, print it to PDF and upload that."
    ),
}
"""By the reasons that the sandbox gives."""
