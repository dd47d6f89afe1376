"""The `mobility` command: a face over the other packages, and the only place that prints.

Others call nothing but `main.main`; `reporter` says how results and errors are printed.
May import: paths, storage, i18n, yamlfiles, catalogue, pdfforms, uploads, applications, office, publishing.
"""
