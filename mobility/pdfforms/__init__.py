"""One form definition as PDF (blank, filled, sample), and the answers of a filled PDF read back.

Others call `render`, `readback`, `answer_hash`, `office_files`, and `field_font` for text in our font.
May import: paths, i18n, yamlfiles, catalogue.
"""
