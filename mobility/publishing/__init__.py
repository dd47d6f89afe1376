"""The static site: pages, calendars, maps and JSON made of the catalogue and `content/`, set by MkDocs.

Others call `site_builder.build`, `preview` (a live view for officers) and `schemas` (for editors).
May import: paths, i18n, yamlfiles, catalogue, pdfforms, uploads.
"""
