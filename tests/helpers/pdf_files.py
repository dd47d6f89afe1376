"""What a PDF shows and what its fields hold, read by programs that are not ours."""

from io import BytesIO

import pikepdf
import pypdfium2


def printed(made: bytes) -> bytes:
    """The PDF as a printer gets it: what its fields show is part of the page."""
    out = BytesIO()
    with pypdfium2.PdfDocument(made) as document:
        document.init_forms()
        for page in document:
            pypdfium2.raw.FPDFPage_Flatten(page, pypdfium2.raw.FLAT_PRINT)
        document.save(out)
    return out.getvalue()


def values(made: bytes) -> dict[str, str]:
    """What the fields hold, by their names."""
    with pikepdf.open(BytesIO(made)) as document:
        return {str(field.T): str(field.V) for field in document.Root.AcroForm.Fields}


def words(made: bytes) -> str:
    """What stands on all pages."""
    with pypdfium2.PdfDocument(printed(made)) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def squeezed(text: str) -> str:
    """The text without spaces and line ends, which a narrow box sets as it needs."""
    return "".join(text.split())


def holds(made: bytes, *wanted: str) -> list[str]:
    """Those of the wanted words that are missing on paper."""
    text = squeezed(words(made))
    return [want for want in wanted if squeezed(want) not in text]
