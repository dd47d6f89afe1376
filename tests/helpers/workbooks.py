"""Reads XLSX workbooks."""

import io
import zipfile


def first_sheet(workbook: bytes) -> str:
    """The XML of a workbook's first sheet."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()
