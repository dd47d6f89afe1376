"""The static site: pages, calendars, maps and JSON made of the catalogue and `content/`.

Others call `site_builder.build`, `preview`, `preview_server` (live), `schemas`, `security_headers`.
May import: paths, i18n, yamlfiles, catalogue, pdfforms, uploads.
"""
