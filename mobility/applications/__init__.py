"""An application from the first answer to its sealed bags, and what stands beside them.

Others call `drafts`, `private_links`, `assessment`, `submissions`, `rounds`, `review`, `bags`, `lookup`.
May import: paths, storage, i18n, yamlfiles, catalogue, pdfforms, uploads.
"""
