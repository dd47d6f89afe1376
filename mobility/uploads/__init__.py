"""Files of strangers: what kind a file is, whether it is whole, blank or coded, its pages to print.

Others call `inspection`, `form_values`, `printable`, `limits`, `sandbox`; `worker` is its other side.
May import: storage, i18n, pdfforms.
"""
