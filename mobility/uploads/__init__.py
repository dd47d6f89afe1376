"""Files of strangers: what kind a file is, whether it is whole, blank or coded, its pages to print.

Others call `inspection`, `pictures`, `blank_pages`, `qr_codes` and `flatten`.
May import: storage, i18n, pdfforms.
"""
