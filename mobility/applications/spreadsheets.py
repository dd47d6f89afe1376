"""Tables for spreadsheet programs, as CSV and XLSX, in which no text is ever taken for a formula."""

import csv
import io
import re
from collections.abc import Collection, Sequence
from typing import Any

import xlsxwriter

Table = Sequence[Sequence[Any]]
"""Rows of cells, the head first."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a workbook."""
_FORMULA = re.compile(r"""(^|[;,\t|\r\n])(["\s]*)(?=[=+\-@])""")
"""Where a formula would begin: at a cell's start, or after any sign that some spreadsheet takes for the end
of a cell (in Russia and Kazakhstan Excel reads CSV with semicolons)."""
_SIGNS = re.compile(r"[=+\-@]")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_WIDEST = 60
"""Characters of a column."""


def as_csv(table: Table) -> str:
    """CSV with commas, in UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO()
    csv.writer(out).writerows([[_harmless(str(cell)) for cell in row] for row in table])
    return "\ufeff" + out.getvalue()


def as_xlsx(table: Table, title: str, numbers: Collection[str] = ()) -> bytes:
    """A workbook of one sheet, its head fixed and with filters; text stays text, but for numbers in the
    columns that are named."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, head = book.add_worksheet(title[:31]), book.add_format({"bold": True})
        decimal = book.add_format({"num_format": "0.00##"})
        columns = {column for column, name in enumerate(table[0]) if name in numbers}
        for number, row in enumerate(table):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(number, column, cell)
                elif column in columns and _NUMBER.fullmatch(str(cell)):
                    sheet.write_number(number, column, float(cell), decimal)
                elif cell != "":
                    sheet.write_string(number, column, str(cell)[:32_767], None if number else head)
        for column in range(len(table[0])):
            width = max(len(str(row[column])) for row in table[:200])
            sheet.set_column(column, column, min(width + 2, _WIDEST))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(table) - 1, len(table[0]) - 1)
    return out.getvalue()


def _harmless(text: str) -> str:
    """A text with an apostrophe wherever a formula would begin."""
    return _FORMULA.sub(r"\1\2'", text) if _SIGNS.search(text) else text
