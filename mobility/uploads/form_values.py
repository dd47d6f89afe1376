"""The values of the form fields of a filled PDF; parsed in the sandbox."""

from dataclasses import dataclass
from typing import IO

import pydantic

from mobility.i18n.languages import said
from mobility.pdfforms.readback import NotReadable
from mobility.uploads import sandbox


@dataclass(frozen=True)
class FormValues:
    """`values` by the names of the fields; `scripts`: the PDF holds some."""

    values: dict[str, str]
    scripts: bool


_VALUES = pydantic.TypeAdapter(FormValues)


def read(file: IO[bytes]) -> FormValues:
    """What is typed into a PDF. Raises NotReadable."""
    try:
        return _VALUES.validate_python(sandbox.run("read_fields", files=[file]))
    except sandbox.Unusable as error:
        raise NotReadable(_SENTENCES.get(error.reason, _SENTENCES["broken"])) from None
    except (ValueError, sandbox.Unavailable):
        raise NotReadable(_SENTENCES["broken"]) from None


_SENTENCES = {
    "locked": said("This PDF is locked with a password: save a copy without protection"),
    "broken": said("This is not a PDF, or it is broken: save it again and upload it"),
    "xfa": said("This PDF holds an XFA form, which is not read. Fill the form that you downloaded here"),
    "no fields": said(
        "This PDF has no fields to read. It may be a scan, or have been printed to PDF: "
        "upload the file in which you typed"
    ),
    "too many fields": said("This PDF has more fields than any form of ours"),
}
"""By the reasons that the sandbox gives."""
